"""Sends what is queued: claim in one transaction, send with none open, mark in the next."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.channels.base import Away, Button, Channel, Gone, Outbound, Retry
from bot.sending.lane import Lane, learn
from bot.service.waiting import first_of
from bot.turns.steps import Step, no_step
from bot.turns.trail import bound_turn
from bot.watch.watcher import UNWATCHED, Watcher

if TYPE_CHECKING:
    from storage.db import Database
    from storage.models.conversation import Conversation
    from storage.models.message import OutboxMessage
    from storage.uow import UnitOfWork

SEND_TIMEOUT = 60.0
LONGEST_BACKOFF = 600.0
LEASE = timedelta(seconds=120)
BREATH = 0.05
"""Seconds between two transactions while there is work: some messages each, not one."""

LEARN_EVERY = 0.25
"""Seconds between two looks at what other processes know of a channel, when no bell rings."""

ALMOST = 0.95

log = structlog.get_logger()


@dataclass(frozen=True)
class Claimed:
    """One message to send at its moment; `attempts` counts this one too."""

    row_id: int
    conversation_id: int
    lane: Lane
    attempts: int
    message: Outbound
    moment: float
    turn: int | None = None
    """The message in the inbox that it answers."""


@dataclass(frozen=True)
class Sent:
    """What a channel took and the table does not know yet."""

    message: Claimed
    external_id: str
    at: datetime


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
        step: Step = no_step,
        process: str | None = None,
        watcher: Watcher = UNWATCHED,
    ) -> None:
        self._db = db
        self._step = step
        self._watcher = watcher
        self.lanes = [Lane(name, channel, process) for name, channel in channels.items()]
        self._now = now
        self._attempts = attempts
        self._poll_seconds = poll_seconds
        self._sent: list[Sent] = []
        self._is_news = False
        self._learn_at = 0.0
        self.on_pause: Callable[[], None] = lambda: None
        self.bell = asyncio.Event()

    def ring(self) -> None:
        """There may be something to send: look at once instead of at the next poll."""
        self.bell.set()

    def learn(self) -> None:
        """Another process found that a channel pauses: what waits for its moment must not go."""
        self._is_news = True
        self.ring()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until told to stop; what is being sent is finished first, also when this breaks."""
        sending: set[asyncio.Task[None]] = set()
        try:
            await self._send_until(stop, sending)
        except asyncio.CancelledError:
            for task in sending:
                task.cancel()
            raise
        finally:
            if sending:  # broken off now, it would be sent again later
                await asyncio.wait(sending)
            for lane in self.lanes:
                lane.close()
            await self._note()

    async def _send_until(self, stop: asyncio.Event, sending: "set[asyncio.Task[None]]") -> None:
        while not stop.is_set():
            self.bell.clear()
            noting = bool(self._sent)
            claimed = await self._claim()
            for each in claimed:
                task = asyncio.create_task(self._deliver(each))
                sending.add(task)
                task.add_done_callback(sending.discard)
            if claimed or noting:
                await first_of(stop, seconds=BREATH)
            else:
                await first_of(self.bell, stop, seconds=self._until_next_look())

    async def send_due(self) -> int:
        """Send every message that is due now, one a conversation; returns how many were tried."""
        claimed = await self._claim()
        await asyncio.gather(*(self._deliver(each) for each in claimed))
        await self._note()
        return len(claimed)

    def _until_next_look(self) -> float:
        soonest = [lane.pace.changes_in(self._poll_seconds) for lane in self.lanes]
        return max(BREATH, min(soonest, default=self._poll_seconds))

    async def _claim(self) -> list[Claimed]:
        """Note what was sent and lease what may be begun, in one transaction.

        A channel that is full or pauses holds up no other.
        """
        open_lanes = [lane for lane in self.lanes if lane.room]
        if not open_lanes and not self._is_news:
            await self._note()
            return []
        is_news, self._is_news = self._is_news, False
        claimed = []
        self._step("outbox_claim")
        async with self._noting() as uow:
            if is_news or time.monotonic() >= self._learn_at:
                await learn(uow, self.lanes, self._now())
                self._learn_at = time.monotonic() + LEARN_EVERY
            for lane in open_lanes:
                claimed += await self._claim_in(uow, lane)
        self._step("outbox_claimed")
        for each in claimed:
            each.lane.busy += 1
        return claimed

    async def _claim_in(self, uow: "UnitOfWork", lane: Lane) -> list[Claimed]:
        """Lease what may be begun in one lane, each with the moment that keeps the rate."""
        if not lane.room:
            return []
        now = self._now()
        rows = await uow.outbox.claim_due(now, LEASE, lane.room, [lane.name], lane.pace.resting())
        talks = await uow.conversations.all_of({row.conversation_id for row in rows})
        by_id = {talk.id: talk for talk in talks}
        moments = await lane.moments(uow, len(rows), now)
        return [
            _claimed(lane, row, by_id[row.conversation_id], moment)
            for row, moment in zip(rows, moments, strict=True)
        ]

    async def _note(self) -> None:
        if self._sent:
            async with self._noting():
                pass

    @asynccontextmanager
    async def _noting(self) -> AsyncIterator["UnitOfWork"]:
        """A transaction that also marks what was sent; if it fails, the next one does."""
        sent, self._sent = self._sent, []
        try:
            async with self._db.write(brief=True) as uow:
                if sent:
                    await self._mark(uow, sent)
                yield uow
        except BaseException:
            self._sent = [*sent, *self._sent]
            raise

    async def _mark(self, uow: "UnitOfWork", sent: "list[Sent]") -> None:
        await uow.outbox.mark_each_sent({e.message.row_id: (e.external_id, e.at) for e in sent})
        for lane in self.lanes:  # for other processes; a bit less than our own pace waits
            rest = timedelta(seconds=lane.pace.limits.rest * ALMOST)
            times = {e.message.conversation_id: e.at for e in sent if e.message.lane is lane}
            if rest and times:
                await uow.outbox.rest(times, min(times.values()) + rest)

    async def _deliver(self, claimed: Claimed) -> None:
        """Send one message; a fault in noting the result is left to the lease."""
        with bound_turn(claimed.turn, claimed.conversation_id, claimed.lane.name):
            try:
                await self._send(claimed)
            except Exception as error:
                log.error("outbox.broke", row=claimed.row_id, error=type(error).__name__)
            finally:
                claimed.lane.busy -= 1
                self.ring()

    async def _send(self, claimed: Claimed) -> None:
        lane = claimed.lane
        begun = lane.pace.now()
        try:
            await lane.pace.slot(claimed.moment)
            begun = lane.pace.now()
            self._step("send")
            try:
                async with asyncio.timeout(SEND_TIMEOUT):
                    external_id = await lane.channel.send(claimed.message)
            finally:
                lane.pace.rest(claimed.conversation_id)
        except Gone as gone:
            lane.came_through()
            self._tried(claimed, "gone", begun)
            await self._gone(claimed, str(gone))
        except Away as away:
            self._tried(claimed, "away" if away.after is None else "paused", begun)
            await self._channel_away(claimed, away, begun)
        except Retry as retry:
            self._tried(claimed, "later", begun)
            await self._later(claimed, retry.after, str(retry))
        except Exception as error:
            log.warning("outbox.error", row=claimed.row_id, error=type(error).__name__)
            self._tried(claimed, "error", begun)
            await self._later(claimed, None, type(error).__name__)
        else:
            self._step("sent")
            lane.came_through()
            self._tried(claimed, "sent", begun)
            self._sent.append(Sent(claimed, external_id, self._now()))

    def _tried(self, claimed: Claimed, result: str, begun: float) -> None:
        seconds = claimed.lane.pace.now() - begun
        self._watcher.sent(claimed.lane.name, result, seconds)
        ms = round(seconds * 1000)
        log.debug("outbox.tried", row=claimed.row_id, result=result, ms=ms)

    async def _gone(self, claimed: Claimed, reason: str) -> None:
        log.info("outbox.gone", conversation=claimed.conversation_id)
        async with self._db.write(brief=True) as uow:
            await uow.outbox.fail(claimed.row_id, reason or "gone")
            conversation = await uow.conversations.get(claimed.conversation_id)
            if conversation is not None:
                conversation.gone_at = self._now()

    async def _channel_away(self, claimed: Claimed, away: Away, begun: float) -> None:
        """Everybody waits; only what may be the message's own fault is counted against it."""
        was_away = claimed.lane.pace.is_away
        pause = wait = claimed.lane.went_away(away, begun)
        if not away.certain:  # others try first, so that they can show whose fault it is
            wait = max(wait, backoff(claimed.attempts))
        counted = not (away.certain or was_away)
        async with self._db.write(brief=True) as uow:
            await self._try_later(uow, claimed, None if counted else wait, str(away))
            await claimed.lane.tell(uow, away, pause, self._now())
        self.on_pause()

    async def _later(self, claimed: Claimed, after: float | None, reason: str) -> None:
        async with self._db.write(brief=True) as uow:
            await self._try_later(uow, claimed, after, reason)

    async def _try_later(
        self, uow: "UnitOfWork", claimed: Claimed, after: float | None, reason: str
    ) -> None:
        """Try again when the channel says, uncounted, or ever later; give up after the last."""
        if after is None and claimed.attempts >= self._attempts:
            await uow.outbox.fail(claimed.row_id, reason)
            log.error("outbox.failed", row=claimed.row_id, reason=reason)
            self._watcher.gave_up(claimed.lane.name)
            return
        wait = backoff(claimed.attempts) if after is None else after
        when = self._now() + timedelta(seconds=wait)
        await uow.outbox.retry_at(claimed.row_id, when, reason, counted=after is None)


def _claimed(lane: Lane, row: "OutboxMessage", talk: "Conversation", moment: float) -> Claimed:
    buttons = tuple(Button(b["title"], b["payload"]) for b in row.buttons)
    message = Outbound(talk.address, row.text, buttons, row.custom, row.id)
    return Claimed(row.id, talk.id, lane, row.attempts, message, moment, row.in_reply_to)


def backoff(attempts: int) -> float:
    """Seconds until the next attempt: doubling from 2, with jitter, at most LONGEST_BACKOFF."""
    longest: float = min(2.0 ** min(attempts, 12), LONGEST_BACKOFF)
    return longest * random.uniform(0.5, 1.0)
