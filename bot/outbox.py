"""Sends what is queued: claim in one transaction, send with none open, mark in another."""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.channels.base import Button, Channel, Gone, Outbound, Retry
from bot.waiting import first_of

if TYPE_CHECKING:
    from storage.db import Database

SEND_TIMEOUT = 30.0
LONGEST_BACKOFF = 600.0
LEASE = timedelta(seconds=120)

log = structlog.get_logger()


@dataclass(frozen=True)
class Claimed:
    """One message to send now; `attempts` counts this one too."""

    row_id: int
    conversation_id: int
    channel: str
    attempts: int
    message: Outbound


class Sender:
    """The outbox loop of one process; several may run, the table decides who sends what."""

    def __init__(
        self,
        db: "Database",
        channels: Mapping[str, Channel],
        now: Callable[[], datetime],
        *,
        attempts: int,
        poll_seconds: float,
    ) -> None:
        self._db = db
        self._channels = channels
        self._now = now
        self._attempts = attempts
        self._poll_seconds = poll_seconds
        self.bell = asyncio.Event()

    def ring(self) -> None:
        """There may be something to send: look at once instead of at the next poll."""
        self.bell.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until told to stop; what is being sent is finished first."""
        while not stop.is_set():
            self.bell.clear()
            if await self.send_due() == 0:
                await first_of(self.bell, stop, seconds=self._poll_seconds)

    async def send_due(self) -> int:
        """Send every message that is due now, one a conversation; returns how many were tried."""
        claimed = await self._claim()
        await asyncio.gather(*(self._deliver(each) for each in claimed))
        return len(claimed)

    async def _claim(self) -> list[Claimed]:
        async with self._db.write() as uow:
            rows = await uow.outbox.claim_due(self._now(), LEASE, channels=list(self._channels))
            claimed = []
            for row in rows:
                conversation = await uow.conversations.get(row.conversation_id)
                if conversation is None:
                    await uow.outbox.fail(row.id, "the conversation is gone")
                    continue
                buttons = tuple(Button(b["title"], b["payload"]) for b in row.buttons)
                message = Outbound(conversation.address, row.text, buttons, row.custom, row.id)
                claimed.append(
                    Claimed(row.id, conversation.id, conversation.channel, row.attempts, message)
                )
            return claimed

    async def _deliver(self, claimed: Claimed) -> None:
        try:
            async with asyncio.timeout(SEND_TIMEOUT):
                external_id = await self._channels[claimed.channel].send(claimed.message)
        except Gone as gone:
            await self._gone(claimed, str(gone))
        except Retry as retry:
            await self._later(claimed, retry.after, str(retry))
        except Exception as error:
            log.warning("outbox.error", row=claimed.row_id, error=type(error).__name__)
            await self._later(claimed, None, type(error).__name__)
        else:
            async with self._db.write() as uow:
                await uow.outbox.mark_sent(claimed.row_id, external_id, self._now())

    async def _gone(self, claimed: Claimed, reason: str) -> None:
        log.info("outbox.gone", conversation=claimed.conversation_id)
        async with self._db.write() as uow:
            await uow.outbox.fail(claimed.row_id, reason or "gone")
            conversation = await uow.conversations.get(claimed.conversation_id)
            if conversation is not None:
                conversation.gone_at = self._now()

    async def _later(self, claimed: Claimed, after: float | None, reason: str) -> None:
        """Try again when the channel says, or ever later; give up after the last attempt."""
        async with self._db.write() as uow:
            if after is None and claimed.attempts >= self._attempts:
                await uow.outbox.fail(claimed.row_id, reason)
                log.error("outbox.failed", row=claimed.row_id, reason=reason)
                return
            wait = after if after is not None else backoff(claimed.attempts)
            await uow.outbox.retry_at(claimed.row_id, self._now() + timedelta(seconds=wait), reason)


def backoff(attempts: int) -> float:
    """Seconds until the next attempt: doubling from 2, with jitter, at most LONGEST_BACKOFF."""
    longest: float = min(2.0 ** min(attempts, 12), LONGEST_BACKOFF)
    return longest * random.uniform(0.5, 1.0)
