"""The frozen shapes of what is known. Read by `sorting`, `watching` and `alerting`; written by people and importers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wirewatch.records import Listing, Name


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation or an authority that text may name."""

    #: Lower-case kebab, never reused.
    id: str
    name: str
    #: FollowTheMoney schema: Organization, PublicBody, Company, Person, …
    schema: str
    #: Match alone.
    aliases: tuple[str, ...] = ()
    #: Match only in good company: a strong mention or a context word in the same article.
    weak_aliases: tuple[str, ...] = ()
    previous_names: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
    #: Id of the organisation that this one is a part of; a child never becomes its parent.
    parent_id: str | None = None
    #: ISO 3166 alpha-2, lower case.
    countries: tuple[str, ...] = ()
    #: Words that make a weak alias good.
    context: tuple[str, ...] = ()
    #: People of the organisation, by their surnames: they vouch for a weak alias more than other words.
    context_people: tuple[str, ...] = ()
    #: Words of what else bears its weak aliases: they speak against it, and forbid nothing.
    other_senses: tuple[str, ...] = ()
    #: Words that make any alias of this organisation bad.
    anti_context: tuple[str, ...] = ()
    #: True for bodies that put others on lists; they are matched as authorities, never as watched organisations.
    is_authority: bool = False
    #: True for parties, charities and the like: no act of violence is theirs unless the words say so outright.
    is_civil: bool = False
    #: Authority only: programmes it lists under, as the contract spells them (FTO, SDGT, UN1267, EU, UK, …).
    programmes: tuple[str, ...] = ()
    #: Authority only: places that stand for it (Washington, Foggy Bottom); never counted in a dateline.
    metonyms: tuple[str, ...] = ()
    #: Authority only: what belongs to it or comes from it (American, Pakistani).
    demonyms: tuple[str, ...] = ()

    @property
    def as_name(self) -> Name:
        """Give the id and the name to show."""
        return Name(self.id, self.name)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything under `config/organisations/`, by id."""

    organisations: Mapping[str, Organisation]
    #: The seed of the register; the store holds its living copy.
    listings: tuple[Listing, ...] = ()
    #: Aliases that loaded but are dangerous (too short, common word, shared), one sentence each.
    warnings: tuple[str, ...] = field(default=())
    #: Names that look like a watched one and are something else ("Al-Shabab FC"): they take their words away.
    decoys: tuple[str, ...] = ()
    #: Changes with every change of a file; part of the sorter's version.
    fingerprint: str = ""
