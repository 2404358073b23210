"""`wirewatch deliveries` and `wirewatch test-delivery`: what was sent, what was not and why, whether a road is open."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from wirewatch import wire
from wirewatch.commands.options import with_directories
from wirewatch.commands.reading import now, open_store, read_settings
from wirewatch.configuration import Problems, suggest
from wirewatch.delivering.carriers import open_carriers
from wirewatch.delivering.roads import Carriers, read_secret, road_name, visible
from wirewatch.delivering.trying import make_test_delivery
from wirewatch.errors import DeliveryError
from wirewatch.knowledge.loading import load_knowledge
from wirewatch.records import Delivery, DeliveryState
from wirewatch.store.lanes import list_disabled_lanes
from wirewatch.store.outbox import find_delivery, list_attempts, list_deliveries, replay_deliveries
from wirewatch.subscribers import RoadKind, Subscription
from wirewatch.watching.subscriptions import load_subscriptions

_STATES = click.Choice([state.value for state in DeliveryState])


@click.group()
def deliveries() -> None:
    """List, show and replay what was planned to leave."""


@deliveries.command("list")
@click.option("--state", "states", multiple=True, type=_STATES, help="Only in this state; may be given again.")
@click.option("--subscription", help="Only of this subscription.")
@click.option("--alert", help="Only about this alert.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="The newest so many.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with the body.")
@with_directories
def list_all(
    config_dir: Path,
    data_dir: Path,
    states: Sequence[str],
    subscription: str | None,
    alert: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List notices, the newest first."""
    with open_store(read_settings(config_dir, data_dir)) as database, database.transaction() as connection:
        found = list_deliveries(
            connection,
            states=[DeliveryState(state) for state in states],
            subscription_id=subscription,
            alert_id=alert,
            limit=limit,
        )
        closed = list_disabled_lanes(connection)
    for delivery in found:
        click.echo(json.dumps(_as_json(delivery), ensure_ascii=False) if as_json else _line(delivery))
    for lane, since in closed:
        click.echo(f"{lane} is closed since {since:%Y-%m-%d %H:%M} UTC: its receiver said that it is gone.", err=True)


@deliveries.command("show")
@click.argument("delivery_id", metavar="ID")
@click.option("--raw", is_flag=True, help="Only the body, byte for byte, to standard output.")
@with_directories
def show(config_dir: Path, data_dir: Path, delivery_id: str, raw: bool) -> None:
    """Show one notice: every attempt, and the body that is sent."""
    with open_store(read_settings(config_dir, data_dir)) as database, database.transaction() as connection:
        delivery = find_delivery(connection, delivery_id)
        attempts = list_attempts(connection, delivery_id)
    if delivery is None:
        raise click.ClickException(f'expected the id of a delivery, got "{delivery_id}"')
    if raw:
        click.get_binary_stream("stdout").write(delivery.body)
        return
    plain = _as_json(delivery)
    body = plain.pop("body")
    for key, value in plain.items():
        click.echo(f"{key:<16}{visible(str(value))}")
    for number, finished_at, state, error in attempts:
        click.echo(f"attempt {number:<8}{finished_at:%Y-%m-%d %H:%M:%S} {state} {visible(error)}".rstrip())
    click.echo(json.dumps(body, indent=2, ensure_ascii=True))


@deliveries.command("log")
@click.argument("subscription")
@click.option("--limit", type=click.IntRange(min=1), default=200, show_default=True, help="The newest so many.")
@with_directories
def log(config_dir: Path, data_dir: Path, subscription: str, limit: int) -> None:
    """Tell in order what became of every notice to SUBSCRIPTION, attempt by attempt."""
    with open_store(read_settings(config_dir, data_dir)) as database, database.transaction() as connection:
        found = list_deliveries(connection, subscription_id=subscription, limit=limit)
        attempts = {delivery.id: list_attempts(connection, delivery.id) for delivery in found}
    for delivery in reversed(found):
        click.echo(_line(delivery))
        for number, finished_at, state, error in attempts[delivery.id]:
            click.echo(f"  {finished_at:%Y-%m-%d %H:%M:%S}  attempt {number}: {state} {visible(error)}".rstrip())


@deliveries.command("replay")
@click.argument("delivery_ids", metavar="[ID]…", nargs=-1)
@click.option("--failed", is_flag=True, help="Everything that failed or was disabled.")
@click.option("--subscription", help="With --failed: only of this subscription.")
@with_directories
def replay(
    config_dir: Path, data_dir: Path, delivery_ids: Sequence[str], failed: bool, subscription: str | None
) -> None:
    """Send notices again, with the same ids, and open their lanes. A running process sends them at once."""
    if bool(delivery_ids) == failed:
        raise click.UsageError("expected ids of deliveries, or --failed")
    with open_store(read_settings(config_dir, data_dir)) as database, database.transaction() as connection:
        chosen = list(delivery_ids)
        if failed:
            states = (DeliveryState.FAILED, DeliveryState.DISABLED)
            found = list_deliveries(connection, states=states, subscription_id=subscription, limit=1_000_000)
            chosen = [delivery.id for delivery in found]
        unknown = [identity for identity in delivery_ids if find_delivery(connection, identity) is None]
        if unknown:
            raise click.ClickException(f"expected ids of deliveries, got {', '.join(map(repr, unknown))}")
        count = replay_deliveries(connection, chosen, now())
    click.echo(f"{count} planned again.")


@click.command()
@click.argument("subscription")
@click.option("--road", help="Only this road, for example webhook-0.")
@with_directories
def test_delivery(config_dir: Path, data_dir: Path, subscription: str, road: str | None) -> None:
    """Send a test notice on every road of SUBSCRIPTION now, and say how each went."""
    settings = read_settings(config_dir, data_dir)
    chosen = _find_subscription(config_dir, subscription)
    names = [road_name(one, position) for position, one in enumerate(chosen.roads)]
    if road is not None and road not in names:
        raise click.ClickException(f'expected a road of "{subscription}" ({", ".join(names) or "none"}), got "{road}"')
    if not asyncio.run(_try_roads(chosen, road, open_carriers(settings), settings.console.public_url)):
        sys.exit(1)


async def _try_roads(subscription: Subscription, only: str | None, carriers: Carriers, public_url: str) -> bool:
    all_well = True
    for position, road in enumerate(subscription.roads):
        name = road_name(road, position)
        if only is not None and name != only:
            continue
        try:
            if road.kind is RoadKind.FEED:
                address = f"{public_url}/subscriptions/{subscription.id}/{read_secret(road)}/alerts.atom"
                click.echo(f"{name}: is fetched by its reader at {address} (or alerts.json)")
                continue
            await carriers[road.kind].carry(make_test_delivery(subscription.id, name, now()), road, now())
            click.echo(f"{name}: delivered")
        except DeliveryError as error:
            all_well = False
            click.echo(f"{name}: {visible(str(error))}", err=True)
    for carrier in carriers.values():
        await carrier.close()
    return all_well


def _find_subscription(config_dir: Path, identity: str) -> Subscription:
    problems = Problems()
    found = load_subscriptions(config_dir, load_knowledge(config_dir, problems), problems)
    problems.raise_if_any()
    for subscription in found:
        if subscription.id == identity:
            return subscription
    hint = suggest(identity, [subscription.id for subscription in found])
    raise click.ClickException(f'expected the id of a subscription, got "{identity}"{hint}')


def _line(delivery: Delivery) -> str:
    ended = f"delivered {delivery.delivered_at:%Y-%m-%d %H:%M:%S}" if delivery.delivered_at else delivery.state.value
    parts = (
        f"{delivery.created_at:%Y-%m-%d %H:%M:%S}",
        f"{delivery.subscription_id}/{delivery.road}",
        delivery.type.value,
        ended,
        f"attempts={delivery.attempts}",
        delivery.id,
        visible(delivery.last_error),
    )
    return "  ".join(part for part in parts if part)


def _as_json(delivery: Delivery) -> dict[str, Any]:
    plain = wire.as_json(delivery)
    plain["body"] = msgspec.json.decode(delivery.body)
    return plain
