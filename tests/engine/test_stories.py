"""What the engine promises, told as stories that run on both engines."""

from __future__ import annotations

from tests.builders import an_article
from tests.harness.streams import Engine, PlainSorter, Witness, running_stream
from wirewatch.topics import SORTED


def _articles(count: int, start: int = 0) -> list[str]:
    return [f"article {number}" for number in range(start, start + count)]


async def test_every_article_passes_both_stages_once(engine: Engine) -> None:
    """What is published is sorted and raised, each article once, and then nothing waits."""
    settings = engine.settings()
    await engine.prepare(settings)
    witness = Witness()
    async with running_stream(settings, raise_alerts=witness) as stream:
        await stream.publish(*map(an_article, _articles(250)))
        await stream.idle()
        assert sorted(witness.seen) == sorted(_articles(250))
        assert sorted(await stream.articles_in(SORTED)) == sorted(_articles(250))
        for stage in ("sort", "alert"):
            assert stream.counted("stage_received_total", stage=stage) == 250
            assert stream.counted("stage_sent_total", stage=stage) == 250


async def test_a_poisoned_article_becomes_a_dead_letter_and_the_rest_go_on(engine: Engine) -> None:
    """An article whose sorting raises is set aside whole, with its place and its error; received = sent + dropped."""
    settings = engine.settings()
    await engine.prepare(settings)
    witness = Witness()
    async with running_stream(settings, sorter=PlainSorter(["article 7"]), raise_alerts=witness) as stream:
        await stream.publish(*map(an_article, _articles(20)))
        await stream.idle()
        (letter,) = await stream.dead_letters()
        assert letter.stage == "sort"
        assert letter.reason == "raised"
        assert "poison: article 7" in letter.error
        assert b"article 7" in letter.value
        assert sorted(witness.seen) == sorted(set(_articles(20)) - {"article 7"})
        received = stream.counted("stage_received_total", stage="sort")
        sent = stream.counted("stage_sent_total", stage="sort")
        dropped = stream.counted("stage_dropped_total", stage="sort", reason="dead_letter")
        assert (received, sent, dropped) == (20, 19, 1)


async def test_a_second_start_goes_on_where_the_first_stopped(engine: Engine) -> None:
    """Nothing that was committed is handled again, nothing that arrived meanwhile is lost."""
    settings = engine.settings()
    await engine.prepare(settings)
    first, second = Witness(), Witness()
    async with running_stream(settings, raise_alerts=first) as stream:
        await stream.publish(*map(an_article, _articles(30)))
        await stream.idle()
    async with running_stream(settings, raise_alerts=second) as stream:
        await stream.publish(*map(an_article, _articles(30, start=30)))
        await stream.idle()
    assert sorted(first.seen) == sorted(_articles(30))
    assert sorted(second.seen) == sorted(_articles(30, start=30))
