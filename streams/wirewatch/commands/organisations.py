"""`wirewatch organisations`: list, show and check what is known, import published lists, accept proposed names."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import click

from wirewatch.commands.list_changes import tell_changes
from wirewatch.commands.options import with_directories
from wirewatch.commands.reading import now, open_store, read_settings
from wirewatch.configuration import Problems, suggest
from wirewatch.knowledge.accepting import accept_proposal
from wirewatch.knowledge.entities import Knowledge, Organisation
from wirewatch.knowledge.importing.detecting import Format
from wirewatch.knowledge.importing.differing import ListingChange
from wirewatch.knowledge.importing.running import UNKNOWN_DAY, Imported, import_list
from wirewatch.knowledge.loading import load_knowledge
from wirewatch.records import Listing
from wirewatch.store.proposals import ProposalState, decide_proposal, find_proposal, list_proposals

#: Lines of changes and problems that a terminal is shown; --json gives all.
_SHOWN = 40


@click.group()
def organisations() -> None:
    """List, show and check organisations, import lists, accept names."""


@organisations.command("list")
@click.option("--authorities", is_flag=True, help="Those who list, instead of those who are listed.")
@click.option("--programme", help="Only organisations that are on a list of this programme today (FTO, UN1267, UK, …).")
@click.option("--country", help="Only organisations of this country (pk, co, …).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@with_directories
def list_organisations(
    config_dir: Path, data_dir: Path, authorities: bool, programme: str | None, country: str | None, as_json: bool
) -> None:
    """List organisations by id and name."""
    knowledge = _load(config_dir)
    unverified = Counter(x.organisation_id for x in knowledge.listings if not x.is_verified)
    listed = {
        listing.organisation_id
        for listing in knowledge.listings
        if listing.until is None and (programme is None or listing.programme == programme)
    }
    for organisation in sorted(knowledge.organisations.values(), key=lambda one: one.id):
        if organisation.is_authority is not authorities:
            continue
        if (programme and organisation.id not in listed) or (country and country not in organisation.countries):
            continue
        if as_json:
            entry = {
                "id": organisation.id,
                "name": organisation.name,
                "unverified_listings": unverified[organisation.id],
            }
            click.echo(json.dumps(entry, ensure_ascii=False))
        else:
            count = unverified[organisation.id]
            mark = f"   ({count} register entr{'y' if count == 1 else 'ies'} unverified)" if count else ""
            click.echo(f"{organisation.id:40} {organisation.name}{mark}")


@organisations.command()
@click.argument("organisation_id")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@with_directories
def show(config_dir: Path, data_dir: Path, organisation_id: str, as_json: bool) -> None:
    """Show one organisation: its names, what vouches for them, the lists it is on."""
    knowledge = _load(config_dir)
    organisation = knowledge.organisations.get(organisation_id)
    if organisation is None:
        hint = suggest(organisation_id, knowledge.organisations)
        raise click.ClickException(f'expected the id of an organisation, got "{organisation_id}"{hint}')
    listings = [listing for listing in knowledge.listings if listing.organisation_id == organisation_id]
    if as_json:
        click.echo(json.dumps(_as_json(organisation, listings), ensure_ascii=False))
        return
    click.echo(f"{organisation.name} ({organisation.id}, {organisation.schema})")
    for label, values in _lines(organisation):
        if values:
            click.echo(f"  {label:15} {'; '.join(values)}")
    for listing in sorted(listings, key=lambda one: one.since):
        click.echo(f"  {_listing_line(listing)}")


@organisations.command()
@with_directories
def check(config_dir: Path, data_dir: Path) -> None:
    """Check the organisations files; report aliases that may bite."""
    knowledge = _load(config_dir)
    for warning in knowledge.warnings:
        click.echo(f"careful: {warning}")
    watched = sum(not organisation.is_authority for organisation in knowledge.organisations.values())
    click.echo(f"{watched} organisations, {len(knowledge.organisations) - watched} authorities")
    unverified = sum(not listing.is_verified for listing in knowledge.listings)
    click.echo(
        f"{len(knowledge.listings)} register entries, {unverified} of them unverified; {len(knowledge.decoys)} decoys"
    )
    click.echo(f"{len(knowledge.warnings)} warnings")


@organisations.command("import")
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--format", "list_format", type=click.Choice([kind.value for kind in Format]), help="Told by itself if left out."
)
@click.option("--name", default="", help="Writes imported-NAME.jsonl; the publisher's name if left out.")
@click.option("--programme", "programmes", multiple=True, help="Keep only organisations of this programme; repeatable.")
@click.option("--dry-run", is_flag=True, help="Tell what would change; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
@with_directories
def import_(
    config_dir: Path,
    data_dir: Path,
    source: Path,
    list_format: str | None,
    name: str,
    programmes: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import a published sanctions list: OFAC SDN, UN, UK, EU, OpenSanctions."""
    imported = import_list(
        config_dir,
        source,
        now().date(),
        list_format=Format(list_format) if list_format else None,
        name=name,
        programmes=programmes,
        dry_run=dry_run,
    )
    told: tuple[str, ...] = ()
    if not dry_run:
        told = tell_changes(config_dir, data_dir, imported.changes)
        imported.settle()
    if as_json:
        click.echo(json.dumps({**_report(imported), "alerts": told}, ensure_ascii=False))
        return
    click.echo(
        f"{imported.organisations} organisations, {imported.known} of them known before"
        + (f"; would write {imported.path}" if dry_run else f"; written to {imported.path}")
    )
    for what, count in imported.ledger.left_out.most_common():
        click.echo(f"left out: {count} {what}")
    _show("careful", imported.ledger.problems())
    _show("change", [_change_line(change) for change in imported.changes])
    _show("alert", told)
    if not dry_run:
        click.echo("A running Wirewatch takes this over when it reloads (SIGHUP).")


@organisations.command()
@click.option("--all", "every", is_flag=True, help="Decided ones too.")
@with_directories
def proposals(config_dir: Path, data_dir: Path, every: bool) -> None:
    """List names that confirmed listings brought up and no file holds."""
    settings = read_settings(config_dir, data_dir)
    with open_store(settings) as database, database.transaction() as connection:
        found = list_proposals(connection, None if every else ProposalState.OPEN)
    for item in found:
        target = f"alias of {item.organisation_id}" if item.organisation_id else "new organisation"
        click.echo(f'{item.id}  {item.state.value}  "{item.name}", {target}')
        click.echo(f'    "{item.quote}" {item.url}')


# The same by the name of the act, beside `accept` and `refuse`.
organisations.add_command(proposals, "propose")


@organisations.command()
@click.argument("proposal_id")
@click.option(
    "--as", "organisation_id", default="", help="As a name of this organisation, instead of what is proposed."
)
@with_directories
def accept(config_dir: Path, data_dir: Path, proposal_id: str, organisation_id: str) -> None:
    """Accept a proposed name: it is written to organisations/accepted.jsonl."""
    settings = read_settings(config_dir, data_dir)
    with open_store(settings) as database, database.transaction() as connection:
        item = find_proposal(connection, proposal_id)
        if item is None:
            raise click.ClickException(f"expected the id of a proposal, got {proposal_id!r}")
        target = organisation_id or item.organisation_id
        known = accept_proposal(config_dir, item.name, organisation_id=target, source=item.url)
        decide_proposal(connection, proposal_id, ProposalState.ACCEPTED)
    click.echo(f'"{item.name}" is now a name of {known}.')


@organisations.command()
@click.argument("proposal_id")
@with_directories
def refuse(config_dir: Path, data_dir: Path, proposal_id: str) -> None:
    """Refuse a proposed name: it is not proposed again."""
    settings = read_settings(config_dir, data_dir)
    with open_store(settings) as database, database.transaction() as connection:
        if find_proposal(connection, proposal_id) is None:
            raise click.ClickException(f"expected the id of a proposal, got {proposal_id!r}")
        decide_proposal(connection, proposal_id, ProposalState.REFUSED)


def _load(config_dir: Path) -> Knowledge:
    problems = Problems()
    knowledge = load_knowledge(config_dir, problems)
    problems.raise_if_any()
    return knowledge


def _lines(organisation: Organisation) -> list[tuple[str, tuple[str, ...]]]:
    return [
        ("also", organisation.aliases),
        ("formerly", organisation.previous_names),
        ("in company", (*organisation.abbreviations, *organisation.weak_aliases)),
        ("stands for it", (*organisation.metonyms, *organisation.demonyms)),
        ("good company", organisation.context),
        ("bad company", organisation.anti_context),
        ("part of", (organisation.parent_id,) if organisation.parent_id else ()),
        ("countries", organisation.countries),
        ("lists under", organisation.programmes),
    ]


def _as_json(organisation: Organisation, listings: list[Listing]) -> dict[str, Any]:
    return {
        "id": organisation.id,
        "name": organisation.name,
        "aliases": organisation.aliases,
        "previous_names": organisation.previous_names,
        "abbreviations": organisation.abbreviations,
        "weak_aliases": organisation.weak_aliases,
        "parent": organisation.parent_id,
        "countries": organisation.countries,
        "listings": [_listing_json(listing) for listing in listings],
    }


def _listing_json(listing: Listing) -> dict[str, str | bool | None]:
    return {
        "organisation": listing.organisation_id,
        "authority": listing.authority_id,
        "programme": listing.programme,
        "since": listing.since.isoformat(),
        "until": listing.until.isoformat() if listing.until else None,
        "source": listing.source,
        "verified": listing.is_verified,
    }


def _listing_line(listing: Listing) -> str:
    since = "before our time" if listing.since == UNKNOWN_DAY else listing.since.isoformat()
    until = f" until {listing.until}" if listing.until else ""
    return f"{listing.programme:8} since {since}{until}, by {listing.authority_id} ({listing.source})"


def _change_line(change: ListingChange) -> str:
    name = f' "{change.alias}"' if change.alias else ""
    return f"{change.kind.value}{name}: {change.listing.organisation_id}, {_listing_line(change.listing)}"


def _report(imported: Imported) -> dict[str, Any]:
    return {
        "path": str(imported.path),
        "organisations": imported.organisations,
        "known": imported.known,
        "used": imported.ledger.used,
        "ignored": imported.ledger.ignored,
        "left_out": imported.ledger.left_out,
        "problems": imported.ledger.problems(),
        "changes": [
            {"kind": change.kind.value, "alias": change.alias, **_listing_json(change.listing)}
            for change in imported.changes
        ],
    }


def _show(label: str, lines: Any) -> None:
    for line in list(lines)[:_SHOWN]:
        click.echo(f"{label}: {line}")
    if len(lines) > _SHOWN:
        click.echo(f"{label}: and {len(lines) - _SHOWN} more; --json gives all")
