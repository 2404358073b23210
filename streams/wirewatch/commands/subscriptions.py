"""`wirewatch subscriptions` and `wirewatch subscribe`: who is told of what, and how to be told."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click
import msgspec

from wirewatch.commands.options import with_directories
from wirewatch.commands.subscribing import Wish, add_subscription
from wirewatch.configuration import Problems
from wirewatch.knowledge.entities import Knowledge
from wirewatch.knowledge.loading import load_knowledge
from wirewatch.records import AlertKind
from wirewatch.subscribers import Rhythm, RoadKind, Subscription
from wirewatch.subscribing.showing import without_secret
from wirewatch.watching.subscriptions import load_subscriptions


@click.group()
def subscriptions() -> None:
    """Show who is told of what, as the configuration is understood."""


@subscriptions.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a subscription.")
@with_directories
def list_all(config_dir: Path, data_dir: Path, as_json: bool) -> None:
    """List every subscription."""
    for subscription in _load(config_dir):
        click.echo(json.dumps(_as_json(subscription), ensure_ascii=False) if as_json else _line(subscription))


@subscriptions.command("show")
@click.argument("identity", metavar="ID")
@with_directories
def show(config_dir: Path, data_dir: Path, identity: str) -> None:
    """Show one subscription with every key, defaults included."""
    found = [one for one in _load(config_dir) if one.id == identity]
    if not found:
        raise click.ClickException(f'expected the id of a subscription, got "{identity}"')
    for key, value in _as_json(found[0]).items():
        click.echo(f"{key:<28}{json.dumps(value, ensure_ascii=False)}")


@click.command()
@click.argument("identity", metavar="ID")
@click.option("--organisation", "organisations", multiple=True, help='An id, "list:us-fto", "country:pk" or "any".')
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in AlertKind]),
    help="Only of this kind; may be repeated; none: all.",
)
@click.option(
    "--event-type",
    "event_types",
    multiple=True,
    help="Only events of this type (a file of events/); may be repeated.",
)
@click.option(
    "--minimum-independent-sources",
    "minimum",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Tell only once so many independent sources say so.",
)
@click.option(
    "--rhythm",
    type=click.Choice([rhythm.value for rhythm in Rhythm]),
    default="immediate",
    show_default=True,
    help="At once, or in a digest.",
)
@click.option("--webhook", help="Address that signed notices are posted to.")
@click.option("--email", help="Address that notices are mailed to.")
@click.option("--chat", help='An Apprise address, or "secret" when the secret file holds it.')
@click.option("--log", is_flag=True, help="Write notices to the log.")
@click.option("--feed", is_flag=True, help="Offer an Atom and a JSON feed at a secret address.")
@click.option("--secret-file", help="File with the road's secret; made, with a fresh secret, when it is not there.")
@click.option("--description", default="", help="What it is for, in your words.")
@with_directories
def subscribe(config_dir: Path, data_dir: Path, **wishes: Any) -> None:
    """Add a subscription to subscriptions.toml, if the file is right with it."""
    road, target = _chosen_road(wishes)
    wish = Wish(
        identity=wishes["identity"],
        road=road,
        target=target,
        secret_file=wishes["secret_file"] or "",
        organisations=wishes["organisations"] or ("any",),
        kinds=wishes["kinds"],
        event_types=wishes["event_types"],
        minimum_independent_sources=wishes["minimum"],
        rhythm=wishes["rhythm"],
        description=wishes["description"],
    )
    done = add_subscription(config_dir, _knowledge(config_dir), wish)
    for line in done:
        click.echo(line)
    click.echo("A running process takes it up on SIGHUP; `wirewatch test-delivery` tries its roads.")


def _chosen_road(wishes: dict[str, Any]) -> tuple[RoadKind, str]:
    chosen = [kind for kind in RoadKind if wishes[kind.value]]
    if len(chosen) != 1:
        options = ", ".join(f"--{kind.value}" for kind in RoadKind)
        raise click.UsageError(f"expected exactly one of {options}, got {len(chosen)}")
    target = wishes[chosen[0].value]
    return chosen[0], target if isinstance(target, str) else ""


def _load(config_dir: Path) -> tuple[Subscription, ...]:
    problems = Problems()
    knowledge = load_knowledge(config_dir, problems)
    found = load_subscriptions(config_dir, knowledge, problems)
    problems.raise_if_any()
    return found


def _knowledge(config_dir: Path) -> Knowledge:
    problems = Problems()
    knowledge = load_knowledge(config_dir, problems)
    problems.raise_if_any()
    return knowledge


def _as_json(subscription: Subscription) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(subscription, enc_hook=os.fspath)
    for road in plain["roads"]:
        road["target"] = without_secret(road["kind"], road["target"])
    return plain


def _line(subscription: Subscription) -> str:
    roads = ", ".join(
        f"{road.kind}" + (f" {shown}" if (shown := without_secret(road.kind, road.target)) else "")
        for road in subscription.roads
    )
    kinds = ", ".join(subscription.kinds) or "every kind"
    return f"{subscription.id:<28} {kinds} · {', '.join(subscription.organisations)} · {subscription.rhythm} → {roads}"
