"""What subscriptions may name: lists (`list:us-fto`), countries, event types; and which an organisation belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wirewatch.knowledge.entities import Knowledge, Organisation
from wirewatch.records import EVENT_TYPES, Alert, Listing
from wirewatch.watching.authorities import canonical_authority

#: The line of an event file that names its type.
_TYPE = re.compile(r'^type\s*=\s*"(\w+)"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom an alert is about, in the words of subscriptions."""

    organisation_ids: frozenset[str]
    #: Names of lists as `list_names` gives them.
    lists: frozenset[str]
    #: ISO 3166 alpha-2, lower case.
    countries: frozenset[str]


def list_names(authority_id: str, programme: str, knowledge: Knowledge) -> frozenset[str]:
    """Give every name under which a subscription may mean a list.

    The FTO list of the United States answers to `us-fto` (country of its keeper), `united-states-fto` (id of its
    keeper) and `fto` (where no other authority has a programme of that name).
    """
    keepers = {authority_id, canonical_authority(authority_id, knowledge)}
    for keeper in tuple(keepers):
        body = knowledge.organisations.get(keeper)
        keepers.update(body.countries[:1] if body is not None else ())
    return frozenset({f"{keeper}-{programme}".lower() for keeper in keepers} | {programme.lower()})


def known_lists(knowledge: Knowledge) -> frozenset[str]:
    """Give the names of all lists that some authority keeps or some organisation is on."""
    names: set[str] = set()
    for body in knowledge.organisations.values():
        if body.is_authority:
            for programme in body.programmes:
                names |= list_names(body.id, programme, knowledge)
    for listing in knowledge.listings:
        names |= list_names(listing.authority_id, listing.programme, knowledge)
    return frozenset(names)


def known_countries(knowledge: Knowledge) -> frozenset[str]:
    """Give every country that some organisation has to do with."""
    return frozenset(country for body in knowledge.organisations.values() for country in body.countries)


def describe_subject(alert: Alert, entries: Iterable[Listing], knowledge: Knowledge) -> Subject:
    """Give whom an alert is about. `entries` is what the register holds of the organisations involved."""
    subject = describe_organisations(alert.involved, entries, knowledge)
    if alert.authority is None or not alert.programme:
        return subject
    named = list_names(alert.authority.id, alert.programme, knowledge)
    return Subject(subject.organisation_ids, subject.lists | named, subject.countries)


def describe_organisations(
    organisation_ids: Iterable[str], entries: Iterable[Listing], knowledge: Knowledge
) -> Subject:
    """Give organisations with the lists on which they stand now and their countries."""
    ids = frozenset(organisation_ids)
    organisations = [knowledge.organisations[one] for one in sorted(ids) if one in knowledge.organisations]
    lists: set[str] = set()
    for entry in entries:
        if entry.until is None:
            lists |= list_names(entry.authority_id, entry.programme, knowledge)
    return Subject(ids, frozenset(lists), _countries_of(organisations))


def _countries_of(organisations: list[Organisation]) -> frozenset[str]:
    return frozenset(country for organisation in organisations for country in organisation.countries)


def known_event_types(config_dir: Path) -> tuple[str, ...]:
    """Give the event types of the contract and those that the files under `events/` add; a broken file adds none."""
    added: set[str] = set()
    for path in sorted((config_dir / "events").glob("*.toml")):
        try:
            added |= set(_TYPE.findall(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError):
            continue  # the sorter's loader says what is wrong with it
    return (*EVENT_TYPES, *sorted(added - set(EVENT_TYPES)))
