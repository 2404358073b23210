"""Which items are news: identity, change, repeats, flapping."""

import pytest

from tests.connectors.desk import NOON, Desk, a_feed, an_item
from wirewatch_connectors.deciding import FLAPPING_LIMIT
from wirewatch_connectors.shapes import FeedItem

A = "https://news.example/a"
B = "https://news.example/b"


def ids(desk: Desk) -> set[str]:
    """Give the ids of all articles that were published."""
    return {article.id for article in desk.log}


@pytest.mark.parametrize(
    "item",
    [
        an_item(guid="g1", url=A),
        an_item(guid="g1"),
        an_item(url=A),
        an_item(),
        an_item(title="", text="Only a text.", guid="g1"),
        an_item(title="", text="Only a text."),
        an_item(url="https://news.example/"),
    ],
)
def test_an_item_is_published_once_whatever_it_lacks(item: FeedItem) -> None:
    """Without guid, link or title an item still has an identity, and its second and third showing is no news."""
    desk = Desk()
    assert len(desk.poll(item)) == 1
    assert desk.poll(item) == []
    assert desk.poll(item, minutes=60 * 24 * 30) == []


def test_an_empty_item_is_dropped_with_its_reason() -> None:
    """Neither title nor text is nothing to sort; it is counted, not silently lost."""
    decision = Desk().decide([an_item(title=" ", guid="g1", url=A), an_item(guid="g2")])
    assert [article.guid for article in decision.articles] == ["g2"]
    assert decision.dropped == {"empty_item": 1}


def test_an_item_with_only_a_link_is_kept_where_its_page_will_be_read() -> None:
    """With full text the page gives what the feed does not."""
    assert len(Desk(a_feed(full_text=True)).poll(an_item(title="", url=A))) == 1


def test_one_guid_on_two_articles_of_a_document_gives_two_articles() -> None:
    """A publisher who numbers everything 1 does not lose articles, in whatever order they come."""
    desk = Desk()
    first, second = an_item("Storm", guid="1", url=A), an_item("Calm", guid="1", url=B)
    desk.poll(first, second)
    assert len(ids(desk)) == 2
    assert desk.poll(second, first) == []
    other = Desk()
    other.poll(second, first)
    assert ids(other) == ids(desk)


def test_a_guid_that_is_reused_for_another_article_gives_another_article() -> None:
    """Same guid, other link and other title a day later: another article, not a revision of the first."""
    desk = Desk()
    desk.poll(an_item("Storm", guid="latest", url=A))
    desk.poll(an_item("Calm", guid="latest", url=B))
    assert len(ids(desk)) == 2
    assert [article.revision for article in desk.log] == [1, 1]


def test_one_guid_in_two_feeds_is_two_articles() -> None:
    """Identity is scoped by feed."""
    one, other = Desk(a_feed("one")), Desk(a_feed("other"))
    one.poll(an_item(guid="g1", url=A))
    other.poll(an_item(guid="g1", url=A))
    assert not ids(one) & ids(other)


def test_a_feed_cannot_suppress_anothers_articles_by_copying_their_guids() -> None:
    """What an attacker's feed has shown is not in the victim's memory."""
    attacker, victim = Desk(a_feed("attacker")), Desk(a_feed("victim"))
    attacker.poll(an_item("Nothing happened", guid="g1", url=A))
    assert len(victim.poll(an_item("Listing announced", guid="g1", url=A))) == 1


def test_random_guids_on_a_stable_link_are_one_article() -> None:
    """A guid that is drawn anew at every fetch gives one article, no revisions."""
    desk = Desk()
    for number in range(10):
        desk.poll(an_item(guid=f"random-{number}", url=A), an_item("Calm", guid=f"other-{number}", url=B))
    assert len(desk.log) == 2


@pytest.mark.parametrize(
    "link",
    [
        A + "?utm_source=rss",
        A.replace("https", "http"),
        A + ";jsessionid=77",
        A + "?session=77",
        "https://other.example/moved",
    ],
)
def test_a_link_that_changes_under_one_guid_is_the_same_article(link: str) -> None:
    """Tracking, sessions, https and even another address: the guid and the title say that it is the same."""
    desk = Desk()
    desk.poll(an_item(guid="g1", url=A))
    assert desk.poll(an_item(guid="g1", url=link)) == []


def test_an_edited_title_is_a_revision() -> None:
    """The id stays, the revision counts up, the words are the new ones."""
    desk = Desk()
    (first,) = desk.poll(an_item("Three hurt", guid="g1", url=A))
    (second,) = desk.poll(an_item("Four hurt", guid="g1", url=A))
    (third,) = desk.poll(an_item("Four hurt", "It has been corrected.", guid="g1", url=A))
    assert first.id == second.id == third.id
    assert [first.revision, second.revision, third.revision] == [1, 2, 3]
    assert second.title == "Four hurt"


def test_guids_are_trimmed_and_keep_their_case() -> None:
    """White space is noise; `A1` and `a1` are two."""
    desk = Desk()
    desk.poll(an_item("One", guid="a1"))
    assert desk.poll(an_item("One", guid=" a1\n")) == []
    assert len(desk.poll(an_item("Two", guid="A1"))) == 1
    assert desk.log[0].guid == "a1"


def test_order_does_not_matter_and_items_may_come_back_after_a_month() -> None:
    """A feed that is reordered, or shows an old item again, brings no news."""
    desk = Desk()
    items = [an_item(f"News {number}", guid=f"g{number}") for number in range(5)]
    desk.poll(*items)
    assert desk.poll(*reversed(items)) == []
    assert desk.poll(items[0]) == []
    assert desk.poll(*items, minutes=31 * 24 * 60) == []


def test_a_feed_larger_than_any_cache_brings_nothing_twice() -> None:
    """5,000 items are all remembered."""
    desk = Desk()
    items = [an_item(f"News {number}", guid=f"g{number}") for number in range(5000)]
    assert len(desk.poll(*items)) == 5000
    assert desk.poll(*items) == []
    assert len(desk.poll(*items, an_item("The 5,001st", guid="new"))) == 1


def test_the_first_poll_is_history_and_later_ones_are_not() -> None:
    """Two thousand old items fill the store; the next one is news."""
    desk = Desk()
    old = desk.poll(*(an_item(f"News {number}", guid=f"g{number}") for number in range(2000)))
    (new,) = desk.poll(an_item("Fresh", guid="new"))
    assert all(article.history for article in old)
    assert not new.history


def test_a_feed_may_tell_its_history() -> None:
    """`history = "tell"` marks its first poll as history that notifies."""
    (article,) = Desk(a_feed(tell_history=True)).poll(an_item())
    assert article.history
    assert article.tell_history


def test_a_correction_of_a_historical_article_is_news() -> None:
    """What is edited after the first poll happened now."""
    desk = Desk()
    desk.poll(an_item("Three hurt", guid="g1"))
    (edited,) = desk.poll(an_item("Nobody hurt", guid="g1"))
    assert not edited.history


def test_many_items_that_link_to_one_page_stay_apart() -> None:
    """A page that all items share singles out none of them: the guids do, and without guids the titles."""
    live = "https://news.example/live"
    with_guids = [an_item(f"News {n}", guid=f"g{n}", url=live) for n in range(5)]
    without = [an_item(f"News {n}", url=live) for n in range(5)]
    for items in (with_guids, without):
        desk = Desk()
        desk.poll(*items)
        assert len(ids(desk)) == 5
        assert desk.poll(*items) == []


def test_an_item_that_stands_twice_in_a_document_is_one_article() -> None:
    """An exact repeat, and a repeat with other words under the same guid and link, are duplicates."""
    decision = Desk().decide([an_item(guid="g1", url=A), an_item(guid="g1", url=A), an_item("Other", guid="g1", url=A)])
    assert len(decision.articles) == 1
    assert decision.dropped == {"duplicate": 2}


def test_an_item_that_changes_at_every_poll_is_stopped_at_the_limit() -> None:
    """An item that prints the time gives 24 revisions, then it flaps: counted, not published."""
    desk = Desk()
    for number in range(FLAPPING_LIMIT + 10):
        desk.poll(an_item("Live", f"It is now {number}.", guid="g1"))
    assert len(desk.log) == FLAPPING_LIMIT + 1
    decision = desk.decide([an_item("Live", "It is now late.", guid="g1")])
    assert decision.dropped == {"flapping": 1}
    assert decision.flapping


def test_two_versions_served_in_turn_are_stopped_at_the_limit() -> None:
    """Two caches that disagree do not make revisions for ever."""
    desk = Desk()
    for number in range(200):
        desk.poll(an_item("Live", f"Version {number % 2}.", guid="g1"))
    assert len(desk.log) <= FLAPPING_LIMIT + 2


def test_what_a_flapping_item_comes_to_rest_at_is_published() -> None:
    """The last word of a live page is not lost: shown twice alike, it is a revision, and the limit begins anew."""
    desk = Desk()
    for number in range(FLAPPING_LIMIT + 5):
        desk.poll(an_item("Live", f"It is now {number}.", guid="g1"))
    final = an_item("Live", "It is over.", guid="g1")
    assert desk.poll(final) == []
    (article,) = desk.poll(final)
    assert article.text == "It is over."
    assert desk.poll(final) == []
    assert len(desk.poll(an_item("Live", "Corrected.", guid="g1"))) == 1


def test_a_document_without_any_known_item_is_a_suspected_gap() -> None:
    """When nothing overlaps with what we know, something may have passed unseen; a first poll is no gap."""
    desk = Desk()
    assert desk.decide([an_item(guid="g1")]).overlaps
    desk.poll(an_item(guid="g1"))
    assert desk.decide([an_item(guid="g1"), an_item("New", guid="g2")]).overlaps
    assert not desk.decide([an_item("Newer", guid="g3"), an_item("New", guid="g2")]).overlaps
    assert desk.decide([]).overlaps


def test_every_item_is_accounted_for() -> None:
    """Received = sent + dropped, whatever the document holds."""
    desk = Desk()
    desk.poll(an_item(guid="g1"), an_item("Old", guid="g2"))
    items = [
        an_item(guid="g1"),
        an_item("Edited", guid="g2"),
        an_item("New", guid="g3"),
        an_item("New", guid="g3"),
        an_item(title="", guid="g4"),
    ]
    decision = desk.decide(items)
    assert len(items) == len(decision.articles) + sum(decision.dropped.values())
    assert decision.new == 1


def test_an_article_carries_what_its_feed_is() -> None:
    """Name, tier, language and sample come from the configuration where the item does not say."""
    feed = a_feed(language="ur", sample=True)
    (article,) = Desk(feed).poll(an_item(guid="g1", url=A))
    assert (article.feed_id, article.feed_name, article.tier) == (feed.id, feed.name, feed.tier)
    assert (article.language, article.sample, article.revision) == ("ur", True, 1)
    assert article.fetched_at is not None
    assert article.fetched_at > NOON
