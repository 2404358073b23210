"""Tests of `wirewatch_connectors.parsing`."""
