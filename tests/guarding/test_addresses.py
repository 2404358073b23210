"""Which socket addresses may be dialled."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirewatch.guarding.addresses import Verdict, decide_address, parse_allowed

NONE: frozenset[tuple[str, int]] = frozenset()
WEB = frozenset({80, 443, 8080, 8443})

SPECIAL_NETWORKS = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "255.255.255.255/32",
    "168.63.129.16/32",
    "::/128",
    "::1/128",
    "::/96",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
    "100::/64",
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    "5f00::/16",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
)


def decide(ip: str, port: int = 443) -> Verdict:
    """Decide with nothing allowed beyond the public web."""
    return decide_address(ip, port, allowed=NONE, ports=WEB)


@pytest.mark.parametrize("network", SPECIAL_NETWORKS)
def test_special_networks_are_refused_at_both_ends_and_inside(network: str) -> None:
    """Neither the first, nor the last, nor a middle address of a special-purpose network is dialled."""
    block = ipaddress.ip_network(network)
    for position in (0, block.num_addresses // 2, block.num_addresses - 1):
        assert decide(str(block[position])) is Verdict.BLOCKED_ADDRESS


@pytest.mark.parametrize(
    "ip",
    ["::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1", "192.0.0.192"],
)
def test_private_addresses_in_disguise_are_refused(ip: str) -> None:
    """An IPv4 address inside an IPv6 one is judged as what it is."""
    assert decide(ip) is Verdict.BLOCKED_ADDRESS


@pytest.mark.parametrize("ip", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0", "127.0.0.1", "fe80::1%eth0", ""])
def test_what_is_not_a_plain_address_is_refused(ip: str) -> None:
    """Numbers, octal, hexadecimal, full-width digits, zones and nothing at all are no addresses to us."""
    assert decide(ip) is Verdict.BLOCKED_ADDRESS


@pytest.mark.parametrize(
    "ip",
    [
        *("8.8.8.8", "1.1.1.1", "9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0"),
        *("223.255.255.255", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8"),
    ],
)
def test_public_addresses_are_dialled(ip: str) -> None:
    """The guard does not block its neighbours' neighbours."""
    assert decide(ip) is Verdict.ALLOWED


@pytest.mark.parametrize("port", [22, 25, 6379, 9092, 81])
def test_ports_off_the_web_are_refused(port: int) -> None:
    """A public address with a port that no feed is served on is refused, and the reason says so."""
    assert decide("8.8.8.8", port) is Verdict.BLOCKED_PORT


def test_an_allowed_pair_opens_that_pair_only() -> None:
    """An operator opens one address and one port, not the address and not the port."""
    allowed = parse_allowed(["127.0.0.1:9900", "[::1]:9901"])
    assert decide_address("127.0.0.1", 9900, allowed=allowed, ports=WEB) is Verdict.ALLOWED
    assert decide_address("::1", 9901, allowed=allowed, ports=WEB) is Verdict.ALLOWED
    assert decide_address("::ffff:127.0.0.1", 9900, allowed=allowed, ports=WEB) is Verdict.ALLOWED
    assert decide_address("127.0.0.1", 9901, allowed=allowed, ports=WEB) is Verdict.BLOCKED_ADDRESS
    assert decide_address("127.0.0.2", 9900, allowed=allowed, ports=WEB) is Verdict.BLOCKED_ADDRESS


@given(st.ip_addresses())
def test_no_address_that_python_calls_private_passes(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """Where Python's own opinion says private, reserved, loopback or link-local, ours is never laxer."""
    mapped = address.version == 6 and address.ipv4_mapped is not None  # Python calls all of these reserved
    if mapped:
        return
    if address.is_private or address.is_reserved or address.is_loopback or address.is_link_local:
        assert decide(str(address)) is Verdict.BLOCKED_ADDRESS
