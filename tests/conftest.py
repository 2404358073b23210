"""Fixtures that every room's tests may use."""

pytest_plugins = ["tests.harness.fixtures", "tests.harness.postgres"]
