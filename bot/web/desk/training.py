"""Training sessions at the desk: what there is, who takes part, and a form to add one."""

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect, Template

from bot.clock import local_day
from bot.days import day_of
from bot.errors import Refused
from bot.handlers.acting import Acting
from bot.handlers.places import offer_places
from bot.rights.access import Right, check, may
from bot.rights.actor import Actor
from bot.rights.territory import canonical, covers
from bot.web import labels
from bot.web.desk.pages import desk_page
from bot.web.door.auth import SignedIn
from bot.web.numbers import row_number
from bot.web.site import site_of
from nlu.divisions import lookup
from storage.models.officer import Officer
from storage.models.training import TrainingSession
from storage.repositories.trainings import Standing, TrainingQuery
from storage.uow import UnitOfWork

DeskRequest = Request[SignedIn, Any, Any]
MOST_SEATS = 100_000
LATELY = timedelta(days=45)
LONGEST = 200

FIELDS = (
    ("title", "名称", "text", True, "例如：普通话基础班"),
    ("organiser", "主办单位", "text", False, ""),
    ("region", "地区代码", "text", True, "6、9 或 12 位，例如 152222"),
    ("venue", "地点", "text", False, ""),
    ("starts_on", "开始日期", "date", True, ""),
    ("ends_on", "结束日期", "date", False, ""),
    ("schedule", "上课时间", "text", False, "例如：周一到周五晚上 7 点到 9 点"),
    ("seats", "名额", "number", False, "不限就空着"),
    ("fee", "费用", "text", False, "例如：免费"),
    ("audience", "对象", "text", False, ""),
    ("level", "级别", "text", False, ""),
    ("mode", "方式", "text", False, "线下或线上"),
    ("contact", "联系人", "text", False, ""),
    ("phone", "电话", "text", False, ""),
    ("apply_by", "报名截止", "date", False, ""),
)
"""Name, label, kind, required, example."""

PLAIN = frozenset(name for name, _, kind, _, _ in FIELDS if kind == "text" and name != "region")


@get("/desk/trainings", include_in_schema=False)
async def training_list(request: DeskRequest) -> Template:
    """The sessions in the officer's region: to come, and those of the last weeks."""
    async with site_of(request).db.read() as uow:
        officer = await request.user.officer(uow)
        return await _page(request, uow, officer)


@post("/desk/trainings", include_in_schema=False)
async def add_training(request: DeskRequest) -> Response[Any]:
    """Add a session; the same title, place and first day again is an update."""
    site = site_of(request)
    form = {key: str(value).strip() for key, value in (await request.form()).items()}
    async with site.db.write() as uow:
        officer = await request.user.officer(uow)
        check(officer, Right.ADD_SESSION)
        try:
            values = session_values(form, officer)
        except Refused as refused:
            return await _page(request, uow, officer, {"refused": refused.reason, "typed": form})
        values["reference"] = _reference(local_day(site.now()))
        row, new = await uow.trainings.upsert(values)
        action = "add_session" if new else "update_session"
        if not new:  # there may be more seats now
            await offer_places(Acting(uow, Actor.officer(officer), site.now()), row.id)
        await uow.audit.add(
            site.now(), "officer", officer.id, action, row.reference, region_code=row.region_code
        )
    return Redirect("/desk/trainings", status_code=303)


def session_values(form: Mapping[str, str], officer: Officer) -> dict[str, Any]:
    """The columns of a session. Raises Refused with what is wrong."""
    for name, label, _kind, required, _example in FIELDS:
        if required and not form.get(name):
            raise Refused(f"请填{label}。")
        if len(form.get(name, "")) > LONGEST:
            raise Refused(f"{label}太长了，最多 {LONGEST} 个字。")
    region = _region(form["region"], officer)
    starts_on, ends_on = _day(form, "starts_on"), _day(form, "ends_on")
    apply_by = _day(form, "apply_by")
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise Refused("结束日期不能比开始日期早。")
    return {
        **{name: form.get(name, "") for name in PLAIN},
        "region_code": region,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "apply_by": apply_by,
        "seats": _seats(form.get("seats", "")),
        "source_key": f"desk:{region}:{form['starts_on']}:{form['title']}"[:200],
    }


def _region(code: str, officer: Officer) -> str:
    if not code.isascii() or not code.isdecimal() or lookup(canonical(code)) is None:
        raise Refused("没有这个地区代码。")
    if not covers(officer.region_code, code):
        raise Refused("这个地区不归您管。")
    return canonical(code)


def _day(form: Mapping[str, str], name: str) -> date | None:
    value = form.get(name, "")
    try:
        return day_of(value) if value else None
    except ValueError:
        raise Refused("日期请这样写：2026-11-23。") from None


def _seats(value: str) -> int | None:
    if not value:
        return None
    seats = row_number(value)
    if seats is None or not 0 < seats <= MOST_SEATS:
        raise Refused("名额要写一个大于 0 的整数。")
    return seats


def _reference(today: date) -> str:
    number = f"{secrets.randbelow(10**7):07d}"
    return f"S{today:%y}-{number[:4]}-{number[4:]}"


async def _page(
    request: DeskRequest,
    uow: UnitOfWork,
    officer: Officer,
    more: Mapping[str, Any] | None = None,
) -> Template:
    today = local_day(site_of(request).now())
    query = TrainingQuery(on_or_after=today - LATELY, limit=200)
    rows = [
        row
        for row in await uow.trainings.search(query)
        if covers(officer.region_code, row.region_code)
    ]
    standing = await uow.trainings.standing([row.id for row in rows])
    context: dict[str, Any] = {
        "sessions": [_line(row, standing[row.id]) for row in rows if row.starts_on >= today],
        "past": [_line(row, standing[row.id]) for row in rows if row.starts_on < today],
        "fields": FIELDS,
        "may_add": may(officer, Right.ADD_SESSION),
        "typed": {},
        "region_code": officer.region_code,
        **(more or {}),
    }
    status = 422 if more else 200
    return await desk_page(uow, officer, "desk/trainings.html", context, status)


def _line(row: TrainingSession, now: Standing) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "title": row.title,
        "organiser": row.organiser,
        "place": labels.place_short(row.region_code),
        "venue": row.venue,
        "days": f"{labels.day(row.starts_on)} 至 {labels.day(row.ends_on)}"
        if row.ends_on
        else labels.day(row.starts_on),
        "schedule": row.schedule,
        "taken": f"{now.taken} / {row.seats}" if row.seats is not None else f"{now.taken}（不限）",
        "waiting": now.waiting,
        "went": now.went,
        "missed": now.missed,
        "apply_by": labels.day(row.apply_by),
    }


HANDLERS = (training_list, add_training)
