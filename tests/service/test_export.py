"""Ledgers out: one month, masked, no formulas."""

from datetime import timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from bot.reports.scope import month_bounds
from bot.rights.actor import Actor
from bot.spreadsheets.export import export_ledger
from flows import commands as c
from storage.db import Database
from storage.kinds import RecordKind
from tests.service import support as s


def lines(path: Path) -> list[dict[str, object]]:
    """The lines of a workbook by header."""
    head, *rest = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return [dict(zip((str(cell) for cell in head), row, strict=True)) for row in rest]


async def test_dropout_ledger(db: Database, tmp_path: Path) -> None:
    officer = await s.officer(db, "王丽")
    who = await s.person(db)
    reference = await s.dropout(
        db, who.actor, s.VILLAGE, child_name="=1+1", reason="illness_disability",
        guardian_phone="13800001111",
    )  # fmt: skip
    kind = RecordKind.DROPOUT_CASE
    await s.file(db, who.actor, kind, s.DROPOUT, now=s.NOW + timedelta(days=8))
    await s.escalation(db, who.actor)
    by = Actor.officer(officer)
    await s.do(db, c.LogVisit(reference, method="家访", result="同意回校"), by)
    await s.do(db, c.RecordReturn(reference, placement="职业学校", school="职高"), by)
    path = tmp_path / "l.xlsx"
    assert await export_ledger(db, "dropout", "2026-11", path, s.NOW) == 1
    (line,) = lines(path)
    assert line["登记号"] == reference and line["学生姓名"] == "=1+1"
    assert (line["盟市"], line["旗县"]) == ("兴安盟", "科尔沁右翼中旗")
    assert line["辍学主因"] == "健康原因（详见档案）"
    assert line["联系电话"] == "138****1111"
    assert (line["劝返次数"], line["最近劝返结果"]) == ("1", "同意回校")
    assert (line["安置方式"], line["安置学校"], line["状态"]) == ("职业学校", "职高", "已安置")
    assert line["责任人"] == "王丽"
    assert "白音" not in str(line) and "13847900000" not in str(line)


async def test_application_ledger(db: Database, tmp_path: Path) -> None:
    who = await s.person(db)
    await s.application(db, who.actor, hardship=["dibao", "serious_illness", "disabled_parent"])
    await s.application(db, who.actor, annual_income="unknown", id_number=None)
    path = tmp_path / "l.xlsx"
    assert await export_ledger(db, "applications", "2026-11", path, s.NOW) == 2
    first, second = lines(path)
    assert first["身份证号"] == "*" * 14 + "1234" and second["身份证号"] == ""
    assert first["困难类型"] == "低保、健康原因（详见档案）"
    assert (first["家庭年收入"], second["家庭年收入"]) == ("12000", "不知道")


async def test_registration_ledger(db: Database, tmp_path: Path) -> None:
    who = await s.person(db)
    await s.book(db, who.actor, await s.session(db))
    await s.book(db, who.actor, None, person_name="高娃")
    path = tmp_path / "l.xlsx"
    assert await export_ledger(db, "registrations", "2026-11", path, s.NOW) == 2
    first, second = lines(path)
    assert (first["班次"], first["开课日期"], first["状态"]) == (
        "普通话夜校",
        "2026-12-01",
        "已报名",
    )
    assert (second["班次"], second["状态"], second["姓名"]) == ("", "已登记意向", "高娃")


def test_months() -> None:
    start, end = month_bounds("2026-12")
    assert (start.isoformat(), end.isoformat()) == (
        "2026-11-30T16:00:00+00:00",
        "2026-12-31T16:00:00+00:00",
    )
    with pytest.raises(ValueError, match="month"):
        month_bounds("2026-13")


async def test_an_unknown_ledger(db: Database, tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        await export_ledger(db, "secrets", "2026-11", tmp_path / "l.xlsx", s.NOW)
