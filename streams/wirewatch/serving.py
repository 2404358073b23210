"""Serves a web application in this process, on a socket that was bound before, without touching signals.

Called by `running` and by connectors' own processes. Knows nothing of what is served.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn

from wirewatch.errors import EngineError

#: Seconds that requests in flight get when the process stops.
GRACE_SECONDS = 3
#: Connections that wait until the server takes them; what uvicorn itself would ask for.
BACKLOG = 2048


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to whoever started the process."""
        yield


@asynccontextmanager
async def serve(application: Any, host: str, port: int) -> AsyncIterator[str]:
    """Serve until the block ends; gives the address, `http://host:port` (port 0 takes a free one).

    Raises:
        EngineError: the address is taken or not ours.
    """
    listener = bind(host, port)
    taken = listener.getsockname()[1]
    server = _Server(
        uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            server_header=False,
            h11_max_incomplete_event_size=64 * 1024,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]), name=f"serve {host}:{taken}")
    try:
        yield f"http://{f'[{host}]' if ':' in host else host}:{taken}"
    finally:
        server.should_exit = True
        await serving
        listener.close()


def bind(host: str, port: int) -> socket.socket:
    """Take an address.

    Raises:
        EngineError: somebody else has it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # At once: whoever is told the address may knock before the server is up, and waits.
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise EngineError(
            f"cannot listen: {host}:{port}: {error.strerror}; name a free address in settings.toml or WIREWATCH_LISTEN"
        ) from error
    listener.setblocking(False)
    return listener
