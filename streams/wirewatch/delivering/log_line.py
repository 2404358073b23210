"""The log road: one line for each notice, with escapes shown as escapes; `wirewatch.logs` says where it goes."""

from __future__ import annotations

import logging
from datetime import datetime

from wirewatch.delivering.roads import visible
from wirewatch.delivering.wording import Notice, read_notice
from wirewatch.logs import NOTICES
from wirewatch.records import Delivery
from wirewatch.subscribers import Road

log = logging.getLogger(NOTICES)


class LogCarrier:
    """Writes notices to the log."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url

    def host(self, road: Road) -> str:
        """Give a name; there is no host."""
        return "log"

    async def carry(self, delivery: Delivery, road: Road, now: datetime) -> None:
        """Write one line."""
        notice = read_notice(delivery, self._public_url)
        log.info(
            "%s",
            visible(describe_line(notice)),
            extra={
                "alert_id": delivery.alert_id,
                "subscription_id": delivery.subscription_id,
                "notice": str(delivery.type),
                "link": visible(notice.link),
            },
        )

    async def close(self) -> None:
        """Do nothing."""


def describe_line(notice: Notice) -> str:
    """Give the subject, and the state where the subject does not name it."""
    state = dict(notice.facts).get("State", "").partition(" (")[0]
    return notice.subject if not state or state in notice.subject else f"{notice.subject} – {state}"
