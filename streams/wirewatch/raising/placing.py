"""Takes one sorted article to the workbench: which of its claims are news, and which dossiers they open or feed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from wirewatch.alerting.grouping import Belonging, Report, base_key, find_denied, free_key, place_report
from wirewatch.alerting.stories import is_retraction
from wirewatch.dossiers import Contribution, Dossier, Says, Topic
from wirewatch.raising.contributing import contribute, day_of, merge, time_of, withdraw
from wirewatch.raising.happening import happening_keys, place_happenings
from wirewatch.raising.mentioning import mentioned_ids, place_mentions
from wirewatch.raising.workbench import Workbench
from wirewatch.raising.world import World
from wirewatch.records import Name, SortedArticle, Tier
from wirewatch.store.dossiers import EarlyDenial, keep_denial, load_denials, taken_keys
from wirewatch.watching.authorities import main_programme, programme_rank
from wirewatch.watching.claims import Action, Claim, find_claims, fold_name
from wirewatch.watching.register import NEWS, Novelty, Ruling, decide_novelty

_TOPICS = {
    Action.LIST: Topic.LISTING,
    Action.DELIST: Topic.DELISTING,
    Action.PROPOSE_LIST: Topic.PROPOSAL,
    Action.PROPOSE_DELIST: Topic.DELISTING_PROPOSAL,
    Action.DENY_LIST: Topic.REFUSAL,
    Action.DENY_DELIST: Topic.DELISTING_REFUSAL,
}
#: Claims that open are looked at before claims that might only join them.
_ORDER = list(_TOPICS)


@dataclass(frozen=True, slots=True)
class RuledClaim:
    """A claim and what the register makes of it."""

    claim: Claim
    ruling: Ruling


def place_article(bench: Workbench, item: SortedArticle) -> None:
    """Let one article open, feed, contradict or leave dossiers."""
    spoken: dict[str, Contribution] = {}
    claims = find_claims(item, bench.world.knowledge)
    names = {f"name:{fold_name(name)}" for claim in claims if not claim.organisation.id for name in claim.names}
    bench.load_for_organisations(names | {key for claim in claims for key in (claim.organisation_key, *claim.involved)})
    for ruled in rule_claims(bench, item, claims):
        if bench.metrics is not None:
            bench.metrics.novelty_decisions.labels(ruled.ruling.novelty).inc()
        placed = place_claim(bench, item, ruled)
        if placed is not None:
            key, contribution = placed
            spoken[key] = merge(spoken[key], contribution, bench.world.knowledge) if key in spoken else contribution
            bench.put(key, spoken[key])
    for key, contribution in place_happenings(bench, item):
        spoken[key] = merge(spoken[key], contribution, bench.world.knowledge) if key in spoken else contribution
        bench.put(key, spoken[key])
    for key, contribution in place_mentions(bench, item, spoken):
        spoken[key] = contribution
        bench.put(key, contribution)
    _withdraw_the_unsaid(bench, item, spoken)


def keys_of(item: SortedArticle, world: World) -> set[str]:
    """Give the keys of the organisations that an article may speak of: what must be on the bench first."""
    knowledge = world.knowledge
    keys = happening_keys(item, knowledge)
    if world.for_mentions:
        keys |= mentioned_ids(item, knowledge)
    for claim in find_claims(item, knowledge):
        keys |= {claim.organisation_key, *claim.involved}
        if not claim.organisation.id:
            keys |= {f"name:{fold_name(name)}" for name in claim.names}
    return keys


def rule_claims(bench: Workbench, item: SortedArticle, claims: tuple[Claim, ...]) -> list[RuledClaim]:
    """Ask the register about each claim; what may open an alert comes first, main programmes before lesser ones."""
    on = day_of(item.article, bench.now)
    knowledge = bench.world.knowledge
    ruled = [
        RuledClaim(claim, decide_novelty(claim, on, bench.entries_of(claim.involved[:1]), knowledge))
        for claim in claims
    ]

    def order(one: RuledClaim) -> tuple[int, bool, bool, int, bool]:
        claim = one.claim
        rank = programme_rank(claim.programme or "", claim.authority_key, knowledge)
        action = _ORDER.index(claim.action) if claim.action in _ORDER else len(_ORDER)
        alias = one.ruling.novelty is Novelty.ALIAS_ADDED
        return (action, alias, claim.programme is None, rank, claim.authority is None)

    return sorted(ruled, key=order)


def place_claim(bench: Workbench, item: SortedArticle, ruled: RuledClaim) -> tuple[str, Contribution] | None:
    """Find or open the dossier of a claim. Gives its key and what the article adds to it; None when it is no news."""
    claim, ruling = ruled.claim, ruled.ruling
    if ruling.novelty not in NEWS and not _may_be_publication(item, ruling):
        return None
    report = make_report(item, ruled, bench.now)
    dossiers = bench.dossiers_of({claim.organisation_key, *claim.involved, *(f"name:{n}" for n in report.folded_names)})
    if ruling.novelty is Novelty.DENIED:
        denied = find_denied(report, dossiers)
        against = _contribution(item, claim, Says.CONTRADICTS, bench)
        if denied is not None:
            return denied.event_key, against
        if ruling.entry is not None:
            keep_denial(
                bench.connection,
                EarlyDenial(claim.organisation_key, report.topic, claim.authority_key, claim.programme, against),
            )
    if ruling.novelty is Novelty.ALIAS_ADDED:
        # A name added beside a new listing belongs to that listing's alert.
        wider = place_report(replace(report, topic=Topic.LISTING, programme=None), dossiers)
        place = wider if wider.belonging is Belonging.FEEDS else place_report(report, dossiers)
    else:
        place = place_report(report, dossiers)
    may_open = ruling.may_open and ruling.novelty in NEWS
    if place.belonging is Belonging.RECALLS or (place.dossier is None and not may_open):
        return None
    if is_retraction(item.article.title):
        if place.dossier is None:
            return None
        taken_back = replace(_contribution(item, claim, Says.WITHDRAWN, bench), evidence=())
        return place.dossier.event_key, taken_back
    dossier = place.dossier or _open(bench, report, ruled)
    bench.rehead(_grow_head(bench, dossier, ruled))
    return dossier.event_key, _contribution(item, claim, Says.SUPPORTS, bench)


def make_report(item: SortedArticle, ruled: RuledClaim, now: datetime) -> Report:
    """Give what grouping needs to know of a claim."""
    claim, ruling = ruled.claim, ruled.ruling
    return Report(
        topic=Topic.ALIAS if ruling.novelty is Novelty.ALIAS_ADDED else _TOPICS[claim.action],
        article_id=item.article.id,
        organisation_key=claim.organisation_key,
        involved=frozenset(claim.involved),
        folded_names=frozenset() if claim.organisation.id else frozenset(map(fold_name, claim.names)),
        authority_key=claim.authority_key,
        programme=ruling.programme,
        at=time_of(item.article, now),
        weighty=item.article.tier is Tier.AUTHORITY or ruling.novelty is Novelty.REPORTED,
    )


def _may_be_publication(item: SortedArticle, ruling: Ruling) -> bool:
    """Let an authority's later publication reach the alert of its announcement, though the register holds it by now."""
    held = ruling.novelty in (Novelty.ALREADY_LISTED, Novelty.ALREADY_DELISTED)
    return held and item.article.tier is Tier.AUTHORITY


def _open(bench: Workbench, report: Report, ruled: RuledClaim) -> Dossier:
    claim, ruling = ruled.claim, ruled.ruling
    usual = main_programme(claim.authority_key, bench.world.knowledge)
    # Events too old to be on the bench are asked for as well: a new one must never take the place of one of them.
    base = base_key(report, usual)
    dossier = Dossier(
        event_key=free_key(base, {*bench.dossiers, *taken_keys(bench.connection, base)}),
        topic=report.topic,
        kind=ruling.kind,
        organisation=claim.organisation,
        organisation_key=claim.organisation_key,
        authority_key=claim.authority_key,
        programme=ruling.programme,
        also=(),
        first_at=report.at,
        last_at=report.at,
    )
    bench.open(dossier)
    _take_in_denials(bench, dossier)
    return bench.dossiers[dossier.event_key]


def _grow_head(bench: Workbench, dossier: Dossier, ruled: RuledClaim) -> Dossier:
    """Add what a new report knows better: the authority, the programme, the whole of which it is a part, the entry."""
    claim, ruling = ruled.claim, ruled.ruling
    knowledge = bench.world.knowledge
    changes: dict[str, object] = {}
    authority_key = dossier.authority_key or claim.authority_key
    if authority_key != dossier.authority_key:
        changes["authority_key"] = authority_key
    programme = ruling.programme
    if programme and dossier.programme is None:
        changes["programme"] = programme
    elif programme and programme != dossier.programme and programme not in dossier.also:
        assert dossier.programme is not None
        leads = programme_rank(programme, authority_key, knowledge) < programme_rank(
            dossier.programme, authority_key, knowledge
        )
        if leads and dossier.topic is not Topic.ALIAS:
            changes |= {"programme": programme, "also": (*dossier.also, dossier.programme)}
        else:
            changes["also"] = (*dossier.also, programme)
    entry = ruling.entry
    reported = ruling.novelty is Novelty.REPORTED and entry is not None and not bench.was_written_by_an_alert(entry)
    if reported and entry is not None and entry.programme == changes.get("programme", dossier.programme):
        day = entry.until if dossier.topic is Topic.DELISTING else entry.since
        changes["listed_since"] = day
        changes["listed_announced"] = None if dossier.topic is Topic.DELISTING else entry.announced
    body = knowledge.organisations.get(dossier.organisation.id)
    if body is not None and body.parent_id and body.parent_id == claim.organisation.id:
        changes |= {"organisation": claim.organisation, "organisation_key": claim.organisation_key}
    return replace(dossier, **changes) if changes else dossier  # type: ignore[arg-type]


def _take_in_denials(bench: Workbench, dossier: Dossier) -> None:
    """Let denials that were read before it contradict a dossier that has just been opened."""
    for denial in load_denials(bench.connection, dossier.organisation_key):
        said = denial.contribution
        report = Report(
            topic=denial.topic,
            article_id=said.article_id,
            organisation_key=denial.organisation_key,
            involved=frozenset(said.involved),
            folded_names=frozenset(),
            authority_key=denial.authority_key,
            programme=denial.programme,
            at=said.at,
            weighty=said.tier is Tier.AUTHORITY,
        )
        if find_denied(report, [dossier]) is not None:
            bench.put(dossier.event_key, said)


def _contribution(item: SortedArticle, claim: Claim, says: Says, bench: Workbench) -> Contribution:
    authority: Name | None = claim.authority
    return contribute(
        item,
        (claim.event,),
        says=says,
        names=claim.names,
        involved=claim.involved,
        authority=authority,
        programme=claim.programme,
        now=bench.now,
    )


def _withdraw_the_unsaid(bench: Workbench, item: SortedArticle, spoken: dict[str, Contribution]) -> None:
    """Mark what an earlier revision of the article said and this one does not."""
    for key, dossier in tuple(bench.dossiers.items()):
        if key in spoken:
            continue
        for old in dossier.contributions:
            if old.article_id == item.article.id and old.article_revision < item.article.revision:
                bench.put(key, withdraw(old, item.article))
