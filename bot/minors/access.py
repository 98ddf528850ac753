"""Who looked: by role and act, out of hours, exports in bulk, and secrets that were shown."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.clock import local
from bot.minors.year import Year
from bot.reports.model import Cell, Table
from bot.web import labels
from flows.workdays import calendar_for
from storage.kinds import Role
from storage.models.audit import AuditEntry
from storage.uow import UnitOfWork

LOOKS = (
    *("read", "list", "read_file", "read_talk", "read_reporter", "exported", "reveal"),
    *("list_people", "list_reminders", "read_list", "read_list_row", "read_campaign"),
    *("export", "export_form", "export_visits", "copy_data", "search_audit"),
)
EXPORTS = ("export", "export_form", "export_visits", "copy_data")
_OFTEN = 3
"""A purpose that was written so often in the same words names nobody."""

_ROLES = (Role.CLERK, Role.OFFICER, Role.SUPERVISOR, Role.ADMIN)


async def access(uow: UnitOfWork, year: Year) -> list[Table]:
    """Everything about who looked."""
    by_act: Counter[tuple[str, str]] = Counter()
    late: Counter[tuple[str, str]] = Counter()
    calendars = {id: calendar_for(one.region_code) for id, one in year.everybody.items()}
    async for officer, action, at in year.acts(uow):
        if action not in LOOKS or officer not in year.everybody:
            continue
        role = year.everybody[officer].role
        by_act[action, role] += 1
        if not calendars[officer].is_open(at):
            late[action, role] += 1
    exports = await year.entries(uow, EXPORTS)
    reveals = await year.entries(uow, ("reveal",))
    note = "不在上班时间的：按各地工作日和办公时间算。"
    return [
        _matrix("谁看过、导出过（次）", by_act),
        _matrix("其中不在上班时间的（次）", late, note),
        _exports(year, exports),
        _reveals(year, reveals),
        _purposes(reveals),
    ]


def _matrix(title: str, counts: Counter[tuple[str, str]], note: str = "") -> Table:
    lines = []
    for action in LOOKS:
        found = [counts[action, role] for role in _ROLES]
        if any(found):
            name = Cell(labels.label(f"action.{action}"))
            lines.append((name, *map(Cell, found), Cell(sum(found))))
    heads = ("做了什么", *(labels.label(f"role.{role}") for role in _ROLES), "合计")
    return Table(title, heads, tuple(lines), note)


def _exports(year: Year, entries: Sequence[AuditEntry]) -> Table:
    """Each export of many people at once, by whom only as far as the role goes."""
    lines = []
    for entry in entries:
        told = entry.detail or {}
        what = told.get("ledger") or told.get("report")
        if entry.action != "export" or what is None:
            continue
        rows: Any = told.get("rows", "")
        lines.append(
            (
                Cell(f"{local(entry.at):%m-%d %H:%M}"),
                Cell(_who(year, entry)),
                Cell(str(what)),
                Cell(rows if isinstance(rows, int) else "只有数目"),
                Cell("没有打码" if told.get("unmasked") else "打码或只有数目"),
            )
        )
    heads = ("什么时候", "谁（角色）", "什么", "几行", "打码")
    return Table("成批导出", heads, tuple(lines))


def _who(year: Year, entry: AuditEntry) -> str:
    if entry.actor_kind != "officer":
        return "命令行或系统"
    officer = year.everybody.get(entry.actor_id or 0)
    return labels.label(f"role.{officer.role}") if officer else "工作人员"


def _reveals(year: Year, entries: Sequence[AuditEntry]) -> Table:
    counts: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        field = str((entry.detail or {}).get("field", ""))
        counts[field, _who(year, entry)] += 1
    lines = [
        (Cell(labels.slot_label(field)), Cell(who), Cell(many))
        for (field, who), many in sorted(counts.items())
    ]
    return Table("查看保密内容（每次都写了原因）", ("看了什么", "谁（角色）", "几次"), tuple(lines))


def _purposes(entries: Sequence[AuditEntry]) -> Table:
    """Purposes are in officers' own words and may name somebody: only what recurs is quoted."""
    words = Counter(str((entry.detail or {}).get("purpose", "")).strip() for entry in entries)
    often = [(text, many) for text, many in words.most_common() if text and many >= _OFTEN]
    rest = sum(words.values()) - sum(many for _, many in often)
    lines = [(Cell(text), Cell(many)) for text, many in often]
    if rest:
        lines.append(
            (Cell(f"其他写法（每种不到{_OFTEN}次，可能有人名，在“查日志”里逐条看）"), Cell(rest))
        )
    return Table("查看保密内容的原因", ("原因", "几次"), tuple(lines))
