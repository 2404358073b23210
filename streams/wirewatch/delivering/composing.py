"""Lays a notice out for each outlet: a whole letter as text, the same as HTML, a few lines for a chat. Pure.

HTML comes from a template that escapes everything; addresses become links only when they are plain http(s).
"""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from wirewatch.delivering.linking import safe_href
from wirewatch.delivering.wording import Notice, Quote, shorten

#: A chat shows a few lines; with escapes this stays below Discord's limit of 2,000 characters.
MAX_CHAT = 900
_MAX_CHAT_QUOTE = 320

#: Control characters other than tab and line end; and marks that turn the direction of text.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def printable(words: str) -> str:
    """Replace what no outlet should be given."""
    return _UNSEEN.sub("\ufffd", words)


def compose_text(notice: Notice) -> str:
    """Lay a notice out as plain text."""
    parts = [notice.subject]
    if notice.sample:
        parts.append("This is an example of the sample wire. It did not come from a real feed.")
    if notice.facts:
        width = max(len(label) for label, _ in notice.facts) + 2
        parts.append("\n".join(f"{label + ':':<{width}}{_one_line(value)}" for label, value in notice.facts))
    parts += [_quoted(quote) for quote in notice.quotes]
    if notice.sources:
        parts.append("Sources:\n" + "\n".join(f"- {_source_line(*source)}" for source in notice.sources))
    if notice.lines:
        parts.append("\n".join(f"- {_one_line(line)}" for line in notice.lines))
    parts.append(notice.link)
    return printable("\n\n".join(parts)) + "\n"


def compose_html(notice: Notice) -> str:
    """Lay a notice out as HTML that loads nothing from anywhere."""
    return printable(_template().render(notice=notice))


def compose_chat(notice: Notice) -> str:
    """Lay a notice out in a few lines of plain text, without the link."""
    parts = [notice.subject]
    if notice.quotes:
        quote = notice.quotes[0]
        origin = ", ".join(part for part in (quote.source, quote.published) if part)
        parts.append(f"“{shorten(_one_line(quote.text), _MAX_CHAT_QUOTE)}” {origin}".rstrip())
    facts = dict(notice.facts)
    if "Independent sources" in facts:
        parts.append(f"Independent sources: {facts['Independent sources']}")
    parts += [_one_line(line) for line in notice.lines[:8]]
    return printable(shorten("\n".join(parts), MAX_CHAT))


def _quoted(quote: Quote) -> str:
    origin = ", ".join(part for part in (quote.source, quote.published) if part)
    return f"“{_one_line(quote.text)}”\n  {origin}\n  {quote.url}".rstrip()


def _source_line(name: str, title: str, address: str) -> str:
    return _one_line(" – ".join(part for part in (name, title, address) if part))


def _one_line(words: str) -> str:
    return " ".join(words.split())


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("wirewatch.delivering"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["href"] = safe_href
    return environment.get_template("notice.html")
