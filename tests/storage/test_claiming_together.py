"""Two processes with several tasks each share the work: everything once, in order."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections import defaultdict

from storage.db import Database
from tests.storage import make
from tests.storage.claimer import work
from tests.storage.make import NOW

TALKS, EACH = 5, 4
TEXTS = [str(number) for number in range(EACH)]


async def _fill(db: Database) -> list[int]:
    return [await make.messages(db, *TEXTS, address=f"p{talk}") for talk in range(TALKS)]


def _check(took: list[str], talks: list[int]) -> None:
    """Every message was taken exactly once from each queue."""
    wanted = [
        f"{queue} {talk} {text}"
        for queue in ("inbox", "outbox")
        for talk in talks
        for text in TEXTS
    ]
    assert sorted(took) == sorted(wanted)


async def _check_order(db: Database, talks: list[int]) -> None:
    async with db.read() as uow:
        for talk in talks:
            row = await uow.conversations.get(talk)
            assert row is not None
            assert row.state == {"heard": TEXTS}
            assert [reply.text for reply in await uow.outbox.after(talk, 0)] == TEXTS


async def test_four_tasks_claim_each_message_once_and_in_order(any_db: Database) -> None:
    talks = await _fill(any_db)
    took: list[str] = []
    await work(any_db, took, 4)
    _check(took, talks)
    await _check_order(any_db, talks)
    sent: dict[str, list[str]] = defaultdict(list)
    for queue, talk, text in (line.split() for line in took):
        if queue == "outbox":
            sent[talk].append(text)
    assert list(sent.values()) == [TEXTS] * TALKS


async def _start(url: str) -> Process:
    command = (sys.executable, "-m", "tests.storage.claimer", url, "2")
    return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)


async def test_two_processes_claim_each_message_once_and_in_order(
    any_db: Database, any_url: str
) -> None:
    talks = await _fill(any_db)
    workers = [await _start(any_url) for _ in range(2)]
    for worker in workers:
        assert worker.stdout is not None
        assert await worker.stdout.readline() == b"ready\n"
    printed = await asyncio.gather(*(worker.communicate(b"go\n") for worker in workers))
    assert [worker.returncode for worker in workers] == [0, 0]
    took = [out.decode().splitlines() for out, _ in printed]
    _check(took[0] + took[1], talks)
    await _check_order(any_db, talks)


async def test_people_with_reminders_are_claimed_once(any_db: Database) -> None:
    async with any_db.write() as uow:
        for key in range(12):
            talk = await make.conversation(uow, f"p{key}")
            await uow.reminders.add("own", talk.person_id, talk.id, NOW, "x", dedupe_key=str(key))

    async def claim() -> list[int]:
        async with any_db.write() as uow:
            people = await uow.reminders.claim_people(NOW, 3)
            await asyncio.sleep(0.05)  # the others look while these are held
            for row in await uow.reminders.waiting_of(people, NOW, NOW):
                uow.reminders.tell(row, None, NOW)
            return people

    claims = [await asyncio.gather(*(claim() for _ in range(4))) for _ in range(2)]
    ids = [id for round in claims for part in round for id in part]
    assert len(ids) == len(set(ids)) == 12
