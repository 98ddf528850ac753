"""Training sessions from a spreadsheet (contract section 1); the same file twice is once."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.cases.references import session_reference
from bot.handlers.acting import Acting
from bot.handlers.places import offer_places
from bot.rights.actor import SYSTEM, Actor
from bot.spreadsheets.places import own_place, reaches
from bot.spreadsheets.read import read_rows
from bot.spreadsheets.table import BadRow, Problem, Report, Row
from storage.db import Database
from storage.models.training import TrainingSession

COLUMNS = {
    "title": "名称",
    "organiser": "主办单位",
    "audience": "对象",
    "level": "级别",
    "mode": "方式",
    "region": "地区",
    "venue": "地点",
    "starts_on": "开始日期",
    "ends_on": "结束日期",
    "schedule": "上课时间",
    "seats": "名额",
    "fee": "费用",
    "contact": "联系人",
    "phone": "电话",
    "apply_by": "报名截止",
}
_MODES = {
    "线上": ("online", "线上", "网上", "网络", "手机", "直播"),
    "线下": ("onsite", "offline", "线下", "现场", "面授", "集中"),
    "夜校": ("evening", "夜校"),
    "入户": ("home", "入户", "上门"),
}
_TEXTS = ("organiser", "audience", "venue", "schedule", "fee", "contact")


async def import_sessions(db: Database, path: Path, now: datetime) -> Report:
    """Take in every good row and report the others. Raises BadFile for an unreadable file."""
    rows = read_rows(path, COLUMNS)
    async with db.write() as uow:
        return await take_sessions(Acting(uow, SYSTEM, now), rows)


async def take_sessions(turn: Acting, rows: Sequence[Row]) -> Report:
    """Take in the rows that are good and lie where the acting one answers."""
    report = Report()
    for row in rows:
        try:
            values = _values(row, turn.by)
        except BadRow as bad:
            report.problems.append(Problem(row.number, bad.reason))
        else:
            await _take(turn, values, report)
    counts = {"created": report.created, "updated": report.updated}
    await turn.audit("import_sessions", None, **counts)
    return report


async def _take(turn: Acting, values: dict[str, Any], report: Report) -> None:
    query = select(TrainingSession).filter_by(source_key=values["source_key"])
    known = await turn.uow.session.scalar(query)
    if known is not None and all(getattr(known, key) == value for key, value in values.items()):
        report.unchanged += 1
        return
    reference = session_reference(turn.now)
    session, created = await turn.uow.trainings.upsert({**values, "reference": reference})
    if created:
        report.created += 1
        return
    report.updated += 1
    await offer_places(turn, session.id)  # there may be more seats now


def _values(row: Row, by: Actor) -> dict[str, Any]:
    title = row.required("title", COLUMNS["title"])
    starts_on = row.day("starts_on", COLUMNS["starts_on"])
    if starts_on is None:
        raise BadRow(f"没有填“{COLUMNS['starts_on']}”")
    mode = _mode(row.text("mode", 40))
    region = row.text("region")
    if not region and mode != "线上":
        raise BadRow("没有填“地区”（线上的班可以不填）")
    if not region and not reaches(by, None):
        raise BadRow("不写地区的班是全区的，只有自治区能加；请写上您的旗县")
    values: dict[str, Any] = {
        "title": title,
        "starts_on": starts_on,
        "ends_on": row.day("ends_on", COLUMNS["ends_on"]),
        "apply_by": row.day("apply_by", COLUMNS["apply_by"]),
        "seats": row.number_of("seats", COLUMNS["seats"]),
        "region_code": own_place(by, region) if region else None,
        "mode": mode,
        "level": row.text("level", 40),
        "phone": row.text("phone", 40),
        **{column: row.text(column) for column in _TEXTS},
    }
    _check_days(values)
    parts = (title, values["organiser"], region, values["venue"], starts_on.isoformat())
    values["source_key"] = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return values


def _check_days(values: dict[str, Any]) -> None:
    if values["ends_on"] is not None and values["ends_on"] < values["starts_on"]:
        raise BadRow("“结束日期”早于“开始日期”")
    last = values["ends_on"] or values["starts_on"]
    if values["apply_by"] is not None and values["apply_by"] > last:
        raise BadRow("“报名截止”晚于课程结束")


def _mode(text: str) -> str:
    """The way of teaching in our four words; other words stay as they are."""
    low = text.lower()
    for name, words in _MODES.items():
        if any(word in low for word in words):
            return name
    return text or "线下"
