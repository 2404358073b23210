"""Opens every road that the settings allow. Called by whoever makes a `Sender`."""

from __future__ import annotations

from wirewatch.delivering.chat import ChatCarrier
from wirewatch.delivering.log_line import LogCarrier
from wirewatch.delivering.mail import MailCarrier
from wirewatch.delivering.roads import Carriers
from wirewatch.delivering.webhook import WebhookCarrier
from wirewatch.settings import Settings
from wirewatch.subscribers import RoadKind


def open_carriers(settings: Settings) -> Carriers:
    """Make the carriers; each connects when it is first needed."""
    return {
        RoadKind.WEBHOOK: WebhookCarrier(settings),
        RoadKind.EMAIL: MailCarrier(settings),
        RoadKind.CHAT: ChatCarrier(settings),
        RoadKind.LOG: LogCarrier(settings.console.public_url),
    }
