"""A one-stage stream of raw values, run with Faust's stock behaviour or with ours, so that a loss can be seen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from faust.transport import base
from faust.transport.drivers import aiokafka

from tests.harness.streams import STORY_TIMEOUT_SECONDS, Engine
from wirewatch.app import bare_app, broker_urls
from wirewatch.clock import SystemClock
from wirewatch.engine import sqlite
from wirewatch.engine.application import StreamApp
from wirewatch.engine.batches import BatchLoop, take_batches
from wirewatch.engine.dead_letters import DeadLetterLimit
from wirewatch.engine.handling import Output, each
from wirewatch.engine.reading import read_topic
from wirewatch.engine.replaying import list_dead_letters, write_records
from wirewatch.engine.running import StreamRunner
from wirewatch.engine.sqlite.consumer import Consumer as LogConsumer
from wirewatch.engine.topics_admin import topic_name
from wirewatch.metrics import Metrics
from wirewatch.topics import ARTICLES, DEAD_LETTERS, SORTED

Step = Callable[[bytes | None], Output]
Agent = Callable[[Any], Awaitable[None]]


class StockLogConsumer(LogConsumer):
    """The embedded log's consumer with Faust's own idea of which offset may be committed."""

    _new_offset = base.Consumer._new_offset
    _add_gap = base.Consumer._add_gap
    wait_empty = base.Consumer.wait_empty


class StockLogTransport(sqlite.Transport):
    """The embedded log without safe offsets."""

    Consumer = StockLogConsumer


class Lab:
    """Publishes values, runs an agent over them, and says which are lost."""

    def __init__(self, engine: Engine, *, stock: bool) -> None:
        self.stock = stock
        self.settings = engine.settings("")
        self._engine = engine

    async def publish(self, values: Sequence[bytes]) -> None:
        """Put values into the first topic, all in one partition."""
        await self._engine.prepare(self.settings)
        topic = topic_name(self.settings, ARTICLES)
        await write_records(self.settings, [(topic, b"one key", value) for value in values], SystemClock())

    async def run(self, agent_for: Callable[[StreamApp], Agent], until: Callable[[], bool] | None, **conf: Any) -> None:
        """Run an agent until `until`, or until all is committed, and stop it."""
        app = bare_app(self.settings, metrics=Metrics(), clock=SystemClock())
        for name, value in conf.items():
            setattr(app.conf, name, value)
        if self.stock:
            urls = broker_urls(self.settings)
            app.transport = (StockLogTransport if self.settings.embedded else aiokafka.Transport)(urls, app)
        source = topic_name(self.settings, ARTICLES)
        app.reads.append(source)
        channel = app.topic(source, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")
        app.agent(channel, name="agent")(agent_for(app))
        runner = StreamRunner(app, on_stuck=lambda: None)
        await runner.start()
        try:
            async with asyncio.timeout(STORY_TIMEOUT_SECONDS):
                if until is None:
                    await runner.wait_idle()
                else:
                    await runner.watch(asyncio.Event(), until=lambda _progress: until())
        finally:
            await runner.stop()

    def agent(self, step: Step) -> Callable[[StreamApp], Agent]:
        """Give the agent that runs a step in the stock way, or in ours."""
        return partial(self._stock_agent if self.stock else self._our_agent, step)

    async def lost(self, values: Sequence[bytes]) -> set[bytes]:
        """Give the values that are neither in the second topic nor among the dead letters."""
        sent = {record.key or b"" async for record in read_topic(self.settings, topic_name(self.settings, SORTED))}
        dead = {listed.letter.value for listed in await list_dead_letters(self.settings)}
        return set(values) - sent - dead

    def _stock_agent(self, step: Step, app: StreamApp) -> Agent:
        target = app.topic(topic_name(self.settings, SORTED), key_type=bytes, value_type=bytes, value_serializer="raw")

        async def agent(stream: Any) -> None:
            async for value in stream:
                output = step(value)
                await (await target.send(key=output.key, value=output.value))

        return agent

    def _our_agent(self, step: Step, app: StreamApp) -> Agent:
        loop = BatchLoop(
            "sort",
            each(step),
            target=topic_name(self.settings, SORTED),
            dead_letters=topic_name(self.settings, DEAD_LETTERS),
            send=app.send_output,
            limit=DeadLetterLimit(in_a_row=100, ratio=1.0),
            metrics=app.metrics,
            clock=app.clock,
        )

        async def agent(stream: Any) -> None:
            await take_batches(loop, stream, batch_size=3, batch_wait_seconds=0.02, fail=app.fail)

        return agent
