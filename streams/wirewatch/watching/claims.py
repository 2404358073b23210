"""What an article claims of an organisation's place on a list: one Claim for each organisation of each such event.

Text only: whether a claim is news is `register`'s question, which alert it feeds is `alerting.grouping`'s.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from wirewatch.knowledge.entities import Knowledge
from wirewatch.records import Event, Mention, Name, Party, SortedArticle, Status
from wirewatch.watching.authorities import authority_of_programme, canonical_authority


class Action(StrEnum):
    """What a claim says is done to a list."""

    LIST = "list"
    DELIST = "delist"
    PROPOSE_LIST = "propose-list"
    PROPOSE_DELIST = "propose-delist"
    #: Refused, blocked, put on hold; or a denial that it happened at all.
    DENY_LIST = "deny-list"
    DENY_DELIST = "deny-delist"
    #: The text itself speaks of the past.
    RECALL = "recall"


_ACTIONS: dict[tuple[str, Status], Action] = {
    ("designation", Status.NEW): Action.LIST,
    ("designation", Status.PROPOSED): Action.PROPOSE_LIST,
    ("designation", Status.DENIED): Action.DENY_LIST,
    # A listing that is revoked is a delisting, however the sorter spells it.
    ("designation", Status.REVOKED): Action.DELIST,
    ("designation", Status.UNCLEAR): Action.LIST,
    ("delisting", Status.NEW): Action.DELIST,
    ("delisting", Status.REVOKED): Action.DELIST,
    ("delisting", Status.PROPOSED): Action.PROPOSE_DELIST,
    ("delisting", Status.DENIED): Action.DENY_DELIST,
    ("delisting", Status.UNCLEAR): Action.DELIST,
}

#: The sentence speaks of adding a name to an entry, not of a new entry. "X, also known as Y," adds nothing.
_ALIAS_WORDS = re.compile(
    r"\b(?:add(?:s|ed|ing)?|amend(?:s|ed|ing)?|updat(?:es|ed|ing)|new|additional)\b[^.]{0,80}\b(?:alias(?:es)?|names?)\b"
    r"|\bas (?:an )?alias(?:es)?\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One organisation, one authority, one programme, one action, and the event that says so."""

    action: Action
    event: Event
    #: `id` is "" for a name that no organisations file holds.
    organisation: Name
    #: The organisation's id, or its folded name when it has none.
    organisation_key: str
    #: Names as the text spells them, the organisation's parts included.
    names: tuple[str, ...]
    #: Ids of the organisation and of those of its parts that the event names.
    involved: tuple[str, ...]
    #: As specific as the text names it.
    authority: Name | None
    #: The authority it acts for, or "" when the text does not tell.
    authority_key: str
    programme: str | None
    #: True when the sentence speaks of an alias.
    speaks_of_alias: bool


def find_claims(sorted_article: SortedArticle, knowledge: Knowledge) -> tuple[Claim, ...]:
    """Give every claim of an article about lists, in the order of its events."""
    claims = [
        claim
        for event in sorted_article.events
        if event.type in ("designation", "delisting")
        for claim in _claims_of(event, sorted_article.mentions, knowledge)
    ]
    return tuple(_complete(claim, claims, knowledge) for claim in claims)


def fold_name(name: str) -> str:
    """Give the form of a name that two spellings share: no marks, no case, no punctuation, no leading article."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    words = re.findall(r"\w+", bare)
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def _complete(claim: Claim, claims: list[Claim], knowledge: Knowledge) -> Claim:
    """Take from the article's other claims of the same action what this one leaves out.

    "A bid to list X was blocked" under "UN listing of X blocked" is about the UN; "the Baloch group" beside "Baloch
    Liberation Army" is that army.
    """
    kin = [other for other in claims if other.action is claim.action and other is not claim]
    if not claim.authority_key:
        keys = {other.authority_key for other in kin if other.authority_key}
        if len(keys) == 1:
            named = next(other for other in kin if other.authority_key in keys)
            claim = replace(claim, authority=claim.authority or named.authority, authority_key=named.authority_key)
    if not claim.organisation.id:
        words = set(fold_name(claim.organisation.name).split())
        for other in kin:
            body = knowledge.organisations.get(other.organisation.id)
            if body is None or other.authority_key not in ("", claim.authority_key):
                continue
            if any(words <= set(fold_name(name).split()) for name in (body.name, *body.aliases, *other.names)):
                return replace(
                    claim,
                    organisation=other.organisation,
                    organisation_key=other.organisation_key,
                    names=other.names,
                    involved=other.involved,
                )
    return claim


def _claims_of(event: Event, mentions: tuple[Mention, ...], knowledge: Knowledge) -> list[Claim]:
    action = _ACTIONS.get((event.type, event.status), Action.RECALL)
    authority_key = canonical_authority(event.authority.id, knowledge) if event.authority else ""
    authority_key = authority_key or authority_of_programme(event.programme, knowledge)
    speaks_of_alias = _ALIAS_WORDS.search(event.evidence.text) is not None
    claims = []
    for organisation, parties in _group_targets(event.targets, knowledge, unknown_are_aliases=speaks_of_alias):
        ids = {party.id for party in parties if party.id}
        spelled = [mention.surface for mention in mentions if _stands_in(mention, event, ids)]
        names = _distinct([organisation.name, *(party.name for party in parties), *spelled])
        involved = dict.fromkeys([organisation.id, *(party.id or "" for party in parties)])
        claims.append(
            Claim(
                action=action,
                event=event,
                organisation=organisation,
                organisation_key=organisation.id or f"name:{fold_name(organisation.name)}",
                names=names,
                involved=tuple(party_id for party_id in involved if party_id),
                authority=event.authority,
                authority_key=authority_key,
                programme=event.programme,
                speaks_of_alias=speaks_of_alias,
            )
        )
    return claims


def _stands_in(mention: Mention, event: Event, organisation_ids: set[str]) -> bool:
    """Tell whether a mention is one of these organisations in the sentence that says what happened."""
    return (
        mention.field is event.field
        and mention.organisation is not None
        and mention.organisation.id in organisation_ids
        and event.evidence.start <= mention.start < event.evidence.end
    )


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Give names in their order, one spelling each."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(fold_name(name), name)
    return tuple(found.values())


def _group_targets(
    targets: tuple[Party, ...], knowledge: Knowledge, *, unknown_are_aliases: bool
) -> list[tuple[Name, list[Party]]]:
    """Put the parts of an organisation under it where both are named.

    Names that no file holds stand alone when nothing known is named; beside one known organisation they are its
    aliases, when the sentence speaks of aliases, and else its people, who are no business of ours.
    """
    known = {party.id for party in targets if party.id}
    groups: dict[str, list[Party]] = {}
    unknown: list[Party] = []
    for party in targets:
        if party.id is None:
            if looks_like_a_name(party.name):
                unknown.append(party)
            continue
        body = knowledge.organisations.get(party.id)
        if body is None or body.is_authority:
            # States that are called sponsors, ministries that are sanctioned: no organisations to be watched.
            continue
        parent = body.parent_id
        groups.setdefault(parent if parent in known and parent else party.id, []).append(party)
    named = [(_name_of(key, parties, knowledge), parties) for key, parties in groups.items()]
    if len(named) == 1 and unknown_are_aliases:
        named[0][1].extend(unknown)
    if not named and unknown:
        return [(Name("", unknown[0].name), unknown)]
    return named


def looks_like_a_name(text: str) -> bool:
    """Tell a name ("Front of the Tides") from a description ("three financiers")."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 1 and any(c.isupper() or not (c.isupper() or c.islower()) for c in letters)


def _name_of(key: str, parties: list[Party], knowledge: Knowledge) -> Name:
    body = knowledge.organisations.get(key)
    if body is not None:
        return body.as_name
    return next((Name(key, party.name) for party in parties if party.id == key), Name(key, parties[0].name))
