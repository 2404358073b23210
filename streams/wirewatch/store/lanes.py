"""Who may send what of the outbox, now: lanes are leased, served in order, and every attempt asks again (fencing).

A sender that was paused, or whose lease ran out, finds out at `begin_attempt`, before it sends. Called by
`delivering.sending`; decides nothing about retries (`delivering.retrying` does).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, and_, exists, func, insert, or_, select, update

from wirewatch.records import Delivery, DeliveryState
from wirewatch.store import outbox
from wirewatch.store.outbox import IS_OPEN, attempts, deliveries, lanes


@dataclass(frozen=True, slots=True)
class Lane:
    """One road of one subscription that has something to send."""

    name: str
    subscription_id: str
    road: str
    #: Failures in a row, attempts out of turn not counted.
    failures: int = 0
    #: Until when the receiver was to be left alone; later than now when a new notice tries out of turn.
    blocked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A notice that is ours to send."""

    delivery: Delivery
    #: When it was first meant to leave.
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Settlement:
    """What one attempt came to."""

    state: DeliveryState
    error: str = ""
    #: When this notice alone is tried again, where the fault lies with it and not with the receiver.
    retry_at: datetime | None = None
    #: Until when the whole lane waits, where the fault lies with the receiver.
    blocked_until: datetime | None = None
    #: From when a notice planned meanwhile may try the lane.
    probe_from: datetime | None = None
    #: Failures of the lane in a row, from now on.
    failures: int = 0
    #: Hash of the address that said it is gone.
    disabled_target: str = ""


class Grant(StrEnum):
    """Whether an attempt may be made."""

    GRANTED = "granted"
    #: Another sender owns the lane now, or the lease ran out.
    LANE_LOST = "lane_lost"
    #: The notice was settled meanwhile.
    NOT_OPEN = "not_open"


def list_due_lanes(connection: Connection, now: datetime) -> tuple[Lane, ...]:
    """Give the lanes that nobody serves and that have something to send now, those that did not fail lately first."""
    waiting = and_(deliveries.c.lane == lanes.c.lane, IS_OPEN, deliveries.c.next_attempt_at <= now)
    arrived = and_(waiting, deliveries.c.attempts == 0, deliveries.c.due_at > lanes.c.last_attempt_at)
    named = (lanes.c.lane, lanes.c.subscription_id, lanes.c.road, lanes.c.failures, lanes.c.blocked_until)
    query = select(*named).where(
        lanes.c.disabled_at.is_(None),
        or_(lanes.c.lease_until.is_(None), lanes.c.lease_until <= now),
        exists().where(waiting),
        or_(
            lanes.c.blocked_until.is_(None),
            lanes.c.blocked_until <= now,
            and_(lanes.c.probe_from <= now, exists().where(arrived)),
        ),
    )
    return tuple(Lane(*row) for row in connection.execute(query.order_by(lanes.c.failures, lanes.c.lane)))


def claim_lane(
    connection: Connection, lane: str, *, owner: str, now: datetime, lease_until: datetime, limit: int
) -> tuple[Claim, ...]:
    """Take a free lane and give its first due notices, in the order of planning; nothing when it is taken."""
    taken = (
        update(lanes)
        .where(
            lanes.c.lane == lane,
            lanes.c.disabled_at.is_(None),
            or_(lanes.c.lease_until.is_(None), lanes.c.lease_until <= now),
        )
        .values(owner=owner, lease_until=lease_until)
    )
    if not connection.execute(taken).rowcount:
        return ()
    query = (
        select(deliveries)
        .where(deliveries.c.lane == lane, IS_OPEN, deliveries.c.next_attempt_at <= now)
        .order_by(deliveries.c.sequence)
        .limit(limit)
    )
    return tuple(Claim(outbox.delivery_of(row), row.due_at) for row in connection.execute(query))


def begin_attempt(
    connection: Connection, lane: str, delivery_id: str, *, owner: str, now: datetime, lease_until: datetime
) -> Grant:
    """Ask, just before sending, whether the lane is still ours; renews the lease and counts the attempt."""
    renewed = (
        update(lanes)
        .where(
            lanes.c.lane == lane,
            lanes.c.owner == owner,
            lanes.c.lease_until > now,
            lanes.c.disabled_at.is_(None),
        )
        .values(lease_until=lease_until, last_attempt_at=now)
    )
    if not connection.execute(renewed).rowcount:
        return Grant.LANE_LOST
    begun = (
        update(deliveries)
        .where(deliveries.c.delivery_id == delivery_id, IS_OPEN)
        .values(state=DeliveryState.SENDING, attempts=deliveries.c.attempts + 1)
    )
    return Grant.GRANTED if connection.execute(begun).rowcount else Grant.NOT_OPEN


def settle_attempt(
    connection: Connection, lane: str, delivery_id: str, settlement: Settlement, *, owner: str, now: datetime
) -> bool:
    """Write down what an attempt came to.

    That a notice was delivered is a fact and is written whoever owns the lane; everything else only by its owner.

    Returns:
        Whether it was written.
    """
    delivered = settlement.state is DeliveryState.DELIVERED
    lane_values: dict[str, object] = {
        "failures": settlement.failures,
        "blocked_until": settlement.blocked_until,
        "probe_from": settlement.probe_from,
    }
    if settlement.state is DeliveryState.DISABLED:
        lane_values |= {"disabled_at": now, "disabled_target": settlement.disabled_target}
    owned = connection.execute(
        update(lanes).where(lanes.c.lane == lane, lanes.c.owner == owner).values(**lane_values)
    ).rowcount
    if not owned and not delivered:
        return False
    values: dict[str, object] = {"state": settlement.state, "last_error": settlement.error}
    if delivered:
        values["delivered_at"] = now
    if settlement.retry_at is not None:
        values["next_attempt_at"] = settlement.retry_at
    chosen = update(deliveries).where(deliveries.c.delivery_id == delivery_id, IS_OPEN)
    written = connection.execute(chosen.values(**values)).rowcount
    if settlement.state is DeliveryState.DISABLED:
        rest = update(deliveries).where(deliveries.c.lane == lane, IS_OPEN)
        connection.execute(rest.values(state=DeliveryState.DISABLED, last_error=settlement.error))
    last = connection.execute(select(func.max(attempts.c.number)).where(attempts.c.delivery_id == delivery_id)).scalar()
    row = {"delivery_id": delivery_id, "number": (last or 0) + 1, "finished_at": now}
    connection.execute(insert(attempts).values(**row, state=settlement.state, error=settlement.error))
    return bool(written)


def begin_first_open(
    connection: Connection, lane: str, delivery_ids: Sequence[str], *, owner: str, now: datetime, lease_until: datetime
) -> str | None:
    """Begin the first of these notices that is still open; gives its id, or None when none is or the lane is lost."""
    for delivery_id in delivery_ids:
        grant = begin_attempt(connection, lane, delivery_id, owner=owner, now=now, lease_until=lease_until)
        if grant is Grant.GRANTED:
            return delivery_id
        if grant is Grant.LANE_LOST:
            return None
    return None


def take_lane(
    connection: Connection, lane: str, *, owner: str, now: datetime, lease_until: datetime, limit: int
) -> tuple[tuple[Claim, ...], str | None]:
    """Claim a lane and begin its first notice, in one transaction; gives what was claimed and what was begun."""
    claims = claim_lane(connection, lane, owner=owner, now=now, lease_until=lease_until, limit=limit)
    ids = [claim.delivery.id for claim in claims]
    begun = begin_first_open(connection, lane, ids, owner=owner, now=now, lease_until=lease_until)
    if begun is None:
        release_lane(connection, lane, owner)
    return claims, begun


def settle_and_go_on(
    connection: Connection,
    lane: str,
    delivery_id: str,
    settlement: Settlement,
    *,
    then: Sequence[str],
    owner: str,
    now: datetime,
    lease_until: datetime,
) -> tuple[bool, str | None]:
    """Settle one notice and begin the next of `then`, in one transaction; with nothing to begin, let go of the lane.

    Returns:
        Whether the settlement was written, and what was begun.
    """
    written = settle_attempt(connection, lane, delivery_id, settlement, owner=owner, now=now)
    begun = begin_first_open(connection, lane, then, owner=owner, now=now, lease_until=lease_until)
    if begun is None:
        release_lane(connection, lane, owner)
    return written, begun


def release_lane(connection: Connection, lane: str, owner: str) -> None:
    """Let go of a lane, if it is still ours; what was begun and not settled goes back to waiting."""
    released = update(lanes).where(lanes.c.lane == lane, lanes.c.owner == owner).values(owner=None, lease_until=None)
    if connection.execute(released).rowcount:
        begun = and_(deliveries.c.lane == lane, IS_OPEN, deliveries.c.state == DeliveryState.SENDING)
        connection.execute(update(deliveries).where(begun).values(state=DeliveryState.PENDING))


def reopen_changed_lanes(connection: Connection, targets: Mapping[str, str], now: datetime) -> tuple[str, ...]:
    """Open disabled lanes whose address is no longer the one that said it is gone.

    Args:
        connection: In a transaction.
        targets: The hash of today's address, by lane.
        now: When their notices are due again.

    Returns:
        The lanes that were opened.
    """
    query = select(lanes.c.lane, lanes.c.disabled_target).where(lanes.c.disabled_at.is_not(None))
    changed = tuple(name for name, target in connection.execute(query) if name in targets and targets[name] != target)
    outbox.open_lanes(connection, changed)
    waiting = and_(deliveries.c.lane.in_(changed), deliveries.c.state == DeliveryState.DISABLED)
    planned = {"state": DeliveryState.PENDING, "due_at": now, "next_attempt_at": now}
    connection.execute(update(deliveries).where(waiting).values(**planned))
    return changed


def list_disabled_lanes(connection: Connection) -> tuple[tuple[str, datetime], ...]:
    """Give the lanes whose receiver said that it is gone, and since when."""
    query = select(lanes.c.lane, lanes.c.disabled_at).where(lanes.c.disabled_at.is_not(None)).order_by(lanes.c.lane)
    return tuple((row.lane, row.disabled_at) for row in connection.execute(query))
