"""Tests of `wirewatch.sorting`."""
