"""HTML → plain text, in time linear in the length of its input whatever the input. Pure.

Block elements become line ends, scripts and styles go with what is in them, references are decoded once. Every
pattern stops at the next `<`, so that a page of unclosed tags costs what any page costs.
"""

from __future__ import annotations

import html
import re

from wirewatch_connectors.parsing.caps import MAX_MARKUP_CHARACTERS
from wirewatch_connectors.parsing.cleaning import clean_text

#: A quoted value may hold up to three `<`: more would make looking for the end of a quote that has none quadratic.
_QUOTED = r"\"[^\"<]*+(?:<[^\"<]*+){0,3}\"|'[^'<]*+(?:<[^'<]*+){0,3}'"
_TAG = re.compile(rf"</?([a-zA-Z][^\s/<>\"'=]*+)(?:[^<>\"']++|{_QUOTED}|[\"'])*+>|<[!?][^<>]*+>")
_HIDDEN_NAMES = ("script", "style", "template", "svg", "math", "select", "textarea")
_HIDDEN = re.compile(rf"<(!--|(?:{'|'.join(_HIDDEN_NAMES)})(?=[\s/>]))", re.I)
_CLOSING = {name: re.compile(rf"</{name}\b[^<>]*+>?", re.I) for name in _HIDDEN_NAMES} | {"!--": re.compile("-->")}
_BLOCK_NAMES = """
address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure
footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol option p pre section summary table
tbody tfoot thead tr ul
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_STRAY = re.compile(
    r"&(?!lt;|gt;|#60;|#62;|#[xX]3[cCeE];)(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
)
_CELLS = frozenset(("td", "th", "img"))


#: Elements besides the blocks. A name that is in neither is no tag when it stands in a headline.
_OTHER_NAMES = """
a abbr acronym applet area audio b base basefont bdi bdo big blink button canvas cite code col colgroup data datalist
del dfn em embed font frame frameset head i iframe img input ins kbd label link map mark marquee meta meter nobr
noscript object optgroup output param picture plaintext progress q rp rt ruby s samp script select slot small source
span strike strong style sub sup svg td template textarea th time title track tt u var video wbr
"""
_TAG_NAMES = _BLOCKS | frozenset(_OTHER_NAMES.split())


def html_to_text(markup: str) -> tuple[str, bool]:
    """Give what a reader would see of `markup`, and whether the markup was cut because of its length."""
    cut = len(markup) > MAX_MARKUP_CHARACTERS
    if cut:
        markup = markup[:MAX_MARKUP_CHARACTERS]
    if "<" in markup:
        if _HIDDEN.search(markup):
            markup = _without_hidden(markup)
        markup = _TAG.sub(_replacement, markup)
    if "&" in markup:
        markup = html.unescape(markup)
    return clean_text(markup), cut


def title_to_text(markup: str) -> str:
    """Give a headline as text: tags that stand in headlines go, anything else between `<` and `>` is words."""
    markup = markup[:MAX_MARKUP_CHARACTERS]
    if "<" in markup:
        if _HIDDEN.search(markup):
            markup = _without_hidden(markup)
        markup = _TAG.sub(_title_replacement, markup)
    if "&" in markup:
        markup = html.unescape(markup)
    return clean_text(markup).replace("\n", " ")


def without_stray_references(text: str) -> str:
    """Give plain text with the references resolved that nobody means to be read: `&nbsp;`, `&#8217;`, `&amp;`.

    Angle brackets stay written out: in plain text they may be what it is about.
    """
    return _STRAY.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text


def _replacement(tag: re.Match[str]) -> str:
    name = tag[1]
    if name is None:
        return ""
    name = name.rpartition(":")[2].lower()
    if name in _BLOCKS:
        return "\n"
    return " " if name in _CELLS else ""


def _title_replacement(tag: re.Match[str]) -> str:
    name = tag[1]
    if name is not None and name.rpartition(":")[2].lower() not in _TAG_NAMES:
        return tag[0]
    return _replacement(tag)


def _without_hidden(markup: str) -> str:
    kept: list[str] = []
    position = 0
    never_closed: set[str] = set()
    for opening in _HIDDEN.finditer(markup):
        if opening.start() < position:
            continue
        name = opening[1].lower()
        closing = None if name in never_closed else _CLOSING[name].search(markup, opening.end())
        kept.append(markup[position : opening.start()])
        if closing is None:
            # What is never closed hides nothing: better a stray word of script than a lost article.
            never_closed.add(name)
            position = opening.end() if name == "!--" else opening.start()
        else:
            position = closing.end()
    kept.append(markup[position:])
    return "".join(kept)
