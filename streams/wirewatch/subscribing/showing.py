"""Shows a subscription without its secrets: as the keys of its `[[subscription]]` block, defaults included. Pure."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from wirewatch.subscribers import Mute, Road, RoadKind, Subscription

#: Stands for what is not shown of an address.
HIDDEN = "…"
_HOST = re.compile(r"([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d+)?")


def without_secret(kind: str, target: str) -> str:
    """Give a target without what may be secret: the path of a webhook, all of a chat address but its scheme."""
    scheme, separator, rest = target.partition("://")
    if not separator:
        return target
    host = re.split(r"[/?#\\]", rest)[0].rpartition("@")[2]
    return f"{scheme}://{host}/{HIDDEN}" if kind == "webhook" and _HOST.fullmatch(host) else f"{scheme}://{HIDDEN}"


def as_block(subscription: Subscription, config_dir: Path) -> dict[str, Any]:
    """Give every key of a subscription as it would be configured. Targets are masked; a secret's file is named."""
    block: dict[str, Any] = {
        "id": subscription.id,
        "description": subscription.description,
        "organisations": list(subscription.organisations),
        "kinds": [kind.value for kind in subscription.kinds],
        "event_types": list(subscription.event_types),
        "statuses": [status.value for status in subscription.statuses],
        "states": [state.value for state in subscription.states],
        "languages": list(subscription.languages),
        "feeds": list(subscription.feeds),
        "minimum_independent_sources": subscription.minimum_independent_sources,
        "enough_tier": subscription.enough_tier.value if subscription.enough_tier else "",
        "rhythm": subscription.rhythm.value,
        "digest_at": f"{subscription.digest_at:%H:%M}",
        "zone": subscription.zone,
        "max_per_minute": subscription.max_per_minute,
        "updates": subscription.updates,
        "heartbeat": subscription.heartbeat,
    }
    if subscription.quiet_hours is not None:
        block["quiet_hours"] = [f"{subscription.quiet_hours.start:%H:%M}", f"{subscription.quiet_hours.end:%H:%M}"]
    block["road"] = [_road(road, config_dir) for road in subscription.roads]
    block["mute"] = [_mute(mute) for mute in subscription.mutes]
    return block


def _road(road: Road, config_dir: Path) -> dict[str, Any]:
    flag = road.kind in (RoadKind.LOG, RoadKind.FEED)
    shown: dict[str, Any] = {road.kind.value: True if flag else without_secret(road.kind, road.target)}
    if road.secret_file is not None:
        inside = road.secret_file.is_relative_to(config_dir)
        shown["secret_file"] = os.fspath(road.secret_file.relative_to(config_dir) if inside else road.secret_file)
    return shown


def _mute(mute: Mute) -> dict[str, Any]:
    shown = {"organisation": mute.organisation_id, "event_type": mute.event_type}
    return {**shown, **({"until": mute.until.isoformat()} if mute.until else {})}
