"""After a busy day with everything logged, nothing of anybody stands where it should not."""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from bot.clock import utc_now
from storage.db import Database
from storage.kinds import Role
from storage.models.audit import AuditEntry
from tests.cli.conftest import ask
from tests.masked.day import ID, NAME, NOTE, PHONE, SCHOOL, Day, play, service
from tests.masked.needles import foreign_letters, leaks, needles, own_words
from tests.masked.serve import LIBRARIES
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.slow
OFFICER = "值班王老师"
EVENTS = {
    *("turn.done", "turn.failed", "message.accepted", "request.done", "request failed"),
    *("tick.broke", "outbox.error", "uncaught", "login.failed"),
}


def test_the_looking_itself_finds() -> None:
    sought = needles((NOTE,))
    assert leaks(f"x {PHONE} y", sought) == [PHONE]
    assert foreign_letters(f"error: {NAME}", own_words()) == [NAME]
    assert foreign_letters("没有找到这一页", own_words()) == []


async def employ(db: Database) -> str:
    """A supervisor of the whole region, with a password and a token."""
    async with db.write() as uow:
        officer = await uow.officers.add(
            name=OFFICER,
            role=Role.SUPERVISOR,
            region_code="150000",
            now=utc_now(),
            password_hash=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD),
        )
        return await uow.officers.add_token(officer.id, "test")


@dataclass(frozen=True)
class Evening:
    """What is left of the day."""

    day: Day
    folder: Path

    @property
    def log(self) -> str:
        """All that the process wrote while it ran."""
        written = [(self.folder / name).read_text("utf-8") for name in ("stderr", "stdout")]
        return "\n".join(written)


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    """The day, played once for all that look at what it left."""
    folder = tmp_path_factory.mktemp("masked")
    (folder / "tmp").mkdir()
    token = ask(folder / "var", employ)

    async def run() -> Day:
        async with service(folder) as day:
            await play(day, OFFICER, PASSWORD, token)
        return day

    return Evening(asyncio.run(run()), folder)


def test_the_day_was_busy(evening: Evening) -> None:
    """Or nothing would be found for want of anything."""
    lines = [line for line in evening.log.splitlines() if line.startswith("{")]
    events = Counter(json.loads(line)["event"] for line in lines)
    assert events.keys() >= EVENTS, events
    assert events["turn.done"] > 60 and len(set(evening.day.filed)) > 2
    assert any("docx" in name for name in evening.day.names)
    for library in LIBRARIES:
        assert "ERROR update of" in evening.log, library


def test_nothing_of_anybody_is_in_the_log(evening: Evening) -> None:
    assert leaks(evening.log, evening.day.sought) == []
    told = (evening.folder / "stderr").read_text("utf-8")
    assert foreign_letters(told, own_words()) == []


def test_no_address_and_no_file_is_named_after_anybody(evening: Evening) -> None:
    told = {unquote(each) for each in (*evening.day.addresses, *evening.day.names)}
    assert any(each.startswith("/desk?") and "found=" in each for each in told)
    assert [each for each in told if leaks(each, evening.day.sought)] == []


def test_nothing_is_left_lying_about(evening: Evening) -> None:
    left = [path.name for path in (evening.folder / "tmp").rglob("*") if path.is_file()]
    assert left == []


def test_the_files_on_disk_cannot_be_read(evening: Evening) -> None:
    """School, grade and kind of a list stand plainly in lists, which are looked up by them."""
    assert [*(evening.folder / "var" / "files").glob("??/*.sealed")] != []
    written = b"".join(
        path.read_bytes() for path in (evening.folder / "var").rglob("*") if path.is_file()
    )
    plain = {SCHOOL, "低保", "小学二年级"}
    found = [each for each in evening.day.sought - plain if each.encode() in written]
    assert found == []


def test_the_audit_holds_numbers_only_in_what_was_said_of_a_record(evening: Evening) -> None:
    async def entries(db: Database) -> list[AuditEntry]:
        async with db.read() as uow:
            return list((await uow.session.scalars(select(AuditEntry))).all())

    told = {(e.action, str(e.detail)) for e in ask(evening.folder / "var", entries) if e.detail}
    assert {"reveal", "copy_data", "note"} <= {action for action, _ in told}
    numbers = {PHONE, ID}
    assert {action for action, detail in told if leaks(detail, numbers)} <= {"note", "reply"}
