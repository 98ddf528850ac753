"""Messages that could not be handled: tried again, or noted as dealt with by a person."""

from typing import Any

from litestar import Request, get, post
from litestar.response import Redirect, Template

from bot.errors import NotAllowed, NotFound
from bot.rights.access import Right, may, may_see
from bot.rights.territory import covers
from bot.web import labels
from bot.web.desk.pages import desk_page
from bot.web.door.auth import SignedIn
from bot.web.record.transcript import heard
from bot.web.site import site_of
from storage.kinds import Role
from storage.models.message import InboxMessage
from storage.models.officer import Officer
from storage.uow import UnitOfWork

DeskRequest = Request[SignedIn, Any, Any]


@get("/desk/parked", include_in_schema=False)
async def parked(request: DeskRequest) -> Template:
    """Messages that could not be handled; supervisors only."""
    async with site_of(request).db.read() as uow:
        officer = await _leading(request, uow)
        rows = [row for row in await uow.inbox.parked() if await _concerns(uow, officer, row)]
        lines = [
            {
                "id": row.id,
                "at": labels.clock(row.received_at),
                "channel": row.channel,
                "text": heard(row).text,
                "error": row.error,
            }
            for row in rows
        ]
        return await desk_page(uow, officer, "desk/parked.html", {"lines": lines})


@post("/desk/parked/{inbox_id:int}", include_in_schema=False)
async def settle_parked(request: DeskRequest, inbox_id: int) -> Redirect:
    """Try a parked message again, or note that a person has dealt with it."""
    site = site_of(request)
    again = (await request.form()).get("do") == "again"
    async with site.db.write() as uow:
        officer = await _leading(request, uow)
        row = await uow.inbox.get(inbox_id, lock=True)
        if row is None or row.status != "parked" or not await _concerns(uow, officer, row):
            raise NotFound("这条消息已经处理过了。")
        if again:
            row.status, row.attempts, row.handled_at = "new", 0, None
            row.ready_at = site.now()
        else:
            await uow.inbox.mark_handled(row, site.now())
        action = "retry_parked" if again else "settle_parked"
        await uow.audit.add(site.now(), "officer", officer.id, action, detail={"inbox": row.id})
    return Redirect("/desk/parked", status_code=303)


async def _leading(request: DeskRequest, uow: UnitOfWork) -> Officer:
    officer = await request.user.officer(uow)
    if not may(officer, Right.PARKED):
        raise NotAllowed("只有主管可以看这一页。")
    return officer


async def _concerns(uow: UnitOfWork, officer: Officer, row: InboxMessage) -> bool:
    """Whether the one who wrote lives, or has filed something, in the officer's region."""
    if officer.role == Role.ADMIN:
        return True
    talk = await uow.conversations.get(row.conversation_id)
    person = await uow.people.get(talk.person_id) if talk is not None else None
    if person is None:
        return False
    if person.home_region is not None and covers(officer.region_code, person.home_region):
        return True
    return any(may_see(officer, record) for record in await uow.records.of_person(person.id))


HANDLERS = (parked, settle_parked)
