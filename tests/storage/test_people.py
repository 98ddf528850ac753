"""People, their conversations, consents and files."""

import pytest

from storage.db import Database
from storage.models.person import Person
from storage.uow import UnitOfWork
from tests.storage import make
from tests.storage.make import NOW, later


async def person(uow: UnitOfWork, address: str) -> Person:
    talk = await make.conversation(uow, address)
    found = await uow.people.get(talk.person_id, lock=True)
    assert found is not None
    return found


async def test_a_person_is_found_by_phone_latest_first(any_db: Database) -> None:
    async with any_db.write() as uow:
        first, second, third = [await person(uow, address) for address in "abc"]
        uow.people.set_phone(first, "15247900000")
        uow.people.set_phone(second, "15247900000")
        uow.people.set_phone(third, "15247900000")
        uow.people.set_phone(third, None)
        assert await uow.people.by_phone("15247900000") == second
        assert await uow.people.by_phone("15247900001") is None
        assert third.phone_hash is None


async def test_a_new_person_is_reminded_and_spoken_to_in_chinese(any_db: Database) -> None:
    async with any_db.write() as uow:
        new = await person(uow, "a")
        await uow.session.refresh(new)
    assert (new.language, new.reminders_on, new.created_at) == ("zh", True, NOW)


async def test_people_by_ids_and_page_by_page(any_db: Database) -> None:
    async with any_db.write() as uow:
        rows = [await person(uow, address) for address in "abc"]
        rows[0].home_region, rows[1].home_region = "152222103201", "152223"
        rows[1].role, rows[2].reminders_on = "cadre", False
        ids = [row.id for row in rows]
        assert await uow.people.all_of([ids[2], ids[0], 4711]) == [rows[0], rows[2]]
        first, cursor = await uow.people.page(limit=2)
        rest, end = await uow.people.page(limit=2, cursor=cursor)
        assert first + rest == rows[::-1] and end is None
        assert (await uow.people.page(scope="152222"))[0] == [rows[0]]
        assert (await uow.people.page(scope="15"))[0] == rows[::-1]
        assert (await uow.people.page(role="cadre"))[0] == [rows[1]]
        assert (await uow.people.page(reminders_on=False))[0] == [rows[2]]


async def test_conversations_are_told_apart_by_channel_and_address(any_db: Database) -> None:
    async with any_db.write() as uow:
        talks = [
            await uow.conversations.get_or_create(channel, address, NOW)
            for channel, address in (("web", "1"), ("web", "2"), ("telegram", "1"), ("web", "1"))
        ]
        assert (
            len({talk.id for talk in talks[:3]}) == len({talk.person_id for talk in talks[:3]}) == 3
        )
        assert talks[3] is talks[0]
        assert talks[0].state == {}
        assert await uow.conversations.find("telegram", "2") is None
        talks[1].person_id, talks[1].updated_at = talks[0].person_id, later(hours=1)
        mine = await uow.conversations.of_person(talks[0].person_id)
    assert [talk.address for talk in mine] == ["2", "1"]


async def test_the_latest_consent_for_a_purpose_counts(any_db: Database) -> None:
    async with any_db.write() as uow:
        me = await person(uow, "a")
        for purpose, granted in (("aid", False), ("aid", True), ("photos", False)):
            await uow.consents.add(
                person_id=me.id,
                purpose=purpose,
                version="2026-11",
                granted=granted,
                channel="web",
                at=NOW,
                relation="母亲",
            )
        latest = await uow.consents.latest(me.id, "aid")
        assert latest is not None and latest.granted and latest.relation == "母亲"
        assert await uow.consents.latest(me.id + 1, "aid") is None
        assert len(await uow.consents.of_person(me.id)) == 3


async def test_a_file_is_put_with_a_record(any_db: Database) -> None:
    async with any_db.write() as uow:
        me = await person(uow, "a")
        rows = [
            await uow.attachments.add(
                sha256=str(number),
                mime="image/jpeg",
                size=3,
                path=f"{number}.jpg",
                name="低保证.jpg",
                created_at=NOW,
                person_id=me.id,
            )
            for number in range(2)
        ]
        await uow.attachments.attach(rows[1].id, "A1", "dibao")
    async with any_db.read() as uow:
        (row,) = await uow.attachments.of_reference("A1")
        assert (row.id, row.document, row.name) == (rows[1].id, "dibao", "低保证.jpg")
        assert len(await uow.attachments.of_person(me.id)) == 2
        with pytest.raises(LookupError):
            await uow.attachments.attach(4711, "A1", None)
