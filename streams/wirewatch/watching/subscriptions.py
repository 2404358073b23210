"""Reads `subscriptions.toml` strictly: who is told of what. Notes every problem with its place, stops at none.

Cross-checks names against the organisations files; a list, country or organisation that nobody knows is a problem,
with the nearest known one as a hint.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from wirewatch.configuration import Problems, Table, read_toml, suggest
from wirewatch.knowledge.entities import Knowledge
from wirewatch.records import AlertKind, AlertState, Status, Tier
from wirewatch.subscribers import Mute, QuietHours, Rhythm, Road, RoadKind, Subscription
from wirewatch.watching.lists import known_countries, known_event_types, known_lists

_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def load_subscriptions(config_dir: Path, knowledge: Knowledge, problems: Problems) -> tuple[Subscription, ...]:
    """Read `subscriptions.toml`. Notes problems; a subscription that has one is still given, with defaults."""
    return read_subscriptions(read_toml(config_dir / "subscriptions.toml", problems), config_dir, knowledge)


def read_subscriptions(table: Table, config_dir: Path, knowledge: Knowledge) -> tuple[Subscription, ...]:
    """Read every `[[subscription]]` of a table; relative secret files lie under `config_dir`."""
    names = _Names(knowledge, config_dir)
    subscriptions: list[Subscription] = []
    for inner in table.tables("subscription"):
        subscription = _subscription(inner, config_dir, names)
        if any(subscription.id == other.id for other in subscriptions):
            inner.problem("id", f'expected an id of its own, got "{subscription.id}" again')
        subscriptions.append(subscription)
    table.close()
    return tuple(subscriptions)


def read_subscription(table: Table, config_dir: Path, knowledge: Knowledge) -> Subscription:
    """Read the keys of a single `[[subscription]]`."""
    return _subscription(table, config_dir, _Names(knowledge, config_dir))


def check_feeds(subscriptions: Iterable[Subscription], feeds: Collection[str], problems: Problems) -> None:
    """Note subscriptions that wait for feeds that nobody polls."""
    for subscription in subscriptions:
        for feed in subscription.feeds:
            if feed not in feeds:
                place = f'subscriptions.toml: subscription "{subscription.id}".feeds'
                problems.add(place, f'unknown feed "{feed}"{suggest(feed, feeds)}')


class _Names:
    """What subscriptions may name, gathered once."""

    def __init__(self, knowledge: Knowledge, config_dir: Path) -> None:
        self.organisations = knowledge.organisations
        self.event_types = known_event_types(config_dir)
        self.lists = known_lists(knowledge)
        self.countries = known_countries(knowledge)

    def check(self, table: Table, key: str, words: tuple[str, ...]) -> None:
        for word in words:
            scheme, colon, rest = word.partition(":")
            if word == "any":
                continue
            if not colon:
                self.check_organisation(table, key, word)
            elif scheme == "list":
                _check_known(table, key, "list", rest, self.lists)
            elif scheme == "country":
                _check_known(table, key, "country", rest, self.countries)
            else:
                expected = 'an organisation id, "list:…", "country:…" or "any"'
                table.problem(key, f'expected {expected}, got "{word}"')

    def check_organisation(self, table: Table, key: str, word: str) -> None:
        _check_known(table, key, "organisation", word, self.organisations)


def _check_known(table: Table, key: str, what: str, word: str, known: Collection[str]) -> None:
    if word not in known:
        table.problem(key, f'unknown {what} "{word}"{suggest(word, known)}')


def _subscription(table: Table, config_dir: Path, names: _Names) -> Subscription:
    identity = table.text("id")
    if identity and not _KEBAB.fullmatch(identity):
        table.problem("id", f'expected lower-case words joined by "-", got "{identity}"')
    organisations = table.texts("organisations", ("any",))
    if not organisations:
        table.problem("organisations", 'expected at least one entry (or "any"), got []')
    names.check(table, "organisations", organisations)
    enough = table.text("enough_tier", "", choices=("", *Tier))
    # Named by what is no secret: the address of a webhook or a chat may be one, and problems are logged and shown.
    roads = tuple(_road(inner, config_dir) for inner in table.tables("road", named_by="email"))
    if not roads:
        table.problem("road", "expected at least one [[subscription.road]], got nothing")
    subscription = Subscription(
        id=identity,
        roads=roads,
        organisations=organisations,
        kinds=tuple(AlertKind(word) for word in table.texts("kinds", (), choices=AlertKind)),
        event_types=table.texts("event_types", (), choices=names.event_types),
        statuses=tuple(Status(word) for word in table.texts("statuses", (), choices=Status)),
        states=tuple(AlertState(word) for word in table.texts("states", (), choices=AlertState)),
        languages=table.texts("languages", ()),
        feeds=table.texts("feeds", ()),
        minimum_independent_sources=table.integer("minimum_independent_sources", 1, minimum=1),
        enough_tier=Tier(enough) if enough else None,
        rhythm=Rhythm(table.text("rhythm", Rhythm.IMMEDIATE, choices=Rhythm)),
        digest_at=_clock(table, "digest_at", "07:00"),
        zone=_zone(table),
        quiet_hours=_quiet_hours(table),
        mutes=tuple(_mute(inner, names) for inner in table.tables("mute", named_by="organisation")),
        max_per_minute=table.integer("max_per_minute", 60, minimum=1),
        updates=table.flag("updates", False),
        heartbeat=table.flag("heartbeat", False),
        description=table.text("description", ""),
    )
    table.close()
    return subscription


def _road(table: Table, config_dir: Path) -> Road:
    secret = table.text("secret_file", "")
    secret_file = config_dir / secret if secret else None
    chosen = [kind for kind in RoadKind if table.has(kind.value)]
    if len(chosen) != 1:
        named = ", ".join(kind.value for kind in chosen) or "nothing"
        table.problem("road", f"expected exactly one of {', '.join(RoadKind)}, got {named}")
        for kind in chosen:
            table.flag(kind.value, True) if kind in (RoadKind.LOG, RoadKind.FEED) else table.text(kind.value, "")
        table.close()
        return Road(RoadKind.LOG, secret_file=secret_file)
    kind = chosen[0]
    target = ""
    if kind in (RoadKind.LOG, RoadKind.FEED):
        if not table.flag(kind.value, True):
            table.problem(kind.value, "expected true (leave the road out to be without it), got false")
    else:
        target = table.text(kind.value)
    _check_target(table, kind, target, secret_file)
    table.close()
    return Road(kind, target, secret_file)


def _check_target(table: Table, kind: RoadKind, target: str, secret_file: Path | None) -> None:
    if kind is RoadKind.WEBHOOK:
        if target and not re.match(r"https?://[^\s/]+", target):
            table.problem("webhook", f'expected an address that begins with http:// or https://, got "{target}"')
        if secret_file is None:
            table.problem("secret_file", "expected a file with the key that signs the webhook, got nothing")
    elif kind is RoadKind.EMAIL and target and not re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+", target):
        table.problem("email", f'expected one address such as "desk@example.org", got "{target}"')
    elif kind is RoadKind.CHAT and target not in ("", "secret") and "://" not in target:
        table.problem("chat", 'expected an Apprise address such as "slack://…", or "secret" with a secret_file')
    elif kind is RoadKind.CHAT and target == "secret" and secret_file is None:
        table.problem("secret_file", "expected a file with the Apprise address, got nothing")
    elif kind is RoadKind.FEED and secret_file is None:
        table.problem("secret_file", "expected a file with the token of the feed's address, got nothing")


def _mute(table: Table, names: _Names) -> Mute:
    organisation = table.text("organisation", "")
    event_type = table.text("event_type", "", choices=("", *names.event_types))
    if organisation:
        names.check_organisation(table, "organisation", organisation)
    elif not event_type:
        table.problem("organisation", "expected an organisation or an event_type to mute, got neither")
    until = table.day("until")
    table.close()
    return Mute(organisation, event_type, until)


def _quiet_hours(table: Table) -> QuietHours | None:
    if not table.has("quiet_hours"):
        return None
    words = table.texts("quiet_hours", ())
    if len(words) != 2 or not all(_CLOCK.fullmatch(word) for word in words):
        table.problem("quiet_hours", f'expected two times such as ["22:00", "06:30"], got {list(words)}')
        return None
    return QuietHours(time.fromisoformat(words[0]), time.fromisoformat(words[1]))


def _clock(table: Table, key: str, default: str) -> time:
    word = table.text(key, default)
    if not _CLOCK.fullmatch(word):
        table.problem(key, f'expected a time such as "07:00", got "{word}"')
        word = default
    return time.fromisoformat(word)


def _zone(table: Table) -> str:
    word = table.text("zone", "UTC")
    try:
        ZoneInfo(word)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        table.problem("zone", f'expected a zone such as "Europe/Paris", got "{word}"')
        return "UTC"
    return word
