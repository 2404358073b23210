"""Subscriptions for programs: every status, nothing lost, nothing shown, nothing outside of `secrets/`."""

from __future__ import annotations

import asyncio
import json
import stat
import tempfile
import threading
import tomllib
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.builders import an_article
from tests.console.building import HOME, ConsoleBench, open_console
from tests.fakes import FakeClock
from tests.running.scene import LISTS, write_small_config
from wirewatch.configuration import Problems
from wirewatch.metrics import Metrics
from wirewatch.preparing import Prepared, prepare
from wirewatch.raising import WorldBox, raise_alerts
from wirewatch.reloading import CarefulReader, Reloader
from wirewatch.store.outbox import list_deliveries
from wirewatch.subscribing import keeping
from wirewatch.subscribing.files import read_file
from wirewatch.subscribing.keeping import Keeper
from wirewatch.watching.subscriptions import load_subscriptions

TOKEN = "t" * 20 + "0123456789abcdef"
HOOK = {"webhook": "https://desk.example/hook/s3cret"}
COMMENTED = """# Who is told of what.

# The first.
[[subscription]]
id = "everything"
[[subscription.road]]
log = true

# Ours, by hand.
[[subscription]]
id = "desk"  # never renamed
[[subscription.road]]
webhook = "https://desk.example/hook/0123"
secret_file = "secrets/desk"
[[subscription.road]]
chat = "slack://tokenA/tokenB/tokenC"
"""


@dataclass
class Desk:
    """A console that programs may use, over a configuration that is read as a process reads it."""

    config: Path
    bench: ConsoleBench
    box: WorldBox
    reloads: list[int]

    @cached_property
    def app(self) -> FastAPI:
        """Give the application, made once."""
        return self.bench.app()

    @property
    def path(self) -> Path:
        """Give the file."""
        return self.config / "subscriptions.toml"

    @property
    def ids(self) -> list[str]:
        """Give the ids of the subscriptions in force."""
        return [subscription.id for subscription in self.box.current.subscriptions]

    def client(self, **headers: str) -> httpx.AsyncClient:
        """Give a program that shows the token."""
        shown = {"accept": "*/*", "authorization": f"Bearer {TOKEN}", **headers}
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app), base_url=HOME, headers=shown)

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Ask once."""
        content = {} if body is None else {"json": body}
        async with self.client() as client:
            return await client.request(method, path, headers=headers, **content)


@cache
def _prepared() -> Prepared:
    """Read a small configuration once for all tests."""
    with tempfile.TemporaryDirectory() as folder:
        return prepare(write_small_config(Path(folder) / "config"), Path(folder) / "data", {})


def read_subscriptions_only(config: Path) -> Prepared:
    """Read what these tests change, as `prepare` does; all else is as it was."""
    before, problems = _prepared(), Problems()
    found = load_subscriptions(config, before.knowledge, problems)
    problems.raise_if_any()
    return replace(before, world=replace(before.world, subscriptions=found))


def open_desk(folder: Path, *, api: bool = True, tells: bool = True, whole: bool = False) -> Desk:
    """Open a desk in a folder; with `whole`, a reload reads every file."""
    config = write_small_config(folder / "config")
    (config / "token").write_text(TOKEN, encoding="utf-8")
    (config / "secrets").mkdir()
    (config / "secrets" / "desk").write_text("whsec_MDEy\n", encoding="utf-8")
    (config / "subscriptions.toml").write_text(COMMENTED, encoding="utf-8")
    bench = open_console(folder, api=api, token_file=config / "token")
    bench.settings = replace(bench.settings, config_dir=config)

    reloads: list[int] = []

    def read() -> Prepared:
        reloads.append(1)
        return prepare(config, folder / "data", {}) if whole else read_subscriptions_only(config)

    box = WorldBox(read_subscriptions_only(config).world)
    opened = Desk(config, bench, box, reloads)
    reload = Reloader(CarefulReader(config, read), lambda prepared: box.replace(prepared.world), box.refuse, Metrics())
    bench.world_box = box
    if api:
        bench.keeper = Keeper(config, lambda: box.current, reload, reserved=[config / "token"], tells=tells)
    return opened


@pytest.fixture(scope="module")
def still_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Open one desk for all tests that leave the file as it is."""
    opened = open_desk(tmp_path_factory.mktemp("still"))
    secrets = opened.config / "secrets"
    (secrets / "link").symlink_to(opened.config / "settings.toml")
    (secrets / "token").symlink_to(opened.config / "token")
    (secrets / "folder").mkdir()
    yield opened
    opened.bench.database.close()


@pytest.fixture
def whole_desk(tmp_path: Path) -> Iterator[Desk]:
    """Open a desk whose reload reads every file."""
    opened = open_desk(tmp_path, whole=True)
    yield opened
    opened.bench.database.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Open a desk."""
    opened = open_desk(tmp_path)
    yield opened
    opened.bench.database.close()


async def test_added_subscription_is_in_force_and_its_secret_is_shown_once(desk: Desk) -> None:
    """201 with the place; what stood in the file before stands there still, byte for byte."""
    body = {
        "id": "tides",
        "organisations": ["tern-front"],
        "road": [HOOK, {"feed": True}],
        "quiet_hours": ["22:00", "06:00"],
    }
    answer = await desk.ask("POST", "/subscriptions", body)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == "/subscriptions/tides.json"
    assert answer.headers["cache-control"] == "no-store"
    said = answer.json()
    assert (said["in_force"], said["problems"], desk.ids) == (True, [], ["everything", "desk", "tides"])
    assert [made["road"] for made in said["secrets"]] == ["webhook-0", "feed-1"]
    for made in said["secrets"]:
        path = desk.config / made["secret_file"]
        assert path.read_text(encoding="utf-8") == made["secret"] + "\n"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert desk.path.read_text(encoding="utf-8").startswith(COMMENTED)
    shown = await desk.ask("GET", "/subscriptions/tides.json")
    assert shown.json() == said["subscription"]
    assert shown.json()["road"][0] == {"webhook": "https://desk.example/…", "secret_file": "secrets/tides-webhook"}
    everything = (await desk.ask("GET", "/subscriptions.json")).text
    assert not any(
        secret in everything for secret in ("s3cret", "0123", "tokenA", *(m["secret"] for m in said["secrets"]))
    )


async def test_what_is_shown_can_be_handed_back(desk: Desk) -> None:
    """GET, change, PUT: defaults are written out, masked addresses stay what they were, secrets stay."""
    before = desk.box.current.subscriptions[1]
    shown = (await desk.ask("GET", "/subscriptions/desk.json")).json()
    answer = await desk.ask("PUT", "/subscriptions/desk", {**shown, "heartbeat": True})
    assert (answer.status_code, answer.json()["secrets"]) == (200, [])
    assert desk.box.current.subscriptions[1] == replace(before, heartbeat=True)
    assert desk.path.read_text(encoding="utf-8").startswith(
        COMMENTED[: COMMENTED.index('[[subscription]]\nid = "desk"')]
    )


async def test_masked_address_of_nobody_is_refused(still_desk: Desk) -> None:
    """A mask is never written down as an address, nor may a road of another kind take over a file."""
    masked = {"id": "new", "road": [{"webhook": "https://desk.example/…", "secret_file": "secrets/desk"}]}
    answer = await still_desk.ask("POST", "/subscriptions", masked)
    assert answer.status_code == 400
    assert answer.json()["problems"] == ["road[0].webhook: expected a whole address, got a masked one of nobody's"]


async def test_removed_subscription_is_told_nothing_more(desk: Desk) -> None:
    """204; its id may be given again, and then has a secret that nobody knew before."""
    made = (await desk.ask("POST", "/subscriptions", {"id": "tides", "road": [HOOK]})).json()["secrets"]
    answer = await desk.ask("DELETE", "/subscriptions/tides")
    assert (answer.status_code, answer.content) == (204, b"")
    assert desk.ids == ["everything", "desk"]
    assert desk.path.read_text(encoding="utf-8").rstrip() == COMMENTED.rstrip()
    again = (await desk.ask("POST", "/subscriptions", {"id": "tides", "road": [HOOK]})).json()["secrets"]
    assert [one["secret_file"] for one in again] == [one["secret_file"] for one in made]
    assert again[0]["secret"] != made[0]["secret"]


async def test_last_subscription_can_be_removed(desk: Desk) -> None:
    """A reload takes an emptied file for an accident: what is left is not empty."""
    for identity in desk.ids:
        assert (await desk.ask("DELETE", f"/subscriptions/{identity}")).status_code == 204
    assert desk.ids == []
    assert (await desk.ask("POST", "/subscriptions", {"id": "tides", "road": [{"log": True}]})).status_code == 201
    assert desk.ids == ["tides"]


WRONG: list[tuple[Any, list[str]]] = [
    ({}, ["id: expected a string, got nothing", "road: expected at least one [[subscription.road]], got nothing"]),
    (
        {
            "id": "Tides",
            "rythm": "daily",
            "max_per_minute": "9",
            "organisations": ["tern-frond"],
            "road": [{"log": True}],
        },
        [
            'id: expected lower-case words joined by "-", got "Tides"',
            'organisations: unknown organisation "tern-frond"; did you mean "tern-front"?',
            'max_per_minute: expected an integer >= 1, got "9"',
            'rythm: unknown key; did you mean "rhythm"?',
        ],
    ),
    ({"id": "x", "feeds": ["nobody"], "road": [{"log": True}]}, ['feeds: unknown feed "nobody"']),
    ({"id": "../x", "road": [HOOK]}, ['id: expected lower-case words joined by "-", got "../x"']),
    ({"id": "x" * 101, "road": [{"log": True}]}, ["id: expected at most 100 characters, got 101"]),
    ({"id": "x", "road": [{"log": True, "feed": True}]}, ["road[0].road: expected exactly one of"]),
    (
        {"id": "x", "road": "log"},
        ['road: expected an array of tables [[road]], got "log"', "road: expected at least one"],
    ),
    ({"id": "x", "road": [{"chat": "json://127.0.0.1/"}]}, ['road[0].chat: expected "secret" or one of discord']),
    ({"id": None, "road": [{"log": True}]}, ["id: expected a string, got null"]),
    ({"id": "x", "description": "\ud800", "road": [{"log": True}]}, ["body: expected text that UTF-8 can write"]),
]


@pytest.mark.parametrize(("body", "problems"), WRONG)
async def test_wrong_wish_is_refused_with_all_its_problems(still_desk: Desk, body: Any, problems: list[str]) -> None:
    """400; the file keeps every byte, no secret is made, nothing is read anew. The same by PUT."""
    content = json.dumps(body)
    files = sorted(still_desk.config.rglob("*"))
    async with still_desk.client(**{"content-type": "application/json"}) as client:
        answer = await client.post("/subscriptions", content=content)
    assert answer.status_code == 400, answer.text
    found = answer.json()["problems"]
    assert len(found) == len(problems), found
    assert all(any(one.startswith(problem) for one in found) for problem in problems), found
    put = await still_desk.ask("PUT", "/subscriptions/desk", {**HOOK, "no": 1})
    assert put.status_code == 400
    assert still_desk.path.read_text(encoding="utf-8") == COMMENTED
    assert (sorted(still_desk.config.rglob("*")), still_desk.reloads) == (files, [])


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd", "secrets/../settings.toml", "../secrets/x", "settings.toml", "secrets/", "secrets/a/b", "token",
        "secrets/.x", "secrets/link", "secrets/folder", "secrets/token", "secrets/x\u0000", "secrets//x",
        "secrets/" + "x" * 300,
    ],
)  # fmt: skip
async def test_secret_file_elsewhere_is_refused(still_desk: Desk, name: str) -> None:
    """A program names files right inside `secrets/` only: no path, no link out of it, none of the machinery's."""
    for road in (HOOK, {"feed": True}, {"chat": "secret"}):
        answer = await still_desk.ask("POST", "/subscriptions", {"id": "x", "road": [{**road, "secret_file": name}]})
        assert answer.status_code == 400, answer.text
        assert answer.json()["problems"][0].startswith("road[0].secret_file: expected")
    assert still_desk.path.read_text(encoding="utf-8") == COMMENTED


async def test_secret_file_inside_is_made_or_kept(desk: Desk) -> None:
    """A file that is there is kept and not shown; one that is not is made by that name."""
    roads = [{**HOOK, "secret_file": "secrets/own.key"}, {"feed": True, "secret_file": "secrets/desk"}]
    answer = await desk.ask("POST", "/subscriptions", {"id": "x", "road": roads})
    assert answer.status_code == 201
    assert [made["secret_file"] for made in answer.json()["secrets"]] == ["secrets/own.key"]
    assert (desk.config / "secrets" / "desk").read_text(encoding="utf-8") == "whsec_MDEy\n"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/subscriptions/nobody.json", 404),
        ("PUT", "/subscriptions/nobody", 404),
        ("DELETE", "/subscriptions/nobody", 404),
        ("DELETE", "/subscriptions/..%2Fdesk", 404),
        ("PATCH", "/subscriptions", 405),
        ("DELETE", "/subscriptions", 405),
        ("POST", "/subscriptions/desk", 405),
        ("GET", "/subscriptions/desk", 405),
        ("POST", "/subscriptions.json", 405),
    ],
)
async def test_what_is_not_there_or_cannot_be_done_is_said(
    still_desk: Desk, method: str, path: str, status: int
) -> None:
    """404 and 405; the latter with what can be done."""
    body = {"road": [{"log": True}]} if method in ("PUT", "POST") else None
    answer = await still_desk.ask(method, path, body)
    assert answer.status_code == status, answer.text
    assert ("allow" in answer.headers) == (status == 405)
    assert still_desk.path.read_text(encoding="utf-8") == COMMENTED


async def test_id_that_exists_is_a_conflict_and_another_one_cannot_be_put(still_desk: Desk) -> None:
    """409 for POST; PUT replaces what its path names, and nothing else."""
    assert (await still_desk.ask("POST", "/subscriptions", {"id": "desk", "road": [HOOK]})).status_code == 409
    answer = await still_desk.ask("PUT", "/subscriptions/desk", {"id": "everything", "road": [{"log": True}]})
    assert (answer.status_code, answer.json()["problems"]) == (400, ["id: expected \"desk\", got 'everything'"])
    assert still_desk.path.read_text(encoding="utf-8") == COMMENTED


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b'{"id": "x"', "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"[" * 60_000, "application/json", 400),
        (b'{"id": "x", "id": "y"}', "application/json", 400),
        (b'{"max_per_minute": NaN}', "application/json", 400),
        (b'{"max_per_minute": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b'id = "x"', "application/toml", 415),
        (b"id=x", "application/x-www-form-urlencoded", 415),
        (b"x" * 70_000, "application/json", 413),
    ],
)
async def test_body_that_is_none_is_refused(still_desk: Desk, content: bytes, content_type: str, status: int) -> None:
    """Not JSON, not an object, a key twice, too deep, too large, of another type."""
    async with still_desk.client(**{"content-type": content_type}) as client:
        for method, path in (("POST", "/subscriptions"), ("PUT", "/subscriptions/desk")):
            answer = await client.request(method, path, content=content)
            assert answer.status_code == status, answer.text
    assert still_desk.path.read_text(encoding="utf-8") == COMMENTED


async def test_api_is_off_unless_it_is_allowed(tmp_path: Path) -> None:
    """404 for every way in; the page for people stays."""
    desk = open_desk(tmp_path, api=False)
    for method, path in (
        ("GET", "/subscriptions.json"), ("GET", "/subscriptions/desk.json"), ("POST", "/subscriptions"),
        ("PUT", "/subscriptions/desk"), ("DELETE", "/subscriptions/desk"), ("PATCH", "/subscriptions/desk"),
    ):  # fmt: skip
        answer = await desk.ask(method, path, {"id": "x", "road": [HOOK]})
        assert answer.status_code == 404, (method, path)
    assert (await desk.ask("GET", "/subscriptions")).status_code == 200
    assert desk.path.read_text(encoding="utf-8") == COMMENTED
    desk.bench.database.close()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"authorization": ""}, 401),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"authorization": "Basic bWU6" + "dHR0dHR0dHR0dHR0dHR0dHR0dHQwMTIzNDU2Nzg5YWJjZGVm"}, 403),
        ({"host": "evil.example"}, 421),
        ({"origin": HOME}, 201),
    ],
)
async def test_entrance_stands_before_it(desk: Desk, headers: dict[str, str], status: int) -> None:
    """No token, another page's Origin, a browser's own password without any, another name: nothing is written."""
    answer = await desk.ask("POST", "/subscriptions", {"id": "x", "road": [{"log": True}]}, **headers)
    assert answer.status_code == status
    assert ("x" in desk.ids) == (status == 201)


async def test_path_that_looks_like_a_feed_opens_nothing(still_desk: Desk) -> None:
    """Feeds need no token to be read; nothing is changed without one by an address that looks like theirs."""
    for path in ("/subscriptions/desk/alerts.x", "/subscriptions/desk/x/alerts.json", "/subscriptions/alerts.json"):
        assert (await still_desk.ask("DELETE", path, authorization="")).status_code == 401


async def test_wishes_at_once_are_all_written_and_read_together(desk: Desk) -> None:
    """No write is lost, each answer waits until its own is in force, and they share readings."""
    wishes = [desk.ask("POST", "/subscriptions", {"id": f"s-{n}", "road": [HOOK, {"log": True}]}) for n in range(12)]
    twice = [desk.ask("POST", "/subscriptions", {"id": "same", "road": [{"log": True}]}) for _ in range(3)]
    answers = await asyncio.gather(*wishes, *twice)
    assert sorted(answer.status_code for answer in answers) == [201] * 13 + [409] * 2
    assert all(answer.json()["in_force"] for answer in answers if answer.status_code == 201)
    written = tomllib.loads(desk.path.read_text(encoding="utf-8"))["subscription"]
    assert sorted(block["id"] for block in written) == sorted(desk.ids)
    assert len(desk.ids) == 2 + 13
    assert len(desk.reloads) < 13


async def test_without_the_lock_a_write_is_lost(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above: two that read before either writes leave one of two."""
    both = threading.Barrier(2)

    def read_together(config: Path) -> str:
        text = read_file(config)
        both.wait(10)
        return text

    monkeypatch.setattr(keeping, "one_writer", lambda _config: nullcontext())
    monkeypatch.setattr(keeping, "read_file", read_together)
    wishes = [desk.ask("POST", "/subscriptions", {"id": f"s-{n}", "road": [{"log": True}]}) for n in range(2)]
    assert [answer.status_code for answer in await asyncio.gather(*wishes)] == [201, 201]
    assert len(tomllib.loads(desk.path.read_text(encoding="utf-8"))["subscription"]) == 2 + 1


async def test_file_with_a_mistake_of_its_own_is_not_touched(desk: Desk) -> None:
    """409: the wish is right, and whoever wrote the file is to mend it."""
    broken = COMMENTED + "rythm = 1\n"
    desk.path.write_text(broken, encoding="utf-8")
    for method, path in (("POST", "/subscriptions"), ("DELETE", "/subscriptions/everything")):
        answer = await desk.ask(method, path, {"id": "x", "road": [{"log": True}]})
        assert answer.status_code == 409
        assert "rythm: unknown key" in answer.json()["problems"][0]
    assert desk.path.read_text(encoding="utf-8") == broken


async def test_mistake_elsewhere_keeps_it_from_being_in_force_and_says_so(whole_desk: Desk) -> None:
    """Written, and not adopted: the answer names the problem, DELETE has a body then, and mending adopts it."""
    desk = whole_desk
    (desk.config / "feeds.toml").write_text('[[feed]]\nid = "a"\n', encoding="utf-8")
    added = await desk.ask("POST", "/subscriptions", {"id": "x", "road": [{"log": True}]})
    removed = await desk.ask("DELETE", "/subscriptions/everything")
    for answer, status in ((added, 201), (removed, 200)):
        assert (answer.status_code, answer.json()["in_force"]) == (status, False)
        assert "feeds.toml" in answer.json()["problems"][0]
    assert desk.ids == ["everything", "desk"]
    (desk.config / "feeds.toml").write_text("", encoding="utf-8")
    assert (await desk.ask("DELETE", "/subscriptions/desk")).status_code == 204
    assert desk.ids == ["x"]


async def test_next_alert_is_told_to_who_was_added_a_moment_ago(whole_desk: Desk) -> None:
    """And what came before is not: a new subscription begins with its own time."""
    desk, clock = whole_desk, FakeClock()
    sorter = _prepared().sorter

    def raised(number: int, name: str) -> list[str]:
        article = an_article(LISTS.format(name), id=f"art-{number}")
        with desk.bench.database.transaction() as connection:
            raise_alerts(connection, [sorter.sort(article)], desk.box.current, clock.now())
            found = list_deliveries(connection)
        return sorted(f"{delivery.subscription_id} {delivery.alert_id}" for delivery in found)

    before = raised(1, "the Tern Liberation Front")
    assert before != []
    answer = await desk.ask("POST", "/subscriptions", {"id": "late", "organisations": ["any"], "road": [HOOK]})
    assert answer.status_code == 201
    after = raised(2, "the Grey Gull Brigade")
    late = [line for line in after if line.startswith("late ")]
    assert len(late) == 1
    assert late[0].partition(" ")[2] not in " ".join(before)


async def test_console_of_its_own_says_who_else_has_to_read(tmp_path: Path) -> None:
    """`wirewatch console` tells nobody: `stream` and `poll` read the file on SIGHUP."""
    desk = open_desk(tmp_path, tells=False)
    said = (await desk.ask("POST", "/subscriptions", {"id": "x", "road": [{"log": True}]})).json()
    assert said["in_force"] is False
    assert "SIGHUP" in said["note"]
    assert "x" in desk.ids
    desk.bench.database.close()


async def test_folder_that_takes_nothing_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 with the reason, as on a configuration that is mounted for reading only; the file stays."""

    def refuse(*_arguments: object) -> None:
        raise OSError(30, "Read-only file system")

    wish = {"id": "x", "road": [{**HOOK, "secret_file": "secrets/own"}]}
    with monkeypatch.context() as patch:
        patch.setattr("wirewatch.subscribing.files.os.replace", refuse)
        answer = await desk.ask("POST", "/subscriptions", wish)
    assert answer.status_code == 503
    assert "Read-only file system" in answer.json()["problems"][0]
    assert desk.path.read_text(encoding="utf-8") == COMMENTED
    assert not list(desk.config.glob(".subscriptions*"))
    assert not (desk.config / "secrets" / "own").exists()
    again = await desk.ask("POST", "/subscriptions", wish)
    assert [made["secret_file"] for made in again.json()["secrets"]] == ["secrets/own"]


async def test_problem_of_a_masked_road_does_not_tell_its_address(desk: Desk) -> None:
    """What was handed back masked stays masked in what is said of it, here and to whom a file's mistake is told."""
    shown = (await desk.ask("GET", "/subscriptions/desk.json")).json()
    for road in shown["road"]:
        road["no"] = 1
    wrong = await desk.ask("PUT", "/subscriptions/desk", shown)
    desk.path.write_text(COMMENTED.replace("secret_file =", "secret_fil ="), encoding="utf-8")
    broken = await desk.ask("DELETE", "/subscriptions/everything")
    assert (wrong.status_code, broken.status_code) == (400, 409)
    for answer in (wrong, broken):
        assert len(answer.json()["problems"]) == 2
        assert not any(secret in answer.text for secret in ("0123", "tokenA"))


async def test_secrets_follow_their_addresses(desk: Desk) -> None:
    """Roads that change places keep their secrets; one more of a kind gets one of its own; another place keeps it."""
    first, second = ({"webhook": f"https://desk.example/{n}"} for n in (1, 2))
    made = (await desk.ask("POST", "/subscriptions", {"id": "x", "road": [first, second]})).json()["secrets"]
    assert [one["secret_file"] for one in made] == ["secrets/x-webhook", "secrets/x-webhook-2"]
    third = {"webhook": "https://desk.example/3"}
    answer = await desk.ask("PUT", "/subscriptions/x", {"road": [second, first, third]})
    names = [road["secret_file"] for road in answer.json()["subscription"]["road"]]
    assert names == ["secrets/x-webhook-2", "secrets/x-webhook", "secrets/x-webhook-3"]
    assert [one["secret_file"] for one in answer.json()["secrets"]] == ["secrets/x-webhook-3"]
    moved = await desk.ask("PUT", "/subscriptions/x", {"road": [{"webhook": "https://other.example/"}]})
    assert (moved.status_code, moved.json()["secrets"]) == (200, [])


async def test_file_outside_that_a_person_named_stays_with_its_road_only(desk: Desk) -> None:
    """PUT may keep it on the same kind of road; no other road may take it over, and nothing is written there."""
    outside = COMMENTED.replace("secrets/desk", "../hook-key")
    desk.path.write_text(outside, encoding="utf-8")
    shown = (await desk.ask("GET", "/subscriptions/desk.json")).json()
    kept = {**shown, "road": [{"webhook": "https://desk.example/…", "secret_file": "../hook-key"}]}
    taken = {**shown, "road": [{"feed": True, "secret_file": "../hook-key"}]}
    assert (await desk.ask("PUT", "/subscriptions/desk", taken)).status_code == 400
    assert desk.path.read_text(encoding="utf-8") == outside
    assert (await desk.ask("PUT", "/subscriptions/desk", kept)).status_code == 200
    assert not (desk.config / "../hook-key").exists()
