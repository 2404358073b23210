"""Says a notice in plain words for people: one clear line, the facts, the quotes with source and time, the link.

Reads the body that was fixed when the notice was planned. Everything in it is plain text; each road escapes it for its
own outlet. Feed text is never used as a template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from wirewatch.records import Delivery

#: A subject line that mail programs, chats and logs show whole.
MAX_SUBJECT = 200
MAX_QUOTES = 3
MAX_SOURCES = 8
MAX_QUOTE = 600
#: Alerts of a digest that are spelled out; the rest is counted and lies behind the link.
MAX_DIGEST_LINES = 50

_KINDS = {
    "new_listing": "New listing",
    "programme_added": "Listed under a further programme",
    "alias_added": "Alias added to a listing",
    "delisted": "Taken off a list",
    "proposed": "Listing proposed",
    "blocked": "Listing blocked",
    "mention_only": "Mention",
}


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence that says so, and who wrote it."""

    text: str
    source: str
    #: As people read it, or "".
    published: str
    url: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice in words. All plain text."""

    subject: str
    #: Label and value, in the order of reading.
    facts: tuple[tuple[str, str], ...]
    quotes: tuple[Quote, ...]
    #: Name, title and address.
    sources: tuple[tuple[str, str, str], ...]
    link: str
    sample: bool
    #: Further lines: the alerts of a digest, the figures of a heartbeat.
    lines: tuple[str, ...] = ()


def read_notice(delivery: Delivery, public_url: str) -> Notice:
    """Put a planned notice into words.

    Args:
        delivery: Its body is `{"type", "timestamp", "data"}`; `data` is an alert, or holds a list of `alerts`.
        public_url: How links to the console begin.
    """
    body = msgspec.json.decode(delivery.body)
    content = body.get("data") or {}
    if isinstance(content.get("alerts"), list):
        return _digest(content, public_url)
    if "kind" not in content:
        return _heartbeat(content, public_url)
    return _single(str(body.get("type", delivery.type)), content, public_url)


def describe_alert(alert: Mapping[str, Any]) -> str:
    """Say an alert in one line: what, to whom, by whom, under which programme."""
    by = " · ".join(part for part in (name_of(alert.get("authority")), _text(alert.get("programme"))) if part)
    return f"{describe_kind(alert)}: {name_of(alert.get('organisation'))}" + (f" ({by})" if by else "")


def describe_kind(alert: Mapping[str, Any]) -> str:
    """Say the kind of an alert as words."""
    kind = _text(alert.get("kind"))
    return _KINDS.get(kind) or _text(alert.get("event_type")).replace("_", " ").capitalize() or "Event"


def name_of(party: Any) -> str:
    """Give the name of an `{"id", "name"}`, or ""."""
    return _text(party.get("name")) if isinstance(party, Mapping) else ""


def when(stamp: Any) -> str:
    """Show an RFC 3339 time as people read it."""
    shown = _text(stamp)
    return f"{shown[:10]} {shown[11:16]} UTC" if len(shown) >= 16 and shown[10] == "T" else shown


def shorten(words: str, limit: int) -> str:
    """Cut at a limit of characters, and show that it was cut."""
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


def _single(notice_type: str, alert: Mapping[str, Any], public_url: str) -> Notice:
    state = _text(alert.get("state"))
    sample = alert.get("sample") is True
    opening = {"alert.updated": "Update · ", "alert.state_changed": f"Now {state} · "}.get(notice_type, "")
    doubt = " – unconfirmed" if state == "unconfirmed" and notice_type == "alert.opened" else ""
    subject = f"{'[SAMPLE] ' if sample else ''}{opening}{describe_alert(alert)}{doubt}"
    facts = [
        ("What", describe_kind(alert)),
        ("Who", name_of(alert.get("organisation"))),
        ("Names", ", ".join(map(str, alert.get("names") or ()))),
        ("By", name_of(alert.get("authority"))),
        ("Programme", _text(alert.get("programme"))),
        ("State", state + (" (an example of the sample wire)" if sample else "")),
        ("Announced", when(alert.get("announced_at"))),
        ("In effect", when(alert.get("effective_at"))),
        ("Independent sources", _text(alert.get("independent_sources"))),
        ("First report", _text(alert.get("headline"))),
    ]
    sources = _mappings(alert.get("sources"))
    return Notice(
        subject=shorten(" ".join(subject.split()), MAX_SUBJECT),
        facts=tuple((label, shorten(value, MAX_QUOTE)) for label, value in facts if value),
        quotes=_quotes(_mappings(alert.get("evidence")), sources),
        sources=tuple(
            (
                _text(source.get("feed_name")) or _text(source.get("feed_id")),
                shorten(_text(source.get("title")), MAX_QUOTE),
                _text(source.get("url")),
            )
            for source in sources[:MAX_SOURCES]
        ),
        link=f"{public_url}/alerts/{_text(alert.get('id'))}",
        sample=sample,
    )


def _quotes(evidence: Sequence[Mapping[str, Any]], sources: Sequence[Mapping[str, Any]]) -> tuple[Quote, ...]:
    by_article = {source.get("article_id") or source.get("url"): source for source in sources}
    quotes = []
    for item in evidence[:MAX_QUOTES]:
        source = by_article.get(item.get("article_id")) or by_article.get(item.get("url")) or {}
        name = _text(source.get("feed_name")) or _text(source.get("feed_id"))
        quotes.append(
            Quote(
                shorten(_text(item.get("quote")), MAX_QUOTE),
                name,
                when(source.get("published_at")),
                _text(item.get("url")),
            )
        )
    return tuple(quotes)


def _digest(content: Mapping[str, Any], public_url: str) -> Notice:
    alerts = _mappings(content.get("alerts"))
    count = int(content.get("count") or len(alerts))
    sample = bool(alerts) and all(alert.get("sample") is True for alert in alerts)
    lines = [f"{describe_alert(alert)} – {_text(alert.get('state'))}" for alert in alerts[:MAX_DIGEST_LINES]]
    if count > len(lines):
        lines.append(f"and {count - len(lines)} more")
    subject = f"Digest: {count} alert{'' if count == 1 else 's'}"
    return Notice(
        subject=shorten(" ".join(f"{'[SAMPLE] ' if sample else ''}{subject}".split()), MAX_SUBJECT),
        facts=(("Alerts", str(count)),),
        quotes=(),
        sources=(),
        link=f"{public_url}/",
        sample=sample,
        lines=tuple(lines),
    )


def _heartbeat(content: Mapping[str, Any], public_url: str) -> Notice:
    """Say what a day brought, even when it is nothing: that line is what its reader waits for."""
    told, read = _text(content.get("alerts_told") or 0), _text(content.get("articles_read") or 0)
    lines = []
    for key, value in content.items():
        if key in ("subscription", "day", "alerts_told", "articles_read"):
            continue
        shown = value
        if isinstance(value, Mapping):
            shown = ", ".join(f"{count} {_words(name)}" for name, count in value.items()) or "none"
        lines.append(
            f"{_words(key)}: {when(shown) if key.endswith('_at') or key in ('since', 'until') else _text(shown)}"
        )
    return Notice(
        subject=shorten(
            f"Heartbeat of {_text(content.get('day'))}: {told} alerts told, {read} articles read", MAX_SUBJECT
        ),
        facts=(("Alerts told", told), ("Articles read", read)),
        quotes=(),
        sources=(),
        link=f"{public_url}/",
        sample=False,
        lines=tuple(lines),
    )


def _words(identifier: Any) -> str:
    return str(identifier).removesuffix("_at").replace("_", " ")


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return "" if value is None else str(value)
