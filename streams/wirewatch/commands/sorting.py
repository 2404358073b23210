"""`wirewatch sort` and `wirewatch try`: sort articles of a file, and show why a sentence is read as it is."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, TextIO

import click
from tqdm import tqdm

from wirewatch import wire
from wirewatch.commands.options import with_directories
from wirewatch.configuration import Problems
from wirewatch.ids import article_id
from wirewatch.knowledge.loading import load_knowledge
from wirewatch.records import Article, Event
from wirewatch.settings import load_settings
from wirewatch.sorting.passages import Found
from wirewatch.sorting.rereading import Weighed
from wirewatch.sorting.sorter import Sorter, load_sorter

#: Lines written at once; a reader behind a pipe sees its results within a breath.
BATCH_LINES = 64


@click.command()
@with_directories
@click.argument("file", type=click.File("r", encoding="utf-8-sig", errors="surrogateescape"), default="-")
def sort(config_dir: Path, data_dir: Path, file: TextIO) -> None:
    """Sort articles: JSON Lines in, one sorted article a line out.

    Of every article only "text" or "title" is needed; "published_at" is what dates are read against. A line that is no
    article is named on stderr and left out; the exit code is 1 then.
    """
    sorter = _open_sorter(config_dir, data_dir)
    output = sys.stdout
    failed = 0
    batch: list[str] = []
    lines = tqdm(file, unit=" articles", disable=not sys.stderr.isatty(), file=sys.stderr, mininterval=0.5)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            identity, article = read_article(line, number)
        except ValueError as error:
            failed += 1
            click.echo(json.dumps({"error": str(error), "line": number}, ensure_ascii=False), err=True)
            continue
        plain = {**wire.sorted_as_json(sorter.sort(article)), "id": identity}
        batch.append(_as_line(plain))
        if len(batch) >= BATCH_LINES:
            _write(output, batch)
    _write(output, batch)
    if failed:
        sys.exit(1)


@click.command("try")
@with_directories
@click.argument("sentence")
@click.option("--date", "published", type=click.DateTime(["%Y-%m-%d"]), help="Day of publication; without it, none.")
@click.option("--title", default="", help="A headline to read with it.")
def try_sentence(config_dir: Path, data_dir: Path, sentence: str, published: datetime | None, title: str) -> None:
    """Show how a sentence is read: organisations, rule, trigger, window, cues, dates, roles, weight."""
    sorter = _open_sorter(config_dir, data_dir)
    day = datetime.combine(published.date(), time(12), UTC) if published else None
    article = Article(
        id="try", feed_id="try", guid="try", url="", title=title, text=sentence, language=None, published_at=day
    )
    mentions = sorter.mentions(article)
    for mention in mentions:
        organisation = mention.organisation.name if mention.organisation else "unresolved"
        how = f"{mention.strength}, {mention.score:.2f}, {mention.rule}"
        click.echo(f"name   {mention.surface!r} → {organisation} ({how})")
    heard = sorter.sort(article)
    if heard.language in sorter.tongues:
        click.echo(f"words  of config/languages/{heard.language}.toml")
        for event in heard.events:
            click.echo("\n".join(describe_heard(event)))
        if not heard.events:
            click.echo("No event.")
        return
    found = sorter.explain(article, mentions)
    for one in found:
        click.echo("\n".join(describe(one)))
    for weighed in sorter.weigh(article, mentions):
        click.echo("\n".join(describe_weight(weighed)))
    events = heard.events
    read = set(map(_outcome, sorter.read(article, mentions)))
    for event in events:
        if _outcome(event) not in read:
            click.echo(f"so     {_outcome(event)}, score {event.score:.2f}: {', '.join(event.cues)}")
    if not events:
        click.echo("No event.")


def read_article(line: str, number: int) -> tuple[Any, Article]:
    """Read one line as an article; gives the id as it came, to be echoed.

    Raises:
        ValueError: no JSON object, neither text nor title, or a field of the wrong type; the message names it.
    """
    try:
        values = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"expected a JSON object: {error}") from error
    if not isinstance(values, dict):
        raise ValueError(f"expected a JSON object, got {type(values).__name__}")  # noqa: TRY004
    title, text = (_text(values, key) for key in ("title", "text"))
    if not (title or text):
        raise ValueError('expected "text" or "title", got neither')
    identity = values.get("id")
    language = values.get("language")
    return identity, Article(
        id=str(identity) if identity is not None else article_id("sort", f"{number}"),
        feed_id=str(values.get("feed_id") or "sort"),
        guid=str(values.get("guid") or identity or number),
        url=str(values.get("url") or ""),
        title=title,
        text=text,
        language=language if isinstance(language, str) and language else None,
        published_at=_moment(values.get("published_at")),
    )


def describe(found: Found) -> list[str]:
    """Write one event with everything that made it."""
    event = found.event
    voice = "passive " if found.reading.passive else ""
    lines = [
        f"event  {event.type} / {event.status}   rule {event.rule}, score {event.score:.2f}",
        f"       trigger {event.trigger.text!r}, read as {voice}{found.reading.use}"
        f" in a {found.clause.kind} clause" + (f" opened by {found.clause.opener!r}" if found.clause.opener else ""),
        *_describe_cast(event),
    ]
    dates = ", ".join(f"{cue.text!r} = {cue.day or cue.age}" for cue in found.dates)
    if dates:
        lines.append(f"       dates   {dates}")
    details = [
        f"{label} {value}"
        for label, value in (("killed", event.killed), ("wounded", event.wounded), ("place", event.place))
        if value is not None
    ]
    if details:
        lines.append(f"       details {', '.join(details)}")
    return lines


def _describe_cast(event: Event) -> list[str]:
    agents, targets = (
        ", ".join(f"{party.name} ({party.id or 'unresolved'})" for party in parties) or "nobody"
        for parties in (event.agents, event.targets)
    )
    lines = [
        f"       cues    {', '.join(event.cues) or 'none'}",
        f"       agents  {agents}",
        f"       targets {targets}",
    ]
    if event.authority or event.programme:
        authority = event.authority.name if event.authority else "nobody"
        lines.append(f"       list    {authority}, programme {event.programme or 'unknown'}")
    return lines


def _outcome(event: Event) -> str:
    whom = ", ".join(party.name for party in event.targets) or "nobody"
    return f"{event.type} / {event.status} of {whom} by {event.authority.name if event.authority else 'nobody named'}"


def describe_heard(event: Event) -> list[str]:
    """Write one event that was read by a language file, with what made it."""
    lines = [
        f"event  {event.type} / {event.status}   act {event.rule}, score {event.score:.2f}",
        f"       trigger {event.trigger.text!r} in {event.evidence.text!r}",
        *_describe_cast(event),
    ]
    if event.occurred_on:
        lines.append(f"       day     {event.occurred_on}")
    return lines


def describe_weight(weighed: Weighed) -> list[str]:
    """Write what the second reader makes of a sentence.

    Kinds of words are capitals; "1" is one alone, "2" a pair, "3" two with one between, "x" an act with its company.
    """
    verdict = "new" if weighed.odds >= weighed.border else "not new"
    strongest = ", ".join(f"{feature!r} {value:+.2f}" for feature, value in weighed.strongest)
    return [
        f"weigh  {weighed.odds:+.2f}, a new listing from {weighed.border:+.2f} on: {verdict}   {weighed.sentence!r}",
        f"       most by {strongest}",
    ]


def _open_sorter(config_dir: Path, data_dir: Path) -> Sorter:
    problems = Problems()
    pipeline = ""
    # Organisations and event files are enough to sort by.
    if (config_dir / "settings.toml").is_file():
        pipeline = load_settings(config_dir, data_dir, os.environ, problems).sorting.spacy_pipeline
    knowledge = load_knowledge(config_dir, problems)
    sorter = load_sorter(knowledge, config_dir, problems, pipeline=pipeline)
    problems.raise_if_any()
    return sorter


def _text(values: dict[str, Any], key: str) -> str:
    value = values.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        kind = type(value).__name__
        raise ValueError(f'"{key}": expected a string, got {kind}')  # noqa: TRY004
    return value


def _moment(value: Any) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        if len(value) == 10:
            return datetime.combine(date.fromisoformat(value), time(12), UTC)
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        expected = 'expected a time such as "2025-08-12T12:00:00Z"'
        raise ValueError(f'"published_at": {expected}, got {value!r}') from error


def _as_line(plain: dict[str, Any]) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode("utf-8")


def _write(output: TextIO, batch: list[str]) -> None:
    if batch:
        output.write("\n".join(batch) + "\n")
        output.flush()
        batch.clear()
