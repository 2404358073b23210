"""The labelled things: a passage, the events that it tells, and who they are about.

Read by `building`, by the checks beside it and by whoever measures the sorting. Knows nothing of `wirewatch`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

#: The splits in the order in which they were written: `test` first, before any rule.
SPLITS = ("test", "dev", "train")

#: Short codes of the story files → event types of the command-line contract.
TYPES = {
    "des": "designation",
    "del": "delisting",
    "chal": "listing_challenge",
    "sanc": "sanction",
    "relief": "sanction_relief",
    "bomb": "attack_bombing",
    "armed": "attack_armed",
    "claim": "attack_claim",
    "assa": "assassination",
    "host": "hostage_taking",
    "foil": "plot_foiled",
    "ops": "security_operation",
    "arr": "arrest",
    "ext": "extradition",
    "chg": "charge",
    "ver": "verdict",
    "meet": "meeting",
    "agr": "agreement",
    "cease": "ceasefire",
    "thr": "threat",
    "fin": "financing_action",
    "prot": "protest",
    "stmt": "statement",
}

#: Short codes of the story files → statuses. `unclear` is never a gold label: the annotator decides.
STATUSES = {"n": "new", "o": "ongoing", "b": "background", "p": "proposed", "d": "denied", "r": "revoked"}

#: Types where the agent is a body that lists, so that a single agent is the authority too.
LISTING_TYPES = frozenset({"designation", "delisting", "sanction", "sanction_relief", "listing_challenge"})

#: Authorities that keep one list of terrorist organisations: naming them names the programme.
ONLY_LIST = {
    "Australia": "AU",
    "Canada": "CA",
    "European Union": "EU",
    "New Zealand": "NZ",
    "Public Safety Canada": "CA",
    "UK Home Office": "UK",
    "United Kingdom": "UK",
}


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """One event as the annotator read it."""

    type: str
    status: str
    targets: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    authority: str | None = None
    programme: str | None = None
    #: True when an annotator could go either way: never counted as missed.
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """One labelled passage."""

    id: str
    split: str
    story: str
    #: The day on which the passage is read as published.
    doc_date: date
    #: Of the whole story; stories that do not say so are told in English, a few of their passages apart.
    language: str
    #: The headline when the feed would carry it apart, else "".
    title: str
    text: str
    events: tuple[GoldEvent, ...]
    organisations: tuple[str, ...]
    optional_organisations: tuple[str, ...]
    #: Wrong readings that the words invite.
    not_organisations: tuple[str, ...]
    #: Names of organisations that are on no public list, as written.
    unresolved: tuple[str, ...]
    tags: tuple[str, ...]

    def as_record(self) -> dict[str, Any]:
        """Give the passage as plain JSON values."""
        record = asdict(self)
        record["doc_date"] = self.doc_date.isoformat()
        return record
