"""What families ask about their own data: by when to answer, what is kept and why; supervisors."""

from datetime import datetime
from typing import Any

from litestar import Request, get, post
from litestar.response import Redirect, Template

from bot.cases.contested import Contested, all_contested
from bot.cases.data_requests import DataRequest, answer, open_requests
from bot.cases.notices import kind_name
from bot.errors import Refused
from bot.web import labels
from bot.web.desk.pages import desk_page
from bot.web.door.auth import SignedIn
from bot.web.site import site_of
from flows.policy.loader import load
from storage.kinds import RecordKind

DeskRequest = Request[SignedIn, Any, Any]
_KEPT_BY: dict[str, str] = {
    RecordKind.DROPOUT_CASE: "控辍保学台账要保存（义务教育法第13条）",
    RecordKind.AID_APPLICATION: "资助资金的依据要保存备查",
}
_OTHERWISE = "正在办理，办完才能删"


@get("/desk/requests", include_in_schema=False)
async def request_list(request: DeskRequest) -> Template:
    """The requests that wait for an answer, the longest waiting first."""
    site = site_of(request)
    async with site.db.read() as uow:
        officer = await request.user.officer(uow)
        waiting = await open_requests(uow, officer)
        contested = await all_contested(uow, officer)
        context = {
            "requests": [_in_words(each, site.now()) for each in waiting],
            "contested": [_contested(each, site.now()) for each in contested],
            "days": load().sla.data_request.days,
        }
        return await desk_page(uow, officer, "desk/requests.html", context)


@post("/desk/requests/{request_id:int}", include_in_schema=False)
async def answer_request(request: DeskRequest, request_id: int) -> Redirect:
    """Tell the family that it is done, or what cannot be deleted and why."""
    site = site_of(request)
    form = await request.form()
    reason = str(form.get("reason") or "").strip()
    if form.get("do") == "partly" and not reason:
        raise Refused("请写明为什么不能全部删除，家里会看到。")
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        why = reason if form.get("do") == "partly" else ""
        await answer(uow, officer, request_id, why, site.now())
    return Redirect("/desk/requests", status_code=303)


def _in_words(each: DataRequest, now: datetime) -> dict[str, Any]:
    return {
        "id": each.id,
        "at": labels.clock(each.at),
        "due": labels.due_words(each.due_at, now),
        "late": each.due_at <= now,
        "kept": [
            {
                "reference": row.reference,
                "kind": kind_name(row),
                "why": _KEPT_BY.get(row.kind, _OTHERWISE),
            }
            for row in each.kept
        ],
    }


def _contested(each: Contested, now: datetime) -> dict[str, Any]:
    return {
        "reference": each.record.reference,
        "kind": kind_name(each.record),
        "words": each.words,
        "at": labels.clock(each.at),
        "due": labels.due_words(each.due_at, now),
        "late": each.due_at <= now,
    }


HANDLERS = (request_list, answer_request)
