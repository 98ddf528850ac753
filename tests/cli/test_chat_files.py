"""`python -m bot chat` as people use it: free Chinese piped in, a record of each kind on file.

A process of its own with the real engine: nothing here knows what a question is called.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from storage.db import Database
from storage.kinds import RecordKind
from storage.repositories.record_query import RecordQuery
from tests.cli.conftest import ask

ROOT = Path(__file__).parent.parent.parent

SESSIONS = """\
名称,主办单位,对象,级别,方式,地区,地点,开始日期,上课时间,名额,费用,联系人,电话,报名截止
农牧民普通话夜校,中旗教育局,农牧民,零基础,线下,科尔沁右翼中旗巴彦呼舒镇,文化站,{day},每周一三五晚7点,30,免费,白老师,0482-4120000,{day}
教师普测辅导班,中旗教育局,教师,二级乙等,线下,科尔沁右翼中旗巴彦呼舒镇,职中,{day},每天晚7点,30,免费,白老师,0482-4120000,{day}
"""
SOON = "2099-12-10"

TALKS: dict[str, tuple[RecordKind, str, dict[str, Any]]] = {
    "aid_in_one_breath": (
        RecordKind.AID_APPLICATION,
        """
        我想给孩子申请助学金，我叫额尔敦，是孩子爸爸，电话13947512345，孩子叫苏日娜，今年13岁，在科右中旗巴彦呼舒二中上七年级，家住科右中旗巴彦呼舒镇，家里5口人，是低保户，一年收入两万
        同意
        身份证先不填了
        材料过两天再拍
        都对，交上去吧
        """,
        {
            "consent": True,
            "applicant_name": "额尔敦",
            "relation": "father",
            "phone": "13947512345",
            "child_name": "苏日娜",
            "age": 13,
            "grade": "初中一年级",
            "hardship": ["dibao"],
            "household_size": 5,
            "annual_income": 20000,
        },
    ),
    "aid_bit_by_bit": (
        RecordKind.AID_APPLICATION,
        """
        你好
        家里困难，能不能给娃要点助学的钱？我叫额尔敦，孩子叫苏日娜，我是她爸
        行，你记吧
        13岁了，在巴彦呼舒二中上七年级，住校
        家就在科右中旗巴彦呼舒镇
        我们家是低保户，五口人，一年能挣两万来块
        13947512345
        后面的都不填了
        对，交吧
        """,
        {
            "applicant_name": "额尔敦",
            "child_name": "苏日娜",
            "age": 13,
            "school": "巴彦呼舒二中",
            "hardship": ["dibao"],
            "household_size": 5,
            "annual_income": 20000,
            "phone": "13947512345",
        },
    ),
    "dropout_without_a_name": (
        RecordKind.DROPOUT_CASE,
        """
        我们嘎查老包家的丫头乌日娜，今年13了，在巴彦呼舒第三中学念初一，上礼拜一开始就没来上学，说是不想念了
        科右中旗巴彦呼舒镇
        在家待着呢
        她爸叫包那顺
        电话不知道
        我就不说名字了
        电话也不留了
        对，就是这样
        """,
        {
            "child_name": "乌日娜",
            "age": 13,
            "grade": "初中一年级",
            "school": "巴彦呼舒第三中学",
            "reason": "study_aversion",
            "whereabouts": "在家待着呢",
            "guardian_name": "包那顺",
            "reporter_name": None,
            "phone": None,
        },
    ),
    "training_by_its_name": (
        RecordKind.TRAINING_REGISTRATION,
        """
        我想学普通话
        我叫乌云，45岁，住科右中旗巴彦呼舒镇，汉话说不好，平常去医院看病说不明白，只有晚上有空
        就去夜校吧，我电话13847561234
        没问题，报吧
        """,
        {
            "person_name": "乌云",
            "age": 45,
            "purpose": "daily_life",
            "current_level": "basic",
            "session": "农牧民普通话夜校",
            "phone": "13847561234",
        },
    ),
}


def run(*words: str, text: str = "") -> str:
    """What a `bot` command prints, run as the operator runs it."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        input=text,
        capture_output=True,
        encoding="utf-8",
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    assert "error" not in done.stderr, done.stderr
    return done.stdout


def on_file(data: Path) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Kind, status, place and answers of every record; a session by its title."""

    async def read(db: Database) -> list[tuple[str, str, str, dict[str, Any]]]:
        async with db.read() as uow:
            rows, _ = await uow.records.page(RecordQuery(kinds=tuple(RecordKind), limit=50))
            found = []
            for row in rows:
                slots = dict(row.slots)
                if session := await uow.trainings.get(str(slots.get("session"))):
                    slots["session"] = session.title
                found.append((row.kind, row.status, row.region_code or "", slots))
            return found

    return ask(data, read)


@pytest.mark.slow
@pytest.mark.parametrize("name", TALKS)
def test_a_free_talk_files_its_record(data: Path, tmp_path: Path, name: str) -> None:
    kind, talk, wanted = TALKS[name]
    if kind is RecordKind.TRAINING_REGISTRATION:
        sheet = tmp_path / "培训计划.csv"
        sheet.write_text(SESSIONS.format(day=SOON), "utf-8")
        assert "新增 2 行" in run("import", "sessions", str(sheet), "--data", str(data))
    lines = [line.strip() for line in talk.strip().splitlines()]
    printed = run("chat", "--data", str(data), text="\n".join(lines))
    [(filed, status, region, slots)] = on_file(data)
    assert filed == kind, printed
    assert {slot: slots.get(slot) for slot in wanted} == wanted, printed
    assert region.startswith("152222"), printed
    assert status in ("submitted", "reported", "booked"), printed
    if kind is RecordKind.AID_APPLICATION:  # a line longer than the terminal is wide
        assert "家长同意您代办吗？同意记下来吗？" in printed.replace("\n  ", "")
