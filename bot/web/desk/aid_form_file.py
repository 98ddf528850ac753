"""The application form of one application as a file: checked, audited, then made off the loop."""

import asyncio
from enum import StrEnum
from functools import partial
from pathlib import Path
from urllib.parse import quote

from litestar import Response

from bot.documents.aid_form import Maker, Values, form_values
from bot.errors import NotAllowed, NotFound
from bot.handlers.acting import Acting
from bot.rights.access import Right, check, may_export, may_export_unmasked
from bot.rights.actor import Actor
from bot.web.api.query import ApiRequest
from bot.web.site import site_of
from storage.models.application import Application


class FormKind(StrEnum):
    """As what the form is given out."""

    DOCX = "docx"
    PDF = "pdf"


MEDIA_TYPES = {
    FormKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FormKind.PDF: "application/pdf",
}


async def aid_form_file(
    request: ApiRequest, ref: str, kind: FormKind, full: bool = False
) -> Response[bytes]:
    """The filled form; whole numbers and health only for those who may, and who ask for them."""
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        record = await uow.records.get(ref)
        if not isinstance(record, Application):
            raise NotFound
        check(officer, Right.READ, record)
        if not may_export(officer) or (full and not may_export_unmasked(officer)):
            raise NotAllowed
        values = form_values(record, Maker(officer.name, site.now(), full))
        turn = Acting(uow, Actor.officer(officer), site.now())
        await turn.audit("export_form", record, format=kind.value, full=full or None)
    content = await asyncio.to_thread(_made, kind, values, site.service.config.data_dir)
    name = quote(f"家庭经济困难学生认定申请表 {record.reference}.{kind}")
    told = f"attachment; filename=\"form.{kind}\"; filename*=UTF-8''{name}"
    headers = {"content-disposition": told}
    return Response(content, media_type=MEDIA_TYPES[kind], headers=headers)


def _made(kind: FormKind, values: Values, data: Path) -> bytes:
    # What writes documents is large: a start does not wait for it, and most processes never do.
    from bot.documents.drawn import drawn_form
    from bot.documents.fill import AID_FORM, as_pdf, filled_docx, template_of

    docx = filled_docx(template_of(AID_FORM, data), values)
    return docx if kind is FormKind.DOCX else as_pdf(docx, partial(drawn_form, values))
