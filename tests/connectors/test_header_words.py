"""What hosts ask for in headers, bounded."""

from datetime import UTC, datetime

import pytest

from wirewatch_connectors.header_words import clean_validator, max_age_seconds, retry_after_seconds

NOON = datetime(2025, 8, 12, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("10", 60.0),
        ("300", 300.0),
        (" 300 ", 300.0),
        ("1000000000", 86_400.0),
        ("9" * 5000, 86_400.0),
        ("Tue, 12 Aug 2025 13:00:00 GMT", 3600.0),
        ("Tue, 12 Aug 2025 11:00:00 GMT", 60.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("１０", None),
        ("12 Foo 20255 25:61", None),
        (None, None),
    ],
)
def test_retry_after_is_honoured_between_a_minute_and_a_day(value: str | None, seconds: float | None) -> None:
    """Seconds and dates are understood, clamped to [60 s, 24 h]; garbage asks for nothing."""
    assert retry_after_seconds(value, NOON) == seconds


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ('"abc"', '"abc"'),
        ('W/"abc def"', 'W/"abc def"'),
        ("unquoted-etag", "unquoted-etag"),
        ("Tue, 12 Aug 2025 12:00:00 GMT", "Tue, 12 Aug 2025 12:00:00 GMT"),
        ('"a\r\nX-Evil: 1"', ""),
        ('"a\x00"', ""),
        ('"ü"', ""),
        ("x" * 100_000, ""),
        (" ", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_validators_unfit_for_a_request_header_are_dropped(value: str | None, sent: str) -> None:
    """What a host gives as ETag is echoed only when it is short and plain."""
    assert clean_validator(value) == sent


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("max-age=300", 300),
        ("public, Max-Age=60", 60),
        ("s-maxage=5, max-age=7", 7),
        ("no-cache, max-age=300", None),
        ("no-store", None),
        ("max-age=-1", None),
        ("max-age=999999999999", 999_999_999),
        ("", None),
    ],
)
def test_cache_control_says_how_long_an_answer_is_fresh(words: str, seconds: int | None) -> None:
    """Only `max-age` counts, and only where the answer may be kept."""
    assert max_age_seconds({"cache-control": words}) == seconds
