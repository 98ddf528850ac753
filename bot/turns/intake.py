"""Accepts messages durably and has them handled in order, by any number of workers."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from bot.channels.base import Inbound
from bot.service.bells import Bell, Bells
from bot.service.waiting import first_of
from bot.turns.alone import Room
from bot.turns.callers import Callers
from bot.turns.flood import Counted, Floods, count
from bot.turns.hearing import STORED
from bot.turns.steps import Step, no_step
from bot.turns.trail import Stopwatch, bound_turn
from bot.turns.turn import Claim, claim, claim_in, take
from bot.watch.watcher import UNWATCHED, Watcher
from flows.words import find
from nlu.types import Engine
from storage.db import Database
from storage.models.message import OutboxMessage
from storage.outage import is_outage
from storage.uow import UnitOfWork

if TYPE_CHECKING:
    from bot.config import Config

ALBUM_SETTLES = timedelta(seconds=1.5)
MOST_ATTEMPTS = 3
"""Of failures; who came further was in hand when processes died, and is handled alone from then."""

MOST_DEATHS = 20
"""Where a process is killed every few seconds and slow, a message is in hand in many deaths."""

OUTAGE_PAUSE = timedelta(seconds=2)
ANSWER_WITHIN = 30.0  # seconds
LOOK_AGAIN = 0.02
LONGEST_LOOK = 0.2
"""Seconds between two looks at a message that another process may be handling: ever longer."""

SETTLED = frozenset({"answered", "refused", "parked"})
"""Outcomes after which a message is not looked at again."""

T = TypeVar("T")

log = structlog.get_logger()


@dataclass(frozen=True)
class _Accepted:
    """A stored message, if it is new, and what the same transaction claimed to be handled."""

    inbox_id: int | None
    claimed: Claim | None


class Intake:
    """The way in for every channel."""

    def __init__(
        self,
        db: Database,
        engine: Engine,
        config: "Config",
        now: Callable[[], datetime],
        step: Step = no_step,
        is_waiting: Callable[[], bool] = lambda: False,
        watcher: Watcher = UNWATCHED,
        bells: Bells | None = None,
        works: bool = True,
    ) -> None:
        """`is_waiting` says that the engine is not there yet: messages are kept until it is.

        One that does not work leaves the turns to other processes.
        """
        self._db = db
        self._engine = engine
        self._now = now
        self._step = step
        self._is_waiting = is_waiting
        self._watcher = watcher
        self.begun: set[asyncio.Task[Any]] = set()
        self._lease = timedelta(seconds=config.workers.lease_seconds)
        self._poll = config.workers.poll_seconds
        self._floods = Floods()
        self._bells = bells
        self._works = works
        self._turns = config.workers.turns
        self._busy = 0
        self._room = Room()
        self._bell = asyncio.Event()
        self.callers = Callers(bells)
        self.on_replies: Callable[[], None] = lambda: None

    async def accept(self, inbound: Inbound, counted: Sequence[Counted] = ()) -> bool:
        """Store a message; False when the channel delivered it before. Acknowledge afterwards.

        Raises TooMany, and stores nothing, when it is too much for one of those it counts for.
        """
        accepted = await self._accept(inbound, claims=False, counted=counted)
        self._announce()
        return accepted.inbox_id is not None

    async def _accept(
        self, inbound: Inbound, claims: bool, counted: Sequence[Counted] = ()
    ) -> _Accepted:
        now = self._now()
        claimed, whose = None, (inbound.channel, inbound.address)
        async with self._db.write(brief=True) as uow:
            await count(uow, counted, now)
            wait = await self._floods.wait(uow, *whose, now)
            conversation = await uow.conversations.get_or_create(
                inbound.channel, inbound.address, now
            )
            conversation.gone_at = None
            inbox_id = await uow.inbox.accept(
                conversation.id,
                inbound.channel,
                inbound.external_id,
                STORED.dump_python(inbound, mode="json"),
                inbound.sent_at,
                now,
                now + max(wait, ALBUM_SETTLES if inbound.album else wait),
                inbound.album,
            )
            if wait and await self._floods.is_news(uow, *whose, now):
                slower = find("common.slower")
                await uow.outbox.add(conversation.id, slower, [], {}, now)
            if claims and inbox_id is not None:
                claimed = await claim_in(uow, now, self._lease, conversation.id)
        if inbox_id is not None:
            self._watcher.accepted(inbound.channel)
            with bound_turn(inbox_id, conversation.id, inbound.channel):
                log.debug("message.accepted")
        return _Accepted(inbox_id, claimed)

    def _announce(self) -> None:
        self.wake()
        if self._bells is not None and self._needs_help:
            self._bells.ring(Bell.IN)

    @property
    def _needs_help(self) -> bool:
        return not self._works or self._busy >= self._turns or self._is_waiting()

    def wake(self, _: str = "") -> None:
        """There may be a message to handle: look at once instead of at the next poll."""
        self._bell.set()

    async def answer(self, inbound: Inbound) -> list[OutboxMessage]:
        """Accept, wait until handled, and return the replies; the same message, the same replies.

        Raises TimeoutError after 30 seconds.
        """
        inbox_id = await self.settle(inbound)
        async with self._db.read() as uow:
            return await uow.outbox.for_inbox(inbox_id)

    async def settle(self, inbound: Inbound) -> int:
        """Accept and wait until handled; the number of the message. Raises as `answer` does."""
        async with asyncio.timeout(ANSWER_WITHIN):
            settled = await self._to_its_end(self._accept_and_handle(inbound))
            if settled is not None:
                return settled
            async with self._db.read() as uow:
                row = await uow.inbox.by_external(inbound.channel, inbound.external_id)
            if row is None:
                raise LookupError(f"the message of {inbound.channel} is gone")
            with self.callers.calling(row.conversation_id) as bell:
                await self._settled(row.id, row.conversation_id, bell)
            return row.id

    async def _accept_and_handle(self, inbound: Inbound) -> int | None:
        """Its number if it was handled at once: accepted and claimed in one transaction."""
        accepted = await self._accept(inbound, claims=self._works and not self._is_waiting())
        claimed = accepted.claimed
        if claimed is None:
            self._announce()
            return None
        outcome = await self._handle_claimed(claimed)
        is_settled = claimed.inbox_id == accepted.inbox_id and outcome in SETTLED
        return claimed.inbox_id if is_settled else None

    async def _settled(self, inbox_id: int, conversation_id: int, bell: asyncio.Event) -> None:
        pause = LOOK_AGAIN
        while True:
            bell.clear()
            async with self._db.read() as uow:
                row = await uow.inbox.get(inbox_id)
                if row is None or row.status != "new":
                    return
            if not (self._works and await self._to_its_end(self.handle_next(conversation_id))):
                await first_of(bell, seconds=pause)
                pause = min(pause * 1.5, LONGEST_LOOK)

    async def _to_its_end(self, handling: Coroutine[Any, Any, T]) -> T:
        """A caller who gives up waiting must not break off the turn: that counts as failed."""
        task = asyncio.create_task(handling)
        self.begun.add(task)
        task.add_done_callback(self.begun.discard)
        return await asyncio.shield(task)

    async def work_forever(self, stop: asyncio.Event) -> None:
        """Handle messages until told to stop; the one in hand is finished first."""
        while not stop.is_set():
            self._bell.clear()
            if not await self.handle_next():
                await first_of(self._bell, stop, seconds=self._poll)

    async def handle_next(self, conversation_id: int | None = None) -> bool:
        """Handle one waiting message; False when there is none."""
        if self._is_waiting():
            return False
        self._step("claim")
        claimed = await claim(self._db, self._now(), self._lease, conversation_id)
        if claimed is None:
            return False
        await self._handle_claimed(claimed)
        return True

    async def _handle_claimed(self, claimed: Claim) -> str:
        self._step("claimed")
        self._busy += 1
        self._watcher.took(claimed.inbox_id)
        try:
            with bound_turn(claimed.inbox_id, claimed.conversation_id, claimed.inbound.channel):
                async with self._room.entered(alone=claimed.attempts > MOST_ATTEMPTS):
                    outcome = await self._handle(claimed)
        finally:
            self._busy -= 1
            self._watcher.let_go(claimed.inbox_id)
        self.on_replies()
        self.callers.tell(claimed.conversation_id, claimed.inbound.channel)
        return outcome

    async def _handle(self, claimed: Claim) -> str:
        log.debug("turn.began", attempt=claimed.attempts)
        watch = Stopwatch(self._step)
        try:
            if claimed.attempts > MOST_DEATHS:
                raise RuntimeError("the process died while handling this message")
            outcome = await take(self._db, self._engine, claimed, self._now(), watch.step)
        except Exception as error:
            log.error("turn.failed", error=type(error).__name__)
            log.debug("turn.failed", exc_info=error)
            outcome = await self._failed(claimed, error)
        seconds, parts = watch.seconds, watch.parts()
        self._watcher.turned(outcome, seconds, claimed.waited, parts)
        milliseconds = {name: round(part * 1000) for name, part in parts.items()}
        log.info(
            "turn.done",
            outcome=outcome,
            ms=round(seconds * 1000),
            waited_ms=round(claimed.waited * 1000),
            **milliseconds,
        )
        return outcome

    async def _failed(self, claimed: Claim, error: Exception) -> str:
        """Try again soon; after three failures park the message and apologise."""
        now = self._now()
        async with self._db.write(brief=True) as uow:
            row = await uow.inbox.get(claimed.inbox_id, lock=True)
            if row is None or row.status != "new":
                return "taken"
            reason = f"{type(error).__name__}: {error}"[:500]
            if is_outage(error):  # of which the message is not to blame
                row.attempts -= 1
                await uow.inbox.release(row, now + OUTAGE_PAUSE, reason)
                return "put_off"
            if row.attempts < MOST_ATTEMPTS:
                await uow.inbox.release(row, now + timedelta(seconds=row.attempts - 1), reason)
                return "retried"
            await uow.inbox.park(row, now, reason)
            await self._apologise(uow, claimed, now)
            return "parked"

    async def _apologise(self, uow: UnitOfWork, claimed: Claim, now: datetime) -> None:
        text = find("common.apology")
        await uow.outbox.add(
            claimed.conversation_id, text, [], {}, now, in_reply_to=claimed.inbox_id
        )
        for officer in await uow.officers.all():
            if officer.role == "admin" and officer.active:
                await uow.notices.add(
                    officer.id, None, "有一条消息没能处理，请到“出错的消息”里看看。", now
                )
