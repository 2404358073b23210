"""The fixture `engine`: the embedded log always, a real Kafka where one can be had (marked `kafka`)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from tests.harness.kafka_nodes import Cluster, NoKafkaError, free_ports
from tests.harness.proxy import Proxy, proxy
from tests.harness.streams import Engine


@pytest.fixture(params=["sqlite", pytest.param("kafka", marks=pytest.mark.kafka)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """Give an engine with topics of its own; a story that takes it runs on both."""
    if request.param == "sqlite":
        return Engine("sqlite", "sqlite://", tmp_path)
    bootstrap: str = request.getfixturevalue("kafka_broker")
    return Engine("kafka", f"kafka://{bootstrap}", tmp_path)


@pytest.fixture
def kafka_engine(kafka_broker: str, tmp_path: Path) -> Engine:
    """Give a Kafka engine with topics of its own."""
    return Engine("kafka", f"kafka://{kafka_broker}", tmp_path)


@pytest.fixture(scope="session")
def kafka_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a broker that runs for the whole session."""
    named = os.environ.get("KAFKA_BOOTSTRAP")
    if named:
        yield named
        return
    cluster = _started(Cluster(tmp_path_factory.mktemp("kafka")))
    yield cluster.bootstrap
    cluster.stop()


@pytest.fixture
def kafka_cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Give a broker of the test's own, that it may kill."""
    cluster = _started(Cluster(tmp_path / "kafka"))
    yield cluster
    cluster.stop()


@pytest.fixture
def kafka_behind_proxy(tmp_path: Path) -> Iterator[tuple[Cluster, Proxy]]:
    """Give a broker that clients reach through a proxy only."""
    cluster = Cluster(tmp_path / "kafka")
    (node,) = cluster.nodes
    (node.advertised_port,) = free_ports(1)
    with proxy(node.advertised_port, node.port) as between:
        yield _started(cluster), between
    cluster.stop()


@pytest.fixture
def kafka_three(tmp_path: Path) -> Iterator[Cluster]:
    """Give three brokers of the test's own, that it may kill."""
    cluster = _started(Cluster(tmp_path / "kafka", 3))
    yield cluster
    cluster.stop()


def _started(cluster: Cluster) -> Cluster:
    try:
        cluster.start()
    except NoKafkaError as error:
        cluster.stop()
        _without_kafka(str(error))
    return cluster


def _without_kafka(reason: str) -> NoReturn:
    if os.environ.get("WIREWATCH_REQUIRE_KAFKA") == "1":
        pytest.fail(f"WIREWATCH_REQUIRE_KAFKA=1, but there is no Kafka: {reason}")
    pytest.skip(f"no Kafka: {reason}")
