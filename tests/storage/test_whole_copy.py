"""A copy of all of a database: what is tried on it holds up nobody and changes nothing."""

from sqlalchemy import select, update

from storage.db import Database
from storage.excerpt import whole_copy
from storage.models.person import Person
from storage.models.reminder import Reminder
from tests.storage import make
from tests.storage.make import NOW


async def _plan(db: Database) -> None:
    async with db.write() as uow:
        talk = await make.conversation(uow)
        row = "own", talk.person_id, talk.id, NOW, "交户口本"
        await uow.reminders.add(*row, dedupe_key="a")


async def _texts(db: Database) -> list[str]:
    async with db.read() as uow:
        return list(await uow.session.scalars(select(Reminder.text)))


async def test_a_copy_has_all_and_gives_nothing_back(any_db: Database) -> None:
    await _plan(any_db)
    async with whole_copy(any_db) as copy:
        assert await _texts(copy) == ["交户口本"]
        async with copy.write() as uow:
            await uow.session.execute(update(Reminder).values(text="改了"))
            talk = await make.conversation(uow, "b")
            assert talk.id > 1, "new rows are numbered behind those that were copied"
    assert await _texts(any_db) == ["交户口本"]


async def test_a_copy_waits_for_nobody_and_nobody_for_it(any_db: Database) -> None:
    await _plan(any_db)
    async with any_db.write() as busy:  # holds the person, and on SQLite the whole file
        await busy.session.execute(update(Person).values(name="正在改"))
        async with whole_copy(any_db) as copy, copy.read() as uow:
            assert [person.name for person in await uow.session.scalars(select(Person))] == [None]
    async with whole_copy(any_db) as copy, copy.write() as trying:
        await trying.session.execute(update(Reminder).values(text="演练"))
        async with any_db.write() as uow:
            await uow.session.execute(update(Reminder).values(text="真的"))
    assert await _texts(any_db) == ["真的"]
