"""Looking at the papers of an application one by one, and hearing the family's answer."""

from collections.abc import Collection, Mapping
from typing import Any

from bot.cases.notices import tell_person
from bot.cases.papers import (
    ACCEPTED,
    DELETED,
    RETURNED,
    PaperState,
    is_paper,
    open_reviews,
    paper_key,
    paper_lines,
    paper_name,
)
from bot.cases.records import Record
from bot.errors import Refused
from bot.handlers.acting import Acting, Outcome, outcome
from bot.handlers.filing import remind_of_papers
from bot.handlers.moving import move, touch
from bot.rights.access import access_for_change
from bot.words import render, sentences
from flows import commands as c
from flows.aid.faults import Fault
from flows.commands import DocumentRef
from storage.kinds import ApplicationStatus

_ANY = "other"


async def accept_document(turn: Acting, command: c.AcceptDocument) -> Outcome:
    """One paper is good; when nothing else is with the family, the application goes on."""
    record = await access_for_change(turn, command)
    document = paper_key(record, command.document)
    if not is_paper(record, document):
        raise Refused(render("refused.no_such_paper"))
    waiting = await open_reviews(turn.uow, record)
    await _accept(turn, record, document)
    left = [review for review in waiting if review.document != document]
    move(turn, record, c.AcceptDocument)
    if waiting and not left:
        touch(turn, record, waiting[0].status_before)
    await turn.audit("accept_document", record, document=document)
    return outcome(record)


async def accept_received(turn: Acting, record: Record) -> None:
    """The whole application is in order: so is every paper that came in or was sent back."""
    for line in await paper_lines(turn.uow, record):
        if line.state in (PaperState.RECEIVED, PaperState.SENT_BACK):
            await _accept(turn, record, line.paper.key)
    for review in await open_reviews(turn.uow, record):
        review.answered_at = turn.now


async def _accept(turn: Acting, record: Record, document: str) -> None:
    for photo in await turn.uow.attachments.of_reference(record.reference):
        if photo.document == document and photo.status not in (RETURNED, DELETED):
            photo.status = ACCEPTED
    await turn.uow.recognition.add_review(
        record.reference, document, ACCEPTED, turn.now, officer_id=turn.by.id
    )


async def return_for_correction(turn: Acting, command: c.ReturnForCorrection) -> Outcome:
    """Send back one paper or answer; the family hears which, why, and how to do it right."""
    record = await access_for_change(turn, command)
    fault = fault_of(command.fault) or fault_of(command.reason)
    reason = _reason(command, fault)
    document = paper_key(record, command.document)
    waiting = await open_reviews(turn.uow, record)
    before, _ = move(turn, record, c.ReturnForCorrection)
    for photo in await turn.uow.attachments.of_reference(record.reference):
        if photo.document == document and photo.status != DELETED:
            photo.status = RETURNED
    await turn.uow.recognition.add_review(
        record.reference,
        document,
        RETURNED,
        turn.now,
        officer_id=turn.by.id,
        reason=reason,
        status_before=waiting[0].status_before if waiting else before,
    )
    await turn.uow.session.flush()
    await remind_of_papers(turn, record, f"returned:{record.reference}:{record.version}")
    await turn.audit("return_for_correction", record, document=document, reason=reason)
    key = "application.returned"
    values = {"document": answer_name(document), "reason": reason}
    if is_paper(record, document):
        key = "application.paper_returned"
        values["example"] = render(f"fault.{fault or 'other'}.example")
    await tell_person(turn, record, key, **values)
    return outcome(record)


def fault_of(words: str) -> Fault | None:
    """The usual fault that is meant by its code or its name."""
    said = words.strip()
    return next((fault for fault in Fault if said in (fault, render(f"fault.{fault}"))), None)


def _reason(command: c.ReturnForCorrection, fault: Fault | None) -> str:
    """Why, in words: the fault by its name, and what the officer adds to it."""
    named = render(f"fault.{fault}") if fault else ""
    added = command.reason.strip()
    own = added if fault_of(added) is None else ""
    if not (named or own):
        raise Refused(render("refused.reason_missing"))
    return "，".join(part for part in (named, own) if part)


def answer_name(key: str) -> str:
    """A paper or an answer in words; a name that is no key stays as the officer wrote it."""
    return sentences().get(f"slot.{key or 'any'}") or paper_name(key)


async def meant_papers(
    turn: Acting, record: Record, documents: tuple[DocumentRef, ...]
) -> tuple[DocumentRef, ...]:
    """A photo that nobody named is the paper that was sent back."""
    back = [
        r.document for r in await open_reviews(turn.uow, record) if is_paper(record, r.document)
    ]
    named = {ref.document for ref in documents}
    free = [document for document in back if document not in named]
    return tuple(
        DocumentRef(ref.attachment, free.pop(0)) if ref.document == _ANY and free else ref
        for ref in documents
    )


async def heed_answers(
    turn: Acting,
    record: Record,
    slots: Mapping[str, Any],
    documents: Collection[DocumentRef],
    note: str,
) -> list[str]:
    """What came again is no longer sent back; once nothing is, the office has the next move.

    Returns the names of what was answered.
    """
    if record.status != ApplicationStatus.RETURNED:
        return []
    waiting = await open_reviews(turn.uow, record)
    came = {*slots, *(ref.document for ref in documents)}
    answered = []
    for review in waiting:
        known = is_paper(record, review.document)
        if review.document in came or (not known and bool(came or note)):
            review.answered_at = turn.now
            answered.append(review)
    if not waiting and came:
        touch(turn, record, ApplicationStatus.SUBMITTED)
    elif waiting and len(answered) == len(waiting):
        touch(turn, record, waiting[0].status_before or ApplicationStatus.SUBMITTED)
    return [answer_name(review.document) for review in answered]
