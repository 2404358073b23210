"""Subscriptions made by a program in the real process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.harness.process import wirewatch
from tests.running.scene import LISTS, serving_wire, write_small_config


@pytest.mark.slow
def test_subscription_made_by_a_program_is_told_of_the_next_alert(tmp_path: Path) -> None:
    """Asked over HTTP, in force at once, told by the running process, and gone again when it is removed."""
    token = "0123456789abcdef" * 2
    with serving_wire() as wire:
        config = write_small_config(tmp_path / "config", wire)
        settings = (config / "settings.toml").read_text(encoding="utf-8")
        allowed = settings.replace("[console]\n", '[console]\napi = true\ntoken_file = "token"\n')
        (config / "settings.toml").write_text(allowed, encoding="utf-8")
        (config / "token").write_text(token, encoding="utf-8")
        with wirewatch("run", config=config, data=tmp_path / "data") as process:
            address = process.line("Alerts are shown at ").rpartition(" ")[2]
            wire.say(LISTS.format("the Tern Liberation Front"))
            process.line("New listing: Tern Liberation Front")

            def ask(method: str, path: str, body: Any = None) -> int:
                headers = {"authorization": f"Bearer {token}"}
                return httpx.request(method, address + path, json=body, headers=headers, timeout=60).status_code

            assert ask("POST", "subscriptions", {"id": "late", "road": [{"log": True}]}) == 201
            wire.say(LISTS.format("the Grey Gull Brigade"))
            process.until(
                lambda: sum("Grey Gull Brigade" in line for line in process.out) == 2, "both subscriptions told"
            )
            assert ask("DELETE", "subscriptions/late") == 204
        assert "Traceback" not in "\n".join(process.err)
    assert sum("Tern Liberation" in line for line in process.out) == 1
