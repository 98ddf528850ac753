"""A small service with people, officers and classes, to which anything may happen.

Everything goes through the real intake, turn, handlers and database; after each message the laws
of `laws.py` are checked from outside, on what was stored.
"""

import asyncio
import atexit
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.channels.base import Inbound, InboundFile
from bot.config import Config
from bot.errors import ServiceError
from bot.handlers.dispatch import handle
from bot.rights.actor import Actor
from bot.turns.intake import ALBUM_SETTLES, Intake
from bot.turns.turn import Claim
from bot.workers.tick import tick_between
from flows.commands import AskFamily
from nlu.types import Understanding
from storage.db import Database
from storage.keys import Keyring
from storage.models.audit import AuditEntry
from storage.models.message import OutboxMessage
from storage.uow import UnitOfWork
from tests.fuzz.inline import Here
from tests.fuzz.laws import Heard, Step
from tests.fuzz.stage import CHATS, Stage
from tests.storage.postgres import prepare, run_apart

KEYRING = Keyring([bytes(range(32))])
BANNER = "152222"
CLASSES = ((1, BANNER), (30, "150422"))
"""Seats and place of each."""


class StrictIntake(Intake):
    """An intake in which a turn that fails is a failure of the test, not a second try."""

    async def _failed(self, claimed: Claim, error: Exception) -> str:
        raise error


@lru_cache(maxsize=1)
def template() -> Path:
    """A migrated database to copy, made once in a process."""
    path = Path(tempfile.mkdtemp(prefix="yulu-fuzz-")) / "template.db"
    atexit.register(shutil.rmtree, path.parent, ignore_errors=True)
    run_apart(prepare(f"sqlite:///{path}", KEYRING))
    return path


@dataclass
class World(Stage):
    """The whole service on a database of its own."""

    folder: Path = field(init=False)
    db: Database = field(init=False)
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)

    def __post_init__(self) -> None:
        super().__post_init__()
        memory = Path("/dev/shm")
        where = memory if memory.is_dir() else None
        self.folder = Path(tempfile.mkdtemp(prefix="yulu-fuzz-", dir=where))
        shutil.copyfile(template(), self.folder / "yulu.db")
        self.runner.get_loop().set_default_executor(Here(1))
        self.runner.run(self._begin())

    def close(self) -> None:
        """Leave nothing behind."""
        self.runner.run(self.db.close())
        self.runner.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def redeliver(self, chat: str) -> None:
        """The channel sends the last message once more: nothing may change."""
        if self.ids[chat]:
            self.inputs += 1
            self.seen["delivered twice"] += 1
            self.runner.run(self._redeliver(chat))

    def restart(self) -> None:
        """The process ends between two messages, and another one goes on."""
        self.seen["restarted"] += 1
        self.runner.run(self._restart())

    def wait(self, span: timedelta) -> None:
        """Time passes, and all work that falls due in it is done."""
        self.seen["waited"] += 1
        self.runner.run(self._wait(span))

    def ask(self, which: int, text: str) -> None:
        """An officer asks the family something about a record, at the desk."""
        if self.references:
            self.seen["asked"] += 1
            self.runner.run(self._ask(self.references[which % len(self.references)], text))

    def _say(self, chat: str, text: str, told: Understanding | None, **more: Any) -> None:
        self.runner.run(self._send(chat, text, told, **more))

    async def _begin(self) -> None:
        await self._open()
        async with self.db.write() as uow:
            for name, role in (("王芳", "officer"), ("包主任", "supervisor")):
                await uow.officers.add(
                    name=name, role=role, region_code=BANNER, password_hash="x", now=self.clock.at
                )
            self.officer_id = (await uow.officers.all())[0].id
            soon = self.clock.at + timedelta(hours=1)
            code = await uow.officers.add_link_code(self.officer_id, soon)
            await _add_classes(uow)
        await self._send("o", f"绑定 {code}", None)

    async def _open(self) -> None:
        self.db = await Database.open(f"sqlite:///{self.folder / 'yulu.db'}", KEYRING)
        self.intake = StrictIntake(self.db, self.ear, Config(), self.clock)

    async def _restart(self) -> None:
        await self.db.close()
        await self._open()

    async def _file(self, chat: str, mime: str) -> InboundFile:
        async with self.db.write() as uow:
            talk = await uow.conversations.get_or_create(*CHATS[chat], self.clock.at)
            row = await uow.attachments.add(
                sha256=f"{self.sent:064d}",
                mime=mime,
                size=1000,
                path="none",
                name="x",
                created_at=self.clock.at,
                person_id=talk.person_id,
            )
            return InboundFile(row.id, mime, "x")

    async def _send(self, chat: str, text: str, told: Understanding | None, **more: Any) -> None:
        files = tuple([await self._file(chat, mime) for mime in more.pop("mimes", ())])
        inbound = self._next(chat, text, files=files, **more)
        self.ear.told, self.ear.last = told, None
        await self.intake.accept(inbound)
        if inbound.album:
            self.clock.at += ALBUM_SETTLES
        await self._judge(chat, inbound, await self.intake.answer(inbound))

    async def _judge(self, chat: str, inbound: Inbound, replies: list[OutboxMessage]) -> None:
        async with self.db.read() as uow:
            row = await uow.inbox.by_external(inbound.channel, inbound.external_id)
            talk = await uow.conversations.find(inbound.channel, inbound.address)
            assert row is not None and talk is not None
            assert row.status == "handled" and row.attempts == 1, f"{inbound}: {row.error}"
            filed = [
                await uow.records.get(entry.reference or "")
                for entry in await self._audited(uow)
                if entry.action in ("file", "book")
            ]
        self.references += [record.reference for record in filed if record is not None]
        self.seen.update(f"filed {record.reference[0]}" for record in filed if record is not None)
        is_held = talk.officer_id is not None
        heard = Heard(chat, inbound, self.ear.last)
        self.laws.check(Step(heard, replies, dict(talk.state), filed, is_held))
        payloads = [button["payload"] for reply in replies for button in reply.buttons]
        self._shown(chat, [reply.text for reply in replies], payloads)

    async def _audited(self, uow: UnitOfWork) -> list[AuditEntry]:
        """What was written down since the last time."""
        new = select(AuditEntry).where(AuditEntry.id > self.laws.audited).order_by(AuditEntry.id)
        found = list(await uow.session.scalars(new))
        self.laws.audited = max([entry.id for entry in found], default=self.laws.audited)
        return found

    async def _redeliver(self, chat: str) -> None:
        last = self.ids[chat][-1]
        async with self.db.read() as uow:
            row = await uow.inbox.by_external(last.channel, last.external_id)
            if row is None:  # deleted on wish, and with it what was said
                return
            before = [reply.id for reply in await uow.outbox.for_inbox(row.id)]
        assert not await self.intake.accept(last), "a message known already was taken for new"
        again = await self.intake.answer(last)
        assert [reply.id for reply in again] == before, "a redelivery changed something"

    async def _wait(self, span: timedelta) -> None:
        start, self.clock.at = self.clock.at, self.clock.at + span
        await tick_between(self.db, start, self.clock.at)
        await self._overheard(start)

    async def _overheard(self, start: datetime) -> None:
        """What was sent to somebody who had not just written keeps the laws as well."""
        async with self.db.read() as uow:
            for chat, (channel, address) in CHATS.items():
                talk = await uow.conversations.find(channel, address)
                rows = await uow.outbox.latest(talk.id, self.clock.at, 5) if talk else []
                for row in rows:
                    if row.created_at >= start:
                        self.laws.check_words(chat, row)

    async def _ask(self, reference: str, text: str) -> None:
        start = self.clock.at
        try:
            async with self.db.write() as uow:
                officer = await uow.officers.get(self.officer_id)
                assert officer is not None
                command = AskFamily(reference, text=text)
                await handle(uow, command, Actor.officer(officer), self.clock.at)
        except ServiceError as refused:
            assert refused.reason
        await self._overheard(start)


async def _add_classes(uow: UnitOfWork) -> None:
    for number, (seats, region) in enumerate(CLASSES, 1):
        values: dict[str, Any] = {
            "source_key": f"s{number}",
            "reference": f"S26-0000-{number:03d}",
            "title": f"普通话夜校{number}",
            "mode": "线下",
            "level": "零起点",
            "region_code": region,
            "venue": "文化馆",
            "schedule": "周一到周五晚上7点",
            "seats": seats,
            "starts_on": date(2026, 12, 2),
        }
        await uow.trainings.upsert(values)
