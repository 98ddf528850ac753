"""Keeping a fact of a dropout case, and taking the status that follows from all of them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from bot.cases.records import Record
from bot.clock import local_day
from bot.errors import Refused
from bot.handlers.acting import Acting
from bot.handlers.moving import touch
from bot.rights.actor import ActorKind
from bot.words import render
from flows.commands import StoredFile
from flows.dropout.standing import Fact, Standing, standing_of
from storage.kinds import CaseFactKind, DropoutStatus, RecordKind
from storage.models.case import Case
from storage.models.fact import CaseFact
from storage.uow import UnitOfWork

APPROVAL = "approval"
"""The paper by which somebody approved that a child need not be in school."""


def as_fact(row: CaseFact) -> Fact:
    """The stored row as the rules read it."""
    return Fact(CaseFactKind(row.kind), row.on, row.detail, row.until, row.id, row.corrects_id)


async def standing_now(uow: UnitOfWork, case: Case) -> Standing:
    """How a case stands; one that is older than the facts stands as its status says."""
    return standing_from(case, [as_fact(row) for row in await uow.case_facts.of(case)])


def standing_from(case: Case, facts: Iterable[Fact]) -> Standing:
    """How a case stands by the facts that are kept of it."""
    return standing_of(list(facts) or _before(case, local_day(case.opened_at)))


def _before(case: Case, on: date) -> list[Fact]:
    if case.status == DropoutStatus.REPORTED:
        return []
    return [Fact(CaseFactKind.BEFORE, on, _status_of(case))]


def _status_of(case: Case) -> dict[str, Any]:
    return {"status": str(case.status), "code": case.closing_code}


async def learn(
    turn: Acting,
    record: Record,
    kind: CaseFactKind,
    detail: Mapping[str, Any],
    *,
    on: date | None = None,
    until: date | None = None,
    corrects: int | None = None,
) -> Standing:
    """Keep a fact and give the case the status that follows. Raises Refused for other kinds."""
    case = dropout_of(record)
    known = turn.uow.case_facts
    if not await known.of(case) and case.status != DropoutStatus.REPORTED:
        day = local_day(case.opened_at)
        await known.add(case, CaseFactKind.BEFORE, day, turn.now, _status_of(case))
    await known.add(
        case,
        kind,
        on or local_day(turn.now),
        turn.now,
        {key: value for key, value in detail.items() if value not in (None, "", [], ())},
        until=until,
        officer_id=turn.by.id if turn.by.kind is ActorKind.OFFICER else None,
        corrects_id=corrects,
    )
    standing = await standing_now(turn.uow, case)
    touch(turn, case, standing.status)
    return standing


def is_dropout(record: Record) -> bool:
    """Whether the record is a dropout case, the only kind that facts are kept of."""
    return isinstance(record, Case) and record.kind == RecordKind.DROPOUT_CASE


def dropout_of(record: Record) -> Case:
    """The record as a dropout case. Raises Refused when it is something else."""
    if not isinstance(record, Case) or not is_dropout(record):
        raise Refused(render("refused.not_dropout"))
    return record


async def keep_files(
    turn: Acting, record: Record, files: Iterable[StoredFile], document: str
) -> list[int]:
    """Put files that an officer gave with the record; their numbers."""
    kept = []
    for file in files:
        row = await turn.uow.attachments.add(
            sha256=file.sha256,
            mime=file.mime,
            size=file.size,
            path=file.path,
            name=file.name,
            created_at=turn.now,
            reference=record.reference,
            document=document,
        )
        kept.append(row.id)
    return kept


async def has_approval(uow: UnitOfWork, record: Record) -> bool:
    """Whether a paper of approval is with the record."""
    photos = await uow.attachments.of_reference(record.reference)
    return any(photo.document == APPROVAL and photo.status == "kept" for photo in photos)


def not_future(turn: Acting, on: date | None) -> None:
    """Raises Refused for a day that has not come yet."""
    if on is not None and on > local_day(turn.now):
        raise Refused(render("refused.day_future"))
