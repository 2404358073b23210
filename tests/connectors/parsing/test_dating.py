"""Dates as feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.connectors.parsing.reading_feeds import NOW, a_feed, an_item, only, read
from wirewatch_connectors.parsing.dating import EARLIEST, read_date

_NINE_THIRTY = datetime(2025, 8, 12, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "Tue, 12 Aug 2025 09:30:00 GMT",
        "Tue, 12 Aug 2025 09:30 GMT",
        "12 Aug 2025 09:30:00 +0000",
        "12 Aug 25 09:30:00 Z",
        "Tue, 12 Aug 2025 05:30:00 EDT",
        "Tue, 12 Aug 2025 05:30:00 -0400",
        "Tue, 12 August 2025 11:30:00 +02:00",
        "Tue 12 Aug 2025 09:30:00 UTC",
        "Tue,12 Aug 2025 09:30:00 GMT",
        "tuesday, 12 aug 2025 09:30:00 gmt",
        "Wed, 12 Aug 2025 09:30:00 GMT",
        "Tue, 12 Aug 2025 09:30:00 +0000 (UTC)",
        "12-Aug-2025 09:30:00",
        "12 août 2025 09:30:00",
        "Tue, 12 Aug 2025 09:30:00",
        "Tue, 12 Aug 2025 11:30:00 GMT+0200",
        "Tue, 12 Aug 2025 9:30:00 AM GMT",
        "Aug 12, 2025 9:30 AM",
        "August 12, 2025 09:30:00",
        "Tue Aug 12 09:30:00 2025",
        "Tue Aug 12 09:30:00 UTC 2025",
        "Tue Aug 12 2025 09:30:00 +0000",
        "2025-08-12T09:30:00Z",
        "2025-08-12T09:30Z",
        "2025-08-12T09:30:00.123456789Z",
        "2025-08-12T11:30:00+02:00",
        "2025-08-12T11:30:00+0200",
        "2025-08-12T11:30:00+02",
        "2025-08-12 09:30:00",
        "2025-08-12 09:30:00 UTC",
        "2025-08-12T09:30:00",
        "20250812T093000Z",
        "2025-224T09:30:00Z",
        " 2025-08-12T09:30:00Z\n",
        "2025-08-12 T09:30:00Z",
        "2025-08-12T09:30:00 -00:00",
        "12 Aug 2025, 09:30 GMT",
        "Tue, 12 Aug 2025 at 09:30 GMT",
    ],
)
def test_ways_to_write_one_moment(raw: str) -> None:
    """RFC 822, RFC 3339, W3C-DTF, asctime, SQL, and their everyday mistakes (a wrong weekday among them)."""
    assert read_date(raw, NOW) == (_NINE_THIRTY, False)


@pytest.mark.parametrize(("raw", "day"), [("2025-08-12", 12), ("2025-08", 1), ("20250812", 12), ("12 Aug 2025", 12)])
def test_days_begin_at_midnight_utc(raw: str, day: int) -> None:
    """A date without a time."""
    assert read_date(raw, NOW)[0] == datetime(2025, 8, day, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        " ",
        "yesterday",
        "01/02/2025",
        "1.2.2025",
        "0000-00-00",
        "0000-00-00T00:00:00Z",
        "10000-01-01",
        "-0044-03-15",
        "2025-02-30",
        "2025-13-01",
        "Fri, 30 Feb 2025 10:00:00 GMT",
        "2025-08-12T25:00:00Z",
        "2025-08-12T09:61:00Z",
        "2025-08-12T09:30:00+99:99",
        "Tue, 12 Aug 2025 09:30:00 +9999",
        "1755000000000",
        "1755000000",
        "1" * 5000,
        "1601-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00Z",
        "0001-01-01",
        "Tue, 12 Foo 2025 09:30:00 GMT",
        "2025-00-12",
        "2025-366T00:00:00Z",
        "13:30 PM",
        "Tue, 12 Aug 2025 13:30:00 AM",
        "12 Aug",
    ],
)
def test_what_is_no_date_is_none(raw: str) -> None:
    """Ambiguous, impossible, absurd or older than the web: none of them is guessed at."""
    found, _ = read_date(raw, NOW)
    assert found is None


def test_leap_second_and_midnight_as_24() -> None:
    """:60 is the second before, 24:00 the day after."""
    assert read_date("2016-12-31T23:59:60Z", NOW)[0] == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert read_date("2025-08-11T24:00:00Z", NOW)[0] == datetime(2025, 8, 12, tzinfo=UTC)


@pytest.mark.parametrize("raw", ["2099-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "Tue, 12 Aug 2025 23:30:00 GMT"])
def test_times_to_come_are_pulled_back_to_now(raw: str) -> None:
    """So that no feed pins its items to the top; the fact is counted."""
    assert read_date(raw, NOW) == (NOW, True)


def test_a_clock_that_is_a_little_fast_is_believed() -> None:
    """Half an hour ahead is nothing to correct."""
    assert read_date("2025-08-12T12:30:00Z", NOW) == (NOW + timedelta(minutes=30), False)


def test_all_items_of_2099_are_clamped_and_keep_what_they_said() -> None:
    """The raw date stays with the item."""
    feed = read(a_feed("<item><title>a</title><pubDate>2099-01-01</pubDate></item>" * 3))
    assert {(item.published_at, item.published_raw, item.date_clamped) for item in feed.items} == {
        (NOW, "2099-01-01", True)
    }


def test_five_thousand_digits_are_kept_short() -> None:
    """The raw date is kept, but not at any length."""
    item = only(read(an_item(f"<title>t</title><pubDate>{'1' * 5000}</pubDate>")))
    assert (item.published_at, len(item.published_raw)) == (None, 128)


@given(
    st.one_of(
        st.text(max_size=60), st.from_regex(r"[0-9T:+ .Z-]{4,40}"), st.datetimes().map(lambda when: when.isoformat())
    )
)
def test_any_words_give_a_time_in_range_or_none(raw: str) -> None:
    """Never raises."""
    found, _ = read_date(raw, NOW)
    assert found is None or EARLIEST <= found <= NOW + timedelta(hours=1)
