"""Which papers of an application have not come in yet."""

from bot.records import Record
from bot.words import render, sentences
from flows.aid.documents import Document, checklist
from flows.aid.eligibility import stage_of
from storage.uow import UnitOfWork

RETURNED = "returned"
"""The status of a photo that the school sent back."""


async def missing_papers(uow: UnitOfWork, record: Record) -> list[Document]:
    """The required papers that no attachment of the record shows."""
    hardship = record.slots.get("hardship")
    grade = record.slots.get("grade")
    wanted = checklist(
        hardship if isinstance(hardship, list) else [],
        stage_of(grade) if isinstance(grade, str) else None,
    )
    photos = await uow.attachments.of_reference(record.reference)
    there = {photo.document for photo in photos if photo.status != RETURNED}
    return [paper for paper in wanted if not paper.optional and paper.key not in there]


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
