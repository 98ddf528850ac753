"""Work that is due, and spreadsheets in and out."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.ledgers import LedgerName
from bot.cli.options import running
from bot.clock import local
from bot.reports.all import REPORTS
from bot.rights.actor import SYSTEM
from bot.spreadsheets.export import LEDGERS
from storage.db import Database
from storage.kinds import RecordKind, ReminderKind
from tests.cli.conftest import ask, call
from tests.service import support as s

DUE = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
OLD = datetime(2021, 5, 3, 2, 0, tzinfo=UTC)


def remind(data: Path) -> None:
    async def add(db: Database) -> None:
        async with db.write() as uow:
            talk = await uow.conversations.get_or_create("web", "a", DUE)
            await uow.reminders.add(
                ReminderKind.OWN, talk.person_id, talk.id, DUE, "交户口本", dedupe_key="r1"
            )

    ask(data, add)


def queued(data: Path) -> int:
    async def count(db: Database) -> int:
        async with db.read() as uow:
            talk = await uow.conversations.find("web", "a")
            assert talk is not None
            return len(await uow.outbox.unsent(talk.id))

    return ask(data, count)


def test_dry_run_says_what_would_be_sent_and_changes_nothing(data: Path) -> None:
    remind(data)
    words = ["tick", "--data", str(data), "--now", "2026-12-01T10:30"]
    result = call(*words, "--dry-run")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    [line] = [line for line in lines if "交户口本" in line["text"]]
    assert line["to"]
    assert line["why"]
    assert queued(data) == 0
    assert call(*words).exit_code == 0
    assert queued(data) == 1
    assert call(*words).exit_code == 0
    assert queued(data) == 1


def test_until_steps_through_the_time_between(data: Path) -> None:
    remind(data)
    words = ["tick", "--data", str(data), "--dry-run", "--now", "2026-11-30T10:00"]
    assert "交户口本" not in call(*words).stdout
    assert "交户口本" in call(*words, "--until", "2026-12-02T10:00:00+08:00").stdout


def test_a_case_nobody_touches_climbs_over_the_national_holiday(data: Path) -> None:
    async def file(db: Database) -> None:
        for name, region in (("甲", s.VILLAGE), ("乙", s.BANNER), ("丙", "150000")):
            await s.officer(db, name, region=region)
        filed = datetime(2026, 9, 29, 8, 0, tzinfo=UTC)  # Tuesday, 16:00 at the office
        await s.file(db, SYSTEM, RecordKind.DROPOUT_CASE, s.DROPOUT, s.VILLAGE, now=filed)

    ask(data, file)
    words = ["tick", "--data", str(data), "--now", "2026-09-29T16:00", "--until"]
    assert call(*words, "2026-10-08T17:00").exit_code == 0

    async def steps(db: Database) -> list[tuple[str, str]]:
        async with db.read() as uow:
            entries, _ = await uow.audit.page(action="escalate")
            return [(f"{local(e.at):%m-%d %H:%M}", str((e.detail or {})["level"])) for e in entries]

    assert ask(data, steps) == [("10-08 16:00", "4"), ("09-30 16:00", "2")]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--now", "明天"], "看不懂时间 明天"),
        (["--now", "2026-12-02", "--until", "2026-12-01"], "不能早于"),
    ],
)
def test_tick_refuses_in_words(data: Path, words: list[str], reason: str) -> None:
    result = call("tick", "--data", str(data), *words)
    assert result.exit_code == 1
    assert reason in result.stderr


SESSIONS = """title,organiser,audience,level,mode,region,venue,starts_on,seats,fee,apply_by
基础班,中旗教育局,群众,零基础,线下,科尔沁右翼中旗,文化馆,2026-12-10,30,免费,2026-12-08
坏的班,中旗教育局,群众,零基础,线下,科尔沁右翼中旗,文化馆,不知道,,,
"""


def test_good_rows_go_in_and_bad_ones_are_named(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "培训.csv"
    file.write_bytes(SESSIONS.encode("gb18030"))
    first = call("import", "sessions", str(file), "--data", str(data))
    assert first.exit_code == 0, first.output
    assert "新增 1 行" in first.stdout
    assert "有问题 1 行" in first.stdout
    assert re.search(r"\b3\b", first.stdout)
    second = call("import", "sessions", str(file), "--data", str(data))
    assert "新增 0 行，更新 0 行，没有变化 1 行" in second.stdout


def test_a_list_goes_in_twice_and_is_once(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "低保名单.csv"
    head = "姓名,身份证号,学校,地区,电话"
    good = "苏日娜,152222201801011234,高力板中心小学,高力板镇,13948123456"
    file.write_bytes(f"{head}\n{good}\n巴特尔,12,二中,,\n".encode("gb18030"))
    asked = ["import", "lists", str(file), "--data", str(data)]
    vague = call(*asked)
    assert vague.exit_code == 1 and "--kind" in vague.stderr
    asked += ["--kind", "dibao", "--region", "152222"]
    first = call(*asked)
    assert first.exit_code == 0 and "新增 1 行" in first.stdout and "不是18位" in first.stdout
    assert "没有变化 1 行" in call(*asked).stdout

    async def title(db: Database) -> list[tuple[str, str]]:
        async with db.read() as uow:
            return [(one.title, one.region_code) for one in await uow.outreach.lists()]

    assert ask(data, title) == [("低保名单", "152222")]
    assert call(*asked[:-1], "1").exit_code == 1


def test_import_and_export_refuse_in_words(data: Path, tmp_path: Path) -> None:
    missing = call("import", "people", str(tmp_path / "x.csv"), "--data", str(data))
    assert (missing.exit_code, "找不到文件" in missing.stderr) == (1, True)
    strange = tmp_path / "x.doc"
    strange.write_bytes(b"x")
    wrong = call("import", "officers", str(strange), "--data", str(data))
    assert (wrong.exit_code, "导入不了" in wrong.stderr) == (1, True)
    out = str(tmp_path / "o.xlsx")
    month = call("export", "dropout", "--month", "十一月", "-o", out, "--data", str(data))
    assert (month.exit_code, "看不懂月份" in month.stderr) == (1, True)


def test_a_long_reason_is_not_cut_off(data: Path, tmp_path: Path) -> None:
    rows = tmp_path / "人员.csv"
    rows.write_text("姓名,电话,身份,地区\n鄂温,13900000005,家长,鄂旗\n", "utf-8")
    result = call("import", "people", str(rows), "--data", str(data))
    assert result.exit_code == 0
    assert "鄂伦春自治旗" in "".join(result.stdout.replace("│", "").split())


def test_export_says_where_it_cannot_write(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "l.xlsx"
    result = call("export", "dropout", "--month", "2026-11", "-o", str(out), "--data", str(data))
    assert result.exit_code == 1
    assert "写不进去" in result.stderr
    assert str(out) in result.stderr


def test_export_writes_a_workbook(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "台账.xlsx"
    result = call("export", "dropout", "--month", "2026-11", "-o", str(out), "--data", str(data))
    assert result.exit_code == 0, result.output
    assert "已导出 0 条" in result.stdout
    assert out.read_bytes()[:2] == b"PK"


def test_export_knows_every_ledger_and_report(data: Path, tmp_path: Path) -> None:
    assert [name.value for name in LedgerName] == [*LEDGERS, *REPORTS, "minors-audit"]
    for name, ending in (("confirmed", "docx"), ("monthly", "xlsx"), ("questions", "docx")):
        out = tmp_path / f"{name}.{ending}"
        options = ("--month", "2026-11", "--region", "152222", "-o", str(out), "--data", str(data))
        result = call("export", name, *options)
        assert result.exit_code == 0, result.output
        assert out.read_bytes()[:2] == b"PK"


def test_export_refuses_unknown_places_and_endings(data: Path, tmp_path: Path) -> None:
    for region, file, said in (("99", "l.xlsx", "没有区划代码"), ("15", "l.pdf", ".docx")):
        out = str(tmp_path / file)
        options = ("--month", "2026-11", "--region", region, "-o", out, "--data", str(data))
        result = call("export", "dropout", *options)
        assert (result.exit_code, said in result.stderr) == (1, True)


def test_purge_counts_first_and_then_removes(data: Path) -> None:
    async def say(db: Database) -> None:
        async with db.write() as uow:
            talk = await uow.conversations.get_or_create("web", "a", OLD)
            talk.state = {"stack": [{"flow": "aid"}]}
            await uow.inbox.accept(talk.id, "web", "m1", {"text": "话"}, OLD, OLD, OLD)
            row = await uow.inbox.by_external("web", "m1")
            assert row is not None
            await uow.inbox.mark_handled(row, OLD)

    async def words(db: Database) -> bool:
        async with db.read() as uow:
            row = await uow.inbox.by_external("web", "m1")
            assert row is not None
            return bool(row.payload)

    ask(data, say)
    told = call("purge", "--data", str(data), "--dry-run")
    assert told.exit_code == 0 and "过期的来信" in told.stdout and "过期草稿" in told.stdout
    assert ask(data, words)
    done = call("purge", "--data", str(data))
    assert "清理过期的来信1份" in done.stdout and "清理过期草稿1份" in done.stdout
    assert not ask(data, words)
    assert "没有超过保存期限" in call("purge", "--data", str(data), "--dry-run").stdout


def test_the_yearly_audit_is_a_file(data: Path, tmp_path: Path) -> None:
    for name in ("audit.docx", "audit.xlsx"):
        words = ("export", "minors-audit", "--data", str(data), "--year", "2026")
        done = call(*words, "-o", str(tmp_path / name))
        assert done.exit_code == 0 and (tmp_path / name).stat().st_size > 5000
    missing = call("export", "minors-audit", "--data", str(data), "-o", str(tmp_path / "x.docx"))
    assert missing.exit_code == 1 and "--year" in missing.stderr
    missing = call("export", "dropout", "--data", str(data), "-o", str(tmp_path / "x.docx"))
    assert missing.exit_code == 1 and "--month" in missing.stderr


def test_whoever_reads_may_have_had_enough(capsys: pytest.CaptureFixture[str]) -> None:
    async def told() -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):  # which typer ends in silence
        running(told())
    assert capsys.readouterr().err == ""
