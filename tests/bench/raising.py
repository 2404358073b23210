"""How fast sorted articles become alerts: `python -m tests.bench.raising`.

The store is SQLite with `synchronous=FULL` on this disk; a batch is a hundred articles, one transaction each. CPU time
beside wall time, because the machine may be busy with something else.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.builders import an_article
from tests.stories.acting import Push, moment, says, sorted_of
from tests.stories.scenery import a_world
from wirewatch.raising import raise_alerts
from wirewatch.records import SortedArticle
from wirewatch.store.alerts import count_alerts
from wirewatch.store.database import open_database

BATCH = 100
NOW = moment("2025-03-04T00:00")
_BODY = " ".join(f"word{number}" for number in range(250))


def quiet(number: int) -> SortedArticle:
    """Give an article that says nothing of lists or organisations."""
    return SortedArticle(an_article(f"Rope {number}", guid=str(number), text=_BODY), "en", (), (), "bench")


def same_event(number: int) -> SortedArticle:
    """Give one of many reports of one event."""
    said = (says("designation/new", "tide-front", by="united-states", programme="FTO"),)
    title = f"US lists Tide Front, writes paper {number}"
    return sorted_of(
        Push("2025-03-03T10:00", "harbour-courier", title, said, text=f"Paper {number}. {_BODY[number % 400 :]}")
    )


def own_event(number: int) -> SortedArticle:
    """Give the only report of an event of its own."""
    name = f"Gull Cartel of Pier {number}"
    said = (says("designation/new", name, by="united-states", programme="FTO"),)
    return sorted_of(Push("2025-03-03T10:00", "meridian-wire", f"US lists {name}", said, text=_BODY))


def measure(count: int, every: int, hit: Callable[[int], SortedArticle]) -> tuple[float, float, int]:
    """Raise so many articles of which each `every`-th is a hit. Gives articles/s by wall and by CPU, and alerts."""
    items = [hit(number) if every and number % every == 0 else quiet(number) for number in range(count)]
    world = a_world()
    with tempfile.TemporaryDirectory() as directory:
        database = open_database("sqlite://", Path(directory))
        wall, cpu = time.perf_counter(), time.process_time()
        for start in range(0, count, BATCH):
            with database.transaction() as connection:
                raise_alerts(connection, items[start : start + BATCH], world, NOW)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        with database.transaction() as connection:
            alerts = count_alerts(connection)
        database.close()
    return count / wall, count / cpu, alerts


def main() -> None:
    """Print the table."""
    print("| articles | hits | articles/s | articles per CPU-second | alerts |")
    print("|---:|---|---:|---:|---:|")
    for count, every, hit, label in (
        (10_000, 0, quiet, "none"),
        (10_000, 50, own_event, "2 %, each an event of its own"),
        (10_000, 50, same_event, "2 %, all of one event"),
        (3_000, 5, own_event, "20 %, each an event of its own"),
        (1_000, 1, same_event, "all, of one event"),
    ):
        wall, cpu, alerts = measure(count, every, hit)
        print(f"| {count} | {label} | {wall:.0f} | {cpu:.0f} | {alerts} |")


if __name__ == "__main__":
    main()
