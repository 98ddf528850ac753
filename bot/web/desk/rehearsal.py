"""What families and officers of the own region would hear in the coming days, and what not."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import groupby
from typing import Any

from litestar import Request, get
from litestar.response import Template

from bot.clock import day_words, local
from bot.rehearsal.coming import Coming, rehearse
from bot.service.app import rules_of
from bot.web import labels
from bot.web.desk.pages import desk_page
from bot.web.door.auth import SignedIn
from bot.web.site import site_of
from bot.workers.events import Event

MOST_PEOPLE = 300
MOST_DAYS = 30
_WEEKDAYS = "一二三四五六日"
_KINDS = ("all", "sent", "held")


@get("/desk/rehearsal", include_in_schema=False)
async def rehearsal_page(
    request: Request[SignedIn, Any, Any], days: int = MOST_DAYS, show: str = "all"
) -> Template:
    """Thirty days played through on a copy; the records themselves are not touched."""
    site = site_of(request)
    now = site.now()
    until = now + timedelta(days=min(max(days, 1), MOST_DAYS))
    async with site.db.read() as uow:
        officer = await request.user.officer(uow)
    rules = rules_of(site.service.config)
    coming = await rehearse(site.db, officer.region_code, now, until, MOST_PEOPLE, rules)
    async with site.db.write() as uow:
        told = {"days": (until - now).days, "people": coming.people}
        await uow.audit.add(now, "officer", officer.id, "rehearse", detail=told)
        context = _context(coming, show if show in _KINDS else "all", (until - now).days)
        return await desk_page(uow, officer, "desk/rehearsal.html", context)


def _context(coming: Coming, show: str, days: int) -> dict[str, Any]:
    lines = [_line(event, coming.names) for event in coming.events]
    sent = [line for line in lines if line["sent"]]
    held = [line for line in lines if not line["sent"]]
    shown = {"all": lines, "sent": sent, "held": held}[show]
    return {
        "days": [
            {"day": day, "lines": list(of_day)}
            for day, of_day in groupby(shown, lambda line: line["day"])
        ],
        "counts": {"all": len(lines), "sent": len(sent), "held": len(held)},
        "show": show,
        "people": coming.people,
        "left_out": coming.left_out,
        "length": days,
        "why_not": _most_common(line["why"] for line in held),
    }


def _line(event: Event, names: Mapping[str, str]) -> dict[str, Any]:
    moment = local(event.at)
    return {
        "day": f"{day_words(moment.date())} 周{_WEEKDAYS[moment.weekday()]}",
        "time": f"{moment:%H:%M}",
        "kind": labels.label(f"push.{event.kind}"),
        "to": names.get(event.to, event.to),
        "reference": event.reference,
        "text": event.text,
        "why": event.why,
        "sent": event.is_sent,
    }


def _most_common(reasons: Iterable[str]) -> list[tuple[str, int]]:
    counted: dict[str, int] = {}
    for reason in reasons:
        counted[reason] = counted.get(reason, 0) + 1
    return sorted(counted.items(), key=lambda pair: -pair[1])


HANDLERS = (rehearsal_page,)
