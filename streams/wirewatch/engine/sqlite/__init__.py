"""A Faust transport on one SQLite file: durable, one process, nothing to install."""

from wirewatch.engine.sqlite.transport import Transport

__all__ = ["Transport"]
