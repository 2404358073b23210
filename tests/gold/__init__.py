"""Labelled passages: how well the sorting reads is measured on these."""
