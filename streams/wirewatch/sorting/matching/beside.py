"""Reads what stands right beside a name: signs that it is a group ("ABC militants"), or something else ("ABC visa").

Called by `evidence`. Looks at one clause, never at the whole article; the words are data (`tables/surroundings.toml`).
"""

from __future__ import annotations

import re

from wirewatch.sorting.matching.cases import Lettering
from wirewatch.sorting.matching.signs import Sign
from wirewatch.sorting.matching.wordlists import Words, load_words

#: How far, in characters on either side, the words beside a name are read.
_REACH = 70
_BREAK = re.compile(r"[.!?;:]\s|\n|[—–…]|\.$")
_WORD = re.compile(r"[^\W\d_][\w'’\-]*|\d[\d,.]*|[$€£%^]")
#: From the name to the next word: a space, a hyphen, a stroke, a bracket that closes.
_TO_NEXT = re.compile(r"(?P<owns>['’]s?)?(?:[ \xa0\-/]|\) ?)(?=[^\W_])")
_FROM_LAST = re.compile(r"(?<=[\w’'$£€^])[ \xa0\-/\"“‘(]{0,2}$")
#: "…, a choir from Cardiff, …", "… is a choir": what a name is said to be.
_EXPLAINED = re.compile(
    r"[\"”’']?(?:(?: is| was),? (?=an?\b|the\b|one\b)|, ?| \()((?:an?|the|one|[\w'’]+['’]s)? ?(?:[\w'’\-]+ ?){1,6})"
)
#: A name of digits that counts something, and what stands before one that does not.
_COUNTS = re.compile(r" [a-z]{3,}")
_NAMES = re.compile(r"(?:the|called|group|network|cult|gang|as|of|by|with|in) [\"“‘']?$")
#: The same, with nothing but a space or a hyphen between.
_IN_ONE_NAME = re.compile(r"(?<=\w)[ \xa0\-/]$")
_POSSESSIVE = re.compile(r"['’]s?$")
#: Words behind, and before, that are read.
_MOST = 4
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
#: Share of longer words with a capital above which capitals tell nothing.
_HEADLINE_SHARE = 0.8
_ONE_OF_MANY = frozenset(
    ("a", "an", "every", "each", "one", "your", "my", "his", "her", "any", "another", "no", "some", "per", "which")
)
_SMALL = frozenset(
    ("the", "of", "for", "in", "on", "at", "to", "by", "from", "with", "and", "or", "its", "their", "this", "that")
)
_ARABIC_ARTICLES = ("al-", "ul-", "el-", "ud-", "e-", "i-")
#: Between a group word and the name: "members of the", "truce with", "claimed by".
_LINKS = frozenset(
    ("of", "the", "with", "by", "on", "from", "against", "to", "between", "and", "for", "as", "in", "its", "called")
)
_PLACES = frozenset(("in", "at", "near", "from", "outside", "around", "through", "via", "into", "to"))
#: Between a name and a number: "ABC of .93", "ABC at 450".
_MEASURES = frozenset(("of", "at", "is", "was", "hits", "crosses", "below", "above", "under", "over"))
_SUMS = frozenset(("million", "billion", "bn", "mn", "$", "€", "£", "^", "dollars", "euros"))


def signs_beside(text: str, start: int, end: int, letters: Lettering) -> set[Sign]:
    """Give the signs right beside a name that stands at `start` to `end` of a text."""
    found: set[Sign] = set()
    if text[start:end].isdigit() and _COUNTS.match(text, end) and not _NAMES.search(text, max(0, start - 24), start):
        found.add(Sign.NUMBER)
    before, behind = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    capitals_tell = letters is Lettering.USUAL and not _is_headline(before, behind)
    _read_behind(behind, found, capitals_tell)
    _read_before(before, found, capitals_tell)
    return found


def _is_headline(before: str, behind: str) -> bool:
    """Tell whether nearly all words on both sides have capitals: feeds put headlines into texts, too."""
    words = [*_LONG_WORD.findall(before)[-_MOST:], *_LONG_WORD.findall(behind)[:_MOST]]
    return len(words) > _MOST and sum(word[0].isupper() for word in words) >= _HEADLINE_SHARE * len(words)


def _read_behind(reach: str, found: set[Sign], capitals_tell: bool) -> None:
    stop = _BREAK.search(reach)
    if stop:
        reach = reach[: stop.start()]
    if explained := _EXPLAINED.match(reach):
        _read_explanation(explained.group(1), found)
    link = _TO_NEXT.match(reach)
    owns = link is not None and link.group("owns") is not None
    written = _WORD.findall(reach, link.end() if link else 0)[:_MOST]
    if not written:
        return
    table = load_words()
    words = [_bare(word) for word in written]
    first = words[0]
    nearest = words[:2] if link else words[:1]
    if any(word in table["members"] for word in nearest):
        found.add(Sign.MEMBERS)
    if link and any(word in table["people"] for word in nearest):
        found.add(Sign.PEOPLE)
    if not owns and any(word in table["acts"] for word in words[:2]):
        found.add(Sign.ACTS)
    if not owns and first in table["speech"]:
        found.add(Sign.SPEECH)
    if link and first in table["things"] and Sign.MEMBERS not in found:
        found.add(Sign.OWNS_THING if owns else Sign.THING)
    is_measured = len(words) > 1 and first in _MEASURES and words[1][0].isdigit()
    if is_measured or (link and (first[0].isdigit() or first in _SUMS)):
        found.add(Sign.NUMBER)
    if (
        capitals_tell
        and link
        and not owns
        and _begins_name(written[0])
        and first not in table["offices"]
        and not found & {Sign.MEMBERS, Sign.PEOPLE}
    ):
        found.add(Sign.LONGER_BEHIND)


def _read_explanation(explanation: str, found: set[Sign]) -> None:
    """Read "a choir from Cardiff" in "ABC, a choir from Cardiff, sang"."""
    table = load_words()
    words = [_bare(word) for word in _WORD.findall(explanation)]
    if any(word in table["members"] or word in table["branded"] or word in table["telling"] for word in words):
        found.add(Sign.EXPLAINED_GROUP)
    elif any(word in table["things"] or word in table["kinds"] or word in table["ordinary"] for word in words):
        found.add(Sign.EXPLAINED_THING)


def _read_before(reach: str, found: set[Sign], capitals_tell: bool) -> None:
    stops = list(_BREAK.finditer(reach))
    if stops:
        reach = reach[stops[-1].end() :]
    written = _WORD.findall(reach)[-_MOST - 1 :]
    if not written:
        return
    table = load_words()
    words = [_bare(word) for word in written]
    last = words[-1]
    touches = _FROM_LAST.search(reach) is not None
    owns = _POSSESSIVE.search(written[-1]) is not None
    if last in _ONE_OF_MANY and not found & {Sign.MEMBERS, Sign.PEOPLE}:
        found.add(Sign.ONE_OF_MANY)
    if last in table["titles"] and touches:
        found.add(Sign.TITLE)
    if touches and (last[0].isdigit() or last in _SUMS) and not found & {Sign.MEMBERS, Sign.PEOPLE}:
        found.add(Sign.NUMBER)
    if owns and written[-1][0].isupper() and touches:
        found.add(Sign.OWNER_UNKNOWN)
    if last in _PLACES:
        found.add(Sign.PLACE)
    if written[-1].islower() and touches and not owns and (last in table["things"] or last in table["kinds"]):
        found.add(Sign.AFTER_THING)
    if any(word in table["branded"] for word in words[-2:]):
        found.add(Sign.BRANDED)
    _seek_group_word(words, table["before"], found)
    if (
        capitals_tell
        and _IN_ONE_NAME.search(reach) is not None
        and not owns
        and not found & {Sign.MEMBERS, Sign.PEOPLE}
        and len(written) > 1
        and _begins_name(written[-1])
        and last not in _SMALL
        and last not in table["branded"]
    ):
        found.add(Sign.LONGER_BEFORE)


def _seek_group_word(words: list[str], before: Words, found: set[Sign]) -> None:
    for word in reversed(words[-_MOST:]):
        if word in before:
            found.add(Sign.AFTER_GROUP)
            return
        if word not in _LINKS:
            return


def _bare(word: str) -> str:
    low = word.lower()
    # Most words have no apostrophe, and are seen to have none in a tenth of the time.
    return (_POSSESSIVE.sub("", low) or word) if "'" in low or "’" in low else low


def _begins_name(word: str) -> bool:
    """Tell whether a word may belong to a longer name: a capital and no acronym, or an Arabic article."""
    return (word[0].isupper() and not (len(word) <= 5 and word.isupper())) or word.startswith(_ARABIC_ARTICLES)
