"""Papers of families sent to a browser: pictures are shown, all else is saved and never run."""

from litestar.response import File

from bot.files import FileStore
from storage.models.attachment import Attachment

SANDBOX = "sandbox; default-src 'none'"
"""Should a browser open a paper all the same, nothing in it runs or loads anything."""


def paper(files: FileStore, row: Attachment) -> File:
    """A picture, which we have drawn anew and which can be shown, or a file to be saved."""
    path = files.path_of(row)
    return File(
        path,
        filename=path.name,  # the family's own name for it may be somebody's
        media_type=row.mime,
        content_disposition_type="inline" if row.mime.startswith("image/") else "attachment",
        headers={"content-security-policy": SANDBOX},
    )
