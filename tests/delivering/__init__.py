"""Tests of the delivering room."""
