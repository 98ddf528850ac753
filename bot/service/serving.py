"""The HTTP server inside our own loop: our socket, our signals, an event when it can serve."""

import asyncio
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from bot.web.door.heads import Heads
from bot.web.door.slow_bodies import Patience
from bot.web.door.slow_heads import Impatient

if TYPE_CHECKING:
    from bot.web.door.slow_bodies import App

GRACE_SECONDS = 3


class PortTaken(Exception):
    """Another program listens at the address, or we may not."""


def listen(host: str, port: int) -> socket.socket:
    """The listening socket, opened before anything else so that a taken port is known at once."""
    try:
        return socket.create_server((host, port), backlog=512)
    except OSError as error:
        raise PortTaken(f"{host}:{port}") from error


class QuietServer(uvicorn.Server):
    """uvicorn without signal handlers and logging of its own; `ready` is set once it serves."""

    def __init__(self, asgi: "App", trusted_proxies: Sequence[str] = ()) -> None:
        super().__init__(
            uvicorn.Config(
                Patience(Heads(asgi)),
                http=Impatient,
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=bool(trusted_proxies),
                forwarded_allow_ips=list(trusted_proxies),
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        await super().startup(sockets)
        if self.started:
            self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The supervisor handles signals."""
        yield
