"""What a process had in hand when it was killed is done by another, once, within its lease."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.base import Accept, Inbound, Outbound
from bot.config import Config
from bot.sending.outbox import LEASE as SENDING
from bot.sending.outbox import Sender
from bot.turns.intake import Intake
from bot.workers.reminders import fire_due
from nlu.types import Context, Engine, Intent, Understanding
from storage.db import Database
from storage.kinds import ReminderKind
from tests.scale.holder import LEASE, NOW

A_SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.slow


class Greeter(Engine):
    """Hears a greeting in everything."""

    def understand(self, text: str, context: Context) -> Understanding:
        return Understanding(text, Intent.GREET, 1.0)


class Taking:
    """A channel that takes everything."""

    name = "web"

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def run(self, accept: Accept) -> None:
        """Receives nothing."""

    async def send(self, message: Outbound) -> str:
        self.texts.append(message.text)
        return "x"


async def killed_in_the_middle(url: str, what: str) -> None:
    """Start a process, let it take its work in hand, and kill it as a power cut would."""
    command = (sys.executable, "-m", "tests.scale.holder", url, what)
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    assert process.stdout is not None
    async with asyncio.timeout(60):
        assert await process.stdout.readline() == b"holding\n"
    process.kill()
    await process.wait()


async def test_a_turn_is_taken_over(any_db: Database, any_url: str, tmp_path: Path) -> None:
    moment = NOW
    intake = Intake(any_db, Greeter(), Config(data_dir=tmp_path), lambda: moment)
    for number in (1, 2):
        await intake.accept(Inbound("web", "a", f"m{number}", NOW, text="您好"))
    await killed_in_the_middle(any_url, "inbox")
    moment = NOW + LEASE - A_SECOND
    assert not await intake.handle_next(), "the second must not overtake the first"
    moment = NOW + LEASE + A_SECOND
    assert await intake.handle_next()
    assert await intake.handle_next()
    assert not await intake.handle_next()
    async with any_db.read() as uow:
        rows = [await uow.inbox.by_external("web", f"m{number}") for number in (1, 2)]
        assert [(row.status, row.attempts) for row in rows if row] == [
            ("handled", 2),
            ("handled", 1),
        ]
        assert await uow.outbox.for_inbox(rows[0].id if rows[0] else 0)


async def test_a_message_being_sent_is_sent_by_another(any_db: Database, any_url: str) -> None:
    async with any_db.write() as uow:
        talk = await uow.conversations.get_or_create("web", "a", NOW)
        for text in ("一", "二"):
            await uow.outbox.add(talk.id, text, [], {}, NOW)
    await killed_in_the_middle(any_url, "outbox")
    moment = NOW + SENDING - A_SECOND
    channel = Taking()
    sender = Sender(any_db, {"web": channel}, lambda: moment, attempts=3, poll_seconds=1)
    assert await sender.send_due() == 0
    moment = NOW + SENDING + A_SECOND
    while await sender.send_due():
        pass
    assert channel.texts == ["一", "二"]


async def test_reminders_half_fired_are_fired_once(any_db: Database, any_url: str) -> None:
    """They hold no lease but a transaction: it ends with the process, and others begin at once."""
    async with any_db.write() as uow:
        for number in range(5):
            talk = await uow.conversations.get_or_create("web", str(number), NOW)
            await uow.reminders.add(
                ReminderKind.OWN, talk.person_id, talk.id, NOW, "开会", dedupe_key=str(number)
            )
    await killed_in_the_middle(any_url, "reminders")
    assert len(await fired(any_db, NOW)) == 5
    assert await fired(any_db, NOW + A_SECOND) == []
    async with any_db.read() as uow:
        for number in range(5):
            found = await uow.conversations.find("web", str(number))
            assert found is not None
            assert len(await uow.outbox.after(found.id, 0)) == 1


async def fired(db: Database, now: datetime) -> list[object]:
    async with asyncio.timeout(10):
        return list(await fire_due(db, now))
