"""A result is published for whole working days, shows little, and waits for what is said of it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.cases.payments import standing
from bot.cases.recognition import public_line, steps_of
from bot.errors import Refused
from bot.rights.actor import Actor
from flows import commands as c
from storage.db import Database
from storage.kinds import HardshipLevel
from storage.models.application import Application
from tests.service import support as s
from tests.service.test_applications import DAY, paid


async def under_review(db: Database, level: bool = True) -> tuple[Actor, s.Somebody, str]:
    by = Actor.officer(await s.officer(db, "甲"))
    who = await s.person(db)
    reference = await s.application(db, who.actor)
    await s.do(db, c.AcceptApplication(reference), by)
    if level:
        await s.do(db, c.SetLevel(reference, level=HardshipLevel.MODERATE), by)
    return by, who, reference


async def published(db: Database, now: datetime = s.NOW) -> tuple[Actor, s.Somebody, str]:
    by, who, reference = await under_review(db)
    await s.do(db, c.PublishApplication(reference), by, now)
    return by, who, reference


async def test_an_approval_from_elsewhere_says_that_nothing_was_published_here(
    db: Database,
) -> None:
    by, _, reference = await under_review(db)
    assert (await s.do(db, c.ApproveApplication(reference), by)).status == "approved"
    async with db.read() as uow:
        story = await uow.audit.of(reference)
    (approval,) = [entry for entry in story if entry.action == "approve"]
    assert approval.detail == {"published": "学校自己公示的，没有在这里登记"}


async def test_the_owner_is_reminded_between_the_end_of_publication_and_the_deadline(
    db: Database,
) -> None:
    _, _, reference = await published(db)
    record = await s.record(db, reference)
    assert record.due_at is not None and record.step_at is not None
    over = datetime(2026, 11, 30, 16, tzinfo=UTC)  # midnight after the last day
    assert over < record.step_at < record.due_at


async def test_no_publication_without_level(db: Database) -> None:
    by, _, reference = await under_review(db, level=False)
    with pytest.raises(Refused, match="先定困难等级"):
        await s.do(db, c.PublishApplication(reference), by)
    assert (await s.record(db, reference)).status == "under_review"


@pytest.mark.parametrize(
    ("start", "last"),
    [
        ("2026-11-23T02:00", "2026-11-30"),  # Monday: the day itself does not count
        ("2026-09-27T02:00", "2026-10-09"),  # over the National Day holiday
        ("2026-11-28T02:00", "2026-12-04"),  # a Saturday
        ("2026-11-23T17:00", "2026-12-01"),  # already Tuesday in Hohhot
    ],
)
async def test_five_whole_working_days(db: Database, start: str, last: str) -> None:
    now = datetime.fromisoformat(start).replace(tzinfo=UTC)
    by, _, reference = await published(db, now)
    record = await s.record(db, reference)
    assert isinstance(record, Application)
    until = date.fromisoformat(last)
    assert record.published_until == until
    assert record.due_at is not None and record.due_at.date() > until
    on_the_last_day = datetime(until.year, until.month, until.day, 15, 59, tzinfo=UTC)
    with pytest.raises(Refused, match="还在公示"):
        await s.do(db, c.ApproveApplication(reference), by, on_the_last_day)
    after = on_the_last_day + timedelta(minutes=1)
    assert (await s.do(db, c.ApproveApplication(reference), by, after)).status == "approved"


async def test_more_days_are_allowed_and_fewer_are_not(db: Database) -> None:
    by, _, reference = await under_review(db)
    with pytest.raises(Refused, match="最少 5 个"):
        await s.do(db, c.PublishApplication(reference, days=4), by)
    done = await s.do(db, c.PublishApplication(reference, days=7), by)
    assert done.detail["published_until"] == "2026-12-02"


async def test_what_is_published_says_little(db: Database) -> None:
    _, who, reference = await published(db)
    record = await s.record(db, reference)
    assert isinstance(record, Application)
    line = public_line(record)
    assert line == {
        "child_name": "苏**",
        "school": "高力板中心小学",
        "grade": "小学二年级",
        "level": "比较困难",
    }
    told = (await s.said(db, who.conversation_id))[-1]
    assert "比较困难" in told and "低保" not in told


async def test_an_objection_is_settled_before_the_approval(db: Database) -> None:
    by, _, reference = await published(db)
    await s.do(db, c.RecordObjection(reference, text="他家有车"), by)
    late = s.NOW + 9 * DAY
    with pytest.raises(Refused, match="异议"):
        await s.do(db, c.ApproveApplication(reference), by, late)
    with pytest.raises(Refused, match="没有等着核实"):
        await s.do(db, c.SettleObjection(reference, finding="查了", objection=99), by, late)
    await s.do(db, c.SettleObjection(reference, finding="车是拉草料的旧三轮"), by, late)
    assert (await s.do(db, c.ApproveApplication(reference), by, late)).status == "approved"


async def test_each_step_has_its_day(db: Database) -> None:
    by, who, reference = await under_review(db)
    await s.do(db, c.RecordConsent("aid", True, "2026-11", "母亲"), who.actor)
    await s.do(db, c.PublishApplication(reference), by, s.NOW + DAY)
    assert await days(db, reference) == ["11-23", "11-23", "11-23", "11-24", "", ""]
    await s.do(db, c.ApproveApplication(reference), by, s.NOW + 10 * DAY)
    await s.do(db, paid(reference, "625"), by, s.NOW + 11 * DAY)
    assert await days(db, reference) == ["11-23", "11-23", "11-23", "11-24", "12-03", "11-24"]


async def days(db: Database, reference: str) -> list[str]:
    async with db.read() as uow:
        record = await uow.records.get(reference)
        assert isinstance(record, Application)
        steps = await steps_of(uow, record, await uow.audit.of(reference))
        return [f"{step.on:%m-%d}" if step.on else "" for step in steps]


@pytest.mark.parametrize("yuan", [None, "0", "-5", "0.001", "1000001", "NaN", "Infinity"])
async def test_a_sum_that_is_none_is_refused(db: Database, yuan: str | None) -> None:
    by, who, reference = await published(db)
    with pytest.raises(Refused, match=r"公示中.*不能登记发放"):
        await s.do(db, paid(reference, "625"), by)
    await s.do(db, c.ApproveApplication(reference), by, s.NOW + 9 * DAY)
    with pytest.raises(Refused, match="多少元"):
        await s.do(db, paid(reference, yuan), by, s.NOW + 9 * DAY)
    assert "元" not in (await s.said(db, who.conversation_id))[-1]


async def test_a_payment_is_noted_once_and_says_what_for(db: Database) -> None:
    by, _, reference = await published(db)
    late = s.NOW + 9 * DAY
    await s.do(db, c.ApproveApplication(reference), by, late)
    await s.do(db, paid(reference, "625"), by, late)
    with pytest.raises(Refused, match="已经记过"):
        await s.do(db, paid(reference, "625.00"), by, late)
    for wrong, why in (
        (c.MarkPaid(reference, None, None, Decimal(1), "a", "b"), "哪天"),
        (c.MarkPaid(reference, None, date(2027, 1, 1), Decimal(1), "a", "b"), "晚于今天"),
        (c.MarkPaid(reference, None, date(2026, 11, 24), Decimal(1), "", "b"), "哪个补助"),
    ):
        with pytest.raises(Refused, match=why):
            await s.do(db, wrong, by, late)


async def test_a_payment_noted_by_mistake_is_taken_back(db: Database) -> None:
    by, who, reference = await published(db)
    late = s.NOW + 9 * DAY
    await s.do(db, c.ApproveApplication(reference), by, late)
    await s.do(db, paid(reference, "625"), by, late)
    with pytest.raises(Refused, match="原因"):
        await s.do(db, c.CorrectPayment(reference, None, None, " "), by, late)
    await s.do(db, c.CorrectPayment(reference, None, None, "是隔壁班的"), by, late)
    record = await s.record(db, reference)
    assert record.status == "approved"
    assert "是我们记错了。原因：是隔壁班的" in (await s.said(db, who.conversation_id))[-1]
    async with db.read() as uow:
        lines = await uow.recognition.payments(reference)
        story = await uow.audit.of(reference)
        paid_on = (await steps_of(uow, record, story))[-1].on  # type: ignore[arg-type]
    assert ([row.fen for row in lines], paid_on) == ([62500, -62500], None)
    assert (story[-1].action, (story[-1].detail or {})["yuan"]) == ("correct_payment", "625")
    with pytest.raises(Refused, match="不能更正发放"):
        await s.do(db, c.CorrectPayment(reference, None, None, "又"), by, late)
    await s.do(db, paid(reference, "625"), by, late)
    assert (await s.record(db, reference)).status == "paid"


async def test_of_two_payments_the_other_still_stands(db: Database) -> None:
    by, _, reference = await published(db)
    late = s.NOW + 9 * DAY
    await s.do(db, c.ApproveApplication(reference), by, late)
    await s.do(db, paid(reference, "625"), by, late)
    await s.do(db, paid(reference, "300", "2027年春季学期"), by, late)
    async with db.read() as uow:
        first = (await uow.recognition.payments(reference))[0].id
    with pytest.raises(Refused, match="没有这一笔"):
        await s.do(db, c.CorrectPayment(reference, None, 999, "错"), by, late)
    await s.do(db, c.CorrectPayment(reference, None, first, "错"), by, late)
    assert (await s.record(db, reference)).status == "paid"
    async with db.read() as uow:
        there = standing(await uow.recognition.payments(reference))
    assert [row.fen for row in there] == [30000]
    with pytest.raises(Refused, match="没有这一笔"):
        await s.do(db, c.CorrectPayment(reference, None, first, "错"), by, late)
