"""What a feed says of itself: format, title, language, site, rhythm. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from wirewatch_connectors.parsing import caps
from wirewatch_connectors.parsing.cleaning import cut_to_bytes
from wirewatch_connectors.parsing.declaring import forget_unknown_default, leading_tags
from wirewatch_connectors.parsing.elements import read_element
from wirewatch_connectors.parsing.extracting import Inherited, authors_of, read_language
from wirewatch_connectors.parsing.linking import choose_base, resolve_link
from wirewatch_connectors.parsing.plain_text import title_to_text
from wirewatch_connectors.parsing.vocabulary import Children, attribute_of, key_of, plain_of

_ROOTS = {
    "rss": "rss",
    "rdf:rdf": "rdf",
    "rdf": "rdf",
    "feed": "atom",
    "channel": "rss",
    "entry": "atom",
    "item": "rss",
}
_ROOT_NAME = re.compile(r"<(?:[\w.-]{1,63}:)?(rss|rdf|feed|channel)\b", re.I)
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
#: What a feed says of itself is short; whatever else is long is not asked for.
_MAX_HEAD_CHARACTERS = 1_000_000
#: A rhythm beyond a week is a mistake, not a wish.
_MAX_TTL_SECONDS = 604_800


@dataclass(frozen=True, slots=True)
class Head:
    """The feed's own facts, and what its items have from it."""

    format: str
    title: str
    link: str
    ttl_seconds: int | None
    inherited: Inherited
    #: Start tags of root and channel, with the namespaces they declare.
    declarations: str
    complaint: str


def read_head(markup: str, entities: Mapping[str, str], url: str) -> Head | None:
    """Read a document from which the items have been cut, or give None when it is no feed."""
    markup = forget_unknown_default(markup[:_MAX_HEAD_CHARACTERS])
    declarations = leading_tags(markup)
    root, well_formed = read_element(markup, entities)
    if root is None or key_of(root.tag) not in _ROOTS:
        return None
    family = _ROOTS[key_of(root.tag)]
    channel = next((child for child in root if key_of(child.tag) == "channel"), root)
    facts = Children(channel)
    written = (root.get(_XML_BASE), channel.get(_XML_BASE), attribute_of(channel, "base"))
    bases = tuple(base for base in written if base)
    base = choose_base(url, bases)
    links = facts.by_key.get("link", [])
    link = next((plain_of(child) for child in links if child.get("href") is None and plain_of(child)), "")
    link = link or next(
        (child.get("href") or "" for child in links if (child.get("rel") or "alternate") == "alternate"), ""
    )
    # Of a file whose address nobody told, the site's is the best guess.
    base = base or resolve_link(link, "")
    language = root.get(_XML_LANG) or channel.get(_XML_LANG) or facts.first(("language", "dc:language"), plain_of)
    return Head(
        format=_format(family, root),
        title=cut_to_bytes(title_to_text(facts.first(("title", "dc:title"), plain_of)), caps.MAX_TITLE_BYTES)[0],
        link=resolve_link(link, base),
        ttl_seconds=_ttl(facts),
        inherited=Inherited(base, read_language(language), authors_of(facts) if family == "atom" else ()),
        declarations=declarations,
        complaint="" if well_formed else "the document is not well formed",
    )


def guess_head(text: str, root: int, url: str) -> Head | None:
    """Give a head that knows only its format, for a root element by name that nobody can read; None for another."""
    named = _ROOT_NAME.match(text, root)
    if named is None:
        return None
    family = _ROOTS.get(named[1].lower(), "rss")
    return Head(family, "", "", None, Inherited(url, None), "", "the head of the document cannot be read")


def _format(family: str, root: etree._Element) -> str:
    uri = str(root.tag).rpartition("}")[0].removeprefix("{")
    if family == "atom":
        return (
            "atom-1.0"
            if uri == "http://www.w3.org/2005/Atom"
            else "atom-0.3"
            if uri == "http://purl.org/atom/ns#"
            else "atom"
        )
    if family == "rdf":
        return "rdf"
    version = (root.get("version") or "").strip()
    return f"rss-{version}" if re.fullmatch(r"\d\.\d{1,2}", version) else "rss"


def _ttl(facts: Children) -> int | None:
    minutes = facts.first(("ttl",), plain_of)
    if minutes.isascii() and minutes.isdigit() and len(minutes) < 9:
        return min(int(minutes) * 60, _MAX_TTL_SECONDS) or None
    period = _PERIODS.get(facts.first(("sy:updateperiod",), plain_of).lower())
    frequency = facts.first(("sy:updatefrequency",), plain_of)
    if period is None:
        return None
    often = int(frequency) if frequency.isascii() and frequency.isdigit() and 0 < len(frequency) < 6 else 1
    return min(period // max(often, 1), _MAX_TTL_SECONDS) or None
