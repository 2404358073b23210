"""feedparser as judge and fallback, fed bytes only, its sanitiser and its resolver of addresses off."""

from __future__ import annotations

import feedparser

__all__ = ["feedparser"]
