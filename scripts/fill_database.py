"""Fill a data folder with invented records, to see pages and measure them at full size.

python scripts/fill_database.py FOLDER [--cases 100000]    never into a folder that is in use
"""

import argparse
import asyncio
import random
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

sys.path.insert(0, str(Path(__file__).parent.parent))

from bot.cases.records import stage_code
from bot.clock import SHANGHAI, utc_now
from bot.config import load_config
from bot.service.app import open_database
from nlu.divisions import table
from nlu.names import name_key
from storage.db import Database
from storage.kinds import (
    CLOSED_STATUSES,
    ApplicationStatus,
    DropoutStatus,
    EscalationStatus,
    RegistrationStatus,
    Role,
)
from storage.models.application import Application
from storage.models.audit import AuditEntry
from storage.models.case import Case
from storage.models.fact import CaseFact
from storage.models.training import Registration, TrainingSession

BATCH = 10_000
GRADES = (
    "小学二年级",
    "小学六年级",
    "初中一年级",
    "初中二年级",
    "初中三年级",
    "高中一年级",
    "大学一年级",
)
REASONS = ("study_aversion", "work", "family_care", "poverty", "illness_disability", "other")
FIRST = (
    "苏日娜",
    "巴特尔",
    "乌云",
    "斯琴",
    "高娃",
    "白音",
    "其其格",
    "王丽",
    "李强",
    "张敏",
    "娜仁",
)
PEOPLE_ASK = ("emergency", "complaint", "human")


def drawn(seed: int, many: int, until: datetime) -> Iterator[dict[str, Any]]:
    """What every invented record has: a village, a moment in the last year, somebody's name."""
    chance = random.Random(seed)
    codes = sorted(code for code, row in table().rows.items() if row.level >= 3)
    for number in range(many):
        opened = until - timedelta(seconds=chance.randrange(365 * 86_400))
        name = chance.choice(FIRST) + chance.choice(FIRST)[:1]
        grade = chance.choice(GRADES)
        yield {
            "number": number,
            "chance": chance,
            "region_code": chance.choice(codes),
            "opened_at": opened,
            "opened_month": f"{opened.astimezone(SHANGHAI):%Y-%m}",
            "name": name,
            "name_key": name_key(name),
            "grade": grade,
            "stage": stage_code(grade),
        }


def row(letter: str, kind: str, statuses: list[str], one: dict[str, Any], until: datetime) -> dict:
    """The columns that the three tables share."""
    chance: random.Random = one["chance"]
    status = str(chance.choice(statuses))
    reference = f"{letter}26-{one['number'] // 10_000:04d}-{one['number'] % 10_000:04d}"
    acted = one["opened_at"] + timedelta(seconds=int(chance.expovariate(1 / 90_000)))
    touched = min(acted, until) if chance.random() < 0.85 else None
    closed = status in CLOSED_STATUSES
    ended = one["opened_at"] + timedelta(days=chance.expovariate(1 / 25))
    return {
        "reference": reference,
        "reference_key": reference.replace("-", ""),
        "kind": kind,
        "status": status,
        "version": 1,
        "region_code": one["region_code"],
        "name_key": one["name_key"],
        "opened_at": one["opened_at"],
        "opened_month": one["opened_month"],
        "stage": one["stage"],
        "acted_at": touched,
        "acted_minutes": minutes(one["opened_at"], touched),
        "updated_at": touched or one["opened_at"],
        "due_at": None if closed else until + timedelta(days=chance.randrange(-3, 20)),
        "ladder_level": chance.choice((0, 1, 1, 2, 2, 2, 3, 4)),
        "closed_at": min(ended, until) if closed else None,
        "closed_minutes": minutes(one["opened_at"], min(ended, until)) if closed else None,
        "slots": {
            "child_name": one["name"],
            "age": 13,
            "grade": one["grade"],
            "school": "巴彦呼舒三中",
            "reason": chance.choice(REASONS),
            "absent_since": f"{one['opened_at']:%Y-%m-%d}",
            "guardian_phone": "13800001111",
        },
    }


def minutes(start: datetime, end: datetime | None) -> int | None:
    """How long it took."""
    return int((end - start).total_seconds() // 60) if end else None


async def fill(db: Database, cases: int, until: datetime) -> None:
    """Cases as asked, half as many applications, a tenth as many registrations, three acts each."""
    await officers(db)
    await sessions(db, until.date())
    dropout, other = [str(s) for s in DropoutStatus], [str(s) for s in EscalationStatus]
    applied, joined = list(ApplicationStatus), list(RegistrationStatus)
    rows: list[dict[str, Any]] = []
    for one in drawn(1, cases, until):
        if one["number"] % 10:
            rows.append({**row("D", "dropout_case", dropout, one, until), "type": None})
        else:
            type_ = one["chance"].choice(PEOPLE_ASK)
            rows.append({**row("H", "escalation", other, one, until), "type": type_})
    await put(db, Case, rows)
    await acts(db, rows)
    await facts(db, rows)
    levels = ("special", "moderate", "general", None)
    rows = [
        {**row("A", "aid_application", applied, one, until), "level": one["chance"].choice(levels)}
        for one in drawn(2, cases // 2, until)
    ]
    await put(db, Application, rows)
    await acts(db, rows)
    rows = [
        {
            **row("T", "training_registration", joined, one, until),
            "session_id": 1 + one["number"] % 200,
        }
        for one in drawn(3, cases // 10, until)
    ]
    await put(db, Registration, rows)


async def acts(db: Database, rows: list[dict[str, Any]]) -> None:
    """What the audit says of them."""
    told = []
    for one in rows:
        common = {"reference": one["reference"], "region_code": one["region_code"], "detail": {}}
        told.append({**common, "at": one["opened_at"], "actor_kind": "person", "action": "file"})
        told.append({**common, "at": one["opened_at"], "actor_kind": "system", "action": "route"})
        if one["acted_at"]:
            action = "visit" if one["kind"] == "dropout_case" else "note"
            at = one["acted_at"]
            told.append({**common, "at": at, "actor_kind": "officer", "action": action})
    await put(db, AuditEntry, told)


async def facts(db: Database, rows: list[dict[str, Any]]) -> None:
    """A visit, and for those back a return, in every case that somebody took up."""
    told = []
    for number, one in enumerate(rows, start=1):
        if one["kind"] != "dropout_case" or not one["acted_at"]:
            continue
        on = one["acted_at"].date()
        common = {"case_id": number, "at": one["acted_at"], "on": on, "detail": {}}
        told += [{**common, "kind": kind} for kind in ("verified", "visit", "visit")]
        if one["status"] in ("returned", "placed", "monitoring", "closed"):
            told.append({**common, "kind": "return"})
    await put(db, CaseFact, told)


async def officers(db: Database) -> None:
    """An officer in every banner."""
    async with db.write() as uow:
        for code, unit in sorted(table().rows.items()):
            if unit.level == 3:
                await uow.officers.add(
                    name=f"{unit.name}-{code}", role=Role.OFFICER, region_code=code, now=utc_now()
                )


async def sessions(db: Database, today: date) -> None:
    """Two hundred courses."""
    banners = sorted(code for code, unit in table().rows.items() if unit.level == 3)
    rows = [
        {
            "source_key": f"invented {n}",
            "reference": f"S26-{n:04d}-0000",
            "reference_key": f"S26{n:04d}0000",
            "title": "普通话夜校",
            "region_code": banners[n % len(banners)],
            "starts_on": today + timedelta(days=n % 60 - 30),
            "seats": 60,
        }
        for n in range(200)
    ]
    await put(db, TrainingSession, rows)


async def put(db: Database, model: Any, rows: list[dict[str, Any]]) -> None:
    """Write the rows, some thousand at a time."""
    for start in range(0, len(rows), BATCH):
        async with db.write() as uow:
            await uow.session.execute(insert(model), rows[start : start + BATCH])
    print(model.__tablename__, len(rows), flush=True)


async def main(folder: Path, cases: int) -> None:
    """Open the folder's database and fill it."""
    db = await open_database(load_config(None, folder, None))
    try:
        await fill(db, cases, utc_now())
    finally:
        await db.close()


if __name__ == "__main__":
    asks = argparse.ArgumentParser(description=__doc__)
    asks.add_argument("folder", type=Path)
    asks.add_argument("--cases", type=int, default=100_000)
    told = asks.parse_args()
    asyncio.run(main(told.folder, told.cases))
