"""Files officers send with a form: checked by content and on disk before anything is changed."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, cast

from litestar.datastructures import UploadFile

from bot.errors import Refused
from bot.files import BadFile
from bot.web.site import Site
from bot.words import render
from flows import commands as c

_SHOWN = ("image/", "application/pdf")


async def with_files(
    site: Site, command: c.OfficerCommand, sent: Mapping[str, Any]
) -> c.OfficerCommand:
    """The command with the files of its form. Raises Refused for one that cannot be kept."""
    uploads = [value for value in sent.values() if isinstance(value, UploadFile)]
    kept = [await _stored(site, upload) for upload in uploads if upload.filename]
    if not kept or not hasattr(command, "files"):
        return command
    return cast("c.OfficerCommand", replace(cast("Any", command), files=tuple(kept)))


async def _stored(site: Site, upload: UploadFile) -> c.StoredFile:
    content = await upload.read(site.service.files.max_bytes + 1)  # and no more into memory
    return await store(site, content, upload.filename or "")


async def store(site: Site, content: bytes, name: str) -> c.StoredFile:
    """One photo or PDF on disk. Raises Refused with what to send instead."""
    try:
        prepared = await site.service.files.prepare(content, name)
    except BadFile as bad:
        raise Refused(bad.reason) from None
    if not prepared.mime.startswith(_SHOWN):
        raise Refused(render("refused.file_kind"))
    return c.StoredFile(**asdict(prepared))
