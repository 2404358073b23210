"""The Faust transport of the embedded log: `sqlite:///path/to/log.sqlite`. Registered under `faust.transports`."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import ClassVar

from faust.transport import base

from wirewatch.engine.sqlite.consumer import Consumer
from wirewatch.engine.sqlite.files import log_path
from wirewatch.engine.sqlite.log import Log
from wirewatch.engine.sqlite.producer import Producer
from wirewatch.engine.sqlite.sharing import held


class Transport(base.Transport):
    """Hands Faust the consumer and producer of the log that this process holds."""

    Consumer: ClassVar[type] = Consumer
    Producer: ClassVar[type] = Producer
    default_port: ClassVar[int] = 0
    driver_version = f"sqlite={sqlite3.sqlite_version}"

    @property
    def path(self) -> Path:
        """The file of the log."""
        return log_path(str(self.url[0]), Path())

    @property
    def log(self) -> Log:
        """The open log; held from the producer's start to its stop."""
        return held(self.path)
