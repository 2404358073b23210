"""What do we believe, and in which words? State, order of quotes, best headline, of a dossier. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from wirewatch.alerting.stories import is_retraction
from wirewatch.dossiers import Contribution, Dossier, Says, Topic
from wirewatch.records import AlertState, Evidence, Field, Tier

#: Against a claim that no authority has confirmed, a denial counts as much as the word of its source.
WEIGHTS = {Tier.AUTHORITY: 100, Tier.WIRE: 2, Tier.OUTLET: 1, Tier.OTHER: 1}
#: More quotes than this no reader reads; the sources are all named.
MAX_QUOTES = 12
#: How good a headline each tier writes: agencies state the fact, authorities write titles of documents.
_HEADLINE_TIERS = (Tier.WIRE, Tier.OUTLET, Tier.AUTHORITY, Tier.OTHER)


def settle(contributions: Sequence[Contribution]) -> tuple[Contribution, ...]:
    """Give what each article says in the end: what its own feed has denied or retracted since counts as withdrawn."""
    takers = [
        item
        for item in contributions
        if item.says is Says.CONTRADICTS or (item.says is Says.WITHDRAWN and is_retraction(item.title))
    ]
    if not takers:
        return tuple(contributions)
    return tuple(
        replace(item, says=Says.WITHDRAWN)
        if item.says is Says.SUPPORTS and any(one.feed_id == item.feed_id and one.at >= item.at for one in takers)
        else item
        for item in contributions
    )


def decide_state(dossier: Dossier, originals: dict[str, str], independent: int) -> AlertState:
    """Decide how sure we are.

    Confirmed: the register holds it, or a feed of tier `authority` says so. Retracted: everybody who said so has taken
    it back. Contradicted: those who deny it outweigh those who still say so. An event that is no listing is confirmed
    by two `independent` voices, too.
    """
    supporting = [item for item in dossier.contributions if item.says is Says.SUPPORTS]
    support = _weight(supporting, originals)
    denial = _weight([item for item in dossier.contributions if item.says is Says.CONTRADICTS], originals)
    if not supporting and dossier.listed_since is None:
        return AlertState.RETRACTED if denial == 0 else AlertState.CONTRADICTED
    if dossier.listed_since is not None:
        support += WEIGHTS[Tier.AUTHORITY]
    if denial > support or (denial >= WEIGHTS[Tier.AUTHORITY] and _authority_spoke_last(dossier, Says.CONTRADICTS)):
        return AlertState.CONTRADICTED
    if support >= WEIGHTS[Tier.AUTHORITY]:
        return AlertState.CONFIRMED
    if dossier.topic in (Topic.EVENT, Topic.MENTION) and independent > 1 and support > 2 * denial:
        return AlertState.CONFIRMED
    return AlertState.UNCONFIRMED


def order_evidence(contributions: Sequence[Contribution], originals: dict[str, str]) -> tuple[Evidence, ...]:
    """Give quotes by weight: authorities first, originals before copies, sure before unsure; no quote twice."""
    supporting = [item for item in contributions if item.says is Says.SUPPORTS]
    ordered = sorted(
        supporting,
        key=lambda item: (
            -WEIGHTS[item.tier],
            originals[item.article_id] != item.article_id,
            -item.score,
            item.at,
            item.article_id,
        ),
    )
    quotes: dict[str, Evidence] = {}
    for item in ordered:
        for evidence in item.evidence:
            quotes.setdefault(" ".join(evidence.quote.split()).casefold(), evidence)
    return tuple(quotes.values())[:MAX_QUOTES]


def choose_headline(contributions: Iterable[Contribution], originals: dict[str, str]) -> str:
    """Give the title that says it best: it states the event itself, an original, by the tier that writes it best."""
    candidates = sorted(
        contributions,
        key=lambda item: (
            item.says is not Says.SUPPORTS,
            not any(evidence.field is Field.TITLE for evidence in item.evidence),
            not item.title,
            originals[item.article_id] != item.article_id,
            _HEADLINE_TIERS.index(item.tier),
            item.at,
            item.article_id,
        ),
    )
    return candidates[0].title if candidates else ""


def _weight(items: Sequence[Contribution], originals: dict[str, str]) -> int:
    """Add up weights, each text once."""
    best: dict[str, int] = {}
    for item in items:
        text = originals[item.article_id]
        best[text] = max(best.get(text, 0), WEIGHTS[item.tier])
    return sum(best.values())


def _authority_spoke_last(dossier: Dossier, says: Says) -> bool:
    spoken = [item for item in dossier.contributions if item.tier is Tier.AUTHORITY and item.says is not Says.WITHDRAWN]
    return bool(spoken) and max(spoken, key=lambda item: (item.at, item.article_id)).says is says
