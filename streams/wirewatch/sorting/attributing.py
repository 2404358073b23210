"""Finds whom a sentence holds responsible for an act: "blamed on X", "the work of X", "X is suspected of it".

Called by `roles` for acts of violence whose doer no slot gives. It walks words around the named groups; it gives nobody
rather than a guess, and nobody whom the words clear. Pure; knows no rules.
"""

from __future__ import annotations

from collections.abc import Sequence

from wirewatch.sorting.actors import Actor
from wirewatch.sorting.text import Token
from wirewatch.sorting.vocabulary import HEADS, MEMBERS, words

#: What may stand between an accusing word and the name: articles, what the group is, and whose part it is.
_DESCRIPTIVE = (
    MEMBERS
    | HEADS
    | words("""
the a an its their of from belonging to loyal alleged suspected presumed outlawed banned so-called self-styled leftist
left-wing right-wing rightist marxist maoist communist islamist jihadist shia sunni pro-iranian iranian-backed
separatist militant armed rebel guerrilla terrorist clandestine local urban drug notorious al-qaeda-linked one two
'' " “ ' ( - 's
""")
)
#: Verbs whose object is whom they accuse.
_ACCUSING = words("""
blame blames blamed blaming accuse accuses accused accusing suspect suspects suspected suspecting implicate implicates
implicated implicating
""")
_HOLDING = words("hold holds held holding")
#: Verbs that lead to the accused by "to" or "at": "attributed by the police to X".
_ASCRIBING = words("""
attribute attributes attributed attributing ascribe ascribes ascribed ascribing traced pointed points point pointing
""")
#: What one has had a hand in: "the work of X", "bears the hallmarks of X".
_WORKS = words("work works handiwork hand hands doing hallmark hallmarks mark marks signature door responsibility")
#: Participles behind an act whose "by" leads to its doer, whatever the act's own word is.
_DONE = words("""
claimed perpetrated committed staged executed ordered planned planted placed masterminded mounted launched organised
organized conducted directed fired laid thrown hurled set sent
""")
#: Verbs and predicates behind a name that charge it with the act.
_CHARGED = words("""
blamed suspected accused responsible behind implicated culprit culprits perpetrator perpetrators guilty
""")
_BELIEVED = words("believed thought said alleged reported presumed held known considered understood")
_BE = words("is are was were be been being has have had may might could would will")
_PASSIVE = words("is are was were be been being")
_BETWEEN = words("widely also now later then still thus hence likely probably apparently reportedly allegedly to have")
_NOT = words("not n't never no nor neither without nobody denied denies denying")


def find_blamed(tokens: Sequence[Token], actors: Sequence[Actor], act: int) -> list[Actor]:
    """Give those whom a sentence charges with an act, in order.

    Args:
        tokens: the sentence.
        actors: those whom it names and who may have done it, in order.
        act: index of the token that tells the act.
    """
    found: list[Actor] = []
    for actor in actors:
        charged = _accused(tokens, actor, act) or _charged(tokens, actor, act)
        if charged or (found and _joined(tokens, found[-1], actor)):
            found.append(actor)
    return found


def _accused(tokens: Sequence[Token], actor: Actor, act: int) -> bool:
    """Tell whether an accusing word leads to the name from the left."""
    at = actor.first - 1
    while at >= 0 and actor.first - at <= 9 and tokens[at].low in _DESCRIPTIVE:
        word = tokens[at].low
        if word == "to" and _ascribed(tokens, at):
            return not _cleared(tokens, at)
        if word == "of" and at and tokens[at - 1].low in _WORKS:
            return not _cleared(tokens, at - 1)
        if word in _ACCUSING and not _adjective(tokens, at):
            break
        at -= 1
    if at < 0:
        return False
    word = tokens[at].low
    before = tokens[at - 1].low if at else ""
    if word in _ACCUSING:
        if (before in _PASSIVE and not word.endswith("ing")) or _cleared(tokens, at):
            return False
        return not word.startswith("accus") or act > actor.last
    if word in _HOLDING:
        # "They hold the X responsible for the massacre."
        return before not in _PASSIVE and _held_responsible(tokens, actor) and not _cleared(tokens, at)
    if word in ("on", "upon"):
        return any(token.low.startswith(("blam", "pinn")) for token in tokens[max(0, at - 9) : at]) and not _cleared(
            tokens, at
        )
    if word == "was" and before == "it":
        # "It was the X, the commander said": but not "it was the X's radio".
        following = tokens[actor.last + 1].low if actor.last + 1 < len(tokens) else "."
        return following in (",", ".", ";", "that", "which", "who", '"', "”") and not _cleared(tokens, at)
    if word == "at":
        return _ascribed(tokens, at)
    if word == "by":
        return (before in _DONE or (before == "out" and tokens[at - 2].low == "carried")) and not _cleared(tokens, at)
    return word in ("involved", "involving") and act < at and not _cleared(tokens, at)


def _held_responsible(tokens: Sequence[Token], actor: Actor) -> bool:
    at = actor.last + 1
    while at < len(tokens) and at - actor.last <= 6 and (tokens[at].low in MEMBERS | HEADS or _aside(tokens, at)):
        at += 1
    ahead = [token.low for token in tokens[at : at + 2]]
    return ahead[:1] == ["responsible"] or (ahead[1:] == ["responsible"] and ahead[0].endswith("ly"))


def _adjective(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether "suspected" or "accused" stands before a noun as its attribute: "the suspected X rebels"."""
    before = tokens[at - 1].low if at else ","
    return tokens[at].low in ("suspected", "accused", "blamed") and (
        before in _DESCRIPTIVE or before in ("by", "of", ",", "and", "for", "with", "against", "from", "two", "three")
    )


def _ascribed(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether "to" or "at" belongs to "attributed … to", "pointed the finger at"."""
    return any(token.low in _ASCRIBING for token in tokens[max(0, at - 8) : at])


def _cleared(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a negation stands right before: "not to the X", "could not be the work of"."""
    return any(token.low in _NOT for token in tokens[max(0, at - 5) : at])


def _charged(tokens: Sequence[Token], actor: Actor, act: int) -> bool:
    """Tell whether what follows the name charges it: "X guerrillas are being held responsible"."""
    at = actor.last + 1
    while at < len(tokens) and at - actor.last <= 7 and (tokens[at].low in MEMBERS | HEADS or _aside(tokens, at)):
        at += 1
    seen: list[str] = []
    while at < len(tokens) and len(seen) <= 6 and tokens[at].low in _BE | _BETWEEN | _BELIEVED | _CHARGED | _NOT:
        seen.append(tokens[at].low)
        at += 1
    if not seen or any(word in _NOT for word in seen):
        return False
    following = tokens[at].low if at < len(tokens) else "."
    charged = any(word in _CHARGED for word in seen)
    if charged and "accused" in seen and following == "of":
        return act > at
    if charged and len(seen) > 1:
        return True
    return (
        (charged and following in (".", ",", ";", ")") and at >= len(tokens) - 1)
        or (bool(seen) and seen[-1] in ("have", "may", "could") and following in ("done", "carried", "staged"))
        or (not charged and following == "did" and tokens[min(at + 1, len(tokens) - 1)].low == "it")
    )


def _aside(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a token belongs to a short form in brackets behind a name."""
    return tokens[at].low in ("(", ")", '"', "”", "'") or (
        at + 1 < len(tokens) and tokens[at - 1].low == "(" and tokens[at + 1].low == ")"
    )


def _joined(tokens: Sequence[Token], one: Actor, other: Actor) -> bool:
    """Tell whether two names are joined by "and" or a comma, or one is the other's short form in brackets."""
    between = [token.low for token in tokens[one.last + 1 : other.first]]
    return len(between) <= 4 and "and" in between and all(word in ("and", "the", "of", ",", ")") for word in between)
