"""What the page of one record shows, in words: answers, papers, conversation, events, forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from litestar.response import Template

from bot.cases.contested import words_in
from bot.cases.deadlines import is_urgent
from bot.cases.next_things import next_thing
from bot.cases.notices import kind_name
from bot.cases.papers import paper_name
from bot.cases.records import Record, has_reporter, subject_name
from bot.cases.views import READS, event_view
from bot.rights.access import Right, may
from bot.rights.covering import REPORTER, RIGHT_OF, health_covered, is_covered
from bot.rights.secrecy import Reading, reading
from bot.rights.territory import covers
from bot.web import labels
from bot.web.changes.aid import FAULTS
from bot.web.changes.closing import closing_codes
from bot.web.changes.form import Change, Field
from bot.web.changes.offered import possible
from bot.web.changes.recognising import programmes_to_pay
from bot.web.desk.pages import desk_page
from bot.web.listing import officer_names
from bot.web.record.baton import baton_section
from bot.web.record.life import life_sections
from bot.web.record.papers import papers_section
from bot.web.record.persuading import visits_to_correct
from bot.web.record.receivers import receivers
from bot.web.record.recognition import recognition_sections
from bot.web.record.seen import seen_section
from bot.web.record.talk import mark_of, talk_of
from flows import commands as c
from storage.kinds import HardshipLevel, RecordKind
from storage.models.audit import AuditEntry
from storage.models.officer import Officer
from storage.uow import UnitOfWork

KEYS = {"reply": "r", "visit": "v", "note": "n"}
"""The key that opens a form, for those who work with the keyboard."""


async def record_view_page(
    uow: UnitOfWork,
    officer: Officer,
    record: Record,
    now: datetime,
    more: Mapping[str, Any],
    status: int = 200,
) -> Template:
    names = await officer_names(uow)
    talk = await talk_of(uow, officer, record, now)
    entries = await uow.audit.of(record.reference)
    read = await reading(uow, officer, [record])
    taken = await _taken_by(uow, record)
    thing = await next_thing(uow, record, now)
    context: dict[str, Any] = {
        "record": record,
        "reference": record.reference,
        "kind": kind_name(record),
        "name": subject_name(record) or "姓名不详",
        "status": labels.label(f"status.{record.kind}.{record.status}"),
        "place": labels.place_path(record.region_code),
        "opened": labels.clock(record.opened_at),
        "due": labels.due_words(record.due_at, now) if record.is_open else "",
        "late": record.is_open and record.due_at is not None and record.due_at <= now,
        "urgent": is_urgent(record),
        "assigned": names.get(record.assigned_to_id or 0, "未分配"),
        "slots": _slots(officer, record, more.get("revealed")),
        **await papers_section(uow, officer, record),
        "faults": FAULTS,
        "talk": talk,
        "mark": mark_of(talk),
        **_story(entries, names, read, more),
        "contested": [read(words) for words in words_in(entries)],
        "may_correct": may(officer, c.CorrectAnswer, record),
        **await baton_section(uow, record, entries, names),
        "taken_by": names.get(taken or 0, ""),
        "next_thing": thing,
        "next_by": labels.day_left(thing.by, now),
        "after": max((entry.id for entry in entries), default=0),
        "keys": KEYS,
        "forms": await _forms(uow, officer, record, taken is not None),
        "typed": {},
        **await life_sections(uow, officer, record, names, now),
        **await recognition_sections(uow, officer, record, entries, names, now),
        **more,
    }
    return await desk_page(uow, officer, "desk/record.html", context, status)


@dataclass(frozen=True)
class Answer:
    """One answer in words; `ask` says that the officer may have what is covered shown."""

    slot: str
    label: str
    value: str
    is_covered: bool = False
    ask: bool = False


def _slots(
    officer: Officer, record: Record, revealed: Mapping[str, str] | None = None
) -> list[Answer]:
    """The answers in words; what was never asked is not shown, secrets are covered."""
    revealed = revealed or {}
    answers = [
        Answer(
            slot,
            labels.slot_label(slot),
            revealed.get(slot) or labels.slot_value(slot, health_covered(slot, value)),
            slot not in revealed and is_covered(slot, value),
            slot in RIGHT_OF and may(officer, RIGHT_OF[slot], record),
        )
        for slot, value in (record.slots or {}).items()
        if slot not in ("documents", "consent")
    ]
    if has_reporter(RecordKind(record.kind)):
        told, secret = revealed.get(REPORTER), labels.label("covered")
        ask = may(officer, Right.REPORTER, record)
        label = labels.slot_label(REPORTER)
        answers.append(Answer(REPORTER, label, told or secret, told is None, ask))
    return answers


def _since(entries: Sequence[AuditEntry], more: Mapping[str, Any]) -> list[AuditEntry]:
    """What others did since the officer opened a form that came too late."""
    seen = more.get("changed_since")
    if seen is None:
        return []
    return [entry for entry in entries if entry.id > seen and entry.action not in READS]


def _story(
    entries: Sequence[AuditEntry], names: Mapping[int, str], read: Reading, more: Mapping[str, Any]
) -> dict[str, Any]:
    """What happened, the latest first, who looked, and what others did meanwhile."""
    done = [entry for entry in reversed(entries) if entry.action not in READS]
    return {
        "events": [_event(entry, names, read) for entry in done],
        "seen": seen_section(entries, names),
        "news": [_event(entry, names, read) for entry in _since(entries, more)],
    }


def _event(entry: AuditEntry, names: Mapping[int, str], read: Reading) -> dict[str, Any]:
    view = event_view(entry, names, read)
    shown = [
        (labels.label(f"detail.{key}"), labels.detail_value(key, value))
        for key, value in view["detail"].items()
        if f"detail.{key}" in labels.own_labels() and isinstance(value, str | bool)
    ]
    action = labels.label(f"action.{entry.action}")
    return {"at": labels.clock(entry.at), "actor": view["actor"], "action": action, "shown": shown}


async def _taken_by(uow: UnitOfWork, record: Record) -> int | None:
    """The officer who talks to the person instead of the bot."""
    if record.conversation_id is None:
        return None
    talk = await uow.conversations.get(record.conversation_id)
    return talk.officer_id if talk is not None else None


async def _forms(uow: UnitOfWork, officer: Officer, record: Record, talking: bool) -> list[Change]:
    """The possible changes with the choices that depend on this record."""
    colleagues = tuple(
        (str(other.id), f"{other.name}（{labels.label(f'role.{other.role}')}）")
        for other in await uow.officers.all()
        if other.active and covers(other.region_code, record.region_code)
    )
    photos = await uow.attachments.of_reference(record.reference)
    papers = [(row.document, paper_name(row.document)) for row in photos if row.document]
    slots = [(slot, labels.slot_label(slot)) for slot in (record.slots or {}) if slot != "consent"]
    choices = {
        "officer": (("", "我自己"), *colleagues),
        "account": (("", "没有账号"), *colleagues),
        "to": await receivers(uow, officer, record),
        "corrects": await visits_to_correct(uow, record),
        "code": closing_codes(record),
        "document": tuple(dict((*slots, *papers)).items()),
        "fault": (("", "别的，写在下面"), *FAULTS),
        "programme": programmes_to_pay(record),
        "level": tuple((level.value, labels.label(f"level.{level}")) for level in HardshipLevel),
    }
    supervised = await uow.supervisions.of(record.reference)
    needless = c.LiftSupervision if supervised is None else c.Supervise
    return [
        replace(change, fields=tuple(_filled(field, choices) for field in change.fields))
        for change in possible(record, officer, talking)
        if change.command is not needless
    ]


def _filled(field: Field, choices: Mapping[str, tuple[tuple[str, str], ...]]) -> Field:
    return replace(field, options=choices[field.name]) if field.name in choices else field
