"""运行状况: how the service is, for the administrator who has no other monitoring."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from litestar import Request, get, post
from litestar.response import Redirect, Template
from markupsafe import Markup

from bot.clock import local
from bot.errors import NotAllowed, NotFound
from bot.rights.access import Right, may
from bot.watch.concerns import Concern
from bot.watch.parts import Part, State
from bot.watch.snapshot import Snapshot
from bot.watch.watch import Watch
from bot.web import labels
from bot.web.charts.hours import hours
from bot.web.charts.svg import Point
from bot.web.desk.pages import desk_page
from bot.web.door.auth import SignedIn
from bot.web.site import site_of
from storage.models.officer import Officer
from storage.repositories.figures import Queue
from storage.uow import UnitOfWork

HOURS = 24
UNSENT_DAYS = timedelta(days=7)
MOST_UNSENT = 50
_SIZES = (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10))

DeskRequest = Request[SignedIn, Any, Any]


@get("/desk/running", include_in_schema=False)
async def running(request: DeskRequest) -> Template:
    """What to look at now, then how everything is."""
    site = site_of(request)
    watch, now = site.service.watch, site.now()
    async with site.db.read() as uow:
        officer = await _running(request, uow)
    watch.snapshots.forget()
    found = await watch.look(site.service.is_ready)
    seen = watch.snapshots.last
    async with site.db.read() as uow:
        context = {
            "concerns": [_concern(each) for each in found],
            "parts": [_part(part) for part in watch.parts_found],
            "queues": list(_queues(seen)) if seen else [],
            "people": _people(seen) if seen else [],
            "facts": list(_facts(watch, seen)) if seen else [],
            "processes": [
                {"name": name, "since": labels.clock(since)}
                for name, since in (seen.processes if seen else ())
            ],
            "unsent": await _unsent(uow, now),
            "heard": _heard(await uow.figures.heard_each_hour(now, HOURS), now),
            "at": labels.clock(now),
        }
        return await desk_page(uow, officer, "desk/running.html", context)


@post("/desk/running/unsent/{outbox_id:int}", include_in_schema=False)
async def send_again(request: DeskRequest, outbox_id: int) -> Redirect:
    """An answer that was given up is tried once more."""
    site = site_of(request)
    async with site.db.write() as uow:
        officer = await _running(request, uow)
        if not await uow.outbox.try_again(outbox_id, site.now()):
            raise NotFound("这条消息已经处理过了。")
        detail = {"outbox": outbox_id}
        await uow.audit.add(site.now(), "officer", officer.id, "send_again", detail=detail)
    return Redirect("/desk/running#unsent", status_code=303)


async def _running(request: DeskRequest, uow: UnitOfWork) -> Officer:
    officer = await request.user.officer(uow)
    if not may(officer, Right.RUNNING):
        raise NotAllowed("只有管理员可以看这一页。")
    return officer


def _concern(concern: Concern) -> dict[str, Any]:
    said = labels.label(f"running.{concern.key}")
    what = labels.label(f"channel.{concern.what}") if concern.what else ""
    words = said.format(count=concern.count, waits=span_words(concern.waits), what=what)
    return {**asdict(concern), "said": words}


def _part(part: Part) -> dict[str, Any]:
    first, _, what = part.name.partition(" ")
    name = labels.label(f"running.name.{first}")
    named = f"{name} · {labels.label(f'channel.{what}')}" if what else name
    return {"name": named, "well": part.state is State.WELL, "state": str(part.state)}


def _queues(seen: Snapshot) -> Iterator[dict[str, Any]]:
    yield _queue(seen, "inbox", seen.inbox)
    for channel, queue in seen.outbox.items():
        yield _queue(seen, "outbox", queue, channel)
    yield _queue(seen, "reminders", seen.reminders)
    yield _queue(seen, "parked", seen.parked, href="/desk/parked")


def _queue(
    seen: Snapshot, key: str, queue: Queue, channel: str = "", href: str = ""
) -> dict[str, Any]:
    name = labels.label(f"running.queue.{key}")
    return {
        "name": f"{name} · {labels.label(f'channel.{channel}')}" if channel else name,
        "count": queue.count,
        "waits": span_words(seen.since(queue.oldest)) if queue.count else "",
        "href": href,
    }


def _people(seen: Snapshot) -> list[dict[str, Any]]:
    """What officers have let lie."""
    rows = [
        {
            "name": labels.label(f"running.call.{kind}"),
            "count": queue.count,
            "waits": span_words(seen.since(queue.oldest)),
        }
        for kind, queue in seen.unacknowledged.items()
    ]
    late = sum(many for (_, _, held), many in seen.overdue.items() if held)
    nobody = sum(many for (_, _, held), many in seen.overdue.items() if not held)
    for key, many in (("late", late), ("nobody", nobody), ("supervised", seen.supervised_late)):
        rows.append({"name": labels.label(f"running.{key}"), "count": many, "waits": ""})
    return rows


def _facts(watch: Watch, seen: Snapshot) -> Iterator[tuple[str, str]]:
    saved = f"{span_words(seen.since(seen.backed_up))}前" if seen.backed_up else "还没有做过"
    yield "最近一次备份", saved
    yield "最近一次清理到期资料", labels.day(seen.purged) or "还没有"
    tick = watch.pulse.tick
    yield "最近一次定时检查（这个进程）", labels.clock(tick.at) if tick else "不在这个进程里做"
    yield "磁盘还空着", f"{size_words(seen.disk.free)}（{seen.disk.share:.0%}）"
    yield "数据库大小", size_words(seen.bytes)
    yield "版本", f"{watch.build['version']}，数据库结构 {seen.revision}"


async def _unsent(uow: UnitOfWork, now: datetime) -> list[dict[str, Any]]:
    """Without what they say: to send again one need not read it."""
    rows = await uow.outbox.given_up(now - UNSENT_DAYS, MOST_UNSENT)
    talks = await uow.conversations.all_of({row.conversation_id for row in rows})
    channels = {talk.id: talk.channel for talk in talks}
    return [
        {
            "id": row.id,
            "at": labels.clock(row.due_at),
            "channel": labels.label(f"channel.{channels[row.conversation_id]}"),
            "error": row.error or "",
        }
        for row in rows
    ]


def _heard(counts: list[int], now: datetime) -> Markup:
    first = local(now) - timedelta(hours=HOURS - 1)
    names = [f"{first + timedelta(hours=number):%H}点" for number in range(HOURS)]
    points = [Point(name, many) for name, many in zip(names, counts, strict=True)]
    return hours("最近 24 小时每小时来了多少条消息", points)


def span_words(span: timedelta) -> str:
    """About how long: 40 秒, 5 分钟, 3 小时, 2 天."""
    seconds = int(span.total_seconds())
    for unit, length in (("天", 86400), ("小时", 3600), ("分钟", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} 秒"


def size_words(many: int) -> str:
    """A number of bytes as people say it."""
    for unit, length in _SIZES:
        if many >= length:
            return f"{many / length:.1f} {unit}"
    return f"{many} 字节"


HANDLERS = (running, send_again)
