"""A request's head must arrive, as its body must: who sends half of one holds up a connection.

uvicorn ends a connection that is silent after an answer; this ends one that never comes to ask,
or asks letter by letter. A head longer than 64 KB is refused by h11.
"""

from asyncio import TimerHandle, Transport

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.web.door.headers import ALWAYS

HEAD_SECONDS = 30.0


class Impatient(H11Protocol):
    """uvicorn's connection with an end to its patience before a request."""

    patience = HEAD_SECONDS
    _waits: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Somebody is there and has asked for nothing yet."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait on while the head is not complete, by the clock that began with its first letter."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._wait()
        else:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """They have gone."""
        self._stop_waiting()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """What is no request at all is answered with the headers of every answer."""
        marks = ALWAYS | {"cache-control": "no-store", "content-length": "0", "connection": "close"}
        lines = ["HTTP/1.1 400 Bad Request", *(f"{name}: {value}" for name, value in marks.items())]
        self.transport.write("\r\n".join([*lines, "", ""]).encode("ascii"))
        self.transport.close()

    def _wait(self) -> None:
        if self._waits is None:
            self._waits = self.loop.call_later(self.patience, self._give_up)

    def _stop_waiting(self) -> None:
        if self._waits is not None:
            self._waits.cancel()
            self._waits = None

    def _give_up(self) -> None:
        self._waits = None
        self.transport.close()
