"""Papers of families sent to a browser: pictures are shown, all else is saved and never run."""

import structlog
from litestar import Response

from bot.files import KINDS
from bot.vault.errors import Unopened
from bot.web.site import Site
from storage.models.attachment import Attachment

SANDBOX = "sandbox; default-src 'none'"
"""Should a browser open a paper all the same, nothing in it runs or loads anything."""

log = structlog.get_logger()


async def paper(site: Site, row: Attachment) -> Response[bytes]:
    """A picture, which we have drawn anew and which can be shown, or a file to be saved.

    Raises Unopened for one that is lost or damaged.
    """
    content = await _opened(site, row)
    way = "inline" if row.mime.startswith("image/") else "attachment"
    name = f"{row.id}.{KINDS.get(row.mime, 'bin')}"  # the family's own name may be somebody's
    return Response(
        content,
        media_type=row.mime,
        headers={
            "content-disposition": f'{way}; filename="{name}"',
            "content-security-policy": SANDBOX,
        },
    )


async def _opened(site: Site, row: Attachment) -> bytes:
    try:
        return await site.service.files.read(row)
    except Unopened as why:
        async with site.db.read() as uow:  # it may have got its sealed name a moment ago
            now = await uow.attachments.get(row.id)
        if now is not None and now.path != row.path:
            return await site.service.files.read(now)
        log.warning("file.unopened", attachment=row.id, why=why.why.value)
        raise
