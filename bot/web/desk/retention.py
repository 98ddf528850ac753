"""How long everything is kept and why, what the last nights removed and what the next one will."""

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from litestar import Request, get
from litestar.response import Template

from bot.clock import local_day
from bot.retention.ahead import ahead
from bot.retention.steps import BY_NAME
from bot.rights.access import Right, check
from bot.service.app import rules_of
from bot.web.desk.pages import desk_page
from bot.web.door.auth import SignedIn
from bot.web.site import site_of
from bot.workers.events import Rules
from flows.policy.retention import Fate, Kept, load_retention
from storage.models.purge import Purge
from storage.uow import UnitOfWork

DeskRequest = Request[SignedIn, Any, Any]
NIGHTS = 14
_FATES = {
    Fate.REMOVED: "整行删掉",
    Fate.EMPTIED: "内容清空，只剩编号",
    Fate.WITH_RECORD: "跟着记录一起删",
    Fate.KEPT: "不自动清理",
}


@get("/desk/retention", include_in_schema=False)
async def retention_page(request: DeskRequest, look: bool = False) -> Template:
    """The table of truth; `look` counts what the next night will remove."""
    site = site_of(request)
    rules, today = rules_of(site.service.config), local_day(site.now())
    async with site.db.read() as uow:
        officer = await request.user.officer(uow)
        check(officer, Right.AUDIT)
        said = load_retention()
        coming = await ahead(uow, site.now(), rules) if look else []
        context = {
            "rows": [_row(kept, rules) for kept in said.tables.values()],
            "beside": said.beside,
            "nights": await _nights(uow, today),
            "looked": look,
            "coming": [(each.step.label, each.count, each.oldest) for each in coming],
        }
        return await desk_page(uow, officer, "desk/retention.html", context)


def _row(kept: Kept, rules: Rules) -> dict[str, str]:
    return {
        "holds": kept.holds,
        "how_long": how_long(kept, rules),
        "since": kept.since,
        "fate": _FATES[kept.fate],
        "why": kept.why,
        "cited": kept.cited,
    }


def how_long(kept: Kept, rules: Rules) -> str:
    """The period in days, as this office has set it."""
    if kept.fate is Fate.KEPT:
        return "一直留"
    if kept.period == "now":
        return "当夜"
    if kept.period == "own":
        return "到定好的那天"
    days: timedelta = getattr(rules, kept.period)
    return f"{days.days} 天"


async def _nights(uow: UnitOfWork, today: date) -> list[dict[str, Any]]:
    rows = await uow.purges.between(today - timedelta(days=NIGHTS), today)
    return [
        {"day": day, "gone": [_gone(row) for row in night if row.count and _is_told(row)]}
        for day, night in groupby(rows, key=lambda row: row.day)
    ]


def _is_told(row: Purge) -> bool:
    return row.step in BY_NAME and BY_NAME[row.step].removes


def _gone(row: Purge) -> str:
    oldest = f"（最早 {row.oldest}）" if row.oldest else ""
    return f"{BY_NAME[row.step].label} {row.count} 份{oldest}"


HANDLERS = (retention_page,)
