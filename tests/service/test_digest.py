"""When the office opens each linked officer hears once what is due, without any child's name."""

from datetime import UTC, datetime, timedelta

from bot.rights.actor import Actor
from bot.workers.events import Event
from bot.workers.tick import tick, tick_between
from flows import commands as c
from storage.db import Database
from storage.models.officer import Officer
from tests.service import support as s

OPENING = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)  # Tuesday, 08:30 in Shanghai
DAY = timedelta(days=1)


def digests(events: list[Event]) -> list[tuple[datetime, str]]:
    return [(event.at, event.to) for event in events if event.kind == "digest"]


async def linked(db: Database, name: str, address: str) -> Officer:
    async with db.write() as uow:
        talk = await uow.conversations.get_or_create("rest", address, s.NOW)
    return await s.officer(db, name, conversation_id=talk.id)


async def due_at(db: Database, officer: Officer, moment: datetime, child: str) -> str:
    """A case of the officer that was filed on Monday and is due then."""
    who = await s.person(db, child)
    reference = await s.dropout(db, who.actor, child_name=child)
    await s.do(db, c.Assign(reference, officer=officer.id), Actor.officer(officer))
    async with db.write() as uow:
        record = await uow.records.get(reference, lock=True)
        assert record is not None
        record.due_at, record.step_at = moment, None
    return reference


async def test_what_is_due_is_told_once_when_the_office_opens(any_db: Database) -> None:
    officer = await linked(any_db, "王丽", "o1")
    idle, unlinked = await linked(any_db, "李强", "o2"), await s.officer(any_db, "赵敏")
    later = await due_at(any_db, officer, OPENING + 9 * DAY, "巴图")
    today = await due_at(any_db, officer, OPENING + timedelta(hours=3), "其木格")
    late = await due_at(any_db, officer, OPENING - timedelta(hours=1), "苏日娜")
    await due_at(any_db, unlinked, OPENING, "牧仁")
    await due_at(any_db, idle, OPENING + 9 * DAY, "哈斯")
    events = await tick_between(any_db, OPENING - DAY / 24, OPENING + DAY / 3)
    assert digests(events) == [(OPENING, "王丽")]
    text = (await s.said(any_db, officer.conversation_id or 0))[-1]
    assert "超期 1 件，今天到期 1 件，昨天以来新来 3 件" in text
    assert text.index(late) < text.index(today) and later not in text
    assert not any(child in text for child in ("巴图", "其木格", "苏日娜"))
    assert digests(await tick(any_db, OPENING + DAY / 8)) == []


async def test_only_on_working_days_and_each_day_anew(db: Database) -> None:
    officer = await linked(db, "王丽", "o1")
    await due_at(db, officer, OPENING, "巴图")
    friday = OPENING + 3 * DAY
    events = await tick_between(db, friday - DAY / 24, friday + 4 * DAY + DAY / 24)
    assert [at for at, _ in digests(events)] == [friday, friday + 3 * DAY, friday + 4 * DAY]
    text = (await s.said(db, officer.conversation_id or 0))[-1]
    assert "昨天以来新来 0 件" in text


async def test_what_falls_due_at_noon_is_left_to_the_next_morning(db: Database) -> None:
    officer = await linked(db, "王丽", "o1")
    assert digests(await tick(db, OPENING)) == []
    await due_at(db, officer, OPENING + DAY / 6, "巴图")
    assert digests(await tick(db, OPENING + DAY / 8)) == []
    assert digests(await tick(db, OPENING + DAY)) == [(OPENING + DAY, "王丽")]


async def test_a_rehearsal_tells_nobody(db: Database) -> None:
    officer = await linked(db, "王丽", "o1")
    await due_at(db, officer, OPENING, "巴图")
    before = await s.said(db, officer.conversation_id or 0)
    assert digests(await tick(db, OPENING, dry_run=True)) == [(OPENING, "王丽")]
    assert await s.said(db, officer.conversation_id or 0) == before
