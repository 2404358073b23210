"""How an XML element is asked: its name by namespace, its children by name, its words, its markup. Pure."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

#: Namespaces by how we call them; those called "" are a feed's own vocabulary.
NAMESPACES = {
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://purl.org/net/rss1.1#": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss": "",
    "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://cyber.law.harvard.edu/rss/rss.html": "",
    "http://purl.org/rss/1.0/modules/rss091#": "",
    "http://example.com/newformat#": "",
    "http://example.com/necho": "",
    "http://purl.org/echo/": "",
    "uri/of/echo/namespace#": "",
    "http://purl.org/pie/": "",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/elements/1.0/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://search.yahoo.com/mrss": "media:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://purl.org/rss/1.0/modules/syndication/": "sy:",
    "http://www.w3.org/1999/xhtml": "xhtml:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
}

_keys: dict[str, str] = {}


def key_of(tag: object) -> str:
    """Give a tag as `prefix:name` in lower case, by namespace; "" for what is no element."""
    if not isinstance(tag, str):
        return ""
    known = _keys.get(tag)
    if known is None:
        uri, _, name = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
        prefix = NAMESPACES.get(uri.lower(), "?:") if uri else ""
        known = f"{prefix}{name}".lower()
        if len(_keys) < 4096:
            _keys[tag] = known
    return known


class Children:
    """An element's children by key, first come first; a bag for the time of one extraction."""

    def __init__(self, element: etree._Element) -> None:
        self.by_key: dict[str, list[etree._Element]] = {}
        for child in element:
            self.by_key.setdefault(key_of(child.tag), []).append(child)
        for group in self.by_key.get("media:group", ()):
            for child in group:
                self.by_key.setdefault(key_of(child.tag), []).append(child)

    def first(self, keys: tuple[str, ...], value: Callable[[etree._Element], str]) -> str:
        """Give the first value that is not empty, in the order of `keys`."""
        for key in keys:
            for child in self.by_key.get(key, ()):
                found = value(child)
                if found:
                    return found
        return ""


def attribute_of(element: etree._Element, name: str) -> str:
    """Give an attribute as CDF writes it: in capitals, or as XML writes it."""
    return element.get(name) or element.get(name.upper()) or ""


def plain_of(element: etree._Element) -> str:
    """Give an element's own words, trimmed."""
    return "".join(map(str, element.itertext())).strip() if len(element) else (element.text or "").strip()


def markup_of(element: etree._Element) -> str:
    """Give an element's content as markup, whether it was escaped or inline."""
    if not len(element):
        return element.text or ""
    parts = [_escaped(element.text or "")]
    parts += [etree.tostring(child, encoding="unicode", with_tail=True) for child in element]
    return "".join(parts)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
