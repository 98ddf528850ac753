"""A readable copy of what is kept of one family, for that family (PIPL art. 45).

Never in it: who else told of a child, what colleagues noted among themselves, and, on the way
through an officer's hands, what the officer may not see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.cases.notices import kind_name
from bot.cases.papers import paper_name
from bot.cases.records import REPORTER_SLOTS, Record, subject_name
from bot.reports.model import Cell, Table
from bot.rights.access import may_see
from bot.web import labels
from bot.web.record.talk import talk_of
from flows.reminders.kinds import group_of
from flows.words import find
from storage.kinds import ReminderKind
from storage.models.audit import AuditEntry
from storage.models.case import Case
from storage.models.message import InboxMessage, OutboxMessage
from storage.models.officer import Officer
from storage.models.person import Person
from storage.uow import UnitOfWork

MOST_SAID = 2000
MOST_LETTERS = 1500
"""Of one chat message: short enough for every channel."""

_LANGUAGES = {"zh": "汉语", "mn": "蒙古语"}
_PAIRS = ("项目", "内容")
_TOLD = frozenset(
    {"file", "book", "withdraw", "amend", "accept", "return_for_correction", "set_level", "publish"}
    | {"approve", "reject", "mark_paid", "verify", "return", "approve_close", "reopen"}
    | {"ask_correction", "correct_answer", "refuse_correction", "correct_payment"}
)
"""Steps that the family has heard of, or took."""


@dataclass(frozen=True)
class Copy:
    """The tables, the records in them, and how many others are not for this officer."""

    tables: tuple[Table, ...]
    records: tuple[Record, ...]
    elsewhere: int = 0


async def copy_for_person(
    uow: UnitOfWork, person_id: int, now: datetime, through: Officer | None = None
) -> Copy:
    """All that is kept of somebody; `through` is the officer whose hands it passes, if any."""
    everything = await uow.records.of_person(person_id)
    records = [row for row in everything if through is None or may_see(through, row)]
    tables = [await _person(uow, person_id)]
    tables += [await _record(uow, row, is_theirs=True) for row in records]
    tables += [
        await _receipts(uow, person_id),
        await _consents(uow, person_id),
        await _reminders(uow, person_id),
    ]
    if through is not None:
        tables.append(await _talk(uow, through, person_id, records, now))
    kept = tuple(table for table in tables if table.lines)
    return Copy(kept, tuple(records), len(everything) - len(records))


async def copy_for_child(uow: UnitOfWork, record: Record) -> Copy:
    """What is kept of a child whom somebody else reported: nothing of who that was."""
    return Copy((await _record(uow, record, is_theirs=False),), (record,))


def in_messages(tables: Sequence[Table]) -> list[str]:
    """The copy as messages of a chat, each short enough to be sent."""
    messages: list[str] = []
    for table in tables:
        text = f"【{table.title}】"
        for line in table.lines:
            more = "：".join(cell.shown for cell in line if cell.shown)[:MOST_LETTERS]
            if len(text) + len(more) >= MOST_LETTERS:
                messages.append(text)
                text = f"【{table.title}，接着】"
            text += f"\n{more}"
        messages.append(text)
    return messages


def _pairs(title: str, told: Sequence[tuple[str, str]]) -> Table:
    return Table(title, _PAIRS, tuple((Cell(name), Cell(value)) for name, value in told if value))


async def _person(uow: UnitOfWork, person_id: int) -> Table:
    person = await uow.people.get(person_id)
    if person is None:
        return _pairs("联系人", ())
    talks = await uow.conversations.of_person(person_id)
    return _pairs(
        "联系人",
        (
            ("名字", person.name or ""),
            ("电话", person.phone or ""),
            ("家在哪里", labels.place_path(person.home_region) if person.home_region else ""),
            ("从哪天起", labels.clock(person.created_at)),
            ("用过的聊天", "、".join(labels.label(f"channel.{talk.channel}") for talk in talks)),
            *_pushes(person),
        ),
    )


def _pushes(person: Person) -> tuple[tuple[str, str], ...]:
    """What they chose about being written to."""
    groups = dict.fromkeys(group_of(ReminderKind(kind)) for kind in person.muted or ())
    muted = [find(f"reminders.group.{group}") for group in groups if group]
    hour = person.push_hour
    until = person.paused_until
    return (
        ("收不收提醒", "收" if person.reminders_on else "不收"),
        ("不要的提醒", "、".join(muted)),
        ("提醒停到哪天", labels.clock(until) if until else ""),
        ("几点收提醒", f"{hour}点" if hour is not None else ""),
        ("说话用的语言", _LANGUAGES.get(person.language, person.language)),
        ("手机是不是几个人一起用", "是" if person.is_phone_shared else ""),
    )


async def _record(uow: UnitOfWork, record: Record, is_theirs: bool) -> Table:
    told = [
        ("状态", labels.label(f"status.{record.kind}.{record.status}")),
        ("登记时间", labels.clock(record.opened_at)),
        ("地方", labels.place_path(record.region_code)),
    ]
    told += [
        (labels.slot_label(slot), _whole(slot, value))
        for slot, value in (record.slots or {}).items()
        if slot not in ("documents", "consent", *_secret(record))
    ]
    level = getattr(record, "level", None)
    told.append(("认定等级", labels.label(f"level.{level}") if level else ""))
    if is_theirs and isinstance(record, Case):
        reporter = await uow.records.reporter(record)
        told.append(("您留的名字", (reporter and reporter.name) or ""))
        told.append(("您留的电话", (reporter and reporter.phone) or ""))
    if is_theirs:
        files = await uow.attachments.of_reference(record.reference)
        mine = [row for row in files if row.person_id == record.person_id]
        told.append(("照片和文件", "、".join(paper_name(row.document or "") for row in mine)))
    told += [
        (labels.clock(entry.at), labels.label(f"action.{entry.action}"))
        for entry in await uow.audit.of(record.reference)
        if entry.action in _TOLD and _is_for(record, entry, is_theirs)
    ]
    name = subject_name(record) or ""
    return _pairs(f"{kind_name(record)} {record.reference} {name}".strip(), told)


def _is_for(record: Record, entry: AuditEntry, is_theirs: bool) -> bool:
    """Whether a step may be told: what others did and said of the child is theirs."""
    return entry.actor_kind != "person" or (is_theirs and entry.actor_id == record.person_id)


def _secret(record: Record) -> tuple[str, ...]:
    return REPORTER_SLOTS if isinstance(record, Case) and record.type is None else ()


def _whole(slot: str, value: object) -> str:
    return labels.revealed(slot, value) if slot == "id_number" else labels.slot_value(slot, value)


async def _receipts(uow: UnitOfWork, person_id: int) -> Table:
    rows = await uow.receipts.of_person(person_id)
    lines = [(f"回执 {row.reference}", f"{row.name}，{labels.clock(row.at)}") for row in rows]
    return _pairs("您补充过的事", lines)


async def _consents(uow: UnitOfWork, person_id: int) -> Table:
    told = []
    for row in await uow.consents.of_person(person_id):
        answer = "同意" if row.granted else "不同意"
        if row.withdrawn_at is not None:
            answer += f"，{labels.clock(row.withdrawn_at)} 撤回"
        purpose = labels.label(f"purpose.{row.purpose}")
        told.append((labels.clock(row.at), f"{purpose}：{answer}（告知书 {row.version}）"))
    return _pairs("您同意过的", told)


async def _reminders(uow: UnitOfWork, person_id: int) -> Table:
    rows = await uow.reminders.of_person(person_id)
    lines = [(labels.clock(row.due_at), row.text) for row in rows]
    return _pairs("给您的提醒", lines)


async def _talk(
    uow: UnitOfWork, officer: Officer, person_id: int, records: Sequence[Record], now: datetime
) -> Table:
    """What this person and we said of these records, each message once."""
    talks = [talk.id for talk in await uow.conversations.of_person(person_id)]
    own = {
        mine: set(await uow.session.scalars(select(row.id).where(row.conversation_id.in_(talks))))
        for mine, row in ((True, InboxMessage), (False, OutboxMessage))
    }
    said = {}
    for record in records:
        for line in await talk_of(uow, officer, record, now, MOST_SAID):
            if line.id in own[line.mine]:
                said[line.mine, line.id] = line
    told = [
        (f"{labels.clock(line.at)} {'您' if line.mine else '我们'}", line.text)
        for line in sorted(said.values(), key=lambda line: (line.at, not line.mine, line.id))
    ]
    return _pairs("聊天", told)
