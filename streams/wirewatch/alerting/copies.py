"""Which articles are one text: wire copies, by shared runs of words and by credit lines. Pure.

A wire story that ten papers print is one independent source. Never decides what an alert says.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from wirewatch.dossiers import Contribution, Says
from wirewatch.records import Tier

#: Words in a run. Five is what near-duplicate finders of news use; four makes stock phrases look like copies.
RUN_WORDS = 5
#: Only so much of a text is compared: copies are cut at their end, so the beginning is what they share.
MAX_RUNS = 200
#: Runs that two texts must have before sharing them means anything.
MIN_RUNS = 8
#: Share of all runs, or of the shorter text's runs, from which on two texts are one.
JACCARD = 0.6
CONTAINMENT = 0.8

#: Agencies that sign with one word.
AGENCIES = frozenset(
    {"aap", "afp", "anadolu", "ani", "ansa", "ap", "app", "bernama", "bloomberg", "dpa", "efe", "ians", "inp", "irna"}
    | {"jiji", "kyodo", "nna", "pti", "reuters", "rfe", "sana", "spa", "tass", "upi", "uni", "wafa", "wam", "xinhua"}
)

#: Whose texts others print.
_SENDERS = {Tier.AUTHORITY: 0, Tier.WIRE: 1}

_DATELINE = re.compile(r"^\s*[A-Z][A-Z .,'/-]{2,40}(\([^)]{2,40}\))?\s*[—–:-]+\s*")
_CREDIT = re.compile(
    r"\((?P<inside>[A-Z][\w&.'-]*(?: [A-Z][\w&.'-]*){0,4})\)\s*(?:[—–-]|$)"
    r"|(?:[Ww]ith (?:input|inputs|reporting|additional reporting) (?:from|by)|[Ss]ource:|[Aa]s reported by)\s+"
    r"(?P<after>[A-Z][\w&.'-]*(?: [A-Z][\w&.'-]*){0,4})"
)
_WORD = re.compile(r"\w+")


def shingle(title: str, text: str) -> tuple[int, ...]:
    """Give the hashed runs of words of a text; of the title as well when the text is too short to tell."""
    body = _CREDIT.sub(" ", _DATELINE.sub("", text))
    words = [word.casefold() for word in _WORD.findall(body)[: MAX_RUNS + RUN_WORDS]]
    if len(words) < MIN_RUNS + RUN_WORDS:
        words = [word.casefold() for word in _WORD.findall(title)] + words
    runs = (" ".join(words[n : n + RUN_WORDS]) for n in range(max(1, len(words) - RUN_WORDS + 1)))
    return tuple(sorted({zlib.crc32(run.encode("utf-8", "surrogatepass")) for run in runs}))[:MAX_RUNS]


def credits_of(text: str) -> tuple[str, ...]:
    """Give the folded names of agencies that a text credits: "(Meridian Wire)", "With input from Meridian Wire".

    A single word counts only when it is an agency's: "(FTO)" at the end of a text credits nobody.
    """
    found = (fold_outlet(match["inside"] or match["after"]) for match in _CREDIT.finditer(text))
    return tuple(dict.fromkeys(name for name in found if " " in name or name in AGENCIES))


def fold_outlet(name: str) -> str:
    """Give the form of an outlet's name that a credit and a feed's own name share."""
    return " ".join(word.casefold() for word in _WORD.findall(name) if word.casefold() not in ("the", "agency", "news"))


def same_text(first: frozenset[int], second: frozenset[int]) -> bool:
    """Tell whether two texts are one, wholly or one within the other."""
    if first.isdisjoint(second):
        return False
    shorter = min(len(first), len(second))
    if shorter < MIN_RUNS:
        return first == second
    shared = len(first & second)
    return shared >= CONTAINMENT * shorter or shared >= JACCARD * (len(first) + len(second) - shared)


def find_alike(runs: frozenset[int], others: Iterable[tuple[str, frozenset[int]]], limit: int = 8) -> tuple[str, ...]:
    """Give the articles whose text shares `runs`, at most `limit`: enough to tie a new one to their cluster."""
    alike: list[str] = []
    for article_id, other in others:
        if same_text(runs, other):
            alike.append(article_id)
            if len(alike) == limit:
                break
    return tuple(alike)


def find_originals(contributions: Sequence[Contribution]) -> dict[str, str]:
    """Give for each article the one that it copies: itself, when it stands alone or is the original.

    Texts that are alike are one. A text that credits an agency without being like anything here is put down to that
    agency's earliest text, else to the earliest that credits the same agency.
    """
    parent = {item.article_id: item.article_id for item in contributions}

    def root(article_id: str) -> str:
        while parent[article_id] != article_id:
            parent[article_id] = parent[parent[article_id]]
            article_id = parent[article_id]
        return article_id

    for item in contributions:
        for other in item.alike:
            if other in parent:
                parent[root(other)] = root(item.article_id)
    members: dict[str, list[Contribution]] = {}
    for item in contributions:
        members.setdefault(root(item.article_id), []).append(item)
    originals = {key: min(items, key=_originality) for key, items in members.items()}
    ordered = sorted(originals.values(), key=_originality)
    voices = _voices_of(contributions)
    speaker = {original.article_id: _credited_original(original, ordered, voices) for original in ordered}
    return {item.article_id: speaker[originals[root(item.article_id)].article_id] for item in contributions}


def count_independent(contributions: Sequence[Contribution], originals: dict[str, str]) -> int:
    """Count independent supporters: copies are one, and so are several articles of one voice."""
    voices = _voices_of(contributions)
    return len({voices[originals[item.article_id]] for item in contributions if item.says is Says.SUPPORTS})


def _credited_original(item: Contribution, ordered: Sequence[Contribution], voices: dict[str, str]) -> str:
    voice = voices[item.article_id]
    if voice == _own_voice(item):
        return item.article_id
    own = next((other for other in ordered if _own_voice(other) == voice), None)
    first = own or next(other for other in ordered if voices[other.article_id] == voice)
    return first.article_id


def _voices_of(contributions: Sequence[Contribution]) -> dict[str, str]:
    """Give who speaks in each article: the agency that it credits, else its own outlet.

    A credit may be shorter than the name under which the agency's own feed goes ("Meridian" for "Meridian Wire World").
    """
    outlets = sorted({_own_voice(item) for item in contributions})

    def voice(item: Contribution) -> str:
        own = _own_voice(item)
        for name in item.credits:
            if not _is_part(name, own):
                return next((outlet for outlet in outlets if _is_part(name, outlet)), name)
        return own

    return {item.article_id: voice(item) for item in contributions}


def _own_voice(item: Contribution) -> str:
    return fold_outlet(item.feed_name) or item.feed_id


def _is_part(name: str, outlet: str) -> bool:
    return set(name.split()) <= set(outlet.split())


def _originality(item: Contribution) -> tuple[bool, int, datetime, str]:
    """Order texts by likeliness to be the original: credits nobody else, comes from who sends texts out, came first."""
    credits_others = any(not _is_part(name, _own_voice(item)) for name in item.credits)
    return (credits_others, _SENDERS.get(item.tier, len(_SENDERS)), item.at, item.article_id)
