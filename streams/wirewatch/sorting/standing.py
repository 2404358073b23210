"""Tells by the words beside a name whether its bearer can be the one listed, or only stands near.

Called by `whom`. Pure; knows names and small words, no event types.
"""

from __future__ import annotations

from collections.abc import Sequence

from wirewatch.sorting.actors import Actor, looks_organised
from wirewatch.sorting.text import Token
from wirewatch.sorting.vocabulary import FREE, HEADS, LIST_NOUNS, MEMBERS, words

#: Words that mean one group, and several.
GROUP_NOUNS = words("""
group organisation organization gang cartel outfit movement militia network party faction brotherhood front association
club sect league entity body clan
""")
SEVERAL = words(
    "groups organisations organizations gangs cartels outfits entities bodies networks factions clans names"
)
ARTICLES = words("the this that these such a said")
#: Words that lead to somebody who is not the one listed.
_ASIDE = words("""
by from than like against with alongside about amid among near under unlike versus as join joins joining joined
""")
#: Those of them that lead to the one listed behind "ban" and its like.
_WITH_ACTS = frozenset(("from", "with", "against"))
#: "Of" and "to" lead to the one listed, but not behind these: his people, his parts, his friends.
_RELATIONS = MEMBERS | words("""
ally allies alias aliases chief chiefs commander commanders deputy emir emirs financier financiers founder founders
head heir heirs leader leaders part parts patron patrons predecessor spokesman spokesmen spokeswoman sponsor sponsors
successor successors lawyer lawyers sympathiser sympathisers sympathizer sympathizers offshoot offshoots spinoff
splinter splinters rival rivals linked tied ties links link affiliated loyal allegiance close connected related ideology
flag flags symbol symbols hundreds dozens official officials people person persons minister ministers ideologue preacher
cleric propagandist facilitator facilitators recruiter recruiters agents
""")
#: What may stand behind a name and still leave it the one listed: "the Front's listing", "X ban".
_ACTS = LIST_NOUNS | words("""
designations listings bans listed banned outlawed proscribed blacklisted delisting removal inclusion addition
dissolution unbanned delisted dissolved terrorist extremist a as
""")
#: Relations that a name right before the word says enough of.
_PLAIN_RELATIONS = _RELATIONS - _ACTS - HEADS - {"part", "head"}
#: What people get for a group.
_SUPPLIES = words("money funds cash arms weapons fighters recruits supplies drones propaganda")
_PARTS = words("front branch wing arm affiliate offshoot splinter proxy faction unit cell")
#: Behind a name and a hyphen these make it somebody else's friend.
_JOINED = words("linked affiliated backed aligned inspired led run allied")
#: What may stand between a name and the list that bears it.
_IN_NAMES_OF_LISTS = words("and , ( ) & - ' sanctions 1267")
_LISTS = words("list lists regime committee")
#: Words in the names of offices, courts, laws and papers.
_BODIES = words("""
court courts ministry minister ministers cabinet assembly parliament senate bureau agency authority police gazette act
ordinance decree regulation regulations treasury department secretariat board commission commissioner circuit tribunal
registry code law schedule journal directorate prosecutor office service embassy constitution republic administration
government governorate congress chancellery knesset duma majlis register decision directive statement position deputy
""")
_STATELY = words("""
security state national supreme high federal constitutional presidential privy central defence executive
""")
#: What leads from an act to the one listed; what follows his name; what puts him on a list.
_ONTO = words("on of for against to")
_COPULAS = words("is are was were becomes became")
_LISTING_STEMS = tuple(
    words("""
    ban outlaw proscri designat blacklist declar label brand dissol prohibit unban delist add put includ remov drop
    exclud gazett nam list strik delet forbid
    """)
)
#: Ends of words for people of some kind.
_PEOPLE = ("s", "ist", "ian", *GROUP_NOUNS)


def reads_as_body(name: str) -> bool:
    """Tell whether a name that no file holds is that of an office, a court, a law or a paper rather than a group's."""
    said = name.casefold().replace("-", " ").split()
    stately = said[-1] in ("council", "committee", "bank") and (len(said) == 1 or not _STATELY.isdisjoint(said))
    initials = all(len(piece) < 2 for piece in name.split("."))
    return stately or initials or not _BODIES.isdisjoint(said)


def stands_as_listed(tokens: Sequence[Token], actor: Actor) -> bool:
    """Tell whether an unknown name stands where only the one listed can."""
    if is_adjective(tokens, actor):
        return False
    before, behind = words_before(tokens, actor), words_behind(tokens, actor)
    last, following = before[-1:], behind[:1]
    return (
        last in (['"'], ["'"])
        or not GROUP_NOUNS.isdisjoint(last + following)
        or not _COPULAS.isdisjoint(following)
        or (following == ["'s"] and not _ACTS.isdisjoint(behind[1:3]))
        or (not _ONTO.isdisjoint(last) and not _ACTS.isdisjoint(before[-3:-1]))
        or any(word.startswith(_LISTING_STEMS) for word in last)
    )


def is_adjective(tokens: Sequence[Token], actor: Actor) -> bool:
    """Tell whether a capital word only says of what kind some group is: "five Baloch groups", "an Islamist group"."""
    following = words_behind(tokens, actor)[:1]
    if actor.first != actor.last or looks_organised(actor) or not following:
        return False
    before = tokens[actor.first - 1] if actor.first else None
    if before is not None and before.low == "-" and before.end == tokens[actor.first].start:
        # "Neo-Nazi".
        return True
    if not SEVERAL.isdisjoint(following):
        return True
    behind = tokens[actor.last + 1 : actor.last + 4]
    if behind[0].low == "-" and behind[0].start == tokens[actor.last].end:
        # "Jaffna-born".
        return True
    describes = behind[0].text.isalpha() and behind[0].text.islower() and behind[0].low not in FREE
    if describes and behind[1:] and behind[1].text[:1].isupper() and behind[0].low.endswith(_PEOPLE):
        # "The Kabyle autonomists Red Dawn": a capital stands behind what the word describes.
        return True
    if GROUP_NOUNS.isdisjoint(following):
        return False
    return before is not None and before.low not in ARTICLES - {"a"} and before.text.islower()


def stands_aside(tokens: Sequence[Token], actor: Actor) -> bool:
    """Tell whether a name only says whose relation, speaker or place another is."""
    behind = words_behind(tokens, actor)
    if behind[:1] == ["'s"] and _RELATIONS.isdisjoint(behind[1:2]) and not _ACTS.isdisjoint(behind[1:3]):
        return False
    before = words_before(tokens, actor)
    if not _ASIDE.isdisjoint(before[-1:]) and (_WITH_ACTS.isdisjoint(before[-1:]) or _ACTS.isdisjoint(before[-3:-1])):
        return True
    return is_relation(tokens, actor) or names_a_list(tokens, actor)


def is_relation(tokens: Sequence[Token], actor: Actor) -> bool:
    """Tell whether a name only says whose man, part or friend somebody is."""
    before, behind = words_before(tokens, actor), words_behind(tokens, actor)
    if before[-1:] and before[-1] in ("of", "to", "for", "in", "behind") and not _RELATIONS.isdisjoint(before[-2:-1]):
        return True
    if before[-1:] == ["for"] and not _SUPPLIES.isdisjoint(before[-2:-1]):
        return True
    if actor.first and tokens[actor.first - 1].low in ("a", "an") and not _PARTS.isdisjoint(behind[:1]):
        # "The PAFF, a Jaish front".
        return True
    if behind[:1] == ["-"]:
        return not _JOINED.isdisjoint(behind[1:2])
    if behind[:1] == ["'s"]:
        parts = not _RELATIONS.isdisjoint(behind[1:4]) or not HEADS.isdisjoint(behind[1:3])
        return parts and _ACTS.isdisjoint(behind[1:3])
    return not _PLAIN_RELATIONS.isdisjoint(behind[:1])


def names_a_list(tokens: Sequence[Token], actor: Actor) -> bool:
    """Tell whether a name is part of a list's: "the ISIL and Al-Qaida sanctions list"."""
    for token in tokens[actor.last + 1 : actor.last + 9]:
        if token.low in _LISTS:
            return True
        if token.low not in _IN_NAMES_OF_LISTS and not token.text[:1].isupper():
            return False
    return False


def words_before(tokens: Sequence[Token], actor: Actor) -> list[str]:
    """Give the words before a name, without articles and a state's possessive right before it."""
    end = actor.first
    while end > 0 and (tokens[end - 1].low in ARTICLES or "'s" in (tokens[end - 1].low, tokens[end].low)):
        end -= 1
    return [token.low for token in tokens[max(0, end - 4) : end]]


def words_behind(tokens: Sequence[Token], actor: Actor) -> list[str]:
    """Give the words behind a name."""
    return [token.low for token in tokens[actor.last + 1 : actor.last + 5]]
