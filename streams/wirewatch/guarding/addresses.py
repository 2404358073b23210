"""Decides whether one socket address may be dialled. Pure: no lookup, no clock, no library's idea of "global".

Called by `dialling` with the address that is about to be dialled. Never looks at host names: a name proves nothing.
Source: the IANA special-purpose registries for IPv4 and IPv6 (read 2026-11-24). `ipaddress.is_global` is no guard: it
passes 192.0.0.192, 192.88.99.1, NAT64, 6to4, 3fff::/20 and multicast, and what it says changes with Python's version.
"""

from __future__ import annotations

import ipaddress
from enum import StrEnum


class Verdict(StrEnum):
    """What may be done with an address, or why it may not be dialled."""

    ALLOWED = "allowed"
    BLOCKED_ADDRESS = "blocked_address"
    BLOCKED_PORT = "blocked_port"


_BLOCKED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # a cloud's host agent, public by number, private by meaning
        "169.254.0.0/16",  # link local, the metadata services of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays, retired
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)

#: The only part of IPv6 that is handed out to the public.
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")

_BLOCKED_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 carries an IPv4 address inside
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)


def decide_address(ip: str, port: int, *, allowed: frozenset[tuple[str, int]], ports: frozenset[int]) -> Verdict:
    """Decide about the address that is about to be dialled.

    Args:
        ip: a literal address as the socket gets it; anything else is refused, zone ids included.
        port: 1 to 65535.
        allowed: pairs of address and port that an operator opened by name; they win over everything.
        ports: the ports that may be dialled on public addresses.
    """
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return Verdict.BLOCKED_ADDRESS
    if address.version == 6 and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if (str(address), port) in allowed:
        return Verdict.ALLOWED
    if address.version == 4:
        public = not any(address in network for network in _BLOCKED_V4)
    else:
        public = (
            address.scope_id is None
            and address in _PUBLIC_V6
            and not any(address in network for network in _BLOCKED_V6)
        )
    if not public:
        return Verdict.BLOCKED_ADDRESS
    return Verdict.ALLOWED if port in ports else Verdict.BLOCKED_PORT


def parse_allowed(pairs: frozenset[str] | tuple[str, ...] | list[str]) -> frozenset[tuple[str, int]]:
    """Read `address:port` pairs as `decide_address` takes them.

    Raises:
        ValueError: a pair is not a literal address and a port.
    """
    found = []
    for pair in pairs:
        host, _, port = pair.rpartition(":")
        found.append((str(ipaddress.ip_address(host.strip("[]"))), int(port)))
    return frozenset(found)
