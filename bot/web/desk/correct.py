"""Putting right what a family says is wrong: what they said, what is written now, one change."""

from dataclasses import replace
from typing import Any

from litestar import Request, get
from litestar.response import Template

from bot.cases.contested import contested_words
from bot.cases.records import Record, subject_name
from bot.cases.written import correctable, options_of
from bot.rights.access import access_record, check, may
from bot.rights.covering import RIGHT_OF, health_covered
from bot.rights.secrecy import reading
from bot.web import labels
from bot.web.changes.form import Field
from bot.web.changes.offered import BY_NAME
from bot.web.desk.pages import desk_page
from bot.web.door.auth import SignedIn
from bot.web.site import site_of
from flows import commands as c
from flows.steps import Ask
from storage.models.officer import Officer

DeskRequest = Request[SignedIn, Any, Any]


@get("/desk/records/{ref:str}/correcting", include_in_schema=False)
async def correct_page(request: DeskRequest, ref: str, field: str = "") -> Template:
    """The answers of a record with what is contested; `field` is the one to write anew."""
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        record = await access_record(uow, officer, ref, site.now())
        check(officer, c.CorrectAnswer, record)
        read = await reading(uow, officer, [record])
        step = correctable(record).get(field)
        context = {
            "reference": record.reference,
            "version": record.version,
            "name": subject_name(record) or "姓名不详",
            "contested": [read(words) for words in await contested_words(uow, ref)],
            "answers": _answers(officer, record),
            "field": step.slot if step else "",
            "field_label": labels.slot_label(field),
            "inputs": _inputs(step) if step else (),
            "refusal": BY_NAME["refuse-correction"],
        }
        return await desk_page(uow, officer, "desk/correct.html", context)


def _answers(officer: Officer, record: Record) -> list[dict[str, Any]]:
    """What is written now; what is covered is put right only by those who may see it."""
    found = []
    for slot in correctable(record):
        value = (record.slots or {}).get(slot)
        shown = labels.slot_value(slot, health_covered(slot, value))
        right = RIGHT_OF.get(slot)
        found.append(
            {
                "slot": slot,
                "label": labels.slot_label(slot),
                "value": shown if value is not None else "没有填",
                "may": right is None or may(officer, right, record),
            }
        )
    return found


def _inputs(step: Ask[Any]) -> tuple[Field, ...]:
    """The form's fields, the value as a choice, a day or words, as the answer needs."""
    value, *others = BY_NAME["correct"].fields
    if step.multiple:
        names = "、".join(name for _, name in options_of(step))
        value = replace(value, label=f"应该是（几样用顿号隔开：{names}）")
    elif "date" in step.takes:
        value = replace(value, label="应该是哪天（写成 2026-11-23）")
    elif step.options:
        value = replace(value, kind="choice", options=options_of(step))
    elif "detail" in step.takes:
        value = replace(value, kind="long")
    return (value, *others)


HANDLERS = (correct_page,)
