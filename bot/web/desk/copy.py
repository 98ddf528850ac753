"""Handing a family a copy of what is kept of it, as a file or into its own chat (PIPL art. 45)."""

import asyncio
from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect, Template

from bot.cases.notices import kind_name
from bot.cases.records import Record, has_reporter, subject_name
from bot.clock import local_day
from bot.errors import Refused
from bot.handlers.acting import Acting
from bot.reports.files import format_of, written
from bot.reports.made import UNMASKED, Made
from bot.rights.access import Right, access_record, check
from bot.rights.actor import Actor
from bot.rights.covering import REPORTER
from bot.rights.territory import place_name
from bot.web.desk.files import named_officer, sent_file
from bot.web.desk.own_copy import Copy, copy_for_child, copy_for_person, in_messages
from bot.web.desk.pages import desk_page
from bot.web.door.auth import SignedIn
from bot.web.site import site_of
from bot.words import render
from storage.kinds import RecordKind
from storage.models.officer import Officer
from storage.uow import UnitOfWork

DeskRequest = Request[SignedIn, Any, Any]
PATH = "/desk/requests/copy"
CHILD = "child"
_ABOUT = "这里记着的本人信息，按个人信息保护法第45条给本人。别人说的、工作人员内部的备注不在里面。"


@get(PATH, include_in_schema=False)
async def copy_page(request: DeskRequest, reference: str = "", done: str = "") -> Template:
    """Whose copy it is, what is in it, and the ways to hand it over."""
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        record = await _found(uow, officer, reference.strip(), site.now())
        context: dict[str, Any] = {
            "reference": record.reference,
            "kind": kind_name(record),
            "name": subject_name(record) or "姓名不详",
            "reported": has_reporter(RecordKind(record.kind)),
            "unlinked": record.person_id is None,
            "has_chat": bool(await _chats(uow, record)),
            "done": "已经发到对方的聊天里。" if done == "chat" else "",
        }
        return await desk_page(uow, officer, "desk/copy.html", context)


@post(PATH + "/file", include_in_schema=False, status_code=200)
async def copy_file(request: DeskRequest) -> Response[bytes]:
    """The copy as a file to print and hand over."""
    site = site_of(request)
    form = await _form(request)
    kept = format_of(form.get("format", ""))
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        record = await _found(uow, officer, form.get("reference", ""), site.now())
        if form.get("whose") == CHILD and has_reporter(RecordKind(record.kind)):
            copy = await copy_for_child(uow, record)
        else:
            copy = await copy_for_person(uow, _person(record), site.now(), officer)
        await _audit(Acting(uow, Actor.officer(officer), site.now()), record, copy, form, kept)
        made = Made(
            f"{subject_name(record) or record.reference}家的资料",
            place_name(record.region_code) or "",
            local_day(site.now()).isoformat(),
            named_officer(officer),
            site.now(),
            (_ABOUT, UNMASKED, *_elsewhere(copy)),
        )
    content = await asyncio.to_thread(written, kept, copy.tables, made)
    return sent_file(content, made, kept, f"{record.reference}的资料")


@post(PATH + "/chat", include_in_schema=False)
async def copy_chat(request: DeskRequest) -> Redirect:
    """The copy as messages in the person's own chat, which no officer reads."""
    site = site_of(request)
    form = await _form(request)
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        record = await _found(uow, officer, form.get("reference", ""), site.now())
        chats = await _chats(uow, record)
        if not chats:
            raise Refused(render("refused.no_channel"))
        copy = await copy_for_person(uow, _person(record), site.now())
        for text in (render("copy.begins"), *in_messages(copy.tables)):
            await uow.outbox.add(chats[0], text, [], {}, site.now())
        turn = Acting(uow, Actor.officer(officer), site.now())
        await turn.audit("copy_data", record, way="chat", checked=_checked(form))
    return Redirect(f"{PATH}?reference={record.reference}&done=chat", status_code=303)


async def _form(request: DeskRequest) -> Mapping[str, str]:
    return {key: str(value) for key, value in (await request.form()).items()}


async def _found(uow: UnitOfWork, officer: Officer, reference: str, now: Any) -> Record:
    check(officer, Right.DATA_REQUESTS)
    check(officer, Right.EXPORT_UNMASKED)
    return await access_record(uow, officer, reference, now)


async def _chats(uow: UnitOfWork, record: Record) -> list[int]:
    """Where the person can be told: the chat of this record first."""
    if record.person_id is None:
        return []
    talks = await uow.conversations.of_person(record.person_id)
    there = [talk.id for talk in talks if talk.gone_at is None]
    return sorted(there, key=lambda id: id != record.conversation_id)


def _person(record: Record) -> int:
    if record.person_id is None:
        raise Refused(render("refused.unlinked"))
    return record.person_id


def _checked(form: Mapping[str, str]) -> str:
    """How it was made sure that this is the person. Raises Refused."""
    words = form.get("checked", "").strip()[:200]
    if not words:
        raise Refused(render("refused.checked_who"))
    return words


async def _audit(
    turn: Acting, record: Record, copy: Copy, form: Mapping[str, str], way: str
) -> None:
    """Each record in the copy was given out; with a report its reporter was shown."""
    checked = _checked(form)
    for each in copy.records:
        await turn.audit("copy_data", each, way=way, checked=checked)
        if has_reporter(RecordKind(each.kind)) and form.get("whose") != CHILD:
            await turn.audit("reveal", each, field=REPORTER, purpose=f"给本人资料：{checked}")
    if record.reference not in {each.reference for each in copy.records}:
        await turn.audit("copy_data", record, way=way, checked=checked)


def _elsewhere(copy: Copy) -> tuple[str, ...]:
    if not copy.elsewhere:
        return ()
    return (f"本人另有 {copy.elsewhere} 条不归这里管，请本人在自己的聊天里说“查看我的信息”。",)


HANDLERS = (copy_page, copy_file, copy_chat)
