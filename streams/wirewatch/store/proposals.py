"""Names that confirmed listings brought up and no organisations file holds: they wait for a person to accept them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Connection, Row, String, Table, select

from wirewatch.store.tables import UtcTime, metadata
from wirewatch.store.upserting import upsert


class ProposalState(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A name for the organisations files."""

    id: str
    #: The name as the text spells it.
    name: str
    #: The organisation whose alias it would be; "" proposes a new organisation.
    organisation_id: str
    alert_id: str
    #: The words that brought it up.
    quote: str
    url: str
    state: ProposalState
    proposed_at: datetime


proposals = Table(
    "proposals",
    metadata,
    Column("proposal_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("organisation_id", String, nullable=False),
    Column("alert_id", String, nullable=False),
    Column("quote", String, nullable=False),
    Column("url", String, nullable=False),
    Column("state", String, nullable=False),
    Column("proposed_at", UtcTime, nullable=False),
)


def put_proposals(connection: Connection, new: tuple[Proposal, ...]) -> None:
    """Write proposals; one that is there already, decided or not, stays as it is."""
    rows = [
        {
            "proposal_id": item.id,
            "name": item.name,
            "organisation_id": item.organisation_id,
            "alert_id": item.alert_id,
            "quote": item.quote,
            "url": item.url,
            "state": item.state.value,
            "proposed_at": item.proposed_at,
        }
        for item in new
    ]
    upsert(connection, proposals, rows, key=("proposal_id",))


def list_proposals(connection: Connection, state: ProposalState | None = ProposalState.OPEN) -> tuple[Proposal, ...]:
    """Give proposals, the oldest first; None gives those of every state."""
    query = select(proposals).order_by(proposals.c.proposed_at, proposals.c.proposal_id)
    if state is not None:
        query = query.where(proposals.c.state == state.value)
    return tuple(_proposal_of(row) for row in connection.execute(query))


def find_proposal(connection: Connection, proposal_id: str) -> Proposal | None:
    """Give one proposal."""
    row = connection.execute(select(proposals).where(proposals.c.proposal_id == proposal_id)).first()
    return None if row is None else _proposal_of(row)


def decide_proposal(connection: Connection, proposal_id: str, state: ProposalState) -> None:
    """Write down what a person decided."""
    connection.execute(proposals.update().where(proposals.c.proposal_id == proposal_id).values(state=state.value))


def _proposal_of(row: Row[tuple[object, ...]]) -> Proposal:
    return Proposal(
        id=row.proposal_id,
        name=row.name,
        organisation_id=row.organisation_id,
        alert_id=row.alert_id,
        quote=row.quote,
        url=row.url,
        state=ProposalState(row.state),
        proposed_at=row.proposed_at,
    )
