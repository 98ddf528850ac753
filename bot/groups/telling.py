"""Tells work groups what happened to the cases of their unit, each case in a topic of its own.

The audit log is what they are told from: nothing else has to remember to tell them. One pass is:
lease the group and read, write in the messenger with no transaction open, note what was told.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.cases.records import Record
from bot.channels.base import Gone, Retry
from bot.groups.board import Board, ThreadGone
from bot.groups.wording import SHOWN, is_shown, post, title
from bot.officers.buttons import button
from bot.officers.lines import Verb
from bot.service.waiting import first_of
from storage.db import Database
from storage.models.audit import AuditEntry
from storage.models.group import CaseThread, WorkGroup
from storage.regions import prefix
from storage.uow import UnitOfWork

EVERY = 10.0
LEASE = timedelta(minutes=3)
SETTLES = timedelta(seconds=10)
_AT_ONCE = 60
_RECORDS = 6
"""Telegram lets a bot write twenty messages a minute to one group."""

_BREATH = 3.0

log = structlog.get_logger()


@dataclass(frozen=True)
class News:
    """What one topic is to be told; `thread` is None before it is opened."""

    record: Record
    entries: tuple[AuditEntry, ...]
    thread: CaseThread | None

    @property
    def last(self) -> int:
        """The newest entry that is told."""
        return self.entries[-1].id


@dataclass(frozen=True)
class Round:
    """One pass for one group; `seen` is how far the log was read."""

    group: WorkGroup
    news: tuple[News, ...]
    names: dict[int, str]
    seen: int


class Teller:
    """Keeps the work groups of one installation informed; several processes may run one each."""

    def __init__(
        self,
        db: Database,
        board: Board,
        now: Callable[[], datetime],
        breath: float = _BREATH,
    ) -> None:
        self._db = db
        self._board = board
        self._now = now
        self._breath = breath

    async def run(self, stop: asyncio.Event) -> None:
        """Tell until told to stop."""
        while not stop.is_set():
            await self.tell_all()
            await first_of(stop, seconds=EVERY)

    async def tell_all(self) -> None:
        """One pass for each group; a group that fails holds up no other."""
        async with self._db.read() as uow:
            groups = await uow.groups.tied()
        for group in groups:
            narrower = [other.region_code for other in groups if _is_inside(other, group)]
            try:
                await self._tell(group.id, narrower)
            except Gone:
                await self._end(group.id)
            except Exception as error:
                log.warning("groups.later", group=group.id, error=type(error).__name__)
                await self._rest(group.id, error)

    async def _tell(self, group_id: int, narrower: Sequence[str]) -> None:
        now = self._now()
        async with self._db.write() as uow:
            group = await uow.groups.claim(group_id, now, LEASE)
            if group is None:
                return
            round_ = await _read(uow, group, narrower, now)
            if not round_.news:
                group.seen_audit_id, group.leased_until = round_.seen, None
                return
        for each in round_.news:
            await self._write(round_, each)
            await asyncio.sleep(self._breath)
        await self._done(round_)

    async def _write(self, round_: Round, news: News) -> None:
        """Write in the topic of one record, and note it before the next."""
        group, record = round_.group, news.record
        thread = news.thread.thread if news.thread else await self._open(group, record)
        text = post(record, news.entries, round_.names, is_first=news.thread is None)
        shown = [button(verb, record.reference) for verb in (Verb.TAKE, Verb.LOOK)]
        was_closed = news.thread is not None and news.thread.closed_at is not None
        try:
            if was_closed and record.is_open:
                await self._board.reopen(group.chat, thread)
            await self._board.post(group.chat, thread, text, shown if record.is_open else shown[1:])
            if not record.is_open:
                await self._board.close(group.chat, thread)
        except ThreadGone:
            async with self._db.write() as uow:
                await uow.groups.lose_thread(group.id, record.reference)
            raise
        await self._note(group, news)

    async def _open(self, group: WorkGroup, record: Record) -> int:
        thread = await self._board.open(group.chat, title(record))
        async with self._db.write() as uow:
            await uow.groups.add_thread(group.id, record.reference, thread, self._now())
        return thread

    async def _note(self, group: WorkGroup, news: News) -> None:
        async with self._db.write() as uow:
            thread = await uow.groups.thread_of(group.id, news.record.reference)
            if thread is not None:
                thread.told_audit_id = news.last
                thread.closed_at = None if news.record.is_open else self._now()

    async def _done(self, round_: Round) -> None:
        async with self._db.write() as uow:
            group = await uow.groups.get(round_.group.id)
            if group is not None:
                group.seen_audit_id = max(group.seen_audit_id, round_.seen)
                group.leased_until = None

    async def _rest(self, group_id: int, error: Exception) -> None:
        """Try again when the messenger says, or with the next pass."""
        after = error.after if isinstance(error, Retry) else None
        async with self._db.write() as uow:
            group = await uow.groups.get(group_id)
            if group is not None:
                group.leased_until = self._now() + timedelta(seconds=after or EVERY)

    async def _end(self, group_id: int) -> None:
        """The bot was thrown out: nothing is told there any more."""
        async with self._db.write() as uow:
            group = await uow.groups.get(group_id)
            if group is not None:
                group.ended_at, group.leased_until = self._now(), None
        log.warning("groups.ended", group=group_id)


async def _read(uow: UnitOfWork, group: WorkGroup, narrower: Sequence[str], now: datetime) -> Round:
    """What the group is to be told next: some records, all that happened to each."""
    entries = await uow.groups.news(group, SHOWN, now - SETTLES, _AT_ONCE)
    told: dict[str, list[AuditEntry]] = {}
    seen = group.seen_audit_id
    for entry in entries:
        reference = str(entry.reference)
        if reference not in told and len(told) == _RECORDS:
            break
        seen = entry.id
        if not any((entry.region_code or "").startswith(code) for code in narrower):
            told.setdefault(reference, []).append(entry)
    news = [await _news(uow, group, reference, rows) for reference, rows in told.items()]
    names = {officer.id: officer.name for officer in await uow.officers.all()}
    return Round(group, tuple(each for each in news if each is not None), names, seen)


async def _news(
    uow: UnitOfWork, group: WorkGroup, reference: str, rows: Sequence[AuditEntry]
) -> News | None:
    record = await uow.records.get(reference)
    if record is None or not is_shown(record):
        return None
    thread = await uow.groups.thread_of(group.id, reference)
    fresh = tuple(row for row in rows if thread is None or row.id > thread.told_audit_id)
    return News(record, fresh, thread) if fresh else None


def _is_inside(other: WorkGroup, group: WorkGroup) -> bool:
    """Whether the other's unit lies within this one's: then its cases are told there."""
    own, theirs = prefix(group.region_code), prefix(other.region_code)
    return other.id != group.id and theirs.startswith(own) and theirs != own
