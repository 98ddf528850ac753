"""The commands of a dropout case's life in the JSON API, the same as the desk's."""

import base64
from typing import Annotated, Literal

from litestar import post
from pydantic import Field

from bot.errors import NotFound, Refused
from bot.rights.access import may_see
from bot.web.api import types as t
from bot.web.api.changes import change, officer_id, on_record
from bot.web.api.query import CASES, ApiRequest, Reference
from bot.web.site import site_of
from bot.web.uploads import store
from bot.words import render
from flows import commands as c
from flows.dropout.closing import NO_DROPOUT
from storage.kinds import ResponsibleSide

LARGEST_PAPER = 14 << 20
"""A file of the largest size in base64, and the rest of the body."""


class VerifyChange(t.Change):
    """Identity, school roll and whereabouts; a case that is no dropout says why in `code`."""

    identity: t.YesNo
    roll: t.YesNo
    whereabouts: str = Field(pattern=t.WORDS, max_length=t.SHORT)
    is_dropout: t.YesNo = True
    code: Literal["", *NO_DROPOUT] = ""  # type: ignore[valid-type]
    note: str = Field(default="", max_length=t.LONG)


class ResponsibleChange(t.Change):
    """Who answers for bringing the child back; `officer` is an account by id or name."""

    side: ResponsibleSide
    name: str = Field(default="", max_length=60)
    post: str = Field(default="", max_length=60)
    phone: str = Field(default="", max_length=30)
    officer: t.Count | Annotated[str, Field(pattern=t.WORDS, max_length=64)] | None = None


class PlanChange(t.Change):
    """The family's plan in a new version."""

    measures: str = Field(pattern=t.WORDS, max_length=t.LONG)
    resources: list[Literal["aid", "psychology", "study", "law"]] = Field(
        default_factory=list, max_length=4
    )
    deadline: t.Day


class AttendanceChange(t.Change):
    """Whether the child was in school on a day; without a day, today."""

    present: t.YesNo
    on: t.Day | None = None
    note: str = Field(default="", max_length=t.SHORT)


class DuplicateChange(t.Change):
    """Which case tells of the same child."""

    of: str = Field(pattern=t.WORDS, max_length=40)
    note: str = Field(default="", max_length=t.LONG)


class PaperChange(t.Change):
    """A photo or PDF in base64; `approval` is the paper by which a child need not be in school."""

    document: Literal["evidence", "approval", "visit"]
    name: str = Field(default="", max_length=t.SHORT)
    content: str = Field(
        pattern=r"^[A-Za-z0-9+/]+={0,2}$", json_schema_extra={"contentEncoding": "base64"}
    )


@on_record("cases", "verify")
async def verify_case(request: ApiRequest, ref: Reference, data: VerifyChange) -> t.RecordDocument:
    """Identity, school roll and whereabouts were looked into."""
    command = c.VerifyCase(
        ref,
        data.expected_version,
        data.identity,
        data.roll,
        data.whereabouts,
        data.is_dropout,
        data.code,
        data.note,
    )
    return await change(request, CASES, command)


@on_record("cases", "responsible")
async def name_responsible(
    request: ApiRequest, ref: Reference, data: ResponsibleChange
) -> t.RecordDocument:
    """Name who of the school, or of the village, answers for bringing the child back."""
    await _must_exist(request, ref)
    command = c.NameResponsible(
        ref,
        data.expected_version,
        data.side,
        data.name,
        data.post,
        data.phone,
        await officer_id(request, data.officer),
    )
    return await change(request, CASES, command)


@on_record("cases", "plan")
async def set_plan(request: ApiRequest, ref: Reference, data: PlanChange) -> t.RecordDocument:
    """A new version of the family's plan, kept with each of the family's open cases."""
    command = c.SetFamilyPlan(
        ref, data.expected_version, data.measures, tuple(data.resources), data.deadline
    )
    return await change(request, CASES, command)


@on_record("cases", "attendance")
async def check_attendance(
    request: ApiRequest, ref: Reference, data: AttendanceChange
) -> t.RecordDocument:
    """Whether the child was in school on a day after its return."""
    command = c.CheckAttendance(ref, data.expected_version, data.present, data.on, data.note)
    return await change(request, CASES, command)


@on_record("cases", "duplicate")
async def mark_duplicate(
    request: ApiRequest, ref: Reference, data: DuplicateChange
) -> t.RecordDocument:
    """This case tells of the same child as another; a second person is asked to close it."""
    command = c.MarkDuplicate(ref, data.expected_version, data.of, data.note)
    return await change(request, CASES, command)


@post(
    "/cases/{ref:str}/papers",
    status_code=200,
    responses=t.CHANGE_ERRORS,
    tags=["cases"],
    request_max_body_size=LARGEST_PAPER,
)
async def keep_paper(request: ApiRequest, ref: Reference, data: PaperChange) -> t.RecordDocument:
    """Put a photo or PDF with the case."""
    await _must_exist(request, ref)
    file = await store(site_of(request), _decoded(data.content), data.name)
    command = c.KeepPaper(ref, data.expected_version, data.document, (file,))
    return await change(request, CASES, command)


async def _must_exist(request: ApiRequest, ref: str) -> None:
    """Nothing is looked up or written to disk for a record that the officer may not see."""
    async with site_of(request).db.read() as uow:
        officer = await request.user.officer(uow)
        record = await uow.records.get(ref)
        if record is None or not may_see(officer, record):
            raise NotFound


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except ValueError:  # bad base64, or no ASCII at all
        raise Refused(render("refused.base64")) from None
