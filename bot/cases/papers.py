"""The checklist of an application: which papers are missing, received, accepted or sent back."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.cases.records import Record
from bot.words import render, sentences
from flows.aid.documents import Document, checklist
from flows.aid.eligibility import stage_of
from storage.models.attachment import Attachment
from storage.models.recognition import PaperReview
from storage.uow import UnitOfWork

RETURNED = "returned"
"""The status of a photo that the school sent back, and the verdict that did it."""
ACCEPTED = "accepted"
DELETED = "deleted"


class PaperState(StrEnum):
    """Where one paper stands; the names stand under `paper_state.*` in notices.yaml."""

    MISSING = "missing"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"


@dataclass(frozen=True)
class PaperLine:
    """One line of the checklist; `old` are photos that were sent back earlier."""

    paper: Document
    state: PaperState
    reason: str = ""
    photos: tuple[Attachment, ...] = ()
    old: tuple[Attachment, ...] = ()


def wanted_papers(record: Record) -> list[Document]:
    """The papers of the checklist for what the family told."""
    hardship = record.slots.get("hardship")
    grade = record.slots.get("grade")
    return checklist(
        hardship if isinstance(hardship, list) else [],
        stage_of(grade) if isinstance(grade, str) else None,
    )


async def paper_lines(uow: UnitOfWork, record: Record) -> list[PaperLine]:
    """The checklist with what came in and what was said of it."""
    photos = await uow.attachments.of_reference(record.reference)
    return lines_from(record, photos, await uow.recognition.reviews(record.reference))


def lines_from(
    record: Record, photos: Collection[Attachment], reviews: Iterable[PaperReview]
) -> list[PaperLine]:
    """The checklist from its photos and verdicts, oldest first."""
    last = {review.document: review for review in reviews}
    return [_line(paper, photos, last.get(paper.key)) for paper in wanted_papers(record)]


def _line(paper: Document, every: Collection[Attachment], review: PaperReview | None) -> PaperLine:
    mine = [photo for photo in every if photo.document == paper.key and photo.status != DELETED]
    old = tuple(photo for photo in mine if photo.status == RETURNED)
    photos = tuple(photo for photo in mine if photo.status != RETURNED)
    reason = (review.reason or "") if review is not None and is_unanswered(review) else ""
    return PaperLine(paper, _state(photos, old, review), reason, photos, old)


def _state(
    photos: Collection[Attachment], old: Collection[Attachment], review: PaperReview | None
) -> PaperState:
    if any(photo.status != ACCEPTED for photo in photos):
        return PaperState.RECEIVED
    if review is not None and is_unanswered(review):
        return PaperState.SENT_BACK
    if photos or (review is not None and review.verdict == ACCEPTED):
        return PaperState.ACCEPTED
    return PaperState.SENT_BACK if old else PaperState.MISSING


def is_unanswered(review: PaperReview) -> bool:
    """Whether the family still has to send again what this verdict sent back."""
    return review.verdict == RETURNED and review.answered_at is None


async def open_reviews(uow: UnitOfWork, record: Record) -> list[PaperReview]:
    """What was sent back and has not come again: papers and answers."""
    return open_of(await uow.recognition.reviews(record.reference))


def open_of(reviews: Iterable[PaperReview]) -> list[PaperReview]:
    """Of all verdicts, oldest first, those that the family still has to answer."""
    last = {review.document: review for review in reviews}
    return [review for review in last.values() if is_unanswered(review)]


async def missing_papers(uow: UnitOfWork, record: Record) -> list[Document]:
    """What the family still has to send, first what was sent back; never what was accepted."""
    return missing_of(await paper_lines(uow, record))


def missing_of(lines: Iterable[PaperLine]) -> list[Document]:
    """Of a checklist what the family still has to send."""
    lines = list(lines)
    back = [line.paper for line in lines if line.state is PaperState.SENT_BACK]
    lacking = [line.paper for line in lines if line.state is PaperState.MISSING]
    return back + [paper for paper in lacking if not paper.optional]


def is_paper(record: Record, key: str) -> bool:
    """Whether a key names a paper of the checklist."""
    return any(paper.key == key for paper in wanted_papers(record))


def paper_key(record: Record, words: str) -> str:
    """The key of the paper that is named by key or by name; other words stay as they are."""
    said = words.strip()
    named = (p.key for p in wanted_papers(record) if said and (p.key == said or said in p.name))
    return next(named, said)


def papers_text(record: Record, missing: list[Document]) -> str:
    """What the reminder of missing papers says."""
    names = "、".join(paper.name for paper in missing)
    return render("reminder.documents", reference=record.reference, documents=names)


def paper_name(key: str) -> str:
    """What a paper, photo or voice is called; a name that is no key stays as it is."""
    if f"paper.{key}" in sentences():
        return sentences()[f"paper.{key}"]
    every = checklist([key.removeprefix("proof_")], None)
    return next((paper.name for paper in every if paper.key == key), key)
