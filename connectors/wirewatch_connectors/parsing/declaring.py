"""Which namespaces a document declares, and what its items are therefore called. Pure; reads start tags only."""

from __future__ import annotations

import html
import re

from wirewatch_connectors.parsing.vocabulary import NAMESPACES

#: Prefixes that feeds use without declaring them.
_USUAL = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
    "atom": "http://www.w3.org/2005/Atom",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
_DECLARED = re.compile(r"\bxmlns(?::([A-Za-z_][\w.-]{0,63}))?\s*=\s*(?:\"([^\"<]{0,400})\"|'([^'<]{0,400})')")
_START_TAG = re.compile(r"<[A-Za-z_](?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*+>")
_FEED_ROOT = re.compile(r"<(?:[\w.-]+:)?feed\b", re.I)
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def forget_unknown_default(markup: str) -> str:
    """Take a default namespace that nobody knows out of the root's start tag, so that its names mean what they say."""
    declared = _DECLARED.search(markup, 0, markup.find(">") + 1)
    while declared is not None and declared[1] is not None:
        declared = _DECLARED.search(markup, declared.end(), markup.find(">") + 1)
    if declared is None or (declared[2] or declared[3] or "").strip().lower() in NAMESPACES:
        return markup
    return markup[: declared.start()] + markup[declared.end() :]


def declared_namespaces(tags: str) -> dict[str, str]:
    """Give the namespaces that start tags declare, by prefix ("" for the default one); the outermost wins."""
    found: dict[str, str] = {}
    for match in _DECLARED.finditer(tags):
        uri = match[2] if match[2] is not None else match[3]
        if uri and match[1] not in ("xml", "xmlns"):
            found.setdefault(match[1] or "", uri)
    return found


def leading_tags(markup: str, root: int = 0) -> str:
    """Give the first two start tags, the root's and mostly the channel's: they declare what items use."""
    return "".join(tag[0] for tag, _ in zip(_START_TAG.finditer(markup, root), range(2), strict=False))


def item_names(tags: str) -> tuple[frozenset[str], frozenset[str]]:
    """Give the names that items have in a document which begins with `tags`, and those to try where none is found.

    Other vocabularies have items and entries too; only those in a feed's own namespaces are a feed's.
    """
    declared = declared_namespaces(tags)
    prefixes = {"", "rss:", "atom:"}
    prefixes |= {
        f"{prefix.lower()}:" for prefix, uri in declared.items() if prefix and NAMESPACES.get(uri.lower()) == ""
    }
    items, entries = (frozenset(f"{prefix}{local}" for prefix in prefixes) for local in ("item", "entry"))
    return (entries, items) if _FEED_ROOT.match(tags) else (items, entries)


def wrapper(tags: str) -> str:
    """Give the start tag of an element that declares what `tags` and custom declare."""
    declared = declared_namespaces(tags)
    default = declared.pop("", "")
    names = "".join(f' xmlns:{prefix}="{as_attribute(uri)}"' for prefix, uri in (_USUAL | declared).items())
    return f'<wrapped xmlns="{as_attribute(default)}"{names}>' if default else f"<wrapped{names}>"


def as_attribute(raw: str) -> str:
    """Give an attribute's value, read and written again, so that nothing in it can break the wrapper."""
    value = _UNFIT.sub("\ufffd", html.unescape(raw))
    return value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
