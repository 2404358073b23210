"""Adds, replaces and removes subscriptions for programs, and has the running process take them up.

The file is written by one writer at a time and only when it is right; then the process reads everything anew, as it
does on SIGHUP. Never speaks HTTP.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from wirewatch.errors import ConfigError
from wirewatch.knowledge.entities import Knowledge
from wirewatch.subscribers import Subscription
from wirewatch.subscribing.asking import name_secrets, read_asked, roads_of, unmask
from wirewatch.subscribing.blocks import add_block, block_of, ids_in, remove_block, replace_block
from wirewatch.subscribing.files import SELF_MADE, check_text, make_secret, one_writer, read_file, write_file

log = logging.getLogger(__name__)

#: Reads the whole configuration anew and adopts it; gives the problems for which it was refused.
Reload = Callable[[], Awaitable[tuple[str, ...]]]


class Outcome(StrEnum):
    """How a wish ended."""

    WRITTEN = "written"
    #: The wish is wrong.
    REFUSED = "refused"
    EXISTS = "exists"
    UNKNOWN = "unknown"
    #: The wish is right, but the file is not, or cannot be changed without damage.
    CONFLICT = "conflict"
    #: The disk does not take it.
    UNWRITABLE = "unwritable"


@dataclass(frozen=True, slots=True)
class Made:
    """A secret that was made, shown this once."""

    road: str
    secret_file: str
    secret: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a wish."""

    outcome: Outcome
    subscription: Subscription | None = None
    made: tuple[Made, ...] = ()
    #: Of the wish or the file; of the whole configuration when it was written and not adopted.
    problems: tuple[str, ...] = ()


class Names(Protocol):
    """What may be named, in the configuration in force."""

    @property
    def knowledge(self) -> Knowledge:
        """Give the organisations."""
        ...

    @property
    def feeds(self) -> Collection[str] | None:
        """Give the feeds; None when nobody looked."""
        ...


class Keeper:
    """Keeps `subscriptions.toml` for programs."""

    def __init__(
        self,
        config_dir: Path,
        names: Callable[[], Names],
        reload: Reload,
        *,
        reserved: Collection[Path] = (),
        tells: bool = True,
    ) -> None:
        """Keep the file of a folder.

        Args:
            config_dir: The folder.
            names: Gives what may be named now.
            reload: Has this process adopt what was written.
            reserved: Secret files that no road may use.
            tells: Whether this process tells subscribers; if not, others have to be asked to reload.
        """
        self._config_dir = config_dir
        self._names = names
        self._reload = reload
        self._reserved = tuple(reserved)
        self.tells = tells

    async def add(self, body: Mapping[str, Any]) -> Kept:
        """Add a subscription."""
        return await self._change(
            lambda: self._write(body, None), change="add", subscription_id=str(body.get("id", ""))[:100]
        )

    async def replace(self, identity: str, body: Mapping[str, Any]) -> Kept:
        """Put a subscription in the place of one; secrets that it had stay unless it names others."""
        return await self._change(
            lambda: self._write({"id": identity, **body}, identity), change="replace", subscription_id=identity
        )

    async def remove(self, identity: str) -> Kept:
        """Remove a subscription; its secret files stay, and are never used again by themselves."""
        return await self._change(lambda: self._remove(identity), change="remove", subscription_id=identity)

    async def _change(self, work: Callable[[], Kept], **about: str) -> Kept:
        kept = await asyncio.to_thread(self._alone, work)
        log.info("A program asked for a change of subscriptions.", extra={**about, "outcome": kept.outcome.value})
        if kept.outcome is not Outcome.WRITTEN:
            return kept
        return Kept(kept.outcome, kept.subscription, kept.made, await self._reload())

    def _alone(self, work: Callable[[], Kept]) -> Kept:
        try:
            with one_writer(self._config_dir):
                return work()
        except ConfigError as error:
            return Kept(Outcome.CONFLICT, problems=error.problems)
        except OSError as error:
            problem = f"{self._config_dir.name}: expected a folder that can be written to, got: {error.strerror}"
            return Kept(Outcome.UNWRITABLE, problems=(problem,))

    def _write(self, body: Mapping[str, Any], replaced: str | None) -> Kept:
        """Write a wish; `replaced` is the id of the subscription that gives way."""
        text = read_file(self._config_dir)
        ids = ids_in(text)
        if replaced is not None and replaced not in ids:
            return Kept(Outcome.UNKNOWN)
        if replaced is not None and body.get("id") != replaced:
            return Kept(Outcome.REFUSED, problems=(f'id: expected "{replaced}", got {body.get("id")!r}',))
        before = block_of(text, replaced) if replaced is not None else {}
        others = [block_of(text, identity) for identity in ids if identity != replaced]
        taken = {str(road.get("secret_file")) for block in others for road in roads_of(block)}
        wanted = name_secrets(unmask(body, before), before, taken)
        names = self._names()
        try:
            read_asked(
                wanted,
                self._config_dir,
                names.knowledge,
                feeds=names.feeds,
                reserved=self._reserved,
                before=before,
            )
        except ConfigError as error:
            return Kept(Outcome.REFUSED, problems=error.problems)
        if replaced is None and wanted["id"] in ids:
            return Kept(Outcome.EXISTS)
        after = add_block(text, wanted) if replaced is None else replace_block(text, replaced, wanted)
        found = check_text(after, self._config_dir, names.knowledge, names.feeds)
        made: list[Made] = []
        try:
            self._make_secrets(body, before, wanted, made)
            write_file(self._config_dir, after)
        except OSError:
            for one in made:
                # Whoever asks again is to be shown the secret, and that of a file which is there is not shown.
                (self._config_dir / one.secret_file).unlink(missing_ok=True)
            raise
        [subscription] = [one for one in found if one.id == wanted["id"]]
        return Kept(Outcome.WRITTEN, subscription, tuple(made))

    def _make_secrets(
        self, body: Mapping[str, Any], before: Mapping[str, Any], wanted: Mapping[str, Any], made: list[Made]
    ) -> None:
        """Make the secrets that are not there; notes each in `made` as soon as it is."""
        asked = {str(road.get("secret_file")) for road in roads_of(body)}
        had = {str(road.get("secret_file")) for road in roads_of(before)}
        for position, road in enumerate(roads_of(wanted)):
            kinds = [kind for kind in SELF_MADE if kind in road]
            if not kinds or road["secret_file"] in had:
                # What it had is kept unopened: a person may have put it elsewhere, and may be about to bring it.
                continue
            # A file that is there by a name which we chose was left by a subscription that is gone: whoever knows
            # its secret is not to know this one's.
            anew = road["secret_file"] not in asked
            secret = make_secret(self._config_dir / road["secret_file"], kinds[0], anew=anew)
            if secret is not None:
                made.append(Made(f"{kinds[0]}-{position}", road["secret_file"], secret))

    def _remove(self, identity: str) -> Kept:
        text = read_file(self._config_dir)
        if identity not in ids_in(text):
            return Kept(Outcome.UNKNOWN)
        names = self._names()
        after = remove_block(text, identity)
        check_text(after, self._config_dir, names.knowledge, names.feeds)
        write_file(self._config_dir, after)
        return Kept(Outcome.WRITTEN)
