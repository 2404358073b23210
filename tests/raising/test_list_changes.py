"""What an imported list changes raises alerts by itself, and confirms what articles claimed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.stories import listings
from tests.stories.acting import Push, Stage, Want, a_store, check_alerts, moment, says
from tests.stories.scenery import BLA_SDGT, TIDE_UK, a_world
from wirewatch.knowledge.importing.differing import diff_listings
from wirewatch.raising import World, raise_listing_changes
from wirewatch.records import Alert, Listing
from wirewatch.store.database import Database
from wirewatch.store.proposals import list_proposals
from wirewatch.store.register import load_entries

TIDE_FTO = Listing("tide-front", "us-state", "FTO", date(2025, 3, 3), source="https://lists.example/fto")


def import_list(
    database: Database, old: tuple[Listing, ...], new: tuple[Listing, ...], at: str = "2025-03-05T08:00"
) -> tuple[World, tuple[Alert, ...]]:
    """Import a list that held `old` and holds `new`."""
    world = replace(a_world(listings=new), version=f"world-{len(new)}-{at}")
    with database.transaction() as connection:
        return world, raise_listing_changes(connection, diff_listings(old, new), world, moment(at))


def test_a_new_entry_raises_an_alert_and_is_told() -> None:
    """Without any article the list itself is the source, the quote and the confirmation."""
    with a_store() as database:
        world, (alert,) = import_list(database, (TIDE_UK,), (TIDE_UK, TIDE_FTO))
        wanted = Want("new_listing", "tide-front", "confirmed", "us-state", "FTO", effective="2025-03-03", told=True)
        check_alerts([alert], [wanted])
        assert alert.evidence[0].quote == alert.sources[0].title
        assert alert.sources[0].url == "https://lists.example/fto"
        assert Stage(database, world).notices() == [("everything", "alert.opened", "tide-front")]


def test_an_import_confirms_what_was_claimed() -> None:
    """The unconfirmed alert of a report becomes confirmed when the list holds the entry; no second alert is made."""
    with a_store() as database:
        stage = Stage(database, a_world())
        stage.push(listings.WIRE)
        world, _ = import_list(database, (TIDE_UK,), (TIDE_UK, TIDE_FTO))
        check_alerts(stage.alerts(), [Want("new_listing", "tide-front", "confirmed", programme="FTO", sources=2)])
        assert [kind for _, kind, _ in stage.notices()] == ["alert.opened", "alert.state_changed"]
        stage.world = world
        stage.push(listings.OWN)
        check_alerts(stage.alerts(), [Want("new_listing", "tide-front", "confirmed", sources=3, independent=3)])


def test_the_same_import_again_changes_nothing() -> None:
    """Importing twice makes one alert with one revision."""
    with a_store() as database:
        import_list(database, (TIDE_UK,), (TIDE_UK, TIDE_FTO))
        _, (alert,) = import_list(database, (TIDE_UK,), (TIDE_UK, TIDE_FTO))
        assert alert.revision == 1


def test_a_removed_entry_is_a_delisting() -> None:
    """What the list no longer holds is told as taken off, dated by the import when the list gives no day."""
    with a_store() as database:
        _, (alert,) = import_list(database, (TIDE_UK, BLA_SDGT), (BLA_SDGT,))
        check_alerts(
            [alert], [Want("delisted", "tide-front", "confirmed", "united-kingdom", "UK", effective="2025-03-05")]
        )


def test_an_added_alias_is_an_alert_of_its_kind() -> None:
    """A name that an old entry carries now and did not carry before is told."""
    named = replace(TIDE_UK, aliases=(("Ebb Front", None),))
    with a_store() as database:
        _, (alert,) = import_list(database, (TIDE_UK,), (named,))
        check_alerts([alert], [Want("alias_added", "tide-front", "confirmed", names=("Ebb Front",))])


def test_a_corrected_date_tells_nobody() -> None:
    """A date put right opens no alert."""
    dated = replace(TIDE_UK, since=date(2012, 3, 2))
    with a_store() as database:
        assert import_list(database, (TIDE_UK,), (dated,))[1] == ()


def test_an_authoritys_word_is_written_to_the_register_and_taken_back() -> None:
    """A confirmed listing enters the register; when the authority denies it, the entry goes."""
    denial = replace(
        listings.NOTICE,
        at="2025-03-04T15:00",
        title="The Tide Front has not been designated",
        sayings=(says("designation/denied", "tide-front", by="us-state", programme="FTO"),),
    )
    with a_store() as database:
        stage = Stage(database, a_world())
        stage.push(listings.NOTICE)
        assert written(database) == [("FTO", date(2025, 3, 3), None)]
        stage.push(denial)
        assert written(database) == []


def test_a_delisting_ends_the_entry_and_survives_a_new_seed() -> None:
    """The end that an authority announced stays when the files, which do not know it yet, are read anew."""
    order = Push(
        "2025-05-05T10:00",
        "river-gazette",
        "Order removing the Tide Front",
        (says("delisting/new", "tide-front", by="united-kingdom", programme="UK"),),
    )
    with a_store() as database:
        stage = Stage(database, a_world())
        stage.push(order)
        stage.world = replace(stage.world, version="another")
        stage.push(listings.WIRE)
        assert ended(database) == date(2025, 5, 5)


def test_names_of_a_confirmed_listing_become_proposals_once() -> None:
    """A name that no file holds is proposed with the quote that brought it up; known names are not."""
    push = Push(
        "2025-03-03T15:00",
        "potomac-notices",
        "Designation of the Gull Cartel",
        (says("designation/new", "Gull Cartel", by="us-state", programme="FTO"),),
    )
    with a_store() as database:
        stage = Stage(database, a_world())
        stage.push(push)
        stage.push(push)
        stage.push(listings.NOTICE)
        stage.push(
            replace(push, title="Sample", sample=True, sayings=(says("designation/new", "Sham", by="us-state"),))
        )
        with database.transaction() as connection:
            (proposal,) = list_proposals(connection)
    assert (proposal.name, proposal.organisation_id) == ("Gull Cartel", "")
    assert proposal.quote == push.title


def written(database: Database) -> list[tuple[str, date, date | None]]:
    """Give what alerts wrote of the Tide Front."""
    with database.transaction() as connection:
        entries = load_entries(connection, ["tide-front"])
    return [(entry.programme, entry.since, entry.until) for entry, origin, _ in entries if origin != "seed"]


def ended(database: Database) -> date | None:
    """Give when the Tide Front's entry of the files ended."""
    with database.transaction() as connection:
        ((entry, _, _),) = (row for row in load_entries(connection, ["tide-front"]) if row[1] == "seed")
    return entry.until
