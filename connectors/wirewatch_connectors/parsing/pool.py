"""Reads feeds and pages in child processes, so that no body can hold up, bloat or end the poller."""

from __future__ import annotations

import logging

import msgspec

from wirewatch.clock import Clock, SystemClock
from wirewatch.errors import ParseError
from wirewatch.metrics import Metrics
from wirewatch_connectors.parsing.children import ChildError, ChildPool, ParserLimits
from wirewatch_connectors.parsing.frames import Answer, Question, pack, unpack_answer
from wirewatch_connectors.shapes import ParsedFeed

log = logging.getLogger(__name__)

_WHY = {
    "timeout": "took too long to read",
    "died": "ended the process that read it",
    "too_big": "needs too much memory",
}


class ParserPool:
    """A few parser processes. Starts none before the first body; `close` ends them all."""

    def __init__(
        self,
        *,
        size: int = 2,
        limits: ParserLimits | None = None,
        metrics: Metrics | None = None,
        clock: Clock | None = None,
    ) -> None:
        limits = limits or ParserLimits()
        self._clock = clock or SystemClock()
        self._metrics = metrics
        self._feeds = ChildPool("feed", size, limits, self._count_replaced)
        # One: pages are the rare case, and their library is the heaviest.
        self._pages = ChildPool("page", 1, limits, self._count_replaced)

    async def parse(
        self, body: bytes, *, content_type: str, url: str, known: frozenset[str], feed_id: str = ""
    ) -> ParsedFeed:
        """Read a feed; items whose fingerprint is in `known` are named and not read.

        Raises:
            ParseError: `not_a_feed`, or `parser_timeout`, `parser_died`, `parser_too_big`, `parser_bug` when the
                child could not finish.
        """
        question = Question("feed", body, content_type, url, tuple(known), self._clock.now())
        answer = await self._ask(self._feeds, question, feed_id or url)
        if answer.feed is None:
            raise ParseError("not a feed", feed_id=feed_id or url, reason="not_a_feed")
        return answer.feed

    async def extract_page(self, body: bytes, *, content_type: str, url: str) -> str:
        """Give the article's text in a web page, or "" when there is none.

        Raises:
            ParseError: the child could not finish.
        """
        return (await self._ask(self._pages, Question("page", body, content_type, url), url)).text or ""

    async def close(self) -> None:
        """End all children."""
        await self._feeds.close()
        await self._pages.close()

    async def _ask(self, children: ChildPool, question: Question, identity: str) -> Answer:
        try:
            answer = unpack_answer(await children.ask(pack(question)))
        except ChildError as failure:
            raise self._failed(failure.reason, identity) from failure
        except msgspec.DecodeError as error:
            raise self._failed("died", identity) from error
        if answer.reason == "too_big":
            raise self._failed("too_big", identity)
        if answer.reason == "bug":
            log.error("The parser has a bug.", extra={"feed_id": identity, "traceback": answer.error})
            raise ParseError("the parser has a bug", feed_id=identity, reason="parser_bug")
        if answer.reason:
            raise ParseError("not a feed", feed_id=identity, reason=answer.reason)
        return answer

    def _count_replaced(self, reason: str) -> None:
        if self._metrics is not None:
            self._metrics.parser_restarts.labels(reason).inc()

    def _failed(self, reason: str, identity: str) -> ParseError:
        self._count_replaced(reason)
        log.warning("A parser process was replaced.", extra={"feed_id": identity, "reason": reason})
        return ParseError(_WHY[reason], feed_id=identity, reason=f"parser_{reason}")
