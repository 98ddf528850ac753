"""The papers of a record's page: an application's checklist, and whatever else was sent."""

from collections.abc import Iterable
from typing import Any

from bot.cases.papers import DELETED, RETURNED, PaperLine, PaperState, paper_lines, paper_name
from bot.cases.records import Record
from bot.rights.access import Right, may
from bot.rights.covering import tells_of_health
from bot.web.changes.offered import is_open_to
from bot.words import render
from flows import commands as c
from storage.kinds import RecordKind
from storage.models.attachment import Attachment
from storage.models.officer import Officer
from storage.uow import UnitOfWork


async def papers_section(uow: UnitOfWork, officer: Officer, record: Record) -> dict[str, Any]:
    """The checklist of an application, and the files that are on no checklist.

    Papers that tell of health are for those who may know of it.
    """
    is_aid = record.kind == RecordKind.AID_APPLICATION
    lines = await paper_lines(uow, record) if is_aid else []
    listed = {line.paper.key for line in lines}
    every = await uow.attachments.of_reference(record.reference)
    if not may(officer, Right.HEALTH, record):
        lines = [line for line in lines if not tells_of_health(line.paper.key)]
        every = [row for row in every if not tells_of_health(row.document or "")]
    return {
        "checklist": [_line(line, officer, record) for line in lines],
        "files": [_file(row) for row in every if row.document not in listed],
    }


def _line(line: PaperLine, officer: Officer, record: Record) -> dict[str, Any]:
    came = line.state in (PaperState.RECEIVED, PaperState.ACCEPTED)
    return {
        "key": line.paper.key,
        "name": line.paper.name,
        "why": line.paper.why,
        "optional": line.paper.optional,
        "state": line.state.value,
        "said": render(f"paper_state.{line.state}"),
        "reason": line.reason,
        "photos": _shown(line.photos),
        "old": _shown(line.old),
        "may_accept": line.state is not PaperState.ACCEPTED
        and is_open_to(record, officer, c.AcceptDocument),
        "may_return": came and is_open_to(record, officer, c.ReturnForCorrection),
    }


def _shown(photos: Iterable[Attachment]) -> list[dict[str, Any]]:
    return [_file(photo) for photo in photos]


def _file(row: Attachment) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": paper_name(row.document) if row.document else row.name or "材料",
        "image": row.mime.startswith("image/"),
        "returned": row.status == RETURNED,
        "gone": row.status == DELETED,
    }
