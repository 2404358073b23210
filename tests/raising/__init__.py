"""Tests of the room `raising`."""
