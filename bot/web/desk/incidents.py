"""安全事件 at the desk: what happened, whom to tell by when, whom it concerns; administrators."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from litestar import Request, get, post
from litestar.response import Redirect, Template

from bot.clock import local
from bot.days import moment_of as written_moment
from bot.errors import Refused
from bot.incidents import acting
from bot.incidents.standing import Facts
from bot.rights.access import Right, check
from bot.web.desk.incident_view import incident_view, line_view
from bot.web.desk.pages import desk_page
from bot.web.door.auth import SignedIn
from bot.web.site import site_of
from flows.policy.incidents import load_incidents
from storage.models.officer import Officer
from storage.uow import UnitOfWork

DeskRequest = Request[SignedIn, Any, Any]
PATH = "/desk/incidents"
Form = Mapping[str, Any]
Do = Callable[[UnitOfWork, Officer, int, Form, datetime], Awaitable[str]]


@get(PATH, include_in_schema=False)
async def incident_list(request: DeskRequest) -> Template:
    """All incidents of the place, and the form to write down a new one."""
    async with site_of(request).db.read() as uow:
        officer = await request.user.officer(uow)
        check(officer, Right.INCIDENTS)
        return await _list(request, uow, officer)


@post(PATH, include_in_schema=False)
async def new_incident(request: DeskRequest) -> Redirect | Template:
    """Begin one."""
    site = site_of(request)
    form = await _form(request)
    try:
        async with site.db.write() as uow:
            officer = await request.user.officer(uow)
            found_at = moment_of(form, "found_at")
            one = await acting.open_incident(uow, officer, found_at, facts_of(form), site.now())
            id = one.id
    except Refused as refused:
        async with site.db.read() as uow:
            officer = await request.user.officer(uow)
            return await _list(request, uow, officer, form, refused.reason)
    return Redirect(f"{PATH}/{id}", status_code=303)


@get(PATH + "/{id:int}", include_in_schema=False)
async def incident_page(request: DeskRequest, id: int, said: str = "") -> Template:
    """How one stands."""
    return await _page(request, id, said=_SAID.get(said, ""))


@post(PATH + "/{id:int}/{name:str}", include_in_schema=False)
async def incident_change(request: DeskRequest, id: int, name: str) -> Redirect | Template:
    """One more line of its log."""
    site = site_of(request)
    form = await _form(request)
    if name not in CHANGES:
        raise Refused("没有这一步。")
    try:
        async with site.db.write() as uow:
            officer = await request.user.officer(uow)
            said = await CHANGES[name](uow, officer, id, form, site.now())
    except Refused as refused:
        return await _page(request, id, refused=refused.reason)
    return Redirect(f"{PATH}/{id}?said={said}", status_code=303)


async def _list(
    request: DeskRequest, uow: UnitOfWork, officer: Officer, form: Form | None = None, why: str = ""
) -> Template:
    policy = load_incidents()
    found = await uow.incidents.of_place(officer.region_code)
    lines = [await line_view(uow, one, site_of(request).now()) for one in found]
    context = {
        "lines": lines,
        "kinds": policy.kinds,
        "data": policy.data,
        "form": {**(form or {}), "data": (form or {}).get("data", [])},
        "now": f"{local(site_of(request).now()):%Y-%m-%dT%H:%M}",
        "refused": why,
    }
    return await desk_page(uow, officer, "desk/incidents.html", context, 422 if why else 200)


async def _page(request: DeskRequest, id: int, said: str = "", refused: str = "") -> Template:
    site = site_of(request)
    async with site.db.read() as uow:
        officer = await request.user.officer(uow)
        found = await acting.standing(uow, officer, id)
        context = {
            **await incident_view(uow, found, site.service.config.office.name, site.now()),
            "said": said,
            "refused": refused,
        }
        return await desk_page(uow, officer, "desk/incident.html", context, 422 if refused else 200)


async def _facts(uow: UnitOfWork, officer: Officer, id: int, form: Form, now: datetime) -> str:
    await acting.put_facts(uow, officer, id, facts_of(form), now)
    return "facts"


async def _done(uow: UnitOfWork, officer: Officer, id: int, form: Form, now: datetime) -> str:
    at, note = moment_of(form, "at"), str(form.get("note") or "")
    await acting.put_done(uow, officer, id, str(form.get("duty") or ""), at, note, now)
    return "done"


async def _look(uow: UnitOfWork, officer: Officer, id: int, form: Form, now: datetime) -> str:
    account = await uow.officers.by_name(str(form.get("account") or "").strip())
    if account is None:
        raise Refused("没有这个账号。")
    first, last = moment_of(form, "first"), moment_of(form, "last")
    await acting.look_up(uow, officer, id, account.id, first, last, now)
    return "look"


async def _tell(uow: UnitOfWork, officer: Officer, id: int, form: Form, now: datetime) -> str:
    await acting.tell_families(uow, officer, id, str(form.get("text") or ""), now)
    return "tell"


async def _note(uow: UnitOfWork, officer: Officer, id: int, form: Form, now: datetime) -> str:
    await acting.put_note(uow, officer, id, str(form.get("text") or ""), now)
    return "note"


async def _close(uow: UnitOfWork, officer: Officer, id: int, form: Form, now: datetime) -> str:
    await acting.close(uow, officer, id, str(form.get("text") or ""), now)
    return "close"


CHANGES: Mapping[str, Do] = {
    "facts": _facts,
    "done": _done,
    "look": _look,
    "tell": _tell,
    "note": _note,
    "close": _close,
}
_SAID = {
    "facts": "情况改好了，以前写的还在记录里。",
    "done": "记下了。",
    "look": "查好了，看过的记录列在“涉及谁”里。",
    "tell": "通知已经发出去。",
    "note": "记下了。",
    "close": "已经了结。",
}


async def _form(request: DeskRequest) -> Form:
    form = await request.form()
    told: dict[str, Any] = {key: str(value) for key, value in form.items() if key != "data"}
    return {**told, "data": [str(value) for value in form.getall("data", [])]}


def facts_of(form: Form) -> Facts:
    """The facts as they were typed. Raises Refused."""
    people = str(form.get("people") or "0").strip()
    if not (people.isascii() and people.isdecimal() and len(people) < 10):
        raise Refused("人数请写数字，不知道就写 0。")
    return Facts(
        what=str(form.get("what") or ""),
        kind=str(form.get("kind") or ""),
        data=tuple(form.get("data") or ()),
        people=int(people),
        ongoing=form.get("ongoing") == "yes",
        doing=str(form.get("doing") or ""),
    )


def moment_of(form: Form, name: str) -> datetime:
    """A moment on the office's clock. Raises Refused."""
    try:
        return written_moment(str(form.get(name) or ""))
    except ValueError:
        raise Refused("时间请这样写：2026-11-26T09:30。") from None


HANDLERS = (incident_list, new_incident, incident_page, incident_change)
