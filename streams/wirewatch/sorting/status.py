"""Decides the status of an act from its verb, its clause, what governs it and its dates. Pure.

Called by `reading`. Each cue that counted is named, so that `wirewatch try` and an alert can show why.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from wirewatch.records import Status
from wirewatch.sorting.clauses import Clause, ClauseKind
from wirewatch.sorting.cues import Effect, Language
from wirewatch.sorting.dates import Age
from wirewatch.sorting.governing import Governor
from wirewatch.sorting.shapes import Rule
from wirewatch.sorting.verbs import Reading, Use
from wirewatch.sorting.vocabulary import APPROVABLE, CONTESTING, ORDINALS, PAST_ADJECTIVES, SETTLED


class Circumstances(NamedTuple):
    """Everything about a trigger that bears on its status."""

    rule: Rule
    reading: Reading
    clause: Clause
    governors: Sequence[Governor]
    #: Age of the nearest date of the clause, and the words of it.
    age: Age | None
    age_text: str
    #: Words close to the verb group ("previously", "now").
    near: Sequence[str]
    headline: bool
    #: True when the headline has no other verb, so that a bare participle is its predicate.
    bare: bool
    question: bool
    #: Number of bodies named as doing it.
    doers: int
    #: Position of the sentence in its field, 0 for the first.
    position: int
    #: The words behind the trigger, up to 25.
    after: Sequence[str]
    #: True when the clause's subject is nobody.
    nobody: bool


#: Verbs by which a listing that there is goes on.
_STAYING = frozenset(("stay", "stays", "stayed", "stands", "remains", "remained"))
_APPROVING = (
    "approv",
    "pass",
    "adopt",
    "endors",
    "ratif",
    "sign",
    "enact",
    "accept",
    "vote",
    "back",
    "grant",
    "won",
    "win",
    "obtain",
    "secur",
    "used",
    "uses",
    "using",
    "invok",
    "exercis",
)
_BINDING = frozenset(
    ("approve", "approves", "sign", "signs", "approved", "passed", "signed", "adopted", "enacted", "voted")
)
_ACTS = frozenset(("order", "decree", "instrument", "law", "act", "regulation", "regulations", "proclamation"))
_OBJECTING = ("reject", "dismiss", "oppos", "den", "decr", "resist", "defy", "defi", "refut")


def decide_status(about: Circumstances, language: Language) -> tuple[Status, tuple[str, ...]]:
    """Give the status and the cues that made it."""
    status, cues = _by_verb(about, language)
    done = about.rule.done
    if (status is Status.NEW or status is Status.BACKGROUND) and "counted" not in cues:
        status, more = _by_clause(about, status, language)
        cues += more
    if about.question and status is Status.NEW and not about.headline:
        return Status.PROPOSED, (*cues, "question")
    if about.question and about.headline and about.reading.use in (Use.MODAL, Use.INFINITIVE):
        return Status.PROPOSED, (*cues, "question")
    if status is Status.NEW and done is not Status.NEW:
        if about.rule.id.endswith(".considered") and any(cue.startswith("states") for cue in cues):
            # "decided to treat X as": what is otherwise an attitude has just been adopted.
            return status, cues
        return done, cues
    return status, cues


def _by_verb(about: Circumstances, language: Language) -> tuple[Status, tuple[str, ...]]:
    reading = about.reading
    use = reading.use
    cue: tuple[str, ...] = (f"{'passive ' if reading.passive else ''}{use}",)
    if use is Use.MODAL:
        if reading.negated:
            return Status.DENIED, (*cue, "negated")
        if reading.modal == "will" and _BINDING & set(about.after) and _ACTS & set(about.after):
            # "will be outlawed from midnight after peers approved the order": bound to happen, so it has happened.
            return Status.NEW, (*cue, "bound")
        if reading.modal == "shall":
            # The language of decisions: what shall be added is added.
            return Status.NEW, (*cue, "decreed")
        return Status.PROPOSED, (*cue, f"modal {reading.modal}")
    if use in (Use.INFINITIVE, Use.GERUND, Use.NOUN):
        return _governed(about, cue, language)
    if use is Use.PARTICIPLE:
        outer = next((governor for governor in about.governors if not governor.noun), None)
        if outer and outer.effect is Effect.PROPOSES and reading.first - outer.at <= 9 and not about.headline:
            return Status.PROPOSED, (*cue, f"proposes: {outer.word}")
        if about.headline and about.bare:
            return Status.NEW, (*cue, "headline")
        if about.age is Age.FRESH:
            return Status.NEW, (*cue, f"fresh: {about.age_text}")
        return Status.BACKGROUND, (*cue, "reduced relative")
    if use is Use.FRONTED and {"newly", "freshly", "just"} & {*about.near, *reading.group}:
        return Status.NEW, (*cue, "newly")
    if use is Use.FRONTED and about.age is Age.FRESH:
        # "Banned on Monday were …", "Added on Monday: …".
        return Status.NEW, (*cue, f"fresh: {about.age_text}")
    if use in (Use.ATTRIBUTIVE, Use.FRONTED):
        possible = next(
            (governor for governor in about.governors[:1] if governor.word in language.classes["possible"]), None
        )
        if possible:
            return Status.PROPOSED, (*cue, f"proposes: {possible.word}")
        return Status.BACKGROUND, cue
    if reading.negated or about.nobody:
        return Status.DENIED, (*cue, "negated")
    if about.clause.kind in (ClauseKind.CONDITION,):
        return Status.PROPOSED, (*cue, f"condition: {about.clause.opener}")
    composed = _compose(about.governors, language)
    if composed in (Status.DENIED, Status.PROPOSED) and about.governors:
        return composed, (*cue, *_named(about.governors))
    if use is Use.PLUPERFECT:
        said = about.clause.kind is ClauseKind.COMPLEMENT or _reported(about, language)
        fresh = about.age is Age.FRESH
        if (said or fresh) and about.age is not Age.OLD and not _past_words(about, language):
            return Status.NEW, (*cue, "reported" if said else "fresh")
        return Status.BACKGROUND, cue
    if use is Use.PRESENT and reading.passive and not about.headline:
        if about.age is Age.FRESH or "now" in about.near or "hereby" in about.near:
            return Status.NEW, (*cue, "now")
        return about.rule.stative, (*cue, "stative")
    if use is Use.PRESENT and not about.headline and about.age is not Age.FRESH and about.rule.type == "designation":
        solemn = any(
            word in {"hereby", "formally", "officially", "now", "accordingly"}
            for word in (*about.near, *about.after[:1])
        )
        if (about.position > 0 and not solemn) or about.doers > 1:
            # "The United States lists the group": a state of things, told deep in an article.
            return Status.BACKGROUND, (*cue, "habitual")
    if use is Use.PERFECT and reading.passive and about.doers > 1 and about.age is not Age.FRESH:
        return Status.BACKGROUND, (*cue, "several bodies")
    return Status.NEW, cue


def _reported(about: Circumstances, language: Language) -> bool:
    return any(word in {"said", "says", "announced", "confirmed"} for word in about.near)


def _named(governors: Sequence[Governor]) -> tuple[str, ...]:
    return tuple(
        f"{governor.effect}: {governor.word}" for governor in governors[:3] if governor.effect is not Effect.REPORTS
    )


def _governed(about: Circumstances, cue: tuple[str, ...], language: Language) -> tuple[Status, tuple[str, ...]]:
    reading, clause = about.reading, about.clause
    composed = _compose(about.governors, language)
    named = _named(about.governors)
    if about.nobody and reading.use is not Use.NOUN:
        return Status.DENIED, (*cue, "nobody")
    if reading.use is Use.GERUND and about.near[-1:] in (["by"], ["in"], ["after"]) and composed is not Status.DENIED:
        # "stepped up its efforts by listing X": the means share the fate of the main verb.
        if about.near[-1:] == ["by"] and any(word in language.classes["modals"] for word in about.near):
            return Status.PROPOSED, (*cue, "by")
        return Status.NEW, (*cue, "means")
    if composed is Status.DENIED and reading.use is Use.NOUN and about.near[-1:] in (["its"], ["their"]):
        outer = next((governor for governor in about.governors if not governor.noun), None)
        if outer is not None and outer.word.startswith(("reject", "dismiss", "decr", "resist", "def")):
            # "the group rejected its designation": whom it was done to cannot undo it.
            return Status.NEW, (*cue, *named, "objects")
    if (
        reading.use is Use.NOUN
        and [governor.word for governor in about.governors] == ["against"]
        and any(word in {"the", "its", "their", "'s", "this"} for word in about.near)
    ):
        # "marched against Norland's designation": what people march against is there.
        return Status.NEW, (*cue, *named, "objects")
    fate = _fate(about, language)
    if fate is not None and (
        composed is Status.PROPOSED
        or (composed is None and reading.use is Use.NOUN)
        or (composed is Status.NEW and fate is Status.PROPOSED)
    ):
        return fate, (*cue, *named, "predicate")
    if reading.negated and (composed is Status.NEW or composed is None or reading.use is not Use.NOUN):
        return Status.DENIED, (*cue, "negated", *named)
    if composed is not None:
        if clause.kind is ClauseKind.CONDITION and composed is Status.NEW:
            return Status.PROPOSED, (*cue, f"condition: {clause.opener}")
        return composed, (*cue, *named)
    if clause.kind is ClauseKind.CONDITION:
        return Status.PROPOSED, (*cue, f"condition: {clause.opener}")
    if reading.use is Use.INFINITIVE:
        if any(word in ORDINALS for word in about.near):
            # "the fourth group to be banned": a count of what was done.
            return Status.NEW, (*cue, "counted")
        if _BINDING & set(about.after) and _ACTS & set(about.after):
            return Status.NEW, (*cue, "bound")
        return Status.PROPOSED, (*cue, "no governor")
    if reading.use is Use.GERUND:
        return (Status.BACKGROUND if reading.passive else Status.NEW), cue
    if reading.use is Use.NOUN and any(word in _STAYING for word in about.after[:8]):
        return Status.BACKGROUND, (*cue, "stays")
    if about.age is Age.FRESH and about.rule.alone:
        return Status.NEW, (*cue, f"fresh: {about.age_text}")
    if (
        reading.use is Use.NOUN
        and reading.first - clause.start <= 5
        and any(word in language.lexicons["evaluates"] for word in about.after[:12])
        and about.rule.alone
        and not any(word in language.classes["past"] for word in about.near)
    ):
        return Status.NEW, (*cue, "judged")
    if reading.use is Use.NOUN and any(word.startswith(CONTESTING) for word in about.near):
        # "upholds the ban", "challenges the ban": it stood before.
        return about.rule.nominal, (*cue, "contested")
    if about.headline and about.rule.alone:
        return Status.NEW, (*cue, "headline")
    if _presupposed(about, language):
        return Status.NEW, (*cue, "presupposed")
    return about.rule.nominal, cue


def _presupposed(about: Circumstances, language: Language) -> bool:
    """Tell whether a noun stands for the news itself: "Norland's ban on X", in the first sentence, with nothing old."""
    return (
        about.reading.use is Use.NOUN
        and about.rule.id.endswith((".nominal", ".ban-noun"))
        and about.rule.alone
        and about.position == 0
        and about.age is not Age.OLD
        and about.clause.kind is ClauseKind.MAIN
        and any(word in {"the", "its", "their", "'s", "this"} for word in about.near)
        and not any(word in language.classes["past"] for word in (*about.near, *about.after[:12]))
    )


def _compose(governors: Sequence[Governor], language: Language) -> Status | None:
    """Read the governors from the inside out."""
    status: Status | None = None
    noun = ""
    for governor in governors[:4]:
        word = governor.word
        if governor.effect is Effect.PROPOSES:
            if status is None or (status is Status.NEW and not governor.noun):
                status, noun = Status.PROPOSED, word if governor.noun else ""
            elif status is Status.PROPOSED and not governor.noun:
                noun = ""
        elif governor.effect is Effect.DENIES:
            if status is Status.NEW and word.startswith(_OBJECTING):
                continue
            status = Status.DENIED
        elif governor.effect is Effect.STATES:
            if status is None or (
                status is Status.PROPOSED and noun.rstrip("s") in APPROVABLE and word.startswith(_APPROVING)
            ):
                status = Status.NEW
        elif governor.effect is Effect.REACTS and status is None:
            status = Status.NEW
    return status


def _fate(about: Circumstances, language: Language) -> Status | None:
    """Read what becomes of a proposal that is the subject: "a bid to list X was put on hold", "… was rejected"."""
    outer = [governor for governor in about.governors if governor.effect is not Effect.REPORTS]
    if outer and not outer[-1].noun:
        return None
    words = list(about.after)
    for at, word in enumerate(words):
        if word in {"which", "who", ";"}:
            return None
        pair, triple = " ".join(words[at : at + 2]), " ".join(words[at : at + 3])
        if word == "would" and about.governors and about.governors[-1].effect is Effect.STATES and at < 20:
            return Status.PROPOSED
        if word in {"would", "could", "might"} and not about.governors and at < 6:
            return Status.PROPOSED
        if triple in {"put on hold", "placed on hold", "turned it down"} or pair in {
            "voted down",
            "turned down",
            "on hold",
            "ruled out",
        }:
            return Status.DENIED
        passive = any(earlier in language.classes["be"] for earlier in words[max(0, at - 2) : at]) or (
            about.headline and not at and word.endswith("ed")
        )
        if passive and language.verbs.get(word) is Effect.DENIES:
            return Status.DENIED
        if passive and at < 8 and language.verbs.get(word) is Effect.PROPOSES and not about.governors:
            return Status.PROPOSED
        if triple == "in the works" or (at < 3 and word in {"looms", "looming", "imminent", "likely", "mulled"}):
            return Status.PROPOSED
        if word in {"failed", "collapsed", "stalled"}:
            return Status.DENIED
        if passive and word in SETTLED:
            return Status.NEW
        if (
            triple in {"came into force", "comes into force", "entered into force", "came into effect"}
            or pair in {"took effect", "takes effect", "entered force"}
        ) and about.age is not Age.OLD:
            return Status.NEW
    return None


def _past_words(about: Circumstances, language: Language) -> str:
    words = [*about.near, *about.after[:2]]
    for at, word in enumerate(about.near):
        if word not in language.classes["past"] or (word in PAST_ADJECTIVES and about.reading.use is not Use.NOUN):
            continue
        if word == "first" and ((at and words[at - 1] == "the") or words[at + 1 : at + 2] == ["time"]):
            continue
        return word
    return ""


def _by_clause(about: Circumstances, status: Status, language: Language) -> tuple[Status, tuple[str, ...]]:
    """Let dates and the kind of clause overrule what the verb says."""
    kind, age = about.clause.kind, about.age
    if age is Age.OLD and status is Status.NEW:
        return Status.BACKGROUND, (f"old: {about.age_text}",)
    if age is Age.FUTURE and status is Status.NEW and about.reading.use in (Use.PRESENT, Use.PROGRESSIVE):
        return Status.PROPOSED, (f"future: {about.age_text}",)
    if kind in (ClauseKind.RELATIVE, ClauseKind.BRACKET, ClauseKind.TEMPORAL):
        if age is Age.FRESH and about.reading.use is not Use.ATTRIBUTIVE:
            return Status.NEW, (f"fresh: {about.age_text}",)
        if status is Status.NEW:
            return Status.BACKGROUND, (f"{kind}: {about.clause.opener}",)
    if status is Status.NEW and age is not Age.FRESH and (word := _past_words(about, language)):
        return Status.BACKGROUND, (f"past: {word}",)
    if status is Status.NEW and age is Age.FRESH:
        return status, (f"fresh: {about.age_text}",)
    return status, ()
