"""Finds organisations and authorities in articles; `sorting.organisations` is the door."""
