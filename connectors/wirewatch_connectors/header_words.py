"""What a host's headers ask of us, made safe. Pure.

Called by `fetching` and `scheduling`. Never trusts a number or a token: everything is bounded here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

#: A host that asks for less is asked again after a minute all the same; one that asks for more, after a day.
MIN_RETRY_AFTER_SECONDS = 60.0
MAX_RETRY_AFTER_SECONDS = 86_400.0

#: 512: real validators have some dozen characters; what is longer is a mistake or a way to track us.
MAX_VALIDATOR_CHARACTERS = 512

_VALIDATOR = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


def clean_validator(value: str | None) -> str:
    """Give an ETag or a Last-Modified that can be sent back, or "" when it is not fit for a request header."""
    if not value or len(value) > MAX_VALIDATOR_CHARACTERS or not _VALIDATOR.fullmatch(value):
        return ""
    return value


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Give how long a host asks us to wait, between a minute and a day; None when it does not say so intelligibly."""
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        wanted = float(value[:10])
    else:
        try:
            at = parsedate_to_datetime(value)
        except (ValueError, TypeError, OverflowError, IndexError):
            return None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        wanted = (at - now).total_seconds()
    return min(max(wanted, MIN_RETRY_AFTER_SECONDS), MAX_RETRY_AFTER_SECONDS)


def max_age_seconds(headers: Mapping[str, str]) -> int | None:
    """Give how long the host says its answer stays fresh; None when it does not say, or says not to keep it."""
    words = headers.get("cache-control", "")
    if not words:
        return None
    if re.search(r"no-(cache|store)", words, re.IGNORECASE):
        return None
    found = _MAX_AGE.search(words)
    return int(found.group(1)) if found else None
