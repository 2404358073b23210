"""Listings and delistings in other languages than English: one file of words a language, read by one grammar."""
