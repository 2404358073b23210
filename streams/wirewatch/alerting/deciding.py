"""Is a subscription told of this revision? Four questions as Alertmanager asks them; each answer is a reason. Pure.

Does it match (answered by `watching.matching`)? Is it muted? Was it said already? How does it leave (answered by
`delivering.planning`)? Never on a timer: only a change is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from wirewatch.records import Alert, AlertState, NoticeType, Tier
from wirewatch.subscribers import Subscription


class Decision(StrEnum):
    """Why a subscription is told, or not."""

    #: Told: nobody had said it to this subscription.
    FIRST = "first"
    #: Told: what we believe has changed.
    STATE_CHANGED = "state_changed"
    #: Told: another independent source, and the subscription wants to hear of it.
    MORE_SOURCES = "more_sources"
    #: Not told: it was, and nothing that it wants to hear of has changed.
    ALREADY_TOLD = "already_told"
    #: Not told: every article came with its feed's first poll.
    HISTORY = "history"
    MUTED_ORGANISATION = "muted_organisation"
    MUTED_EVENT_TYPE = "muted_event_type"
    #: Not told yet.
    TOO_FEW_SOURCES = "too_few_sources"
    OTHER_STATE = "other_state"
    #: Not told: retracted before it was ever told.
    NEVER_TOLD_AND_GONE = "never_told_and_gone"
    #: Not told: a confirmed alert of the same organisation and list says more.
    INHIBITED = "inhibited"


_NOTICES = {
    Decision.FIRST: NoticeType.OPENED,
    Decision.STATE_CHANGED: NoticeType.STATE_CHANGED,
    Decision.MORE_SOURCES: NoticeType.UPDATED,
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a subscription was last told of an alert."""

    revision: int
    state: AlertState
    independent_sources: int


def decide_notice(
    subscription: Subscription,
    alert: Alert,
    told: Told | None,
    *,
    on: date,
    may_notify: bool,
    inhibited: bool = False,
) -> Decision:
    """Decide whether a subscription that an alert concerns is told of its present revision.

    Args:
        subscription: Whom.
        alert: What, as it stands now.
        told: What it was last told of this alert, if anything.
        on: Today in the subscription's zone: mutes end on a day.
        may_notify: False while the alert is nothing but silent history.
        inhibited: True when another alert makes this one superfluous.
    """
    muted = _muted(subscription, alert, on)
    if muted is not None:
        return muted
    if told is None:
        return _decide_first(subscription, alert, may_notify=may_notify, inhibited=inhibited)
    if told.revision >= alert.revision:
        return Decision.ALREADY_TOLD
    if told.state is not alert.state:
        # Whoever was told that it is so is told that it is not, whatever states the subscription asks for.
        gone = alert.state in (AlertState.CONTRADICTED, AlertState.RETRACTED)
        return Decision.STATE_CHANGED if gone or _wants_state(subscription, alert) else Decision.OTHER_STATE
    if subscription.updates and alert.independent_sources > told.independent_sources:
        return Decision.MORE_SOURCES
    return Decision.ALREADY_TOLD


def notice_of(decision: Decision) -> NoticeType | None:
    """Give the notice that a decision sends; None for silence."""
    return _NOTICES.get(decision)


def _decide_first(subscription: Subscription, alert: Alert, *, may_notify: bool, inhibited: bool) -> Decision:
    if not may_notify:
        return Decision.HISTORY
    if alert.state is AlertState.RETRACTED:
        return Decision.NEVER_TOLD_AND_GONE
    if not _wants_state(subscription, alert):
        return Decision.OTHER_STATE
    if not _is_enough(subscription, alert):
        return Decision.TOO_FEW_SOURCES
    return Decision.INHIBITED if inhibited else Decision.FIRST


def _is_enough(subscription: Subscription, alert: Alert) -> bool:
    if alert.independent_sources >= subscription.minimum_independent_sources:
        return True
    if subscription.enough_tier is None:
        return False
    tiers = list(Tier)
    enough = tiers[: tiers.index(subscription.enough_tier) + 1]
    return any(source.tier in enough and source.says == "supports" for source in alert.sources)


def _wants_state(subscription: Subscription, alert: Alert) -> bool:
    return not subscription.states or alert.state in subscription.states


def _muted(subscription: Subscription, alert: Alert, on: date) -> Decision | None:
    for mute in subscription.mutes:
        if mute.until is not None and on > mute.until:
            continue
        if mute.organisation_id and mute.event_type:
            # Both: only this type of this organisation.
            if mute.organisation_id in alert.involved and mute.event_type == alert.event_type:
                return Decision.MUTED_ORGANISATION
        elif mute.organisation_id:
            if mute.organisation_id in alert.involved:
                return Decision.MUTED_ORGANISATION
        elif mute.event_type == alert.event_type:
            return Decision.MUTED_EVENT_TYPE
    return None
