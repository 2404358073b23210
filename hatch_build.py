"""Puts the starter configuration (what `wirewatch init` writes) into the wheel, and nothing into an editable install.

Hatchling's own `force-include` would copy it into site-packages for an editable install too, where it grows stale;
there `wirewatch init` reads `config/` of the checkout.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STARTER = ("settings.toml", "feeds.toml", "subscriptions.toml", "organisations", "events", "languages")


class StarterHook(BuildHookInterface):  # type: ignore[type-arg]
    """Called by hatchling."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files of the starter configuration, unless the install is editable."""
        if version != "editable":
            build_data["force_include"].update({f"config/{name}": f"wirewatch/starter/{name}" for name in STARTER})
