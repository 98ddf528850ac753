"""Photos: what came to no record is given up, and the bytes of what was deleted are removed."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import ColumnElement, select

from bot.retention.step import Span, Step, emptied, no_time, removed
from bot.vault.vault import remove
from storage.models.attachment import Attachment
from storage.models.conversation import Conversation
from storage.uow import UnitOfWork


def _unfiled(span: Span) -> Sequence[ColumnElement[bool]]:
    silent = select(Conversation.id).where(Conversation.updated_at <= span.until)
    return (
        Attachment.reference.is_(None),
        Attachment.created_at <= span.until,
        Attachment.conversation_id.in_(silent),
        Attachment.status != "deleted",
    )


def _with_bytes(_span: Span) -> Sequence[ColumnElement[bool]]:
    return Attachment.status == "deleted", Attachment.path != ""


async def _remove_bytes(uow: UnitOfWork, ids: Sequence[int], span: Span) -> int:
    """First the bytes, then the row that knows of them: who dies in between does it again."""
    query = select(Attachment).where(Attachment.id.in_(ids), *_with_bytes(span))
    gone = (await uow.session.scalars(query.with_for_update(skip_locked=True))).all()
    for photo in gone:
        same = Attachment.path == photo.path, Attachment.status != "deleted"
        if await uow.session.scalar(select(Attachment.id).where(*same).limit(1)) is None:
            _remove(span.rules.files, photo.path)
        photo.path = ""
    return len(gone)


def _remove(root: Path | None, path: str) -> None:
    if root is not None:
        remove(root, path)


STEPS = (
    Step(
        "unfiled",
        "没交上来的照片",
        Attachment,
        Attachment.created_at,
        lambda rules: rules.drafts,
        _unfiled,
        emptied(Attachment, status="deleted", name=""),
    ),
    Step(
        "photos",
        "已删除的照片",
        Attachment,
        Attachment.created_at,
        no_time,
        _with_bytes,
        _remove_bytes,
    ),
    Step(
        "photo_rows",
        "已删除照片的登记",
        Attachment,
        Attachment.created_at,
        lambda rules: rules.audit,
        lambda span: (
            Attachment.status == "deleted",
            Attachment.path == "",
            Attachment.created_at <= span.until,
        ),
        removed(Attachment),
    ),
)
