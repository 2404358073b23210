"""Templates: escaped by default, undefined names are errors, nothing that a feed wrote is ever a template."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from wirewatch import wire
from wirewatch.delivering.linking import host_of, safe_href
from wirewatch.delivering.wording import describe_kind, shorten
from wirewatch.records import Alert

#: Control characters, which no page needs and HTML forbids; tabs and line ends stay.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@cache
def make_templates() -> Environment:
    """Give the environment that renders every page."""
    templates = Environment(
        loader=PackageLoader("wirewatch.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(
        href=safe_href, host=host_of, when=show_time, kind=_kind, since=show_since, words=_words, short=shorten
    )
    return templates


def show_time(moment: datetime | None) -> Markup:
    """Show a time as people read it, with the exact one for machines."""
    if moment is None:
        return Markup('<span class="faint">no date</span>')
    exact = moment.astimezone(UTC)
    shown = f"{exact.day} {exact:%b %Y, %H:%M} UTC"
    return Markup('<time datetime="{}">{}</time>').format(exact.strftime("%Y-%m-%dT%H:%M:%SZ"), shown)


def show_since(moment: datetime | None, now: datetime) -> Markup:
    """Show how long ago a time was, or how long it is still to come, with the exact one for whoever points at it."""
    if moment is None:
        return Markup('<span class="faint">–</span>')
    seconds = (now - moment).total_seconds()
    age = _age(abs(seconds))
    words = f"{age} ago" if seconds >= 0 else f"in {age}"
    exact = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Markup('<time datetime="{0}" title="{0}">{1}</time>').format(exact, words)


def _age(seconds: float) -> str:
    """Show a length of time in its largest unit."""
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def _kind(alert: Alert) -> str:
    return describe_kind(wire.as_json(alert))


def _words(identifier: Any) -> str:
    return str(identifier).replace("_", " ").replace("-", " ")


def clean_page(page: str) -> str:
    """Replace characters that HTML forbids, wherever in the page they stand."""
    return _UNSEEN.sub("\ufffd", page)
