"""Tests of the room `watching`."""
