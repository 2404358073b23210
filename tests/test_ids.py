"""Ids are the same words on every machine, for ever."""

from __future__ import annotations

from wirewatch import ids


def test_recipes_are_pinned() -> None:
    """A changed recipe would tell every subscriber everything once more."""
    assert ids.article_id("harbour-courier", "guid-1") == "art-a154cebbc8af51cfb65063c6cb5e7d93"
    assert ids.alert_id("k") == "alr-18a605180a035572be5aa748862548fc"
    assert ids.dead_letter_id("articles.v1", 0, 7, "sort") == "dead-b6c69ca2885a57ab8bf971e5846228e8"


def test_parts_do_not_run_into_each_other() -> None:
    """("a", "bc") and ("ab", "c") are different things."""
    assert ids.derive_id("x", "a", "bc") != ids.derive_id("x", "ab", "c")
    assert ids.derive_id("x", "1:a") != ids.derive_id("x", "1", "a")


def test_a_delivery_keeps_its_id_only_for_the_same_revision_and_road() -> None:
    """Each notice has its own id; each attempt of one notice has the same."""
    first = ids.delivery_id("alr-1", 1, "desk", "webhook-0")
    assert first == ids.delivery_id("alr-1", 1, "desk", "webhook-0")
    assert (
        len({first, ids.delivery_id("alr-1", 2, "desk", "webhook-0"), ids.delivery_id("alr-1", 1, "desk", "log-0")})
        == 3
    )
