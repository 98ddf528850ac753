"""Photos that an officer sends with a line: a visit keeps them, as the form at the desk does."""

from dataclasses import replace

from bot.channels.base import InboundFile
from flows import commands as c
from storage.uow import UnitOfWork

_PHOTO = "image/"


async def with_photos(
    uow: UnitOfWork, command: c.OfficerCommand, sent: tuple[InboundFile, ...]
) -> tuple[c.OfficerCommand, bool]:
    """The command with the photos that it can keep, and whether it keeps all that was sent."""
    if not isinstance(command, c.LogVisit):
        return command, not sent
    rows = [await uow.attachments.held(file.attachment) for file in sent]
    photos = tuple(
        c.StoredFile(row.sha256, row.mime, row.size, row.name or "", row.path)
        for row in rows
        if row is not None and row.mime.startswith(_PHOTO)
    )
    return replace(command, files=photos), len(photos) == len(sent)
