"""What is shown to look at: what is urgent first, each with words and a place in the runbook."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.config import Config
from bot.watch import concerns as told
from bot.watch.concerns import Concern, concerns
from bot.watch.holidays import missing_years
from bot.watch.parts import Part, State
from bot.watch.snapshot import Snapshot
from bot.watch.watch import Watch
from bot.web.labels import own_labels
from storage.db import Database
from storage.repositories.figures import Queue
from tests.storage import make
from tests.storage.make import NOW
from tests.watch.test_parts import ROOM

LONG_AGO = Queue(3, NOW - timedelta(hours=1))
FINE = Snapshot(NOW, ROOM, backed_up=NOW - timedelta(hours=5), purged=date(2026, 11, 22))
WORSE: dict[str, dict[str, Any]] = {
    "emergency": {"unacknowledged": {"emergency": LONG_AGO}},
    "parked": {"parked": Queue(1, NOW)},
    "unsent": {"unsent": {"web": Queue(1, NOW)}},
    "outbox": {"outbox": {"web": LONG_AGO}},
    "reminders": {"reminders": LONG_AGO},
    "no_backup": {"backed_up": None},
    "old_backup": {"backed_up": NOW - timedelta(days=3)},
    "purge": {"purged": date(2026, 11, 2)},
}
WELL: dict[str, Any] = {
    "outbox": {"web": Queue(9, NOW - timedelta(minutes=1))},
    "reminders": Queue(9, NOW - timedelta(minutes=1)),
    "unacknowledged": {"emergency": Queue(1, NOW), "human": LONG_AGO},
    "unsent": {"web": Queue()},
}
PARTS = Path(told.__file__).with_name("parts.py")


def test_nothing_to_look_at_is_said_of_a_day_like_others() -> None:
    assert concerns([Part("database")], replace(FINE, **WELL)) == []


@pytest.mark.parametrize("key", WORSE)
def test_each_thing_to_look_at_is_found_and_has_words(key: str) -> None:
    (found,) = concerns([], replace(FINE, **WORSE[key]))
    assert found.key == key
    said = own_labels()[f"running.{key}"].format(count=3, waits="1 小时", what="网页")
    assert not re.search(r"[{}a-z_]", said)


def test_holidays_are_missed_a_month_before_the_year_and_not_all_year_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.watch.holidays.guessed_years", lambda today: (today.year + 1,))
    assert missing_years(date(2026, 11, 23)) == []
    assert missing_years(date(2026, 12, 2)) == [2027]
    (found,) = concerns(
        [],
        replace(
            FINE,
            at=FINE.at + timedelta(days=20),
            backed_up=FINE.at + timedelta(days=20),
            purged=date(2026, 12, 12),
        ),
    )
    assert (found.key, found.count) == ("holidays", 2027)


def test_what_is_urgent_comes_first() -> None:
    parts = [Part("tick", State.POORLY, "late"), Part("database", State.FAILED, "no answer")]
    found = concerns(parts, replace(FINE, **WORSE["parked"], **WORSE["emergency"]))
    assert [each.is_urgent for each in found] == [True, True, False, False]
    assert {each.key for each in found[:2]} == {"part.database.no_answer", "emergency"}


def test_every_reason_that_a_part_may_have_has_words_and_a_section() -> None:
    reasons = re.findall(
        r'Part\(\s*f?"(\w+)[^"]*", State\.(?:FAILED|POORLY), f?"([\w ]+)', PARTS.read_text()
    )
    assert len(reasons) >= 8
    for name, said in reasons:
        (concern,) = concerns([Part(name, State.POORLY, said)], None)
        assert f"running.{concern.key}" in own_labels(), concern.key
        assert concern.section
    away = concerns([Part("channel telegram", State.POORLY, "away")], None)
    assert away == [Concern("part.channel.away", "聊天平台断了", what="telegram")]


async def test_the_log_tells_when_something_begins_and_when_it_is_over(
    db: Database, tmp_path: Path
) -> None:
    watch = Watch(db, Config(data_dir=tmp_path), ("web",), lambda: NOW)
    async with db.write() as uow:
        await uow.audit.add(NOW, "system", None, "backup")
    await make.messages(db, "one")
    with capture_logs() as lines:
        await watch.look(True)
        async with db.write() as uow:
            row = await uow.inbox.by_external("web", "a/one")
            assert row is not None
            await uow.inbox.park(row, NOW, "broken")
        for _ in range(2):
            watch.snapshots.forget()
            await watch.look(True)
        async with db.write() as uow:
            row = await uow.inbox.by_external("web", "a/one")
            assert row is not None
            await uow.inbox.mark_handled(row, NOW)
        watch.snapshots.forget()
        assert await watch.look(True) == []
    assert [(line["event"], line["concern"]) for line in lines] == [
        ("concern.began", "parked"),
        ("concern.over", "parked"),
    ]
