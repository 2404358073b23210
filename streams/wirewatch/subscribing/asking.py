"""Reads what a program asks of a subscription, more narrowly than a person's file is read.

A program may name secret files only inside `secrets/`, reaches no service on a host of its choice by chat, and may hand
back an address that it was shown masked, which leaves that address as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from wirewatch.configuration import Problems, Table
from wirewatch.errors import ConfigError
from wirewatch.knowledge.entities import Knowledge
from wirewatch.subscribers import RoadKind, Subscription
from wirewatch.subscribing.files import SELF_MADE
from wirewatch.subscribing.showing import HIDDEN, without_secret
from wirewatch.watching.subscriptions import check_feeds, read_subscription

#: Chat services whose host is fixed by their scheme: the others would let a program choose whom this machine dials.
CHAT_SCHEMES = ("discord", "gchat", "msteams", "pbul", "pover", "slack", "tgram", "webexteams")
#: A secret's file is called after it, and names of files have 255 bytes.
MAX_ID = 100

_PLACE = "body: "
_SECRET_FILE = re.compile(r"secrets/[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*")


def read_asked(
    body: Mapping[str, Any],
    config_dir: Path,
    knowledge: Knowledge,
    *,
    feeds: Collection[str] | None,
    reserved: Collection[Path],
    before: Mapping[str, Any],
) -> Subscription:
    """Check the keys of one subscription.

    Args:
        body: The keys, secret files filled in.
        config_dir: Where `secrets/` lies.
        knowledge: What may be named.
        feeds: Ids of feeds that may be named; None when they are not known.
        reserved: Files with secrets of the machinery, which no road may use.
        before: The block that is replaced; empty for a new one.

    Raises:
        ConfigError: with every problem, each as `key: expected …, got …`.
    """
    problems = Problems()
    table = Table(_PLACE, dict(body), problems)
    subscription = read_subscription(table, config_dir, knowledge)
    if len(subscription.id) > MAX_ID:
        table.problem("id", f"expected at most {MAX_ID} characters, got {len(subscription.id)}")
    if feeds is not None:
        unknown = Problems()
        check_feeds((subscription,), feeds, unknown)
        for problem in unknown.found:
            table.problem("feeds", problem.partition(".feeds: ")[2])
    kept = {
        (_kind(road), key, value) for road in roads_of(before) for key, value in road.items() if isinstance(value, str)
    }
    for position, road in enumerate(roads_of(body)):
        _check_road(Table(f"{_PLACE}road[{position}]", dict(road), problems), road, config_dir, reserved, kept)
    if _has_surrogate(body):
        table.problem("body", "expected text that UTF-8 can write, got a half of a surrogate pair")
    if problems.found:
        raise ConfigError(tuple(problem.removeprefix(_PLACE) for problem in problems.found))
    return subscription


def unmask(body: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Put the address that is configured where a program handed back its masked form."""
    roads = body.get("road")
    if not isinstance(roads, list):
        return dict(body)
    waiting = roads_of(before)
    unmasked = []
    for road in roads:
        given = dict(road) if isinstance(road, Mapping) else road
        for key in (RoadKind.WEBHOOK, RoadKind.CHAT):
            target = given.get(key) if isinstance(given, dict) else None
            if not isinstance(target, str) or HIDDEN not in target:
                continue
            same = [old for old in waiting if key in old and without_secret(key, str(old[key])) == target]
            # With several on one host, the secret's file tells which; else their order does.
            same.sort(key=lambda old: old.get("secret_file") != given.get("secret_file"))
            if same:
                waiting.remove(same[0])
                given = {**same[0], **given, key.value: same[0][key]}
        unmasked.append(given)
    return {**body, "road": unmasked}


def name_secrets(body: Mapping[str, Any], before: Mapping[str, Any], taken: Collection[str]) -> dict[str, Any]:
    """Name a secret file for each road that needs one and names none: the one it had, or a free name.

    Args:
        body: What is asked.
        before: The block that is replaced; empty for a new one.
        taken: Secret files that other subscriptions name.
    """
    roads = body.get("road")
    if not isinstance(roads, list):
        return dict(body)
    used = {*taken, *(str(road.get("secret_file")) for road in roads_of(body))}
    had = {
        kind: [(str(old["secret_file"]), old[kind]) for old in roads_of(before) if kind in old and "secret_file" in old]
        for kind in SELF_MADE
    }
    identity = body.get("id")
    # A wrong id is a problem of its own, and no reason to complain of a file that nobody named.
    fits = isinstance(identity, str) and _SECRET_FILE.fullmatch(f"secrets/{identity}") and len(identity) <= MAX_ID
    named = []
    for road in roads:
        kinds = [kind for kind in SELF_MADE if isinstance(road, Mapping) and kind in road]
        if len(kinds) == 1 and "secret_file" not in road:
            stem = f"secrets/{identity if fits else 'unnamed'}-{kinds[0]}"
            same = [old[0] for old in had[kinds[0]] if old[1] == road[kinds[0]]]
            names = [
                *same,
                *(old[0] for old in had[kinds[0]]),
                stem,
                *(f"{stem}-{number}" for number in range(2, len(used) + 4)),
            ]
            name = next(name for name in names if name not in used)
            used.add(name)
            road = {**road, "secret_file": name}
        named.append(road)
    return {**body, "road": named}


def roads_of(block: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Give the roads of a block that may be of any shape."""
    roads = block.get("road")
    return [road for road in roads if isinstance(road, Mapping)] if isinstance(roads, list) else []


def _check_road(
    table: Table,
    road: Mapping[str, Any],
    config_dir: Path,
    reserved: Collection[Path],
    kept: Collection[tuple[str, str, str]],
) -> None:
    secret_file, chat = road.get("secret_file"), road.get("chat")
    if isinstance(secret_file, str) and secret_file and (_kind(road), "secret_file", secret_file) not in kept:
        _check_secret_file(table, secret_file, config_dir, reserved)
    for key in ("webhook", "chat"):
        target = road.get(key)
        if isinstance(target, str) and HIDDEN in target:
            table.problem(key, "expected a whole address, got a masked one of nobody's")
    if isinstance(chat, str) and chat != "secret" and ("chat", "chat", chat) not in kept:
        scheme = chat.partition("://")[0].lower()
        if scheme not in CHAT_SCHEMES:
            table.problem("chat", f'expected "secret" or one of {", ".join(CHAT_SCHEMES)}, got "{scheme}"')


def _kind(road: Mapping[str, Any]) -> str:
    return next((kind.value for kind in RoadKind if kind in road), "")


def _check_secret_file(table: Table, name: str, config_dir: Path, reserved: Collection[Path]) -> None:
    path = config_dir / name
    folder = (config_dir / "secrets").resolve()
    inside = bool(_SECRET_FILE.fullmatch(name)) and len(name) < 200 and path.resolve().parent == folder
    if not inside or path.is_dir():
        table.problem("secret_file", f'expected the name of a file right inside "secrets/", got "{name[:80]}"')
    elif any(path.resolve() == other.resolve() for other in reserved):
        table.problem("secret_file", f'expected a secret of its own, got "{name}", which settings.toml names')


def _has_surrogate(value: Any) -> bool:
    if isinstance(value, str):
        return any("\ud800" <= letter <= "\udfff" for letter in value)
    inner: Sequence[Any] = ()
    if isinstance(value, Mapping):
        inner = [*value.keys(), *value.values()]
    elif isinstance(value, list):
        inner = value
    return any(_has_surrogate(item) for item in inner)
