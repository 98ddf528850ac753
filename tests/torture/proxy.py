"""Stands between the service and PostgreSQL and cuts or holds up what passes through."""

import asyncio
from contextlib import suppress
from pathlib import Path

_PIECE = 1 << 16


class Proxy:
    """A TCP port in front of the server's socket."""

    def __init__(self, server_socket: Path) -> None:
        self._target = str(server_socket)
        self._server: asyncio.Server | None = None
        self._through = asyncio.Event()
        self._through.set()
        self._is_cut = False
        self._open: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def start(self) -> None:
        """Let everything through."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close the door and every connection."""
        assert self._server is not None
        self._server.close()
        self._drop()

    async def cut(self, seconds: float) -> None:
        """Reset every connection, and every new one for so long."""
        self._is_cut = True
        self._drop()
        await asyncio.sleep(seconds)
        self._is_cut = False

    async def hold(self, seconds: float) -> None:
        """Let nothing through, as a network that is lost, and then all of it."""
        self._through.clear()
        await asyncio.sleep(seconds)
        self._through.set()

    def _drop(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        with suppress(OSError):
            theirs, ours = await asyncio.open_unix_connection(self._target)
            pair = {writer, ours}
            self._open |= pair
            try:
                await asyncio.gather(self._pass_on(reader, ours), self._pass_on(theirs, writer))
            finally:
                self._open -= pair
                for each in pair:
                    each.transport.abort()

    async def _pass_on(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await source.read(_PIECE):
                await self._through.wait()
                to.write(piece)
                await to.drain()
        to.close()
