"""What somebody should look at now, and where the runbook says what to do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import local_day
from bot.watch import limits
from bot.watch.holidays import missing_years
from bot.watch.parts import Part, State
from bot.watch.snapshot import Snapshot
from storage.repositories.figures import Queue

PARTS = {
    "database": "数据库不通",
    "schema": "升级和退回",
    "disk": "磁盘快满了",
    "engine": "语言引擎",
    "workers": "服务打不开",
    "tick": "检查停了",
    "inbox": "消息排队",
    "channel": "聊天平台断了",
}
"""The section of the runbook for each part, by the first word of its name."""


@dataclass(frozen=True)
class Concern:
    """One thing to look at: its words are `running.<key>` of the labels, its help in the runbook.

    `href` is where at the desk it can be dealt with.
    """

    key: str
    section: str
    count: int = 0
    waits: timedelta = timedelta(0)
    what: str = ""
    href: str = ""
    is_urgent: bool = False


def concerns(parts: Sequence[Part], seen: Snapshot | None) -> list[Concern]:
    """All that is not as it should be, what is urgent first."""
    found = [_of_part(part) for part in parts if part.state is not State.WELL]
    if seen is not None:
        found += [*_of_people(seen), *_of_messages(seen), *_of_keeping(seen)]
    return sorted(found, key=lambda concern: not concern.is_urgent)


def _of_part(part: Part) -> Concern:
    first, _, what = part.name.partition(" ")
    is_urgent = part.state is State.FAILED
    return Concern(f"part.{first}.{_word(part)}", PARTS[first], what=what, is_urgent=is_urgent)


def _word(part: Part) -> str:
    """The reason in one word: `ended: outbox` is `ended`, `no answer` is `no_answer`."""
    return part.said.partition(":")[0].replace(" ", "_")


def _of_people(seen: Snapshot) -> Iterator[Concern]:
    calls = seen.unacknowledged.get("emergency", Queue())
    waits = seen.since(calls.oldest)
    if waits > limits.EMERGENCY_WAITS:
        href = "/desk?view=all&kind=escalation&status=open"
        yield Concern("emergency", "紧急求助没人接", calls.count, waits, "", href, True)


def _of_messages(seen: Snapshot) -> Iterator[Concern]:
    if seen.parked.count:
        yield Concern("parked", "出错的消息", seen.parked.count, href="/desk/parked")
    unsent = sum(queue.count for queue in seen.unsent.values())
    if unsent:
        yield Concern("unsent", "发不出去", unsent, href="#unsent")
    for channel, queue in seen.outbox.items():
        waits = seen.since(queue.oldest)
        if waits > limits.OUTBOX_WAITS:
            yield Concern("outbox", "发不出去", queue.count, waits, channel)
    waits = seen.since(seen.reminders.oldest)
    if waits > limits.REMINDERS_WAIT:
        yield Concern("reminders", "检查停了", seen.reminders.count, waits)


def _of_keeping(seen: Snapshot) -> Iterator[Concern]:
    for year in missing_years(local_day(seen.at)):
        yield Concern("holidays", "节假日表缺了", year)
    if seen.backed_up is None:
        yield Concern("no_backup", "备份太旧")
    elif seen.since(seen.backed_up) > limits.BACKUP_OLD:
        yield Concern("old_backup", "备份太旧", waits=seen.since(seen.backed_up))
    if seen.purged is not None and seen.at.date() - seen.purged > limits.PURGE_LATE:
        yield Concern("purge", "清理没有做", waits=seen.at.date() - seen.purged)
