"""One transaction a batch: whole or not at all, the same again changes nothing, one version of the world decides it."""

from __future__ import annotations

import json
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import an_article
from tests.stories import listings
from tests.stories.acting import Push, Stage, a_store, moment, says, sorted_of
from tests.stories.scenery import a_subscription, a_world, everything
from wirewatch.alerting.grouping import Belonging, Place
from wirewatch.metrics import Metrics
from wirewatch.raising import World, WorldBox, placing, raise_alerts, telling, workbench
from wirewatch.raising.tending import compose_digests
from wirewatch.records import Alert, AlertKind, Field, Mention, Name, NoticeType, SortedArticle, Strength
from wirewatch.store.articles import count_articles, load_articles
from wirewatch.store.notices import list_notices


def gulls(count: int, at: str = "2025-03-03T10:00") -> list[Push]:
    """Give articles about so many different organisations that nobody knows."""
    return [
        Push(
            at,
            "meridian-wire",
            f"US lists Gull Cartel of Pier {number}",
            (says("designation/new", f"Gull Cartel of Pier {number}", by="united-states", programme="FTO"),),
        )
        for number in range(count)
    ]


def oracle(alerts: tuple[Alert, ...]) -> list[str]:
    """Give what is wrong with a set of alerts: no two may speak of one organisation, authority and programme."""
    events = Counter((a.kind, a.organisation, a.authority.id if a.authority else "", a.programme) for a in alerts)
    return [f"{count} alerts of {event}" for event, count in events.items() if count > 1]


def test_a_batch_that_fails_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the deliveries cannot be planned there is no alert and no article either; the next try has both."""
    with a_store() as database:
        stage = Stage(database, a_world())
        with monkeypatch.context() as patch:
            patch.setattr(telling.Teller, "write", _fail)
            with pytest.raises(RuntimeError, match="killed"):
                stage.push(listings.WIRE)
        with database.transaction() as connection:
            assert count_articles(connection) == 0
        assert stage.alerts() == ()
        assert stage.deliveries() == ()
        stage.push(listings.WIRE)
        assert len(stage.alerts()) == len(stage.deliveries()) == 1


def test_a_whole_story_in_one_batch_is_told_once() -> None:
    """A report, its copies and its confirmation in one batch make one alert, one revision, one notice."""
    with a_store() as database:
        stage = Stage(database, a_world())
        (alert,) = stage.push(listings.WIRE, listings.COPY, listings.NOTICE, listings.OWN)
        assert (alert.revision, alert.state, len(alert.sources)) == (1, "confirmed", 4)
        assert stage.notices() == [("everything", "alert.opened", "tide-front")]


def test_reprocessing_gives_the_alerts_again_for_the_topic() -> None:
    """An article that was handled before gives back the alert it feeds, unchanged, so that `alerts.v1` is complete."""
    with a_store() as database:
        stage = Stage(database, a_world())
        first = stage.push(listings.WIRE)
        assert stage.push(listings.WIRE) == first


def test_without_a_unique_event_the_oracle_sees_two_alerts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: if every report opened an event of its own, the oracle of this room would catch it."""
    with a_store() as database:
        stage = Stage(database, a_world())
        stage.push(listings.COPY)
        stage.push(listings.NOTICE)
        assert oracle(stage.alerts()) == []
    with a_store() as database:
        monkeypatch.setattr(placing, "place_report", lambda *_: Place(Belonging.OPENS))
        stage = Stage(database, a_world())
        stage.push(listings.COPY)
        stage.push(replace(listings.OWN, sayings=listings.COPY.sayings))
        assert oracle(stage.alerts()) != []


def test_an_old_revision_that_comes_late_changes_nothing() -> None:
    """Revision 1 after revision 2 is not saved and says nothing any more."""
    newer = replace(listings.WIRE, revision=2, title=listings.WIRE.title, text=listings.WIRE.text + " More.")
    with a_store() as database:
        stage = Stage(database, a_world())
        stage.push(newer)
        before = stage.alerts()
        stage.push(listings.WIRE)
        assert stage.alerts() == before
        identity = sorted_of(newer).article.id
        with database.transaction() as connection:
            assert load_articles(connection, [identity])[identity].article.revision == 2


def test_a_newer_revision_moves_its_quotes() -> None:
    """After an edit the quote is found where the new text has it."""
    saying = says("designation/new", "tide-front", by="united-states", quote="listed the Tide Front")
    first = Push("2025-03-03T10:00", "harbour-courier", "News", (saying,), "The US listed the Tide Front.", guid="n")
    second = replace(first, revision=2, text="On Monday the US listed the Tide Front, it says.")
    with a_store() as database:
        stage = Stage(database, a_world())
        stage.push(first)
        stage.push(second)
        (alert,) = stage.alerts()
        (evidence,) = alert.evidence
        assert second.text[evidence.start : evidence.end] == evidence.quote


@pytest.mark.parametrize("days", [1, -1, 365])
def test_a_clock_that_steps_makes_no_storm(days: int) -> None:
    """The machine's clock decides nothing: reprocessed a day early or late, nothing is told again."""
    with a_store() as database:
        stage = Stage(database, a_world())
        pushes = (listings.WIRE, listings.COPY, listings.NOTICE)
        for push in pushes:
            stage.push(push)
        alerts, deliveries = stage.alerts(), stage.deliveries()
        for push in pushes:
            stage.push(push, now=stage.now + timedelta(days=days))
        assert stage.alerts() == alerts
        assert stage.deliveries() == deliveries


def test_a_batch_is_decided_by_exactly_one_world() -> None:
    """While the configuration is replaced all the time, every alert names the one World that its batch began with."""
    worlds = [a_world(everything(f"desk-{number}")) for number in range(8)]
    asked = {world.fingerprint: tuple(one.id for one in world.subscriptions) for world in worlds}
    box = WorldBox(worlds[0])
    done = threading.Event()

    def reload_all_the_time() -> None:
        while not done.is_set():
            for world in worlds:
                box.replace(world)

    reloading = threading.Thread(target=reload_all_the_time)
    reloading.start()
    try:
        with a_store() as database:
            for position in range(20):
                world = box.current
                items = [sorted_of(push) for push in gulls(3, f"2025-03-{position + 1:02}T10:00")]
                items = [
                    replace(item, article=replace(item.article, id=f"{item.article.id}-{position}")) for item in items
                ]
                with database.transaction() as connection:
                    raised = raise_alerts(connection, items, world, moment("2025-04-01T00:00"))
                fresh = [alert for alert in raised if alert.revision == 1]
                assert all(asked[alert.decided_by] == alert.subscriptions for alert in fresh)
    finally:
        done.set()
        reloading.join()


def test_a_burst_is_told_whole_within_the_rate() -> None:
    """Of 250 alerts in a minute 60 are told one by one and 190 in digests; none is lost, none is told twice."""
    told = tell_burst(250)
    assert told.singles == 60
    assert told.in_digests == 190
    assert told.alert_ids == 250


@pytest.mark.slow
def test_ten_thousand_matches_in_a_minute_are_all_told() -> None:
    """The burst of the fault catalogue: every alert is told exactly once, alone or in a digest."""
    told = tell_burst(10_000)
    assert (told.singles, told.in_digests, told.alert_ids) == (60, 9_940, 10_000)


class BurstTold:
    """What became of a burst."""

    def __init__(self, singles: list[str], digested: list[str]) -> None:
        self.singles = len(singles)
        self.in_digests = len(digested)
        self.alert_ids = len({*singles, *digested})


def tell_burst(count: int) -> BurstTold:
    """Raise so many alerts within one minute and compose the digests of the next."""
    world = a_world(a_subscription(max_per_minute=60))
    pushes = gulls(count)
    with a_store() as database:
        stage = Stage(database, world)
        for start in range(0, count, 100):
            stage.push(*pushes[start : start + 100], now=moment("2025-03-03T10:00"))
        for _ in range(count // 1000 + 1):
            with database.transaction() as connection:
                compose_digests(connection, world, moment("2025-03-03T10:01"))
        deliveries = stage.deliveries()
    singles = [one.alert_id for one in deliveries if one.type is NoticeType.OPENED]
    digests = [json.loads(one.body)["data"]["alerts"] for one in deliveries if one.type is NoticeType.DIGEST]
    assert all(len(alerts) <= 100 for alerts in digests)
    return BurstTold(singles, [alert["id"] for alerts in digests for alert in alerts])


def test_everything_decided_is_counted_and_logged() -> None:
    """Claims, alerts and decisions each leave a count with their reason, and the log of decisions says why."""
    metrics = Metrics()
    with a_store() as database:
        stage = Stage(database, a_world(a_subscription(minimum_independent_sources=2)), metrics)
        stage.push(listings.WIRE)
        stage.push(listings.OWN)
        with database.transaction() as connection:
            log = [(row.revision, row.reason, row.told) for row in list_notices(connection)]
    assert log == [(1, "too_few_sources", False), (2, "first", True)]
    assert _count(metrics, "wirewatch_notice_decisions_total", subscription="listings", reason="first") == 1
    assert _count(metrics, "wirewatch_notices_total", subscription="listings", manner="now") == 1
    assert _count(metrics, "wirewatch_novelty_decisions_total", novelty="claimed") == 2
    assert (
        _count(metrics, "wirewatch_alerts_total", kind="new_listing", event_type="designation", state="unconfirmed")
        == 2
    )
    assert _count(metrics, "wirewatch_organisation_alerts_total", organisation="tide-front") == 1


def test_articles_without_events_are_saved_and_say_nothing() -> None:
    """A thousand articles of ordinary news cost one statement a batch and make no alert."""
    items = [SortedArticle(an_article(f"Rope {n}", guid=str(n)), "en", (), (), "v") for n in range(1000)]
    with a_store() as database:
        world: World = a_world()
        with database.transaction() as connection:
            assert raise_alerts(connection, items, world, moment("2025-08-12T13:00")) == ()
            assert count_articles(connection) == 1000


def test_mentions_are_kept_for_those_who_ask_and_for_nobody_else() -> None:
    """A bare mention makes an alert only where a subscription wants mentions of that organisation."""
    title = "Choir sings in Tide Front country"
    article = an_article(title, "The Ember League sent flowers.")
    name = Name("tide-front", "Tide Front")
    mention = Mention(14, 24, "Tide Front", Field.TITLE, name, Strength.STRONG, 1.0, "alias")
    other = Mention(
        4, 16, "Ember League", Field.TEXT, Name("ember-league", "Ember League"), Strength.STRONG, 1.0, "alias"
    )
    item = SortedArticle(article, "en", (mention, other), (), "v")
    asking = a_subscription("mentions", kinds=(AlertKind.MENTION_ONLY,), organisations=("list:uk",))
    for world, expected in ((a_world(), []), (a_world(asking, everything()), ["tide-front"])):
        with a_store() as database, database.transaction() as connection:
            raised = raise_alerts(connection, [item], world, moment("2025-08-12T13:00"))
            assert [alert.organisation.id for alert in raised] == expected
            for alert in raised:
                assert (alert.kind, alert.subscriptions) == (AlertKind.MENTION_ONLY, ("mentions",))
                assert alert.evidence[0].quote == title
            assert raise_alerts(connection, [item], world, moment("2025-08-12T13:00")) == raised


def test_a_story_that_everybody_tells_keeps_its_first_five_hundred(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the cap articles are counted, not kept; an authority is always heard."""
    monkeypatch.setattr(workbench, "MAX_CONTRIBUTIONS", 3)
    pushes = [replace(listings.WIRE, feed="harbour-courier", title=f"US lists Tide Front, paper {n}") for n in range(5)]
    with a_store() as database:
        stage = Stage(database, a_world())
        stage.push(*pushes)
        (alert,) = stage.push(listings.NOTICE)
        assert (len(alert.sources), alert.more_sources, alert.state) == (4, 2, "confirmed")
        stage.push(*pushes)
        assert stage.alerts() == (alert,)


def _fail(*_: Any) -> None:
    raise RuntimeError("killed before the write")


def _count(metrics: Metrics, name: str, **labels: str) -> float:
    value = metrics.registry.get_sample_value(name, labels)
    return value or 0.0
