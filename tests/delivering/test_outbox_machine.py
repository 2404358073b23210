"""The outbox against a model: whatever is planned, taken, sent, crashed, paused and settled in whatever order."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.delivering.building import a_delivery, open_store
from tests.fakes import FakeClock
from wirewatch.delivering.retrying import decide_settlement
from wirewatch.errors import DeliveryError
from wirewatch.records import DeliveryState
from wirewatch.store import lanes, outbox
from wirewatch.store.lanes import Claim, Lane

LANES = ("a/webhook-0", "b/webhook-0")
LEASE = timedelta(seconds=30)
OUTCOMES = (None, "timeout", "rejected", "status_5xx")


@dataclass(slots=True)
class Sender:
    """One that holds a lane, as far as it knows."""

    owner: str
    lane: Lane
    claims: dict[str, Claim]
    begun: str
    left: list[str] = field(default_factory=list)


class OutboxMachine(RuleBasedStateMachine):
    """Plans, takes, settles and crashes; keeps what was planned, posted and marked."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._database = open_store(Path(self._folder.name))
        self._clock = FakeClock()
        self._senders: list[Sender] = []
        self._names = 0
        self.planned: dict[str, str] = {}
        self.delivered: set[str] = set()
        self.posted: list[str] = []

    def teardown(self) -> None:
        """Close the store."""
        self._database.close()
        self._folder.cleanup()

    @rule(subscription=st.sampled_from("ab"), later=st.sampled_from((0, 0, 0, 600)))
    def plan(self, subscription: str, later: int) -> None:
        """Plan a notice, now or for later."""
        at = self._clock.now() + timedelta(seconds=later)
        delivery = a_delivery(len(self.planned), subscription=subscription, at=self._clock.now(), next_attempt_at=at)
        with self._database.transaction() as connection:
            assert outbox.insert_deliveries(connection, [delivery]) == 1
            assert outbox.insert_deliveries(connection, [delivery]) == 0
        self.planned[delivery.id] = f"{subscription}/webhook-0"

    @rule(seconds=st.sampled_from((1, 20, 31, 400, 90_000)))
    def wait(self, seconds: int) -> None:
        """Let time pass; leases run out."""
        self._clock.move(seconds)

    @rule()
    def take(self) -> None:
        """Start a sender on every lane that is due."""
        now = self._clock.now()
        with self._database.transaction() as connection:
            for lane in lanes.list_due_lanes(connection, now):
                self._names += 1
                owner = f"sender-{self._names}"
                claims, begun = lanes.take_lane(
                    connection, lane.name, owner=owner, now=now, lease_until=now + LEASE, limit=3
                )
                if begun is not None:
                    self._post(lane.name, begun)
                    ids = [claim.delivery.id for claim in claims]
                    by_id = {claim.delivery.id: claim for claim in claims}
                    self._senders.append(Sender(owner, lane, by_id, begun, ids[ids.index(begun) + 1 :]))

    @precondition(lambda self: self._senders)
    @rule(which=st.integers(0, 5), outcome=st.sampled_from(OUTCOMES))
    def settle(self, which: int, outcome: str | None) -> None:
        """Let a sender learn what became of its POST, and go on; it may have lost the lane long ago."""
        sender = self._senders.pop(which % len(self._senders))
        now = self._clock.now()
        error = None if outcome is None else DeliveryError("no", road="webhook", retryable=True, reason=outcome)
        settlement = decide_settlement(error, sender.claims[sender.begun], sender.lane, target="t", now=now)
        then = sender.left if settlement.blocked_until is None else []
        with self._database.transaction() as connection:
            _, begun = lanes.settle_and_go_on(
                connection,
                sender.lane.name,
                sender.begun,
                settlement,
                then=then,
                owner=sender.owner,
                now=now,
                lease_until=now + LEASE,
            )
        if outcome is None:
            self.delivered.add(sender.begun)
        if begun is not None:
            self._post(sender.lane.name, begun)
            sender.left = sender.left[sender.left.index(begun) + 1 :]
            sender.begun = begun
            self._senders.append(sender)

    @precondition(lambda self: self._senders)
    @rule(which=st.integers(0, 5))
    def crash(self, which: int) -> None:
        """Kill a sender after its POST and before its mark."""
        self._senders.pop(which % len(self._senders))

    def forget(self) -> None:
        """Lose everything; no rule does this, only a negative control."""
        with self._database.transaction() as connection:
            connection.execute(outbox.deliveries.delete())

    def _post(self, lane: str, identity: str) -> None:
        assert identity not in self.delivered, "what was marked is never sent again"
        assert self.planned[identity] == lane
        self.posted.append(identity)

    @invariant()
    def nothing_is_lost(self) -> None:
        """Every notice is delivered, or still open, or failed after at least one POST."""
        with self._database.transaction() as connection:
            found = {one.id: one for one in outbox.list_deliveries(connection, limit=10_000)}
        assert found.keys() == self.planned.keys()
        for identity, one in found.items():
            assert (one.state is DeliveryState.DELIVERED) == (identity in self.delivered)
            if one.state is DeliveryState.FAILED:
                assert identity in self.posted

    @invariant()
    def one_sender_holds_a_lane(self) -> None:
        """Among those whose lease stands, no two hold one lane."""
        with self._database.transaction() as connection:
            query = outbox.lanes.select().where(outbox.lanes.c.lease_until > self._clock.now())
            owners = [(row.lane, row.owner) for row in connection.execute(query)]
        assert len({lane for lane, _ in owners}) == len(owners)


OutboxMachine.TestCase.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
test_outbox_keeps_its_promises = OutboxMachine.TestCase


def test_model_catches_a_sender_that_does_not_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: without fencing the woken sender sends what the other one had marked."""
    monkeypatch.setattr(lanes, "begin_attempt", lambda *_args, **_kwargs: lanes.Grant.GRANTED)
    machine = OutboxMachine()
    try:
        machine.plan("a", 0)
        machine.plan("a", 0)
        machine.take()
        machine.wait(31)
        machine.take()
        machine.settle(1, None)
        machine.settle(1, None)
        with pytest.raises(AssertionError, match="never sent again"):
            machine.settle(0, None)
    finally:
        machine.teardown()


def test_model_catches_an_outbox_that_forgets() -> None:
    """Negative control: a notice that is gone from the table is missed at once."""
    machine = OutboxMachine()
    try:
        machine.plan("a", 0)
        machine.nothing_is_lost()
        machine.forget()
        with pytest.raises(AssertionError):
            machine.nothing_is_lost()
    finally:
        machine.teardown()
