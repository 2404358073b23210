"""Workers are killed at random moments while articles flow: no article is lost, every event has one record.

Slow; `make test-faults` runs them. The seed is in the name of each test.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.crashing import Field, finish, kill_again_and_again, kill_leftovers, monotonic

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ARTICLES = 5_000


@pytest.fixture(autouse=True)
def _no_leftovers() -> Iterator[None]:
    yield
    kill_leftovers()


def a_field(tmp_path: Path, *, ack_first: bool = False, articles: int = ARTICLES, seconds: float = 0.001) -> Field:
    """Make a place for workers on the embedded log."""
    config = tmp_path / "config"
    config.mkdir()
    (config / "settings.toml").write_text(
        f'store = "sqlite:///{tmp_path / "field" / "store.sqlite"}"\n[engine]\nsorting_processes = 0\n'
        "batch_wait_seconds = 0.05\ncommit_interval_seconds = 0.2\n"
    )
    return Field(config, tmp_path / "field", articles, seconds=seconds, ack_first=ack_first)


@pytest.mark.parametrize("seed", [1])
def test_twenty_kills_lose_nothing_on_the_embedded_log(tmp_path: Path, seed: int) -> None:
    """Kill -9 at 20 random moments while 5,000 articles are published and handled by the same process."""
    workplace = a_field(tmp_path)
    begun = monotonic()
    kills = kill_again_and_again(workplace, 20, seed)
    outcome = finish(workplace)
    print(f"embedded log: {kills} kills, {outcome}, {monotonic() - begun:.0f} s")
    assert outcome.wrong == ()


@pytest.mark.parametrize("seed", [2])
def test_acking_first_loses_and_the_oracle_sees_it(tmp_path: Path, seed: int) -> None:
    """The negative control: a worker that acks before it handles loses articles, and the same oracle says so."""
    workplace = a_field(tmp_path, ack_first=True, articles=1_500, seconds=0.003)
    kill_again_and_again(workplace, 6, seed)
    outcome = finish(workplace, seconds=20)
    print(f"ack before handling: {outcome}")
    assert outcome.lost > 0


def test_a_worker_that_is_asked_to_stop_under_load_drains_and_exits_0(tmp_path: Path) -> None:
    """SIGTERM in the middle: it ends within ten seconds, nothing is lost, and nothing is handled again afterwards."""
    workplace = a_field(tmp_path, articles=3_000)
    worker = workplace.worker()
    workplace.wait(lambda: workplace.count()[0] > 300)
    begun = monotonic()
    code = worker.stop()
    seconds = monotonic() - begun
    outcome = finish(workplace)
    print(f"SIGTERM under load: exit {code} after {seconds:.1f} s, {outcome}")
    assert code == 0
    assert seconds < 10
    assert (outcome.wrong, outcome.repeats) == ((), 0)
