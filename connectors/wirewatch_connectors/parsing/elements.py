"""Slices of markup → XML elements by lxml, with nothing external and nothing expanded. The only importer of lxml.

Each try dearer than the last: as it stands, mended (references, ampersands, characters), salvaged, recovered.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from wirewatch_connectors.parsing.caps import MAX_MARKUP_CHARACTERS
from wirewatch_connectors.parsing.declaring import as_attribute
from wirewatch_connectors.parsing.salvaging import salvage

#: Of a section that never ends, the rest: looking for an end again at each of many beginnings would be quadratic.
_CDATA = re.compile(r"(<!\[CDATA\[(?:[^\]]++|\](?!\]>))*+(?:\]\]>|\Z))")
_AMPERSAND = re.compile(
    r"&(?:#(?:(\d{1,12})(?!\d)|[xX]([0-9a-fA-F]{1,12})(?![0-9a-fA-F]));?|#[xX]?[0-9a-fA-F]+;?|([A-Za-z][\w.-]{0,63});)?"
)
_PAIR = re.compile(
    r"&#(?:[xX]([dD][89abAB][0-9a-fA-F]{2})|(5[56]\d{3}));&#(?:[xX]([dD][c-fC-F][0-9a-fA-F]{2})|(5[67]\d{3}));"
)
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: `name=value` inside a tag; the look-behind is what a tag has before an attribute.
_UNQUOTED = re.compile(
    r"(<[A-Za-z_][\w:.-]{0,63}(?:\s+[\w:.-]{1,63}=\"[^\"<]{0,500}\")*\s+[\w:.-]{1,63}=)([^\s\"'<>=]{1,500})(?=[\s/>])"
)
_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))
#: lxml refuses a text of ten million bytes; a slice this long has its long runs cut before.
_LONG_SLICE = 4 * MAX_MARKUP_CHARACTERS
#: More tags than any article has.
_MANY_TAGS = 200_000
#: Read together: a tree costs some twenty times its text.
_BATCH_CHARACTERS = 1_000_000


def read_elements(
    slices: Sequence[str], start: str, entities: Mapping[str, str]
) -> Iterator[tuple[etree._Element | None, bool]]:
    """Give for each slice its element, or None when not even recovering finds one, and whether it was well formed.

    Reads some together, because most are well formed; holds no more trees than those.
    """
    for batch in _batches(slices):
        joined = _parse(f"{start}{''.join(batch)}</wrapped>", _strict()) if len(batch[0]) <= _LONG_SLICE else None
        if joined is not None and len(joined) == len(batch):
            yield from ((child, True) for child in joined)
        else:
            yield from (_read_alone(slice_, start, entities) for slice_ in batch)


def _batches(slices: Sequence[str]) -> Iterator[Sequence[str]]:
    begun, length = 0, 0
    for number, slice_ in enumerate(slices):
        if length and length + len(slice_) > _BATCH_CHARACTERS:
            yield slices[begun:number]
            begun, length = number, 0
        length += len(slice_)
    if begun < len(slices):
        yield slices[begun:]


def read_element(markup: str, entities: Mapping[str, str]) -> tuple[etree._Element | None, bool]:
    """Read one document that needs no wrapper."""
    return _read(markup, "", "", entities)


def _read_alone(slice_: str, start: str, entities: Mapping[str, str]) -> tuple[etree._Element | None, bool]:
    root, well_formed = _read(slice_, start, "</wrapped>", entities)
    return (root[0] if root is not None and len(root) else None), well_formed


def _read(markup: str, start: str, end: str, entities: Mapping[str, str]) -> tuple[etree._Element | None, bool]:
    if len(markup) > _LONG_SLICE:
        many = markup.count("<") > _MANY_TAGS
        markup = markup if many else _shorten_runs(markup)
        if start and (many or len(markup) > _LONG_SLICE):
            # A tree of so many elements would cost twenty times their text.
            salvaged = salvage(markup, entities)
            return _parse(f"{start}{salvaged}{end}", _strict()) if salvaged else None, False
    element = _parse(f"{start}{markup}{end}", _strict())
    if element is not None:
        return element, True
    mended = mend(markup, entities)
    element = _parse(f"{start}{mended}{end}", _strict())
    if element is None and start:
        salvaged = salvage(mended, entities)
        element = _parse(f"{start}{salvaged}{end}", _strict()) if salvaged else None
    if element is not None:
        return element, False
    return _parse(f"{start}{mend(markup, entities, everywhere=True)}{end}", _recovering()), False


def _parse(document: str, parser: etree.XMLParser) -> etree._Element | None:
    try:
        return etree.fromstring(document.encode(), parser)
    except (etree.XMLSyntaxError, UnicodeEncodeError):
        return None


def mend(markup: str, entities: Mapping[str, str], *, everywhere: bool = False) -> str:
    """Make markup legal where a person sees at once what was meant: references, ampersands, characters, quotes.

    With `everywhere`, also in what looks like CDATA: a recovering parser may see its borders elsewhere.
    """
    markup = _UNFIT.sub("\ufffd", markup)
    markup = _UNQUOTED.sub(r'\1"\2"', markup)
    markup = _PAIR.sub(_joined, markup)

    def resolved(match: re.Match[str]) -> str:
        decimal, hexadecimal, name = match[1], match[2], match[3]
        if decimal or hexadecimal:
            return _number(int(decimal) if decimal else int(hexadecimal, 16))
        if name is None:
            return "\ufffd" if match[0].startswith("&#") else "&amp;"
        if name in _XML_NAMES:
            return match[0]
        if name in entities:
            return as_attribute(entities[name])
        meant = html.entities.html5.get(f"{name};")
        return "".join(f"&#{ord(character)};" for character in meant) if meant else f"&amp;{name};"

    if everywhere:
        return _AMPERSAND.sub(resolved, markup)
    parts = _CDATA.split(markup) if "<![CDATA[" in markup else [markup]
    return "".join(part if part.startswith("<![CDATA[") else _AMPERSAND.sub(resolved, part) for part in parts)


def _number(code: int) -> str:
    if code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF:
        return f"&#{code};"
    return "\ufffd"


def _joined(pair: re.Match[str]) -> str:
    high = int(pair[1], 16) if pair[1] else int(pair[2])
    low = int(pair[3], 16) if pair[3] else int(pair[4])
    if 0xD800 <= high <= 0xDBFF and 0xDC00 <= low <= 0xDFFF:
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    return pair[0]


def _shorten_runs(markup: str) -> str:
    """Cut runs between tags, and CDATA, to what a field may hold; the markup stays as well formed as it was."""

    def shortened(match: re.Match[str]) -> str:
        run = match[0]
        if run.startswith("<![CDATA["):
            return run if len(run) <= MAX_MARKUP_CHARACTERS + 64 else f"{run[: MAX_MARKUP_CHARACTERS + 16]}]]>"
        return (
            run if len(run) <= MAX_MARKUP_CHARACTERS + 64 else _CUT_REFERENCE.sub("", run[: MAX_MARKUP_CHARACTERS + 16])
        )

    return _RUN.sub(shortened, markup)


_RUN = re.compile(r"<!\[CDATA\[(?:[^\]]++|\](?!\]>))*+(?:\]\]>|\Z)|[^<]++")
_CUT_REFERENCE = re.compile(r"&[#\w]{0,40}\Z")


def _strict() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True, collect_ids=False, strip_cdata=True,
    )  # fmt: skip


def _recovering() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True, collect_ids=False, strip_cdata=True, recover=True,
    )  # fmt: skip
