"""Compares two states of a register: what was listed, taken off, changed, or given a new name.

Called by `running` after an import and by whoever makes alerts of it. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from wirewatch.records import Listing


class ChangeKind(StrEnum):
    """What happened to one line of the register."""

    LISTED = "listed"
    #: It ended, or the list no longer holds it.
    DELISTED = "delisted"
    ALIAS_ADDED = "alias_added"
    #: A date or a source was put right.
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class ListingChange:
    """One difference. `listing` is the new line, or the old one when it is gone."""

    kind: ChangeKind
    listing: Listing
    #: The new name, for ALIAS_ADDED.
    alias: str = ""


def diff_listings(old: Iterable[Listing], new: Iterable[Listing]) -> tuple[ListingChange, ...]:
    """Give what changed from `old` to `new`, in the order of `new`, the vanished last."""
    before = {_key(listing): listing for listing in old}
    after = {_key(listing): listing for listing in new}
    changes: list[ListingChange] = []
    for key, listing in after.items():
        known = before.get(key)
        if known is None:
            changes.append(ListingChange(ChangeKind.LISTED, listing))
            continue
        if known.until is None and listing.until is not None:
            changes.append(ListingChange(ChangeKind.DELISTED, listing))
        names = {name for name, _ in known.aliases}
        changes.extend(
            ListingChange(ChangeKind.ALIAS_ADDED, listing, name) for name, _ in listing.aliases if name not in names
        )
        if (known.since, known.announced) != (listing.since, listing.announced):
            changes.append(ListingChange(ChangeKind.CHANGED, listing))
    changes.extend(
        ListingChange(ChangeKind.DELISTED, listing)
        for key, listing in before.items()
        if key not in after and listing.until is None
    )
    return tuple(changes)


def _key(listing: Listing) -> tuple[str, str, str]:
    return listing.organisation_id, listing.authority_id, listing.programme
