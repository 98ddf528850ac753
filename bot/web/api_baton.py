"""Handing a record on and letting its clock wait, in the JSON API."""

from datetime import date
from typing import Annotated

from pydantic import Field

from bot.web import api_types as t
from bot.web.api_changes import Kinds, change, officer_id, on_record
from bot.web.api_query import APPLICATIONS, CASES, ApiRequest, Reference
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


async def _transfer(
    request: ApiRequest, kinds: Kinds, ref: str, data: TransferChange
) -> t.RecordDocument:
    officer = await officer_id(request, data.officer)
    command = c.TransferRecord(ref, data.expected_version, officer, data.region, data.reason)
    return await change(request, kinds, command)


@on_record("cases", "transfer")
async def transfer_case(
    request: ApiRequest, ref: Reference, data: TransferChange
) -> t.RecordDocument:
    """Offer the case; its officer answers until somebody takes it."""
    return await _transfer(request, CASES, ref, data)


@on_record("cases", "accept-transfer")
async def accept_case(request: ApiRequest, ref: Reference, data: t.Change) -> t.RecordDocument:
    """Take the case that was offered."""
    return await change(request, CASES, c.AcceptTransfer(ref, data.expected_version))


@on_record("cases", "reject-transfer")
async def reject_case(
    request: ApiRequest, ref: Reference, data: t.RequiredReasonChange
) -> t.RecordDocument:
    """Give the offered case back."""
    return await change(request, CASES, c.RejectTransfer(ref, data.expected_version, data.reason))


@on_record("cases", "snooze")
async def snooze_case(request: ApiRequest, ref: Reference, data: SnoozeChange) -> t.RecordDocument:
    """Let the clock of the case wait."""
    command = c.Snooze(ref, data.expected_version, data.until, data.reason)
    return await change(request, CASES, command)


class SuperviseChange(t.Change):
    """What is demanded, and until which day."""

    demand: str = Field(pattern=t.WORDS, max_length=t.LONG)
    until: date


@on_record("cases", "supervise")
async def supervise_case(
    request: ApiRequest, ref: Reference, data: SuperviseChange
) -> t.RecordDocument:
    """Put the case under supervision."""
    command = c.Supervise(ref, data.expected_version, data.demand, data.until)
    return await change(request, CASES, command)


@on_record("cases", "lift-supervision")
async def lift_case(
    request: ApiRequest, ref: Reference, data: t.RequiredReasonChange
) -> t.RecordDocument:
    """Lift the supervision of the case."""
    return await change(request, CASES, c.LiftSupervision(ref, data.expected_version, data.reason))


@on_record("applications", "supervise")
async def supervise_application(
    request: ApiRequest, ref: Reference, data: SuperviseChange
) -> t.RecordDocument:
    """Put the application under supervision."""
    command = c.Supervise(ref, data.expected_version, data.demand, data.until)
    return await change(request, APPLICATIONS, command)


@on_record("applications", "lift-supervision")
async def lift_application(
    request: ApiRequest, ref: Reference, data: t.RequiredReasonChange
) -> t.RecordDocument:
    """Lift the supervision of the application."""
    command = c.LiftSupervision(ref, data.expected_version, data.reason)
    return await change(request, APPLICATIONS, command)


@on_record("cases", "ask")
async def ask_about_case(
    request: ApiRequest, ref: Reference, data: t.NoteChange
) -> t.RecordDocument:
    """Ask the one who filed the case; its clock waits."""
    return await change(request, CASES, c.AskFamily(ref, data.expected_version, data.text))


@on_record("applications", "ask")
async def ask_about_application(
    request: ApiRequest, ref: Reference, data: t.NoteChange
) -> t.RecordDocument:
    """Ask the one who filed the application; its clock waits."""
    return await change(request, APPLICATIONS, c.AskFamily(ref, data.expected_version, data.text))


@on_record("applications", "transfer")
async def transfer_application(
    request: ApiRequest, ref: Reference, data: TransferChange
) -> t.RecordDocument:
    """Offer the application; its officer answers until somebody takes it."""
    return await _transfer(request, APPLICATIONS, ref, data)


@on_record("applications", "accept-transfer")
async def accept_offered_application(
    request: ApiRequest, ref: Reference, data: t.Change
) -> t.RecordDocument:
    """Take the application that was offered."""
    return await change(request, APPLICATIONS, c.AcceptTransfer(ref, data.expected_version))


@on_record("applications", "reject-transfer")
async def reject_offered_application(
    request: ApiRequest, ref: Reference, data: t.RequiredReasonChange
) -> t.RecordDocument:
    """Give the offered application back."""
    command = c.RejectTransfer(ref, data.expected_version, data.reason)
    return await change(request, APPLICATIONS, command)


@on_record("applications", "snooze")
async def snooze_application(
    request: ApiRequest, ref: Reference, data: SnoozeChange
) -> t.RecordDocument:
    """Let the clock of the application wait."""
    command = c.Snooze(ref, data.expected_version, data.until, data.reason)
    return await change(request, APPLICATIONS, command)


HANDLERS = (
    supervise_application,
    lift_application,
    supervise_case,
    lift_case,
    ask_about_case,
    ask_about_application,
    transfer_case,
    accept_case,
    reject_case,
    snooze_case,
    transfer_application,
    accept_offered_application,
    reject_offered_application,
    snooze_application,
)
