"""Ticks: true at the moment of sending, by day, exactly once; clocks that climb; nothing kept."""

from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import at_local
from bot.gate import firing
from bot.gate.truth import Asking, truth
from bot.gate.verdict import Verdict
from bot.handlers.cases import escalate
from bot.rights.actor import Actor
from bot.workers import escalation
from bot.workers.escalation import climb_due
from bot.workers.events import Event, Rules
from bot.workers.reminders import fire_due
from bot.workers.retention import purge_old
from bot.workers.tick import tick, tick_between
from flows import commands as c
from storage.db import Database
from storage.kinds import EscalationType, Role
from tests.service import support as s

DAY = timedelta(days=1)
DUE = at_local(date(2026, 11, 30), time(10))  # the day before a session on 1 December


def reasons(events: list[Event]) -> list[str]:
    return [event.why for event in events]


async def test_the_day_before_a_session(any_db: Database) -> None:
    who = await s.person(any_db)
    booked = await s.book(any_db, who.actor, await s.session(any_db))
    assert await fire_due(any_db, DUE - timedelta(seconds=1)) == []
    (event,) = await fire_due(any_db, DUE)
    assert (event.kind, event.reference, event.to) == ("session", booked.reference, "web:p1")
    assert await fire_due(any_db, DUE) == []
    (told,) = await s.said(any_db, who.conversation_id)
    assert told == event.text and "12月1日" in told and "文化站" in told


async def test_own_reminders_come_at_their_hour_and_survive_the_switch(db: Database) -> None:
    who = await s.person(db)
    night = at_local(date(2026, 11, 24), time(23))
    await s.do(db, c.SetReminder("交材料", night), who.actor)
    await s.do(db, c.SwitchReminders(False), who.actor)
    assert reasons(await fire_due(db, night)) == ["本人设的提醒到时间了"]
    assert await s.said(db, who.conversation_id) == ["您让我提醒您：交材料"]


async def test_pushes_wait_for_the_morning(db: Database) -> None:
    who = await s.person(db)
    await s.book(db, who.actor, await s.session(db))
    night = at_local(date(2026, 11, 30), time(22))
    assert reasons(await fire_due(db, night)) == ["夜里不打扰，改到早上"]
    assert await fire_due(db, night) == []
    assert await s.said(db, who.conversation_id) == []
    morning = at_local(date(2026, 12, 1), time(8, 50))
    assert len(await fire_due(db, morning)) == 1
    assert len(await s.said(db, who.conversation_id)) == 1


@pytest.mark.parametrize(
    ("change", "days", "why"),
    [
        ("unsubscribe", 0, "退订"),
        ("cancel", 0, None),
        ("gone", 0, "停用"),
        ("none", 2, "提醒晚了"),
        ("none", 1, "开课前一天"),
        ("move", 0, "改期"),
    ],
)
async def test_what_is_no_longer_true_is_not_sent(
    db: Database, change: str, days: int, why: str | None
) -> None:
    who = await s.person(db)
    course = await s.session(db)
    booked = await s.book(db, who.actor, course)
    if change == "unsubscribe":
        await s.do(db, c.SwitchReminders(False), who.actor)
    elif change == "cancel":
        await s.do(db, c.Withdraw(booked.reference or ""), who.actor)
    elif change == "move":
        await s.session(db, course, starts_on=date(2026, 12, 8))
    elif change == "gone":
        async with db.write() as uow:
            (await uow.conversations.lock(who.conversation_id)).gone_at = s.NOW
    events = await fire_due(db, DUE + days * DAY)
    if why is None:
        assert events == []
    else:
        assert why in events[0].why
    sent = 1 if why == "开课前一天" else 0
    told = await s.said(db, who.conversation_id)
    assert len([text for text in told if "开课" in text]) == sent


@pytest.mark.parametrize(
    ("papers", "withdrawn", "why"),
    [
        ((), False, "还差材料"),
        (("household_register", "recognition_form"), False, "已经齐了"),
        ((), True, None),
    ],
)
async def test_missing_papers(
    db: Database, papers: tuple[str, ...], withdrawn: bool, why: str | None
) -> None:
    who = await s.person(db)
    reference = await s.application(db, who.actor)
    async with db.write() as uow:
        for paper in papers:
            photo = await uow.attachments.add(
                sha256=paper, mime="image/png", size=1, path=paper, name="", created_at=s.NOW
            )
            await uow.attachments.attach(photo.id, reference, paper)
    if withdrawn:
        await s.do(db, c.Withdraw(reference), who.actor)
    events = await fire_due(db, s.NOW + 3 * DAY)
    assert [why in event.why for event in events if why] == ([True] if why else [])
    assert len(await s.said(db, who.conversation_id)) == (1 if why == "还差材料" else 0)


async def test_clocks_climb_once_each(any_db: Database) -> None:
    await s.officer(any_db, "嘎查", region=s.VILLAGE)
    banner = await s.officer(any_db, "旗")
    await s.officer(any_db, "区", Role.ADMIN, region="150000")
    who = await s.person(any_db)
    reference = await s.dropout(any_db, who.actor, s.VILLAGE)
    late = s.NOW + DAY
    (reminded,) = await climb_due(any_db, late - timedelta(seconds=1))
    assert (reminded.kind, reminded.to) == ("clock_reminder", "嘎查")
    assert await climb_due(any_db, late - timedelta(seconds=1)) == []
    (event,) = await climb_due(any_db, late)
    assert (event.kind, event.to, event.reference) == ("escalation", "旗", reference)
    assert await climb_due(any_db, late) == []
    record = await s.record(any_db, reference)
    assert (record.assigned_to_id, record.ladder_level, record.due_at) == (banner.id, 2, late + DAY)
    (second,) = await climb_due(any_db, late + DAY)
    assert second.to == "区"
    (third,) = await climb_due(any_db, late + 2 * DAY)
    assert "最高一级" in third.why
    assert "。。" not in third.text
    assert (await s.record(any_db, reference)).due_at == late + 3 * DAY
    steps = ["file", "route", "remind", "escalate", "escalate", "overdue"]
    assert await s.actions(any_db, reference) == steps


async def test_who_acts_in_time_is_left_alone(db: Database) -> None:
    officer = await s.officer(db, "旗")
    who = await s.person(db)
    reference = await s.escalation(db, who.actor, EscalationType.EMERGENCY)
    await s.do(db, c.Assign(reference), Actor.officer(officer))
    assert await climb_due(db, s.NOW + timedelta(minutes=31)) == []
    assert len(await climb_due(db, s.NOW + DAY)) == 1


async def test_retention(any_db: Database, tmp_path: Path) -> None:
    who = await s.person(any_db)
    old, new = ((s.NOW - age).isoformat() for age in (31 * DAY, 28 * DAY))
    (tmp_path / "x.jpg").write_bytes(b"x")
    async with any_db.write() as uow:
        talk = await uow.conversations.lock(who.conversation_id)
        talk.state = {"stack": [1], "drafts": [{"saved_at": old}, {"saved_at": new}]}
        for name, at in (("m1", s.NOW - 731 * DAY), ("m2", s.NOW - DAY)):
            await uow.inbox.accept(talk.id, "web", name, {"text": "话"}, at, at, at)
            row = await uow.inbox.by_external("web", name)
            assert row is not None
            await uow.inbox.mark_handled(row, at)
        photo = await uow.attachments.add(
            sha256="x",
            mime="image/jpeg",
            size=1,
            path="x.jpg",
            name="",
            created_at=s.NOW,
            status="deleted",
        )
    events = await purge_old(any_db, s.NOW, Rules(files=tmp_path))
    assert [event.text for event in events] == [
        "清理过期草稿1份",
        "清理过期的来信1份",
        "清理已删除的照片1份",
    ]
    assert not (tmp_path / "x.jpg").exists()
    async with any_db.read() as uow:
        talk_now = await uow.conversations.get(who.conversation_id)
        assert talk_now is not None
        assert talk_now.state == {"stack": [1], "drafts": [{"saved_at": new}]}
        messages = [await uow.inbox.by_external("web", name) for name in ("m1", "m2")]
        assert [message.payload for message in messages if message] == [{}, {"text": "话"}]
        stored = await uow.attachments.get(photo.id)
        assert stored is not None and stored.path == ""
    assert await purge_old(any_db, s.NOW + timedelta(minutes=1)) == []
    assert await purge_old(any_db, s.NOW + DAY) == []


async def test_what_failed_is_forgotten_too(db: Database) -> None:
    who, at = await s.person(db), s.NOW - 731 * DAY
    async with db.write() as uow:
        await uow.inbox.accept(who.conversation_id, "web", "m1", {"text": "话"}, at, at, at)
        row = await uow.inbox.by_external("web", "m1")
        told = await uow.outbox.add(who.conversation_id, "苏日娜", [], {}, at)
        assert row is not None and told is not None
        await uow.inbox.park(row, at, "ValueError: 苏日娜")
        await uow.outbox.fail(told.id, "gone")
    await purge_old(db, s.NOW)
    async with db.read() as uow:
        row, said = await uow.inbox.get(row.id), await uow.outbox.get(told.id)
    assert row is not None and (row.payload, row.error) == ({}, None)
    assert said is not None and said.text == ""


@pytest.mark.parametrize(("days", "status"), [(29, "kept"), (31, "deleted")])
async def test_a_photo_that_came_to_no_record_goes_with_the_drafts(
    db: Database, days: int, status: str
) -> None:
    who = await s.person(db)
    async with db.write() as uow:
        photo = await uow.attachments.add(
            sha256="x",
            mime="image/jpeg",
            size=1,
            path="x.jpg",
            name="户口.jpg",
            created_at=s.NOW,
            conversation_id=who.conversation_id,
        )
        talk = await uow.conversations.lock(who.conversation_id)
        talk.state = {"loose_files": [photo.id]}
    await purge_old(db, s.NOW + timedelta(days=days))
    async with db.read() as uow:
        stored = await uow.attachments.get(photo.id)
        talk_now = await uow.conversations.get(who.conversation_id)
    assert stored is not None and stored.status == status
    assert talk_now is not None and bool(talk_now.state["loose_files"]) == (status == "kept")


async def test_a_photo_that_another_row_shows_keeps_its_bytes(db: Database, tmp_path: Path) -> None:
    (tmp_path / "x.jpg").write_bytes(b"x")
    async with db.write() as uow:
        for status in ("deleted", "kept"):
            await uow.attachments.add(
                sha256="x",
                mime="image/jpeg",
                size=1,
                path="x.jpg",
                name="",
                created_at=s.NOW,
                status=status,
            )
    await purge_old(db, s.NOW, Rules(files=tmp_path))
    assert (tmp_path / "x.jpg").exists()


async def _busy(db: Database) -> dict[str, Any]:
    await s.officer(db, "旗")
    await s.officer(db, "区", Role.ADMIN, region="150000")
    who = await s.person(db)
    return {
        "who": who,
        "case": await s.dropout(db, who.actor),
        "booked": (await s.book(db, who.actor, await s.session(db))).reference,
    }


async def test_a_rehearsal_changes_nothing(any_db: Database) -> None:
    made = await _busy(any_db)
    rehearsed = await tick_between(any_db, s.NOW, DUE, dry_run=True)
    kinds = {"clock_reminder", "escalation", "session", "monthly_return"}
    assert {event.kind for event in rehearsed} == kinds
    record = await s.record(any_db, made["case"])
    assert record.ladder_level == 2
    assert await s.said(any_db, made["who"].conversation_id) == []
    assert await tick(any_db, DUE, dry_run=True) == await tick(any_db, DUE, dry_run=True)
    real = await tick_between(any_db, s.NOW, DUE)
    assert [event.as_json() for event in real] == [event.as_json() for event in rehearsed]
    assert await tick_between(any_db, DUE, DUE) == []


async def test_stepping_sends_at_the_due_moments(db: Database) -> None:
    made = await _busy(db)
    events = await tick_between(db, s.NOW, DUE + DAY)
    climbs = [event for event in events if event.kind == "escalation"]
    moments = [event.at for event in climbs if event.reference == made["case"]]
    assert moments[:2] == [s.NOW + DAY, s.NOW + 2 * DAY]
    (session,) = [event for event in events if event.kind == "session"]
    assert (session.at, session.reference) == (DUE, made["booked"])
    assert session.as_json()["at"] == "2026-11-30T02:00:00+00:00"


@pytest.mark.parametrize(("days", "left"), [(29, [{"flow": "aid"}]), (31, [])])
async def test_a_form_left_half_way_is_forgotten(
    db: Database, days: int, left: list[dict[str, str]]
) -> None:
    who = await s.person(db)
    async with db.write() as uow:
        talk = await uow.conversations.lock(who.conversation_id)
        talk.state = {"stack": [{"flow": "aid"}]}
    await purge_old(db, s.NOW + days * DAY)
    async with db.read() as uow:
        talk_now = await uow.conversations.get(who.conversation_id)
    assert talk_now is not None and talk_now.state["stack"] == left


async def test_one_that_breaks_holds_nothing_up(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = await s.person(db)
    bad, good = await s.dropout(db, who.actor), await s.dropout(db, who.actor)
    await s.officer(db, "区", Role.ADMIN, region="150000")
    for text in ("坏", "好"):
        await s.do(db, c.SetReminder(text, s.NOW + DAY), who.actor)

    async def broken_truth(asking: Asking) -> Verdict:
        if "坏" in asking.row.text:
            raise ValueError(asking.row.text)
        return await truth(asking)

    async def broken_climb(turn: Any, command: c.Escalate) -> Any:
        if command.reference == bad:
            raise ValueError(bad)
        return await climb_one(turn, command)

    climb_one = escalate
    monkeypatch.setattr(firing, "truth", broken_truth)
    monkeypatch.setattr(escalation, "escalate", broken_climb)
    assert [event.text for event in await fire_due(db, s.NOW + DAY)] == ["您让我提醒您：好"]
    assert [event.reference for event in await climb_due(db, s.NOW + DAY)] == [good]
    monkeypatch.undo()
    later = s.NOW + DAY + timedelta(minutes=6)
    assert [event.text for event in await fire_due(db, later)] == ["您让我提醒您：坏"]
