"""Broken markup of one item → well-formed markup of the fields that can still be told apart. Pure, linear.

An element that is opened and closed by name is a field, whatever stands between: unclosed paragraphs, stray angle
brackets, half a tag. Called when an item is not well formed even after `elements.mend`.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator, Mapping

from wirewatch_connectors.parsing.caps import MAX_MARKUP_CHARACTERS

_FIELD = re.compile(
    r"<((?:[A-Za-z_][\w.-]{0,31}:)?(?:title|link|description|summary|encoded|content|guid|id|pubdate|published|updated|"
    r"issued|modified|date|created|creator|author|name|email|language|subtitle|abstract|about))"
    r"((?:\s(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)?)>",
    re.I,
)
_ATTRIBUTE = re.compile(r"([A-Za-z_][\w:.-]{0,63})\s*=\s*(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'=<>]+))")
_CDATA = re.compile(r"<!\[CDATA\[((?:[^\]]++|\](?!\]>))*+)(?:\]\]>|\Z)")
_REFERENCE = re.compile(r"&(?:#(\d{1,8})|#[xX]([0-9a-fA-F]{1,7})|([A-Za-z][A-Za-z0-9]{1,31}));")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PEOPLE = ("author", "creator", "contributor")
_OUTER = re.compile(r"<([A-Za-z_][\w.-]{0,31}:)?(?:item|entry)((?:\s(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)?)>", re.I)
#: Fields of one item that are worth having.
_MAX_FIELDS = 128


def salvage(slice_: str, entities: Mapping[str, str]) -> str:
    """Give the item as well-formed markup, or "" when no field can be told apart."""
    outer = _OUTER.match(slice_)
    if outer is None:
        return ""
    fields = "".join(_fields(slice_[outer.end() :], entities))
    return f"<item{_attributes(outer[2], entities)}>{fields}</item>" if fields else ""


def _fields(markup: str, entities: Mapping[str, str]) -> Iterator[str]:
    position, count = 0, 0
    never_closed: set[str] = set()
    while count < _MAX_FIELDS and (opening := _FIELD.search(markup, position)):
        count += 1
        name, attributes = opening[1], opening[2]
        local = name.rpartition(":")[2].lower()
        if attributes.rstrip().endswith("/"):
            yield f"<{name}{_attributes(attributes, entities)}/>"
            position = opening.end()
            continue
        closing = (
            None
            if name in never_closed
            else re.compile(f"</{re.escape(name)}\\s*>", re.I).search(markup, opening.end())
        )
        if closing is not None:
            content, position = markup[opening.end() : closing.start()], closing.end()
        else:
            never_closed.add(name)
            following = _FIELD.search(markup, opening.end())
            position = following.start() if following else len(markup)
            content = markup[opening.end() : position]
        if local in _PEOPLE and "<" in content and "<![CDATA[" not in content:
            inner = "".join(_fields(content, entities)) or _escaped(_value(content, entities))
        else:
            inner = _escaped(_value(content, entities))
        yield f"<{name}{_attributes(attributes, entities)}>{inner}</{name}>"


def _attributes(markup: str, entities: Mapping[str, str]) -> str:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(markup):
        if not name.startswith("xmlns"):
            found.setdefault(name, _decoded(double or single or bare, entities))
    return "".join(
        f' {name}="{_escaped(value)}"' for name, value in found.items() if ":" not in name or name[:4] == "xml:"
    )


def _value(content: str, entities: Mapping[str, str]) -> str:
    """Give what the element says: CDATA as it stands, escaped markup unescaped once, inline markup as it stands."""
    # 64: enough beyond the cap for what is cut to be seen to be cut.
    content = content[: MAX_MARKUP_CHARACTERS + 64]
    if "<![CDATA[" in content:
        parts, position = [], 0
        for section in _CDATA.finditer(content):
            parts += [_decoded(content[position : section.start()], entities), section[1]]
            position = section.end()
        return "".join((*parts, _decoded(content[position:], entities)))
    return content if "<" in content else _decoded(content, entities)


def _decoded(text: str, entities: Mapping[str, str]) -> str:
    def resolved(match: re.Match[str]) -> str:
        if match[1] or match[2]:
            code = int(match[1]) if match[1] else int(match[2], 16)
            return chr(code) if code < 0x110000 and not 0xD800 <= code <= 0xDFFF else "\ufffd"
        return entities.get(match[3]) or html.entities.html5.get(f"{match[3]};") or match[0]

    return _REFERENCE.sub(resolved, text) if "&" in text else text


def _escaped(text: str) -> str:
    text = _UNFIT.sub("\ufffd", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
