"""A real Kafka whose workers and brokers are killed under load: nothing is lost, and it goes on by itself.

Slow; `make test-faults` runs them. What each prints (pauses, repeats) is recorded in DESIGN.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.crashing import Field, finish, kill_again_and_again, kill_leftovers, monotonic, pause
from tests.harness.kafka_nodes import Cluster
from tests.harness.proxy import Proxy
from tests.harness.streams import Engine

pytestmark = [pytest.mark.kafka, pytest.mark.slow, pytest.mark.timeout(600)]

#: Progress after the broker's return must begin within this.
RECOVERY_SECONDS = 30

#: Lines of a worker's log in an outage of the broker that a person can still read.
READABLE_LINES = 200


@pytest.fixture(autouse=True)
def _no_leftovers() -> Iterator[None]:
    yield
    kill_leftovers()


def a_field(
    tmp_path: Path,
    cluster: Cluster,
    articles: int,
    *,
    ack_first: bool = False,
    seconds: float = 0.001,
    session_seconds: float = 2,
    stall_seconds: float = 120,
) -> Field:
    """Make a place for workers on a Kafka, with its topics."""
    copies = len(cluster.nodes)
    engine = Engine("kafka", f"kafka://{cluster.bootstrap}", tmp_path)
    config = tmp_path / "config"
    config.mkdir()
    (config / "settings.toml").write_text(
        f'broker = "{engine.broker}"\nstore = "sqlite:///{tmp_path / "field" / "store.sqlite"}"\n'
        "[engine]\nsorting_processes = 0\nbatch_wait_seconds = 0.05\ncommit_interval_seconds = 0.5\n"
        f"stall_timeout_seconds = {stall_seconds}\n"
        f"[kafka]\nsession_timeout_seconds = {session_seconds}\nreplication_factor = {copies}\n"
        f"min_insync_replicas = {min(2, copies)}\n"
    )
    workplace = Field(config, tmp_path / "field", articles, seconds=seconds, ack_first=ack_first, publish=False)
    asyncio.run(engine.prepare(workplace.settings()))
    return workplace


def test_twenty_kills_lose_nothing_on_kafka(kafka_cluster: Cluster, tmp_path: Path) -> None:
    """Kill -9 at 20 random moments while 5,000 articles are published by another process."""
    workplace = a_field(tmp_path, kafka_cluster, 5_000)
    workplace.publisher(rate=60)
    begun = monotonic()
    kills = kill_again_and_again(workplace, 20, seed=3)
    outcome = finish(workplace)
    print(f"kafka: {kills} kills, {outcome}, {monotonic() - begun:.0f} s")
    assert outcome.wrong == ()


def test_acking_first_loses_on_kafka_and_the_oracle_sees_it(kafka_cluster: Cluster, tmp_path: Path) -> None:
    """The negative control on Kafka."""
    workplace = a_field(tmp_path, kafka_cluster, 1_500, ack_first=True, seconds=0.003)
    workplace.publisher()
    kill_again_and_again(workplace, 5, seed=4)
    outcome = finish(workplace, seconds=20)
    print(f"kafka, ack before handling: {outcome}")
    assert outcome.lost > 0


def test_workers_come_and_go_under_load(kafka_cluster: Cluster, tmp_path: Path) -> None:
    """Start one, add one, kill the first, start it again, stop the second in order: nothing is lost."""
    workplace = a_field(tmp_path, kafka_cluster, 6_000)
    workplace.publisher(rate=250)
    first = workplace.worker("a")
    workplace.wait(lambda: workplace.count()[0] > 100)
    second = workplace.worker("b")
    pause(5)
    first.kill()
    pause(4)
    workplace.worker("a")
    pause(5)
    code = second.stop()
    longest = workplace.longest_pause()
    workplace.stop()
    outcome = workplace.outcome()
    print(f"workers come and go: {outcome}; longest pause after the stop {longest:.1f} s")
    assert outcome.wrong == ()
    assert code == 0


def test_a_storm_of_rebalances(kafka_cluster: Cluster, tmp_path: Path) -> None:
    """A worker joins or leaves every three seconds: nothing is lost, and work goes on."""
    workplace = a_field(tmp_path, kafka_cluster, 4_000)
    workplace.publisher(rate=150)
    workplace.worker("steady")
    for turn in range(5):
        comer = workplace.worker(f"comer-{turn}")
        pause(3)
        if turn % 2:
            comer.kill()
        else:
            comer.stop()
    workplace.wait_all()
    workplace.stop()
    outcome = workplace.outcome()
    print(f"rebalance storm: {outcome}")
    assert outcome.wrong == ()


@pytest.mark.parametrize("outage_seconds", [10, 90])
def test_the_broker_is_killed_and_comes_back(kafka_cluster: Cluster, tmp_path: Path, outage_seconds: int) -> None:
    """Nothing is lost, progress goes on soon after its return, and the workers' logs can still be read."""
    workplace = a_field(tmp_path, kafka_cluster, 3_000)
    publishing = workplace.publisher(rate=100)
    for name in ("a", "b"):
        workplace.worker(name)
    workplace.wait(lambda: workplace.count()[0] > 300)
    node = kafka_cluster.nodes[0]
    kafka_cluster.kill(node)
    pause(outage_seconds)
    before = workplace.count()[0]
    kafka_cluster.start_node(node)
    recovery = workplace.wait(lambda: workplace.count()[0] > before)
    workplace.wait_all()
    workplace.stop()
    outcome = workplace.outcome()
    lines = max(len(path.read_text(errors="replace").splitlines()) for path in workplace.base.glob("[ab].log"))
    print(f"broker away {outage_seconds} s: {outcome}; progress {recovery:.1f} s after its return; {lines} log lines")
    assert publishing.process.wait(60) == 0
    assert outcome.wrong == ()
    assert recovery < RECOVERY_SECONDS
    assert lines < READABLE_LINES


def test_one_of_three_brokers_is_killed(kafka_three: Cluster, tmp_path: Path) -> None:
    """With three replicas of which two must agree, one may go: nothing is lost and the pause is short."""
    workplace = a_field(tmp_path, kafka_three, 3_000)
    workplace.publisher(rate=100)
    workplace.worker("a")
    workplace.wait(lambda: workplace.count()[0] > 300)
    kafka_three.kill(kafka_three.nodes[1])
    longest = workplace.longest_pause()
    workplace.stop()
    outcome = workplace.outcome()
    print(f"one of three brokers: {outcome}; longest pause {longest:.1f} s")
    assert longest < RECOVERY_SECONDS
    assert outcome.wrong == ()


@pytest.mark.parametrize("manner", ["slow", "resetting", "silent"])
def test_a_bad_network_between_us_and_the_broker(
    kafka_behind_proxy: tuple[Cluster, Proxy], tmp_path: Path, manner: str
) -> None:
    """For 20 s it passes 1 kB a second, resets all every 5 s, or passes nothing: nothing is lost, and work goes on."""
    cluster, between = kafka_behind_proxy
    workplace = a_field(tmp_path, cluster, 2_000)
    publishing = workplace.publisher(rate=60)
    workplace.worker()
    workplace.wait(lambda: workplace.count()[0] > 200)
    at_first = workplace.count()[0]
    between.bytes_per_second = 1_000 if manner == "slow" else None
    between.reset_every_seconds = 5 if manner == "resetting" else None
    between.silent = manner == "silent"
    pause(20)
    before = workplace.count()[0]
    between.behave()
    recovery = workplace.wait(lambda: workplace.count()[0] > before)
    workplace.wait_all()
    code = publishing.process.wait(60)
    workplace.stop()
    outcome = workplace.outcome()
    lines = len((workplace.base / "a.log").read_text(errors="replace").splitlines())
    handled = before - at_first
    print(f"{manner}: {outcome}; {handled} handled in it, progress {recovery:.1f} s after it; {lines} log lines")
    # The fault was one: a good network passes 1,200 articles in this time.
    assert between.resets > 6 if manner == "resetting" else handled < 400
    assert code == 0
    assert outcome.wrong == ()
    assert recovery < RECOVERY_SECONDS
    assert lines < READABLE_LINES


def test_a_worker_that_its_group_refuses_ends_and_says_why(kafka_cluster: Cluster, tmp_path: Path) -> None:
    """A session timeout that the broker does not allow is a fatal answer, after which aiokafka would wait for ever."""
    workplace = a_field(tmp_path, kafka_cluster, 1, session_seconds=1_900, stall_seconds=5)
    worker = workplace.worker()
    workplace.wait(lambda: not worker.runs, 60)
    assert worker.process.returncode == 1
    assert "has not let this worker into its group" in workplace.logs()
