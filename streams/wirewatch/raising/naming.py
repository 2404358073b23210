"""After a confirmed listing: names that no organisations file holds become proposals for a person."""

from __future__ import annotations

from wirewatch import ids
from wirewatch.dossiers import Dossier, Says, Topic
from wirewatch.raising.workbench import Workbench
from wirewatch.records import Alert, AlertState
from wirewatch.store.proposals import Proposal, ProposalState, put_proposals
from wirewatch.watching.claims import fold_name

#: A name of more words is a description.
MAX_NAME_WORDS = 8


def propose_names(bench: Workbench, dossier: Dossier, alert: Alert) -> None:
    """Propose what a confirmed listing teaches: a new organisation, or further names of a known one; never a sample."""
    if dossier.topic not in (Topic.LISTING, Topic.ALIAS) or alert.state is not AlertState.CONFIRMED or alert.sample:
        return
    known = _known_names(bench, alert)
    target = dossier.organisation.id
    fresh = [name for name in alert.names if fold_name(name) not in known and len(name.split()) <= MAX_NAME_WORDS]
    if not target:
        # Its other names are aliases of an organisation that is not there yet: they come when it is.
        fresh = fresh[:1]
    put_proposals(bench.connection, tuple(_proposal(bench, dossier, alert, name, target) for name in fresh))


def _known_names(bench: Workbench, alert: Alert) -> set[str]:
    organisations = bench.world.knowledge.organisations
    bodies = [organisations[one] for one in alert.involved if one in organisations]
    return {
        fold_name(name)
        for body in bodies
        for name in (body.name, *body.aliases, *body.weak_aliases, *body.previous_names, *body.abbreviations)
    }


def _proposal(bench: Workbench, dossier: Dossier, alert: Alert, name: str, target: str) -> Proposal:
    said = [item for item in dossier.contributions if item.says is Says.SUPPORTS]
    source = next((item for item in said if name in item.names), said[0])
    return Proposal(
        id=ids.derive_id("prop", target, fold_name(name)),
        name=name,
        organisation_id=target,
        alert_id=alert.id,
        quote=source.evidence[0].quote if source.evidence else source.title,
        url=source.url,
        state=ProposalState.OPEN,
        proposed_at=bench.now,
    )
