"""Does an alert concern a subscription? The answer is a reason, never a bare no. Pure.

Does not decide whether to tell: see `alerting.deciding`.
"""

from __future__ import annotations

from enum import StrEnum

from wirewatch.records import Alert, AlertKind
from wirewatch.subscribers import Subscription
from wirewatch.watching.lists import Subject

ANY = "any"


class MatchReason(StrEnum):
    """Why an alert concerns a subscription, or the first thing that says it does not."""

    MATCHED = "matched"
    OTHER_KIND = "other_kind"
    OTHER_EVENT_TYPE = "other_event_type"
    OTHER_ORGANISATION = "other_organisation"
    OTHER_STATUS = "other_status"
    OTHER_LANGUAGE = "other_language"
    OTHER_FEED = "other_feed"


def match(subscription: Subscription, alert: Alert, subject: Subject) -> MatchReason:
    """Say whether an alert concerns a subscription. States and numbers of sources are for `deciding`: they change."""
    if alert.kind is AlertKind.MENTION_ONLY and AlertKind.MENTION_ONLY not in subscription.kinds:
        return MatchReason.OTHER_KIND
    if subscription.kinds and alert.kind not in subscription.kinds:
        return MatchReason.OTHER_KIND
    if subscription.event_types and alert.event_type not in subscription.event_types:
        return MatchReason.OTHER_EVENT_TYPE
    if not concerns(subscription.organisations, subject):
        return MatchReason.OTHER_ORGANISATION
    if subscription.statuses and alert.status not in subscription.statuses:
        return MatchReason.OTHER_STATUS
    if subscription.languages and not _speaks(subscription.languages, alert.languages):
        return MatchReason.OTHER_LANGUAGE
    if subscription.feeds and not any(source.feed_id in subscription.feeds for source in alert.sources):
        return MatchReason.OTHER_FEED
    return MatchReason.MATCHED


def concerns(wanted: tuple[str, ...], subject: Subject) -> bool:
    """Tell whether one of the wanted organisations, lists or countries is the subject's."""
    for word in wanted:
        scheme, _, rest = word.partition(":")
        if word == ANY or word in subject.organisation_ids:
            return True
        if scheme == "list" and rest in subject.lists:
            return True
        if scheme == "country" and rest in subject.countries:
            return True
    return not wanted


def _speaks(wanted: tuple[str, ...], spoken: tuple[str, ...]) -> bool:
    """Compare primary subtags: a wish for "en" takes "en-GB"."""
    primary = {language.partition("-")[0].lower() for language in spoken}
    return any(language.lower() in {*map(str.lower, spoken)} or language.lower() in primary for language in wanted)
