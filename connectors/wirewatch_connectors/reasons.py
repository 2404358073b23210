"""Why a poll failed, and how much such a failure weighs. Bounded words, fit for metric labels. Pure.

`fetching` gives the reasons of the road, `parsing` those of the document; `scheduling` asks for the weight.
"""

from __future__ import annotations

from enum import StrEnum


class FetchReason(StrEnum):
    """Why a feed could not be fetched."""

    BLOCKED_ADDRESS = "blocked_address"
    BLOCKED_PORT = "blocked_port"
    BAD_URL = "bad_url"
    REDIRECTS = "redirects"
    DOWNGRADE = "downgrade"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    INCOMPLETE = "incomplete"
    BAD_RESPONSE = "bad_response"
    BAD_ENCODING = "bad_encoding"
    TOO_LARGE = "too_large"
    UNAUTHORISED = "unauthorised"
    NOT_FOUND = "not_found"
    GONE = "gone"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    SERVER_ERROR = "server_error"
    HTTP_ERROR = "http_error"


class Weight(StrEnum):
    """How much one failure says about a feed."""

    #: The road or the host has a bad moment.
    TEMPORARY = "temporary"
    #: The answer was wrong; it may be right next time.
    SOFT = "soft"
    #: A person has to change something, here or there.
    HARD = "hard"
    #: The host says that the feed will not come back.
    GONE = "gone"


_WEIGHTS = {
    FetchReason.GONE: Weight.GONE,
    **dict.fromkeys(
        (
            FetchReason.DNS,
            FetchReason.CONNECT,
            FetchReason.TIMEOUT,
            FetchReason.INCOMPLETE,
            FetchReason.RATE_LIMITED,
            FetchReason.UNAVAILABLE,
        ),
        Weight.TEMPORARY,
    ),
    **dict.fromkeys(
        (
            FetchReason.BLOCKED_ADDRESS,
            FetchReason.BLOCKED_PORT,
            FetchReason.BAD_URL,
            FetchReason.REDIRECTS,
            FetchReason.DOWNGRADE,
            FetchReason.TLS,
            FetchReason.TOO_LARGE,
            FetchReason.UNAUTHORISED,
            FetchReason.NOT_FOUND,
        ),
        Weight.HARD,
    ),
}

_STATUS_REASONS = {
    401: FetchReason.UNAUTHORISED,
    403: FetchReason.UNAUTHORISED,
    404: FetchReason.NOT_FOUND,
    410: FetchReason.GONE,
    429: FetchReason.RATE_LIMITED,
    502: FetchReason.UNAVAILABLE,
    503: FetchReason.UNAVAILABLE,
    504: FetchReason.UNAVAILABLE,
}

#: Parsers that had to be killed: the document is an attack or a monster, and costs us seconds each time.
_COSTLY_PARSES = frozenset({"parser_timeout", "parser_died", "parser_too_big"})


def weigh(reason: str, *, from_parser: bool = False) -> Weight:
    """Give the weight of a reason; an unknown one is soft."""
    if from_parser:
        return Weight.HARD if reason in _COSTLY_PARSES else Weight.SOFT
    try:
        return _WEIGHTS.get(FetchReason(reason), Weight.SOFT)
    except ValueError:
        return Weight.SOFT


def reason_of_status(status: int) -> FetchReason | None:
    """Give why a status is a failure; None for the two that are not (200, 304)."""
    if status in (200, 304):
        return None
    if status in _STATUS_REASONS:
        return _STATUS_REASONS[status]
    return FetchReason.SERVER_ERROR if status >= 500 else FetchReason.HTTP_ERROR
