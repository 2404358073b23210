"""Finds everybody that a sentence names: organisations, authorities, states, and names that no file holds.

Called by `reading`. Mentions come from the matcher; states, their peoples and capitals from the package's table.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple

from wirewatch.knowledge.entities import Organisation
from wirewatch.records import SHORT_FOR, Mention, Name, Strength
from wirewatch.sorting.cues import Language
from wirewatch.sorting.text import Token
from wirewatch.sorting.vocabulary import ACRONYM_STOP, GROUP_WORDS, INNER, MEMBERS, ORGANISATION_WORDS, TITLES


class Kind(StrEnum):
    """What an actor is."""

    ORGANISATION = "organisation"
    AUTHORITY = "authority"
    STATE = "state"
    NAME = "name"


class Actor(NamedTuple):
    """Somebody named; token indexes, `last` inclusive. `id` is None for a name that nothing resolves."""

    first: int
    last: int
    start: int
    end: int
    kind: Kind
    id: str | None
    name: str
    programmes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    #: True for an organisation that carries no arms.
    civil: bool = False


_FIRST = attrgetter("first")
#: Words that are written small in English: they make no state when a lower-case text uses them.
_ORDINARY = frozenset(
    [
        "us",
        "turkey",
        "chad",
        "georgia",
        "jordan",
        "niger",
        "mali",
        "guinea",
        "trump",
        "the",
        "centre",
        "the",
        "bloc",
        "the",
        "states",
        "lima",
        "paris",
        "sofia",
        "santiago",
        "delhi",
        "juba",
        "trinidad",
        "florida",
        "in",
        "it",
        "in",
    ]
) | {"the bloc", "the centre", "the states"}
_DAYS = frozenset(
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "yesterday", "tonight"]
)
#: Words in which no name ends: "Salafism as of Monday".
_NO_ENDS = _DAYS | INNER
_COMPOUNDS = frozenset(
    [
        "run",
        "led",
        "based",
        "held",
        "backed",
        "born",
        "occupied",
        "controlled",
        "administered",
        "trained",
        "funded",
        "made",
        "linked",
        "aligned",
        "allied",
        "owned",
    ]
)


def find_actors(
    tokens: Sequence[Token],
    mentions: Sequence[Mention],
    organisations: Mapping[str, Organisation],
    language: Language,
    *,
    small: bool,
) -> list[Actor]:
    """Give the actors of a sentence in order. `small` tells that the text has no capitals to go by."""
    actors: list[Actor] = []
    taken = [False] * len(tokens)
    if mentions:
        starts = [token.start for token in tokens]
        for mention in sorted(mentions, key=lambda one: (one.start - one.end, one.start, -one.score)):
            # The tokens that the mention touches.
            first, end = bisect_right(starts, mention.start) - 1, bisect_left(starts, mention.end)
            if first < 0 or tokens[first].end <= mention.start:
                first += 1
            if first >= end or any(taken[first:end]) or mention.strength is Strength.FUZZY:
                continue
            taken[first:end] = [True] * (end - first)
            actor = _from_mention(mention, first, end - 1, organisations)
            if actor.kind is not Kind.AUTHORITY or not _describes(tokens, end):
                actors.append(actor)
    _states(tokens, taken, actors, language, small=small)
    if not small and not _is_shouted(tokens):
        _names(tokens, taken, actors, language)
    actors.sort(key=_FIRST)
    return actors


def _describes(tokens: Sequence[Token], end: int) -> bool:
    """Tell whether a state that ends before `end` describes and does not act: "Kremlin-run", "Saudi-led"."""
    return (
        end + 1 < len(tokens)
        and tokens[end].low == "-"
        and tokens[end].start == tokens[end - 1].end
        and tokens[end + 1].low in _COMPOUNDS
    )


def _is_shouted(tokens: Sequence[Token]) -> bool:
    for token in tokens:  # noqa: SIM110
        if token.text != token.text.upper():
            return False
    return True


def _from_mention(mention: Mention, first: int, last: int, organisations: Mapping[str, Organisation]) -> Actor:
    if mention.organisation is None:
        name = mention.rule.removeprefix(SHORT_FOR) if mention.rule.startswith(SHORT_FOR) else mention.surface
        return Actor(first, last, mention.start, mention.end, Kind.NAME, None, name)
    known = organisations.get(mention.organisation.id)
    return Actor(
        first,
        last,
        mention.start,
        mention.end,
        Kind.AUTHORITY if known is not None and known.is_authority else Kind.ORGANISATION,
        mention.organisation.id,
        mention.organisation.name,
        known.programmes if known else (),
        known.countries if known else (),
        known is not None and known.is_civil,
    )


def _states(
    tokens: Sequence[Token], taken: list[bool], actors: list[Actor], language: Language, *, small: bool
) -> None:
    lengths, begin = language.state_lengths, 0
    lows = [token.low for token in tokens]
    for at in [at for at, low in enumerate(lows) if low in lengths]:
        if at < begin:
            continue
        for length in range(min(lengths[lows[at]], len(tokens) - at), 0, -1):
            name = language.states.get(tuple(lows[at : at + length]))
            if name is None or any(taken[at : at + length]):
                continue
            piece = tokens[at : at + length]
            words = " ".join(lows[at : at + length])
            if (
                not piece[0].text[:1].isupper()
                and (not small or words in _ORDINARY)
                and words not in {"the bloc", "the centre", "federal cabinet"}
            ):
                continue
            if words == "us" and piece[0].text != "US":
                continue
            for covered in range(at, at + length):
                taken[covered] = True
            if _describes(tokens, at + length):
                begin = at + length
                break
            actors.append(Actor(at, at + length - 1, piece[0].start, piece[-1].end, Kind.STATE, name.id, name.name))
            begin = at + length
            break


def _names(tokens: Sequence[Token], taken: list[bool], actors: list[Actor], language: Language) -> None:
    """Take runs of capitalised words; the first word of a sentence counts only when more follow."""
    capital = [token.text[0].isupper() for token in tokens]
    begin = 0
    for at in [at for at, is_capital in enumerate(capital) if is_capital]:
        if (
            at < begin
            or taken[at]
            or (tokens[at].low in TITLES and not (at + 1 < len(tokens) and capital[at + 1] and not taken[at + 1]))
        ):
            continue
        last = at
        ahead = at + 1
        while ahead < len(tokens) and not taken[ahead] and ahead - last <= 4:
            if capital[ahead]:
                last = ahead
            elif tokens[ahead].low not in INNER or (tokens[ahead].low == "'s" and last > at):
                # "The People's Front", but "the Young Hearts's Milan club".
                break
            ahead += 1
        begin = last + 1
        while last > at and tokens[last].low in _NO_ENDS:
            last -= 1
        first = at
        while first < last and tokens[first].low in {
            "the",
            "a",
            "an",
            "in",
            "on",
            "at",
            "by",
            "as",
            "mr",
            "mrs",
            "ms",
            "its",
            "his",
            "after",
            "police",
            "with",
            "within",
            "for",
            "from",
            "under",
            "since",
            "until",
            "before",
            "pursuant",
            "ngo",
            "islamist",
            "jihadist",
            "salafist",
            "maoist",
            "sunni",
            "shia",
        }:
            first += 1
        words = [token.text for token in tokens[first : last + 1]]
        plain = tokens[first].low
        if any(
            token.low.startswith(("terror", "designat", "extremis", "sanction", "counter", "anti", "proscri"))
            for token in tokens[first : last + 1]
        ):
            continue
        acronym = len(words[0]) > 2 and words[0].isupper() and words[0] not in ACRONYM_STOP
        if (first or last > first or acronym) and not (
            len(words) == 1
            and (
                words[0] in ACRONYM_STOP
                or plain in TITLES
                or plain in language.verbs
                or plain in language.classes["determiners"]
                or len(words[0]) < 3
            )
        ):
            for covered in range(first, last + 1):
                taken[covered] = True
            text_start, text_end = tokens[first].start, tokens[last].end
            actors.append(Actor(first, last, text_start, text_end, Kind.NAME, None, _joined(tokens[first : last + 1])))


def _joined(tokens: Sequence[Token]) -> str:
    base = tokens[0].start
    letters = [" "] * (tokens[-1].end - base)
    for token in tokens:
        letters[token.start - base : token.end - base] = token.text
    return "".join(letters)


def looks_organised(actor: Actor) -> bool:
    """Tell whether an unresolved name reads like an organisation's: a telling word, or capitals only."""
    return sounds_organised(actor.name)


def sounds_organised(name: str) -> bool:
    """Tell whether a name reads like an organisation's."""
    words = name.replace("-", " ").split()
    return any(word.lower() in ORGANISATION_WORDS for word in words) or (
        len(words) == 1 and len(words[0]) > 2 and words[0].isupper()
    )


def is_group(tokens: Sequence[Token], actor: Actor) -> bool:
    """Tell whether an actor can do what armed groups do: a known organisation, or a name that reads like a group's."""
    if actor.kind is Kind.ORGANISATION:
        return True
    if actor.kind is not Kind.NAME:
        return False
    named = actor.name.replace("-", " ").casefold().split()
    if len(named) > 1 and any(word in GROUP_WORDS for word in named):
        return True
    following = tokens[actor.last + 1].low if actor.last + 1 < len(tokens) else ""
    short = len(named) == 1 and len(actor.name) > 2 and actor.name.upper() == actor.name
    return short and following in MEMBERS


def as_name(actor: Actor) -> Name:
    """Give an actor as an id and a name; only for what has an id."""
    return Name(actor.id or "", actor.name)
