"""Nobody may drop the baton: an offer changes nothing until it is taken, and never hangs."""

import random
from datetime import datetime, timedelta

import pytest

from bot.errors import Conflict, NotAllowed, NotFound, Refused, ServiceError
from bot.rights.access import access_record
from bot.rights.actor import SYSTEM, Actor
from bot.workers.tick import tick, tick_between
from flows import commands as c
from storage.db import Database
from storage.kinds import EscalationType, Role
from storage.models.officer import Officer
from tests.service import support as s

NEXT = "152221"  # the neighbouring banner


def by(officer: Officer) -> Actor:
    return Actor.officer(officer)


async def banners(db: Database) -> tuple[Officer, Officer, Officer]:
    """One officer here, one in the neighbouring banner, one in the league above both."""
    return (
        await s.officer(db, "王丽"),
        await s.officer(db, "李强", region=NEXT),
        await s.officer(db, "盟里", region="152200"),
    )


async def sees(db: Database, officer: Officer, reference: str) -> bool:
    async with db.write() as uow:
        try:
            await access_record(uow, officer, reference, s.NOW)
        except NotFound:
            return False
    return True


async def test_to_the_next_banner_and_accepted(any_db: Database) -> None:
    here, there, _ = await banners(any_db)
    who = await s.person(any_db)
    reference = await s.dropout(any_db, who.actor)
    due = (await s.record(any_db, reference)).due_at
    assert not await sees(any_db, there, reference)
    await s.do(any_db, c.TransferRecord(reference, region=NEXT, reason="搬过去了"), by(here))
    offered = await s.record(any_db, reference)
    assert (offered.assigned_to_id, offered.region_code, offered.due_at) == (here.id, s.BANNER, due)
    assert "王丽想把" in (await s.notices(any_db, there))[-1]
    assert await sees(any_db, there, reference)
    with pytest.raises(NotAllowed):
        await s.do(any_db, c.AddNote(reference, text="我先写"), by(there))
    with pytest.raises(Refused, match="没有转交给您"):
        await s.do(any_db, c.AcceptTransfer(reference), by(here))
    later = s.NOW + timedelta(hours=1)
    await s.do(any_db, c.AcceptTransfer(reference, offered.version), by(there), later)
    taken = await s.record(any_db, reference)
    assert (taken.assigned_to_id, taken.region_code, taken.offer_by_id) == (there.id, NEXT, None)
    assert taken.due_at == later + timedelta(days=1), "the receiver has the full time"
    assert "李强接下" in (await s.notices(any_db, here))[-1]
    assert not await sees(any_db, here, reference)
    async with any_db.read() as uow:
        (mine,) = await uow.records.of_person(who.person_id)
    assert mine.reference == reference
    assert (await s.actions(any_db, reference))[2:] == ["transfer", "read", "accept_transfer"]


async def test_rejected_with_a_reason_it_comes_back(db: Database) -> None:
    here, there, _ = await banners(db)
    reference = await s.dropout(db, SYSTEM)
    before = await s.record(db, reference)
    await s.do(db, c.TransferRecord(reference, officer=there.id, reason="搬走"), by(here))
    with pytest.raises(Refused, match="原因"):
        await s.do(db, c.RejectTransfer(reference, reason=" "), by(there))
    await s.do(db, c.RejectTransfer(reference, reason="查无此人"), by(there))
    after = await s.record(db, reference)
    assert (after.assigned_to_id, after.region_code) == (here.id, s.BANNER)
    assert (after.due_at, after.step_at) == (before.due_at, before.step_at)
    assert "查无此人" in (await s.notices(db, here))[-1]
    assert not await sees(db, there, reference)


async def test_an_offer_nobody_answers_goes_up(db: Database) -> None:
    here, there, league = await banners(db)
    reference = await s.dropout(db, SYSTEM)
    await s.do(db, c.RecordReturn(reference, placement="vocational"), by(here))
    offered_at = s.NOW + timedelta(hours=1)
    offer = c.TransferRecord(reference, region=NEXT, reason="搬走")
    await s.do(db, offer, by(here), offered_at)
    over = offered_at + timedelta(days=2)
    early = await tick_between(db, offered_at, over - timedelta(minutes=1))
    assert {event.kind for event in early} == {"attendance"}
    (event,) = await tick(db, over)
    assert (event.to, event.why) == ("盟里", "转交出去没有人接")
    record = await s.record(db, reference)
    assert (record.assigned_to_id, record.offer_by_id) == (league.id, None)
    assert "没有办成" in (await s.notices(db, there))[-1]
    with pytest.raises(NotFound):
        await s.do(db, c.AcceptTransfer(reference), by(there), over)


async def test_what_cannot_be_offered(db: Database) -> None:
    here, there, _ = await banners(db)
    clerk = await s.officer(db, "录入", Role.CLERK)
    reference = await s.dropout(db, SYSTEM)
    away = await s.officer(db, "退休", region=NEXT)
    async with db.write() as uow:
        row = await uow.officers.get(away.id)
        assert row is not None
        row.active = False

    async def refused(why: str, **to: object) -> None:
        with pytest.raises(Refused, match=why):
            await s.do(db, c.TransferRecord(reference, reason="搬", **to), by(here))  # type: ignore[arg-type]

    await refused("没有这位", officer=away.id)
    await refused("本来就在", officer=here.id)
    await refused("没有这个地方", region="999999")
    await refused("没有这个地方")
    with pytest.raises(Refused, match="原因"):
        await s.do(db, c.TransferRecord(reference, region=NEXT), by(here))
    with pytest.raises(NotAllowed):
        await s.do(db, c.TransferRecord(reference, region=NEXT, reason="搬"), by(clerk))
    with pytest.raises(Conflict):
        await s.do(db, c.TransferRecord(reference, 99, region=NEXT, reason="搬"), by(here))
    await s.do(db, c.TransferRecord(reference, region=NEXT, reason="搬"), by(here))
    await refused("正在等对方", officer=there.id)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
async def test_at_every_moment_one_officer_answers(db: Database, seed: int) -> None:
    """Random changes by random officers over weeks: the one who answers is there and in reach."""
    chance = random.Random(seed)
    everyone = [
        *await banners(db),
        await s.officer(db, "主管", Role.SUPERVISOR),
        await s.officer(db, "管理", Role.ADMIN, region="150000"),
    ]
    reference = await s.escalation(db, (await s.person(db)).actor, EscalationType.COMPLAINT)
    now, done = s.NOW, 0
    for _ in range(60):
        officer = chance.choice(everyone)
        done += await _tries(db, _any(chance, reference, everyone, now), officer, now)
        now += timedelta(hours=chance.choice((0, 1, 5, 30)))
        await tick(db, now)
        record = await s.record(db, reference)
        holder = next(o for o in everyone if o.id == record.assigned_to_id)
        assert await sees(db, holder, reference)
        assert record.step_at is not None and record.step_at > now, "a clock always runs"
    assert done > 5


def _any(
    chance: random.Random, reference: str, everyone: list[Officer], now: datetime
) -> c.OfficerCommand:
    until = (now + timedelta(days=3)).date()
    return chance.choice(
        (
            c.TransferRecord(reference, officer=chance.choice(everyone).id, reason="x"),
            c.TransferRecord(reference, region=chance.choice((NEXT, s.BANNER)), reason="x"),
            c.AcceptTransfer(reference),
            c.AcceptTransfer(reference),
            c.RejectTransfer(reference, reason="x"),
            c.Assign(reference),
            c.Assign(reference, officer=chance.choice(everyone).id),
            c.Escalate(reference, reason="x"),
            c.Snooze(reference, until=until, reason="x"),
            c.AddNote(reference, text="x"),
        )
    )


async def _tries(db: Database, command: c.OfficerCommand, officer: Officer, now: datetime) -> bool:
    try:
        await s.do(db, command, by(officer), now)
    except ServiceError:
        return False
    return True
