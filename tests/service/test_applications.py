"""An application through the school's hands: each change is told to the family, no sum ever."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.errors import Refused
from bot.rights.actor import Actor
from flows import commands as c
from storage.db import Database
from storage.kinds import HardshipLevel
from storage.models.application import Application
from tests.service import support as s

DAY = timedelta(days=1)


async def test_to_the_money(any_db: Database) -> None:
    by = Actor.officer(await s.officer(any_db, "甲"))
    who = await s.person(any_db)
    reference = await s.application(any_db, who.actor)
    steps: tuple[tuple[c.Command, int], ...] = (
        (c.AcceptApplication(reference), 0),
        (c.SetLevel(reference, level=HardshipLevel.SPECIAL, reason="低保"), 0),
        (c.PublishApplication(reference), 0),
        (c.ApproveApplication(reference), 8),
        (paid(reference, "312.50", "2026年秋季学期"), 9),
        (paid(reference, "312.50", "2027年春季学期"), 9),
    )
    statuses = [(await s.do(any_db, what, by, s.NOW + days * DAY)).status for what, days in steps]
    assert statuses == ["under_review", "under_review", "published", "approved", "paid", "paid"]
    record = await s.record(any_db, reference)
    assert isinstance(record, Application)
    assert (record.level, record.level_reason, record.level_suggested) == (
        "special",
        "低保",
        "special",
    )
    assert record.level_reasons and (record.closed_at, record.due_at) == (s.NOW + 9 * DAY, None)
    accepted, published, approved, *money = await s.said(any_db, who.conversation_id)
    assert "受理了" in accepted and "特别困难" not in accepted
    assert "特别困难" in published and "11月30日" in published and "身份证号" in published
    assert "通过了" in approved and "特别困难" in approved
    assert "元" not in accepted + published + approved
    assert ["312.50元" in text for text in money] == [True, True]
    assert (await s.actions(any_db, reference))[-6:] == [
        "accept",
        "set_level",
        "publish",
        "approve",
        "mark_paid",
        "mark_paid",
    ]
    async with any_db.read() as uow:
        planned = await uow.reminders.of_person(who.person_id)
        assert [p.fen for p in await uow.recognition.payments(reference)] == [31250, 31250]
    assert {row.kind for row in planned} == {"documents", "publication"}
    assert {row.status for row in planned} == {"cancelled"}


def paid(reference: str, yuan: str | None, period: str = "2026年秋季学期") -> c.MarkPaid:
    """A payment on 24 November."""
    amount = Decimal(yuan) if yuan else None
    return c.MarkPaid(reference, None, date(2026, 11, 24), amount, "生活费补助", period)


async def test_sent_back_and_sent_again(db: Database) -> None:
    by = Actor.officer(await s.officer(db, "甲"))
    who = await s.person(db)
    reference = await s.application(db, who.actor)
    back = c.ReturnForCorrection(reference, document="household_register", reason="看不清")
    assert (await s.do(db, back, by)).status == "returned"
    (told,) = await s.said(db, who.conversation_id)
    assert "户口簿" in told and "看不清" in told and reference in told
    assert (await s.record(db, reference)).due_at is None
    noted = await s.do(db, c.AmendRecord(reference, note="明天拍"), who.actor)
    assert noted.status == "returned"
    again = await s.do(db, c.AmendRecord(reference, {"household_size": 5}), who.actor)
    assert again.status == "returned"  # another answer is not the paper
    assert (await s.record(db, reference)).slots["household_size"] == 5


async def test_a_returned_photo_counts_as_missing(db: Database) -> None:
    by = Actor.officer(await s.officer(db, "甲"))
    who = await s.person(db)
    reference = await s.application(db, who.actor)
    async with db.write() as uow:
        for paper in ("household_register", "recognition_form"):
            photo = await uow.attachments.add(
                sha256=paper, mime="image/jpeg", size=1, path=paper, name="", created_at=s.NOW
            )
            await uow.attachments.attach(photo.id, reference, paper)
    back = c.ReturnForCorrection(reference, document="household_register", reason="看不清")
    await s.do(db, back, by, s.NOW + timedelta(days=1))
    async with db.read() as uow:
        _, reminder = await uow.reminders.of_person(who.person_id)
    assert "户口簿" in reminder.text and "认定申请表" not in reminder.text


@pytest.mark.parametrize(
    ("document", "words"), [("school", "学校"), ("", "材料"), ("成绩单", "成绩单")]
)
async def test_what_has_to_be_corrected(db: Database, document: str, words: str) -> None:
    by = Actor.officer(await s.officer(db, "甲"))
    who = await s.person(db)
    reference = await s.application(db, who.actor)
    await s.do(db, c.ReturnForCorrection(reference, document=document, reason="不对"), by)
    assert words in (await s.said(db, who.conversation_id))[0]


async def test_rejected_with_the_way_to_object(db: Database) -> None:
    by = Actor.officer(await s.officer(db, "甲"))
    who = await s.person(db)
    reference = await s.application(db, who.actor)
    with pytest.raises(Refused, match="原因"):
        await s.do(db, c.RejectApplication(reference, reason="  "), by)
    await s.do(db, c.RejectApplication(reference, reason="不符合条件"), by)
    (told,) = await s.said(db, who.conversation_id)
    assert "不符合条件" in told and "重新核实" in told
    assert (await s.do(db, c.Reopen(reference, reason="家长有异议"), by)).status == "under_review"


async def test_withdrawing(db: Database) -> None:
    officer = await s.officer(db, "甲")
    who = await s.person(db)
    reference = await s.application(db, who.actor)
    assert (await s.do(db, c.Withdraw(reference), who.actor)).status == "withdrawn"
    assert not (await s.do(db, c.Withdraw(reference), who.actor)).changed
    assert "撤回" in (await s.notices(db, officer))[-1]
    with pytest.raises(Refused):
        await s.do(db, c.AcceptApplication(reference), Actor.officer(officer))


async def test_who_cannot_be_reached_is_no_obstacle(db: Database) -> None:
    by = Actor.officer(await s.officer(db, "甲"))
    who = await s.person(db)
    reference = await s.application(db, who.actor)
    async with db.write() as uow:
        talk = await uow.conversations.lock(who.conversation_id)
        talk.gone_at = s.NOW
    assert (await s.do(db, c.AcceptApplication(reference), by)).status == "under_review"
    assert await s.said(db, who.conversation_id) == []
