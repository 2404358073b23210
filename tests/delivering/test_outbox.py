"""The outbox stays quick when much was sent and much waits."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from tests.delivering.building import PostOffice, a_delivery
from wirewatch.records import DeliveryState
from wirewatch.store import lanes, outbox


def test_looking_for_due_lanes_reads_only_what_is_open(post: PostOffice) -> None:
    """Ninety days of delivered notices, or a dead receiver's heap, are not read for the lanes beside them."""
    asked: list[tuple[str, Any]] = []
    with post.database.transaction() as connection:

        @event.listens_for(connection, "before_cursor_execute")
        def keep(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
            asked.append((statement, values))

        lanes.list_due_lanes(connection, post.clock.now())
        lanes.claim_lane(connection, "x", owner="me", now=post.clock.now(), lease_until=post.clock.now(), limit=1)
        plans = [
            str(row[3])
            for statement, values in list(asked)
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    reading = [plan for plan in plans if "deliveries" in plan]
    assert reading
    assert all("USING INDEX deliveries_open" in plan for plan in reading), plans


async def test_retention_forgets_what_is_old_and_over(post: PostOffice) -> None:
    """What still waits is never forgotten, however old."""
    old = [a_delivery(1, state=DeliveryState.DELIVERED), a_delivery(2)]
    await post.database.run(outbox.insert_deliveries, old)
    post.clock.move(86_400 * 91)
    assert await post.database.run(outbox.purge_deliveries, post.clock.now()) == 1
    [left] = await post.database.run(outbox.list_deliveries)
    assert left.id == old[1].id
