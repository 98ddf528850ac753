"""The parents' web chat: the page, sending, photos; answers come through `bot.web.live`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie, UploadFile
from litestar.exceptions import NotFoundException, ValidationException
from litestar.response import Redirect, Template

from bot.channels.base import Inbound, InboundFile
from bot.channels.webchat import NAME, address_of, new_ticket
from bot.files import BadFile
from bot.login.throttle import Limit
from bot.web.door import cookies
from bot.web.door.addresses import client_of
from bot.web.record.sent_papers import paper
from bot.web.record.transcript import Said, conversation_so_far, title_of
from bot.web.site import CHAT_LIMIT, NEW_CHAT_LIMIT, Site, site_of

TICKET_DAYS = 60
HISTORY = 60
LONGEST_TEXT = 10_000
LONGEST_PAYLOAD = 64
MOST_FILES = 9
START = "!cmd=start"

_TICKET_SHAPE = re.compile(r"[A-Za-z0-9_-]{40,64}")
_ID_SHAPE = re.compile(r"[A-Za-z0-9_-]{8,64}")

AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class MessageForm:
    """What the composer or a button posts; `id` is made by the page so that a retry is harmless."""

    id: str
    text: str
    value: str
    photos: tuple[UploadFile, ...]


async def read_form(request: AnyRequest) -> MessageForm:
    """The posted message. Raises ValidationException when it cannot be one."""
    form = await request.form()
    id, text, value = (str(form.get(name) or "") for name in ("id", "text", "value"))
    if not _ID_SHAPE.fullmatch(id) or len(text) > LONGEST_TEXT or len(value) > LONGEST_PAYLOAD:
        raise ValidationException("这条消息太长了，请分几次说。")
    photos = [part for part in form.getall("photos", []) if isinstance(part, UploadFile)]
    if len(photos) > MOST_FILES:
        raise ValidationException(f"一次最多发 {MOST_FILES} 张照片。")
    return MessageForm(id, text.strip(), value, tuple(photos))


def ticket_of(request: AnyRequest) -> str | None:
    """The browser's secret, when it has a well-formed one."""
    known = cookies.read(request, site_of(request), cookies.TICKET)
    ticket = known or request.cookies.get(cookies.TICKET, "")  # of before the site had https
    return ticket if _TICKET_SHAPE.fullmatch(ticket) else None


@get("/", include_in_schema=False)
async def chat_page(request: AnyRequest) -> Template:
    """The chat with everything said so far; a new browser gets its own secret."""
    site = site_of(request)
    ticket = ticket_of(request) or new_ticket()
    lines = await _lines(site, address_of(ticket))
    context = {
        "lines": lines,
        "after": max((line.id for line in lines if not line.mine), default=0),
        "office": site.service.config.office.name,
        "message_id": new_ticket(),
        "start": START,
        "start_id": address_of(f"start {ticket}")[:32],
    }
    return Template("chat/page.html", context=context, cookies=[_cookie(site, ticket)])


@post("/chat/messages", include_in_schema=False)
async def send_message(request: AnyRequest) -> Response[Any]:
    """Store one message of the person; the same id twice is one message."""
    site = site_of(request)
    ticket = ticket_of(request)
    site.new_chat.take(client_of(request), site.now())
    if ticket is None:
        return _answer(request, {"reason": "页面放得太久了，请刷新以后再说一遍。"}, 409)
    site.chat.take(ticket, site.now())
    data = await read_form(request)
    for _ in data.photos[1:]:
        site.chat.take(ticket, site.now())  # each is worth a message: to draw one takes a second
    address = address_of(ticket)
    measures = (f"chat {address}", CHAT_LIMIT), (f"chats {client_of(request)}", NEW_CHAT_LIMIT)
    try:
        await _deliver(site, address, data, measures)
    except BadFile as bad:
        return _answer(request, {"reason": bad.reason}, 422)
    return _answer(request, {"id": data.id}, 202)


@get("/chat/files/{attachment_id:int}", include_in_schema=False)
async def own_file(request: AnyRequest, attachment_id: int) -> Response[bytes]:
    """A photo back to the browser that sent it."""
    site, ticket = site_of(request), ticket_of(request)
    async with site.db.read() as uow:
        row = await uow.attachments.get(attachment_id)
        owner = await uow.conversations.find(NAME, address_of(ticket)) if ticket else None
    is_theirs = row is not None and owner is not None and row.conversation_id == owner.id
    if row is None or not is_theirs or row.status == "deleted":
        raise NotFoundException
    return await paper(site, row)


@get("/chat/token", include_in_schema=False)
async def form_token(request: AnyRequest) -> Template:
    """A fresh form token, for a page that outlived its own."""
    return Template("chat/token.txt", media_type="text/plain")


@post("/chat/forget", include_in_schema=False, status_code=303)
async def forget(request: AnyRequest) -> Redirect:
    """Let the next person at a shared phone begin anew; the records at the office stay."""
    gone = [cookies.make(site_of(request), cookies.TICKET, "", 0)]
    redirect = Redirect("/", status_code=303, cookies=gone)
    if site_of(request).https:
        redirect.delete_cookie(cookies.TICKET)
    return redirect


async def _lines(site: Site, address: str) -> list[Said]:
    async with site.db.read() as uow:
        conversation = await uow.conversations.find(NAME, address)
        if conversation is None:
            return []
        return await conversation_so_far(uow, conversation.id, HISTORY, site.now())


async def _deliver(
    site: Site, address: str, data: MessageForm, measures: Sequence[tuple[str, Limit]]
) -> None:
    """Hand the message over once. Raises BadFile before anything is stored, and TooMany."""
    external_id = f"{address[:16]}:{data.id}"
    async with site.db.read() as uow:
        if await uow.inbox.by_external(NAME, external_id) is not None:
            return
    text = data.text
    if data.value and not text and data.value != START:
        text = title_of(reversed(await _lines(site, address)), data.value)
    files = await _keep(site, address, data.photos)
    if not (text or data.value or files):
        raise ValidationException("这条消息是空的。")
    inbound = Inbound(
        NAME,
        address,
        external_id,
        sent_at=site.now(),
        text=text,
        value=data.value or None,
        files=files,
    )
    await site.service.intake.accept(inbound, measures)
    site.service.webchat.ring(address)


async def _keep(
    site: Site, address: str, photos: tuple[UploadFile, ...]
) -> tuple[InboundFile, ...]:
    """Check all files before any is recorded: an album comes whole or not at all."""
    store = site.service.files
    prepared = []
    for upload in photos:
        content = await upload.read(store.max_bytes + 1)
        if content or upload.filename:
            prepared.append(await store.prepare(content, upload.filename or ""))
    if not prepared:
        return ()
    async with site.db.write() as uow:
        talk = await uow.conversations.get_or_create(NAME, address, site.now())
        keep = partial(
            store.keep,
            uow,
            person_id=talk.person_id,
            conversation_id=talk.id,
            now=site.now(),
        )
        return tuple([await keep(one) for one in prepared])


def _answer(request: AnyRequest, document: dict[str, str], status: int) -> Response[Any]:
    """JSON for the page's script; without script, back to the page or a page that says why."""
    if "application/json" in request.headers.get("accept", ""):
        return Response(document, status_code=status, media_type="application/json")
    if "reason" in document:
        context = {"title": "没有发出去", "advice": document["reason"], "home": "/"}
        return Template("problem.html", context=context, status_code=status)
    return Redirect("/#end", status_code=303)


def _cookie(site: Site, ticket: str) -> Cookie:
    return cookies.make(site, cookies.TICKET, ticket, TICKET_DAYS * 24 * 3600)
