"""The compose file: each line of the deploy checklist is an assertion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from wirewatch.cli import COMMANDS

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
#: Runs once as root, before anything listens, without a network, because it gives each secret to its reader.
ROOT_ONCE = {"secrets"}
ONE_SHOT = {"secrets", "topics"}
OURS = {name for name, service in SERVICES.items() if service["image"].startswith("wirewatch:")}

every_service = pytest.mark.parametrize("name", sorted(SERVICES))


def shortcomings(service: dict[str, Any]) -> list[str]:
    """Name what a service lacks of the hardening that every service has."""
    user = str(service.get("user", ""))
    checks = {
        "runs as root": user.split(":")[0] not in ("", "0", "root"),
        "can write its image": service.get("read_only") is True,
        "keeps capabilities": service.get("cap_drop") == ["ALL"],
        "may gain privileges": "no-new-privileges:true" in service.get("security_opt", []),
        "has no memory limit": "mem_limit" in service,
        "has no limit of processes": "pids_limit" in service,
        "has no /tmp of its own": any(str(mount).startswith("/tmp") for mount in service.get("tmpfs", [])),
        "is privileged": not service.get("privileged", False),
    }
    return [name for name, holds in checks.items() if not holds]


@every_service
def test_every_service_is_hardened(name: str) -> None:
    """Non-root, read-only, without capabilities or new privileges, with limits."""
    allowed = ["runs as root"] if name in ROOT_ONCE else []
    assert shortcomings(SERVICES[name]) == allowed


def test_the_hardening_check_sees_a_soft_service() -> None:
    """The check above can fail: a service without any of it is told everything."""
    assert len(shortcomings({"image": "x", "privileged": True})) == 8


@every_service
def test_images_are_pinned_to_a_release(name: str) -> None:
    """No `latest`, no floating major."""
    image = SERVICES[name]["image"]
    tag = image.rpartition(":")[2]
    assert "/" not in tag, f"{image} has no tag"
    assert tag.count(".") >= 1
    assert any(letter.isdigit() for letter in tag)


@every_service
def test_ports_are_published_on_loopback_only(name: str) -> None:
    """Nothing can be reached from another machine."""
    assert all(str(port).startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


def test_kafka_postgres_and_metrics_are_not_published() -> None:
    """Only pages for people have ports."""
    published = {name for name, service in SERVICES.items() if service.get("ports")}
    assert published == {"console", "prometheus", "alertmanager", "grafana"}


@every_service
def test_no_secret_lies_in_the_environment(name: str) -> None:
    """Passwords and tokens come as files, never where `docker inspect` shows them."""
    environment = SERVICES[name].get("environment", {})
    for key, value in environment.items():
        secret = any(word in key for word in ("PASSWORD", "SECRET", "TOKEN"))
        assert not secret or (key.endswith("_FILE") and str(value).startswith("/secrets/")), key
        assert "://wirewatch:" not in str(value)


def test_each_secret_is_mounted_read_only_and_only_where_it_is_read() -> None:
    """A broken Grafana cannot read the console's token."""
    readers: dict[str, set[str]] = {}
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source, _, rest = str(volume).partition(":")
            if source.startswith("secrets-") and name != "secrets":
                assert rest.endswith(":ro"), f"{name} may write {source}"
                readers.setdefault(source, set()).add(name)
    assert readers == {
        "secrets-store": {"topics", "poll", "stream", "console"},
        "secrets-postgres": {"postgres"},
        "secrets-grafana": {"grafana"},
        "secrets-console": {"console"},
    }


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ONE_SHOT))
def test_every_lasting_service_has_a_health_check(name: str) -> None:
    """Compose knows whether it works, not only whether it runs."""
    assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", sorted(OURS - ONE_SHOT))
def test_our_health_checks_ask_for_progress(name: str) -> None:
    """/readyz speaks of polls, lag and commits; an open port proves nothing."""
    assert SERVICES[name]["healthcheck"]["test"][-1].endswith("/readyz")


def test_services_start_in_the_order_of_health() -> None:
    """Secrets, then broker and store, then topics, then our processes."""
    for name in OURS - ONE_SHOT:
        assert SERVICES[name]["depends_on"]["topics"]["condition"] == "service_completed_successfully"
        assert SERVICES[name]["depends_on"]["postgres"]["condition"] == "service_healthy"
    for broker in ("kafka", "kafka-1", "kafka-2", "kafka-3"):
        assert SERVICES["topics"]["depends_on"][broker] == {"condition": "service_healthy", "required": False}


@pytest.mark.parametrize("name", sorted(OURS - {"secrets"}))
def test_our_services_run_commands_that_exist(name: str) -> None:
    """A renamed command would otherwise be found by the first user."""
    assert SERVICES[name]["command"][0] in {*COMMANDS, "poll"}


def test_the_three_brokers_keep_three_copies() -> None:
    """One broker may die, and a write still has two homes."""
    for name in ("kafka-1", "kafka-2", "kafka-3"):
        environment = SERVICES[name]["environment"]
        assert environment["KAFKA_MIN_INSYNC_REPLICAS"] == "2"
        assert environment["KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR"] == "3"
        assert SERVICES[name]["profiles"] == ["cluster"]
    cluster = (ROOT / "config/docker/cluster.env").read_text(encoding="utf-8")
    assert "WIREWATCH_REPLICATION_FACTOR=3" in cluster
    assert "WIREWATCH_MIN_INSYNC_REPLICAS=2" in cluster


def test_the_broker_and_the_store_have_no_way_out() -> None:
    """Only pollers and senders reach the world; pages are for people on this machine."""
    inside = {name for name, network in COMPOSE["networks"].items() if network.get("internal")}
    assert {"broker", "store", "metrics"} <= inside
    outward = {name for name, service in SERVICES.items() if "egress" in service.get("networks", [])}
    assert outward == {"poll", "stream"}


def test_grafana_has_no_default_password_and_no_open_door() -> None:
    """The password is random; nobody signs up, embeds or looks without it; HTML of feeds stays text."""
    environment = SERVICES["grafana"]["environment"]
    assert environment["GF_SECURITY_ADMIN_PASSWORD__FILE"] == "/secrets/grafana/admin"
    assert environment["GF_AUTH_ANONYMOUS_ENABLED"] == "false"
    assert environment["GF_USERS_ALLOW_SIGN_UP"] == "false"
    assert environment["GF_SECURITY_ALLOW_EMBEDDING"] == "false"
    assert environment["GF_PANELS_DISABLE_SANITIZE_HTML"] == "false"


def test_prometheus_refuses_labels_without_bound() -> None:
    """Even a bug of ours cannot fill Prometheus with series."""
    scrapes = yaml.safe_load((ROOT / "config/prometheus/prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    for scrape in scrapes:
        assert scrape["sample_limit"] > 0
        assert scrape["label_limit"] > 0
        assert scrape["label_value_length_limit"] > 0
