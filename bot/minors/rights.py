"""What families agreed to, asked for and were answered; what was purged; what went wrong."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from bot.cases.contested import ASKED as CONTESTED
from bot.cases.contested import CORRECTED, REFUSED
from bot.cases.data_requests import ANSWERED
from bot.cases.data_requests import ASKED as ERASURE
from bot.clock import local_day
from bot.minors.year import Year
from bot.reports.model import Cell, Line, Table
from bot.retention.steps import STEPS
from bot.web import labels
from storage.models.audit import AuditEntry
from storage.models.incident import Incident
from storage.models.person import Consent
from storage.regions import within
from storage.uow import UnitOfWork


async def consents(uow: UnitOfWork, year: Year) -> Table:
    """Yes, no and taken back, by purpose and version of the words."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for name, moment, wanted in (
        ("同意", Consent.at, Consent.granted.is_(True)),
        ("不同意", Consent.at, Consent.granted.is_(False)),
        ("撤回", Consent.withdrawn_at, Consent.granted.is_(True)),
    ):
        query = select(Consent.purpose, Consent.version, func.count()).where(
            wanted, moment >= year.first, moment < year.end
        )
        rows = await uow.session.execute(query.group_by(Consent.purpose, Consent.version))
        for purpose, version, many in rows:
            found.setdefault((purpose, version), Counter())[name] += many
    lines = [
        (Cell(labels.label(f"purpose.{purpose}")), Cell(version), *_cells(counts))
        for (purpose, version), counts in sorted(found.items())
    ]
    heads = ("为了什么", "告知书", "同意", "不同意", "撤回")
    return Table("同意和撤回（整个系统）", heads, tuple(lines))


def _cells(counts: Counter[str]) -> tuple[Cell, ...]:
    return tuple(Cell(counts[name]) for name in ("同意", "不同意", "撤回"))


async def requests(uow: UnitOfWork, year: Year) -> Table:
    """What was asked about one's own data, and how long the answers took."""
    actions = ("copy_data", "show_my_data", CONTESTED, CORRECTED, REFUSED, ERASURE, ANSWERED)
    entries = await year.entries(uow, actions)
    erased = [entry for entry in entries if entry.action == ERASURE]
    by_request = {(e.detail or {}).get("request"): e.at for e in entries if e.action == ANSWERED}
    open_ones = [entry for entry in erased if (entry.detail or {}).get("kept")]
    lines: list[Line] = [
        _line("在聊天里看自己的资料", _of(entries, "show_my_data"), 0, []),
        _line("要一份自己的资料", _of(entries, "copy_data"), 0, []),
        _contested(entries),
        _line("要求删除，当场全删了", [e for e in erased if e not in open_ones], 0, []),
        _line(
            "要求删除，有依法留下的",
            open_ones,
            sum(entry.id not in by_request for entry in open_ones),
            [by_request[e.id] - e.at for e in open_ones if e.id in by_request],
        ),
    ]
    note = (
        "“还没答复”里也有年底提出、第二年才到期的。一次要了几条记录的资料，按记录数算。"
        "看自己的资料和要求删除，按整个系统数。"
    )
    heads = ("要求什么", "几次", "还没答复", "答复用了几天（一半不超过）", "最长几天")
    return Table("本人的要求", heads, tuple(lines), note)


def _of(entries: Sequence[AuditEntry], action: str) -> list[AuditEntry]:
    return [entry for entry in entries if entry.action == action]


def _contested(entries: Sequence[AuditEntry]) -> Line:
    waiting: dict[str, list[datetime]] = {}
    took: list[timedelta] = []
    for entry in entries:
        mine = waiting.setdefault(entry.reference or "", [])
        if entry.action == CONTESTED:
            mine.append(entry.at)
        elif entry.action in (CORRECTED, REFUSED):
            took += [entry.at - at for at in mine]
            mine.clear()
    still = sum(map(len, waiting.values()))
    return _line("说写得不对", _of(entries, CONTESTED), still, took)


def _line(name: str, asked: Sequence[AuditEntry], still: int, took: Sequence[timedelta]) -> Line:
    days = sorted(span.total_seconds() / 86400 for span in took)
    middle = round(days[(len(days) - 1) // 2], 1) if days else "—"
    longest = round(days[-1], 1) if days else "—"
    return Cell(name), Cell(len(asked)), Cell(still), Cell(middle), Cell(longest)


async def purged(uow: UnitOfWork, year: Year) -> Table:
    """What the nights of the year removed, and how many nights ran."""
    first, last = date(year.number, 1, 1), date(year.number, 12, 31)
    rows = await uow.purges.between(first, last)
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row.step] += row.count
    told = [step for step in STEPS if step.removes and counts[step.name]]
    lines = [(Cell(step.label), Cell(counts[step.name])) for step in told]
    nights = len({row.day for row in rows})
    note = f"全年有 {nights} 天做完了清理（整个系统）。留多久、为什么，见办公端“数据保存”。"
    return Table("到期清理", ("清理了什么", "几份"), tuple(lines), note)


async def incidents(uow: UnitOfWork, year: Year) -> Table:
    """How many, and whether they are over; what they were is at the desk."""
    query = select(Incident).where(
        within(Incident.region_code, year.region),
        Incident.found_at >= year.first,
        Incident.found_at < year.end,
    )
    found = (await uow.session.scalars(query.order_by(Incident.found_at))).all()
    lines = [
        (
            Cell(f"第 {one.id} 号"),
            Cell(local_day(one.found_at).isoformat()),
            Cell(local_day(one.closed_at).isoformat() if one.closed_at else "还没了结"),
        )
        for one in found
    ]
    return Table(
        "安全事件", ("事件", "哪天发现", "哪天了结"), tuple(lines), "经过见办公端“安全事件”。"
    )
