"""The compose file, judged by the Compose specification's own schema."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

pytestmark = pytest.mark.services

ROOT = Path(__file__).parents[2]
#: The reference implementation carries the schema; it is fetched by coordinates and only read.
MODULE = "github.com/compose-spec/compose-go/v2@v2.16.2"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """Give the schema, fetched as a Go module."""
    go = shutil.which("go")
    reason = "there is no Go to fetch the schema with"
    if go is not None:
        done = subprocess.run([go, "mod", "download", "-json", MODULE], cwd="/", capture_output=True, text=True)
        if done.returncode == 0:
            folder = Path(json.loads(done.stdout)["Dir"])
            read: dict[str, Any] = json.loads((folder / "schema/compose-spec.json").read_text(encoding="utf-8"))
            return read
        reason = f"the schema cannot be fetched: {done.stderr or done.stdout}"
    if os.environ.get("WIREWATCH_REQUIRE_SCHEMA") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def problems(schema: dict[str, Any], compose: dict[str, Any]) -> list[str]:
    """Give what the schema says against a compose file."""
    validator = jsonschema.validators.validator_for(schema)(schema)
    return [f"{'.'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(compose)]


def test_the_compose_file_is_what_the_specification_wants(schema: dict[str, Any]) -> None:
    """No key, type or value that Compose would refuse."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert problems(schema, compose) == []


def test_the_schema_refuses_what_compose_would_refuse(schema: dict[str, Any]) -> None:
    """The check above can fail."""
    wrong = {"services": {"kafka": {"image": "x", "helthcheck": {}, "ports": "9092"}}}
    assert len(problems(schema, wrong)) >= 2
