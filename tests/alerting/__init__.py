"""Tests of the room `alerting`."""
