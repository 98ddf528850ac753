"""What any record takes, in the JSON API: talking, notes, handing on, waiting, supervision."""

from datetime import date
from typing import Annotated

from pydantic import Field

from bot.web.api import types as t
from bot.web.api.changes import officer_id
from bot.web.api.each_kind import on_each_kind
from bot.web.api.query import ApiRequest
from flows import commands as c


class TransferChange(t.Change):
    """To an officer, by id or name, or to those who answer for a place."""

    officer: (
        Annotated[int, Field(ge=1, le=2**31 - 1)]
        | Annotated[str, Field(pattern=t.WORDS, max_length=64)]
        | None
    ) = None
    region: Annotated[str, Field(pattern=r"^15(\d{4}|\d{7}|\d{10})$")] | None = None
    reason: str = Field(pattern=t.WORDS, max_length=t.LONG)


class SnoozeChange(t.Change):
    """Until which day the clock waits, and why."""

    until: date
    reason: str = Field(pattern=t.WORDS, max_length=t.LONG)


class SuperviseChange(t.Change):
    """What is demanded, and until which day."""

    demand: str = Field(pattern=t.WORDS, max_length=t.LONG)
    until: date


class CorrectChange(t.Change):
    """Which answer is put right, to what, and by what it was checked."""

    field: str = Field(pattern=t.WORDS, max_length=40)
    value: str = Field(pattern=t.WORDS, max_length=t.LONG)
    note: str = Field(pattern=t.WORDS, max_length=t.LONG)
    more: t.YesNo = False


@on_each_kind("assign", c.Assign)
async def assign(request: ApiRequest, ref: str, data: t.AssignChange) -> c.Assign:
    """Make an officer answerable."""
    officer = await officer_id(request, data.officer)
    return c.Assign(ref, data.expected_version, officer)


@on_each_kind("note", c.AddNote)
async def note(_request: ApiRequest, ref: str, data: t.NoteChange) -> c.AddNote:
    """Add an internal note."""
    return c.AddNote(ref, data.expected_version, data.text)


@on_each_kind("reply", c.Reply)
async def reply(_request: ApiRequest, ref: str, data: t.ReplyChange) -> c.Reply:
    """Say something to the person."""
    return c.Reply(ref, data.expected_version, data.text, data.hand_back)


@on_each_kind("hand-back", c.HandBack)
async def hand_back(_request: ApiRequest, ref: str, data: t.Change) -> c.HandBack:
    """Let the bot answer the person again."""
    return c.HandBack(ref, data.expected_version)


@on_each_kind("escalate", c.Escalate)
async def escalate(_request: ApiRequest, ref: str, data: t.ReasonChange) -> c.Escalate:
    """One step up the ladder."""
    return c.Escalate(ref, data.expected_version, data.reason)


@on_each_kind("decline-close", c.DeclineClose)
async def decline_close(
    _request: ApiRequest, ref: str, data: t.RequiredReasonChange
) -> c.DeclineClose:
    """Do not close what somebody asked to close; the one who asked hears the reason."""
    return c.DeclineClose(ref, data.expected_version, data.reason)


@on_each_kind("reopen", c.Reopen)
async def reopen(_request: ApiRequest, ref: str, data: t.ReasonChange) -> c.Reopen:
    """Open a settled record again, or decline a request to close it."""
    return c.Reopen(ref, data.expected_version, data.reason)


@on_each_kind("ask", c.AskFamily)
async def ask(_request: ApiRequest, ref: str, data: t.NoteChange) -> c.AskFamily:
    """Ask the one who filed the record; its clock waits."""
    return c.AskFamily(ref, data.expected_version, data.text)


@on_each_kind("transfer", c.TransferRecord)
async def transfer(request: ApiRequest, ref: str, data: TransferChange) -> c.TransferRecord:
    """Offer the record; its officer answers until somebody takes it."""
    officer = await officer_id(request, data.officer)
    return c.TransferRecord(ref, data.expected_version, officer, data.region, data.reason)


@on_each_kind("accept-transfer", c.AcceptTransfer)
async def accept_transfer(_request: ApiRequest, ref: str, data: t.Change) -> c.AcceptTransfer:
    """Take the record that was offered."""
    return c.AcceptTransfer(ref, data.expected_version)


@on_each_kind("reject-transfer", c.RejectTransfer)
async def reject_transfer(
    _request: ApiRequest, ref: str, data: t.RequiredReasonChange
) -> c.RejectTransfer:
    """Give the offered record back."""
    return c.RejectTransfer(ref, data.expected_version, data.reason)


@on_each_kind("snooze", c.Snooze)
async def snooze(_request: ApiRequest, ref: str, data: SnoozeChange) -> c.Snooze:
    """Let the clock of the record wait."""
    return c.Snooze(ref, data.expected_version, data.until, data.reason)


@on_each_kind("supervise", c.Supervise)
async def supervise(_request: ApiRequest, ref: str, data: SuperviseChange) -> c.Supervise:
    """Put the record under supervision."""
    return c.Supervise(ref, data.expected_version, data.demand, data.until)


@on_each_kind("lift-supervision", c.LiftSupervision)
async def lift_supervision(
    _request: ApiRequest, ref: str, data: t.RequiredReasonChange
) -> c.LiftSupervision:
    """Lift the supervision of the record."""
    return c.LiftSupervision(ref, data.expected_version, data.reason)


@on_each_kind("correct", c.CorrectAnswer)
async def correct(_request: ApiRequest, ref: str, data: CorrectChange) -> c.CorrectAnswer:
    """Put right an answer that the family says is wrong; they are told."""
    return c.CorrectAnswer(ref, data.expected_version, data.field, data.value, data.note, data.more)


@on_each_kind("refuse-correction", c.RefuseCorrection)
async def refuse_correction(
    _request: ApiRequest, ref: str, data: t.RequiredReasonChange
) -> c.RefuseCorrection:
    """Leave what the family says is wrong as it is; they are told the reason."""
    return c.RefuseCorrection(ref, data.expected_version, data.reason)


HANDLERS = (
    *assign,
    *note,
    *reply,
    *hand_back,
    *escalate,
    *decline_close,
    *reopen,
    *ask,
    *transfer,
    *accept_transfer,
    *reject_transfer,
    *snooze,
    *supervise,
    *lift_supervision,
    *correct,
    *refuse_correction,
)
