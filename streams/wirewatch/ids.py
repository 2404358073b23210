"""Deterministic, prefixed ids. Pure: the same words always give the same id, on any machine.

Changing a recipe is a breaking change: bump the topic's version with it.
"""

from __future__ import annotations

import hashlib
import uuid

#: Fixed for ever; every id below descends from it.
NAMESPACE = uuid.UUID("6f0a4d2e-6a67-5c55-9a39-4f9c7f1b5f10")


def derive_id(prefix: str, *parts: str) -> str:
    """Give the id of `parts`. Parts are length-prefixed, so that ("a", "bc") and ("ab", "c") differ."""
    joined = "".join(f"{len(part)}:{part}" for part in parts)
    # A lone surrogate has no UTF-8; the id must not be what fails on it.
    joined = joined.encode("utf-8", "replace").decode("utf-8")
    return f"{prefix}-{uuid.uuid5(NAMESPACE, joined).hex}"


def article_id(feed_id: str, identity: str) -> str:
    """Give the id of an article from its feed and its own identity (link, else guid, else a hash of its text)."""
    return derive_id("art", feed_id, identity)


def alert_id(event_key: str) -> str:
    """Give the id of the one alert of an event."""
    return derive_id("alr", event_key)


def delivery_id(alert: str, revision: int, subscription_id: str, road: str) -> str:
    """Give the id that every attempt of one notice carries."""
    return derive_id("msg", alert, str(revision), subscription_id, road)


def dead_letter_id(topic: str, partition: int, offset: int, stage: str) -> str:
    """Give the id of a dead letter: the place it came from and the stage that refused it."""
    return derive_id("dead", topic, str(partition), str(offset), stage)


def content_hash(*parts: str) -> str:
    """Hash what a reader would see; excludes fields that lie (dates)."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
