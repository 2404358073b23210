"""A dossier gives the same alert whatever order its articles came in; every quote is exact."""

from __future__ import annotations

import itertools

from tests.stories import listings
from tests.stories.acting import Stage, a_store, article_of
from tests.stories.scenery import a_world
from wirewatch.records import Alert, Field

PUSHES = (listings.WIRE, listings.COPY, listings.OWN, listings.NOTICE, listings.DENIAL)
#: What depends on when things were told: the order of arrival is there by right.
_BY_ORDER = ("revision", "first_seen_at", "updated_at")


def alert_after(order: tuple[int, ...]) -> Alert:
    """Give the one alert after the articles came in this order."""
    with a_store() as database:
        stage = Stage(database, a_world())
        for position in order:
            stage.push(PUSHES[position])
        (alert,) = stage.alerts()
        return alert


def test_the_order_of_arrival_does_not_matter() -> None:
    """Orders in which the denial does not come before what it denies all end in the same alert."""
    ends = set()
    orders = [order for order in itertools.permutations(range(len(PUSHES))) if order[0] != 4]
    for order in orders[::9]:
        alert = alert_after(order)
        ends.add(repr([(name, getattr(alert, name)) for name in alert.__slots__ if name not in _BY_ORDER]))
    assert len(ends) == 1, "\n".join(ends)


def test_every_quote_stands_where_it_says() -> None:
    """`start` and `end` count code points into the named field of the stored article."""
    articles = {article_of(push).id: article_of(push) for push in PUSHES}
    alert = alert_after((0, 1, 2, 3, 4))
    assert alert.evidence
    for evidence in alert.evidence:
        article = articles[evidence.article_id]
        whole = article.title if evidence.field is Field.TITLE else article.text
        assert whole[evidence.start : evidence.end] == evidence.quote
        assert evidence.url == article.url


def test_quotes_of_authorities_come_first_and_copies_are_not_quoted_twice() -> None:
    """Weight orders the quotes; the same words stand there once."""
    alert = alert_after((0, 1, 2, 3, 4))
    assert alert.evidence[0].quote == listings.NOTICE.title
    quotes = [evidence.quote.casefold() for evidence in alert.evidence]
    assert len(quotes) == len(set(quotes))


def test_the_headline_is_an_agencys_that_states_the_fact() -> None:
    """An original of a wire is preferred to an authority's title of a document and to copies."""
    assert alert_after((3, 2, 1, 0, 4)).headline == listings.WIRE.title
