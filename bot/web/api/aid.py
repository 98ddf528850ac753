"""The JSON API on the way from an application's papers to the money: one POST a command."""

from typing import Annotated

from litestar import Response, get, post
from litestar.params import Parameter

from bot.web.api import aid_types as a
from bot.web.api import types as t
from bot.web.api.changes import change
from bot.web.api.query import APPLICATIONS, ApiRequest, Reference
from bot.web.desk.aid_form_file import MEDIA_TYPES, FormKind, aid_form_file
from flows import commands as c

DocumentKey = Annotated[
    str, Parameter(description="Key of a paper of the checklist, such as household_register")
]


def _on(command: str) -> post:
    path = f"/applications/{{ref:str}}/{command}"
    return post(path, status_code=200, responses=t.CHANGE_ERRORS, tags=["applications"])


@_on("documents/{document:str}/accept")
async def accept_document(
    request: ApiRequest, ref: Reference, document: DocumentKey, data: t.Change
) -> t.RecordDocument:
    """One paper is good and is not asked for again."""
    command = c.AcceptDocument(ref, data.expected_version, document)
    return await change(request, APPLICATIONS, command)


@_on("documents/{document:str}/return")
async def return_document(
    request: ApiRequest, ref: Reference, document: DocumentKey, data: a.PaperReturnChange
) -> t.RecordDocument:
    """Send one paper back; the family is told which, why and how to take the photo again."""
    command = c.ReturnForCorrection(
        ref, data.expected_version, document, data.reason, data.fault or ""
    )
    return await change(request, APPLICATIONS, command)


@_on("publish")
async def publish_application(
    request: ApiRequest, ref: Reference, data: a.PublishChange
) -> t.RecordDocument:
    """Put the result up; the family is told the level and until when."""
    command = c.PublishApplication(ref, data.expected_version, data.days, data.place)
    return await change(request, APPLICATIONS, command)


@_on("object")
async def record_objection(
    request: ApiRequest, ref: Reference, data: a.ObjectionChange
) -> t.RecordDocument:
    """Somebody doubts a published result."""
    command = c.RecordObjection(ref, data.expected_version, data.text)
    return await change(request, APPLICATIONS, command)


@_on("settle-objection")
async def settle_objection(
    request: ApiRequest, ref: Reference, data: a.FindingChange
) -> t.RecordDocument:
    """What checking again found."""
    command = c.SettleObjection(ref, data.expected_version, data.finding, data.objection)
    return await change(request, APPLICATIONS, command)


@_on("pay")
async def mark_paid(request: ApiRequest, ref: Reference, data: a.PaymentChange) -> t.RecordDocument:
    """Money was paid; the family is told the sum as it is entered here."""
    command = c.MarkPaid(
        ref, data.expected_version, data.paid_on, data.amount, data.programme, data.period
    )
    return await change(request, APPLICATIONS, command)


@_on("correct-payment")
async def correct_payment(
    request: ApiRequest, ref: Reference, data: a.PaymentCorrectionChange
) -> t.RecordDocument:
    """A payment was noted by mistake: it is taken back and the family is told why."""
    command = c.CorrectPayment(ref, data.expected_version, data.payment, data.reason)
    return await change(request, APPLICATIONS, command)


Full = Annotated[bool, Parameter(description="Whole numbers and health; needs its own right")]


@get(
    "/applications/{ref:str}/form.docx",
    media_type=MEDIA_TYPES[FormKind.DOCX],
    responses=t.ITEM_ERRORS,
    tags=["applications"],
)
async def form_docx(request: ApiRequest, ref: Reference, full: Full = False) -> Response[bytes]:
    """The filled application form, for Word."""
    return await aid_form_file(request, ref, FormKind.DOCX, full)


@get(
    "/applications/{ref:str}/form.pdf",
    media_type=MEDIA_TYPES[FormKind.PDF],
    responses=t.ITEM_ERRORS,
    tags=["applications"],
)
async def form_pdf(request: ApiRequest, ref: Reference, full: Full = False) -> Response[bytes]:
    """The filled application form, as PDF."""
    return await aid_form_file(request, ref, FormKind.PDF, full)


HANDLERS = (
    form_docx,
    form_pdf,
    accept_document,
    return_document,
    publish_application,
    record_objection,
    settle_objection,
    mark_paid,
    correct_payment,
)
