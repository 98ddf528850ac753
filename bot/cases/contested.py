"""What families say is written wrongly of them, until an officer answers (PIPL art. 46).

The audit log is the store: what was said is open until a correction or a refusal follows it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.cases.records import Record
from bot.rights.access import Right, check, may_see
from flows.escalation.sla import due_at
from flows.policy.loader import load
from flows.vocabulary.rights import PUTS_RIGHT
from flows.words import texts
from flows.workdays import calendar_for
from storage.models.audit import AuditEntry
from storage.models.officer import Officer
from storage.uow import UnitOfWork

ASKED, CORRECTED, REFUSED = "ask_correction", "correct_answer", "refuse_correction"
_STORY = (ASKED, CORRECTED, REFUSED)


@dataclass(frozen=True)
class Contested:
    """A record that somebody says is wrong: what they said, since when, by when to answer."""

    record: Record
    words: tuple[str, ...]
    at: datetime
    due_at: datetime


async def contested_words(uow: UnitOfWork, reference: str) -> tuple[str, ...]:
    """What is still contested of one record, in the family's words."""
    return words_in((await uow.audit.of_each([reference], _STORY))[reference])


def words_in(story: Iterable[AuditEntry]) -> tuple[str, ...]:
    """The same, from a story that is known already."""
    return tuple(map(words_of, _open(story)))


async def contested_among(uow: UnitOfWork, references: Collection[str]) -> frozenset[str]:
    """Those of some records of which something said to be wrong waits for an answer."""
    stories = await uow.audit.of_each(references, _STORY) if references else {}
    return frozenset(reference for reference, story in stories.items() if _open(story))


async def all_contested(uow: UnitOfWork, officer: Officer) -> list[Contested]:
    """All that waits for an answer in the officer's region, the longest waiting first."""
    check(officer, Right.DATA_REQUESTS)
    query = select(AuditEntry).where(AuditEntry.action.in_(_STORY)).order_by(AuditEntry.id)
    stories: dict[str, list[AuditEntry]] = {}
    for entry in await uow.session.scalars(query):
        stories.setdefault(entry.reference or "", []).append(entry)
    found = []
    for reference, story in stories.items():
        waiting = _open(story)
        record = await uow.records.get(reference) if waiting else None
        if record is not None and may_see(officer, record):
            found.append(_contested(record, waiting))
    return sorted(found, key=lambda one: one.at)


def words_of(entry: AuditEntry) -> str:
    """What the family said, without the mark it is kept under."""
    detail = entry.detail or {}
    said = detail.get("said") or {}
    parts = [str(detail.get("note", "")).removeprefix(PUTS_RIGHT)]
    parts += [f"{texts().get(f'slot.{slot}.label', slot)}：{value}" for slot, value in said.items()]
    return "；".join(part for part in parts if part)


def _open(story: Iterable[AuditEntry]) -> list[AuditEntry]:
    waiting: list[AuditEntry] = []
    for entry in story:
        if entry.action == ASKED:
            waiting.append(entry)
        elif entry.action in _STORY and not (entry.detail or {}).get("more"):
            waiting = []
    return waiting


def _contested(record: Record, waiting: list[AuditEntry]) -> Contested:
    at = waiting[0].at
    due = due_at(load().sla.data_request, at, calendar_for(record.region_code))
    return Contested(record, tuple(map(words_of, waiting)), at, due)
