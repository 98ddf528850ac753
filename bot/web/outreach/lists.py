"""What the pages of lists show: how each stands, and its rows as far as the role allows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.clock import local_day
from bot.outreach.reading import rows_inside, shared_place
from bot.outreach.standing import COLUMNS, Standing, standing, units_below
from bot.rights.access import Right, may
from bot.rights.masking import masked_name, masked_phone
from bot.rights.territory import canonical, covers, prefixes
from bot.web import labels
from bot.web.charts.shares import shares
from bot.web.charts.svg import Point
from bot.web.listing import officer_names
from bot.web.numbers import row_number
from flows.policy.campaigns import offered
from nlu.divisions import lookup
from storage.kinds import Audience, ListKind, VisitState
from storage.models.officer import Officer
from storage.models.outreach import Campaign, OutreachList, OutreachRow
from storage.repositories.outreach import RowQuery
from storage.uow import UnitOfWork

PAGE = 50
MOST_LISTS = 100
SHOWN: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "": ("全部", {}),
    "not_applied": ("没申请的", {"applied": "none"}),
    "not_enrolled": ("在校花名册上没有的", {"enrolled": "none"}),
    "missing": ("不在册，也不在失学台账", {"enrolled": "none", "dropped": "none"}),
    "dropped": ("在失学台账上的", {"dropped": "sure"}),
    "undecided": ("等确认的", {"undecided": True}),
}
"""What can be looked at: its name, and how it is asked for."""

_OPENS = {
    ("applied", "none"): "not_applied",
    ("enrolled", "none"): "not_enrolled",
    ("dropped", "sure"): "dropped",
    **{(column, "possible"): "undecided" for column in COLUMNS},
}
"""Which of these opens what a part of a bar counts."""

_BARS = (
    ("applied", "名单和助学申请"),
    ("enrolled", "名单和在校花名册"),
    ("dropped", "名单和失学台账"),
)


async def index_context(uow: UnitOfWork, officer: Officer) -> dict[str, Any]:
    """All lists of which the officer sees a part, with their numbers."""
    cards: list[dict[str, Any]] = []
    rolls: list[dict[str, Any]] = []
    for one in await uow.outreach.lists(MOST_LISTS):
        part = shared_place(officer.region_code, one.region_code)
        if part is None:
            continue
        stands = standing(await uow.outreach.counts(rows_inside(one.id, part)))
        card = {"list": one, "kind": labels.label(f"list.{one.kind}"), "stands": stands}
        card["place"] = labels.place_short(one.region_code)
        (rolls if one.kind == ListKind.ENROLMENT else cards).append(card)
    return {
        "cards": cards,
        "rolls": rolls,
        "may_import": may(officer, Right.IMPORT),
        "kinds": [(kind.value, labels.label(f"list.{kind}")) for kind in ListKind],
        "region_code": officer.region_code,
        "may_drop": may(officer, Right.IMPORT),
    }


def asked_rows(one: OutreachList, part: str, asked: Mapping[str, str]) -> RowQuery:
    """The rows that the filters mean; a place beyond the officer's own is none of them."""
    query = rows_inside(one.id, part, limit=PAGE)
    place = canonical(asked["place"]) if asked.get("place") else part
    if place != part and covers(part, place):
        query = replace(query, places=prefixes(place))
    _, more = SHOWN.get(asked.get("show", ""), SHOWN[""])
    state = asked.get("state") or None
    return replace(query, state=state, **more)


async def list_context(
    uow: UnitOfWork, officer: Officer, one: OutreachList, part: str, asked: Mapping[str, str]
) -> dict[str, Any]:
    """One list: numbers, bars, filters, a page of rows, campaigns."""
    whole = standing(await uow.outreach.counts(rows_inside(one.id, part)))
    after = row_number(asked.get("after", "")) or 0
    query = replace(asked_rows(one, part, asked), after=after)
    rows = await uow.outreach.page(query)
    names = await officer_names(uow)
    is_roll = one.kind == ListKind.ENROLMENT
    return {
        "list": one,
        "kind": labels.label(f"list.{one.kind}"),
        "place": labels.place_short(part),
        "is_roll": is_roll,
        "by": names.get(one.imported_by_id or 0, "系统"),
        "stands": whole,
        "bars": [] if is_roll else [_bar(whole, column, title) for column, title in _BARS],
        "has_roll": await uow.outreach.has_roll(prefixes(part)),
        "asked": asked,
        "shown": [(key, name) for key, (name, _) in SHOWN.items()],
        "states": [("", "全部"), ("open", "还没走访"), *visit_states()],
        "places": _places(part, whole),
        "rows": [row_line(officer, row) for row in rows[:PAGE]],
        "next": rows[PAGE - 1].id if len(rows) > PAGE else None,
        "visits": visit_states(),
        "may_note": may(officer, Right.OUTREACH_NAMES),
        "may_export": may(officer, Right.EXPORT),
        "may_full": may(officer, Right.EXPORT_UNMASKED),
        "may_drop": may(officer, Right.IMPORT) and covers(officer.region_code, one.region_code),
        "campaigns": [_campaign(each, names) for each in await _campaigns(uow, officer, one)],
    }


def visit_states() -> list[tuple[str, str]]:
    """What can be noted of a visit."""
    return [(state.value, labels.label(f"visit.{state}")) for state in VisitState]


def new_campaign_context(now_day: Any) -> dict[str, Any]:
    """The templates that may be used, each a form of its own."""
    return {
        "templates": [
            {
                "template": one,
                "audiences": [(a.value, labels.label(f"audience.{a}")) for a in one.audiences],
            }
            for one in offered(now_day)
        ]
    }


async def _campaigns(uow: UnitOfWork, officer: Officer, one: OutreachList) -> list[Campaign]:
    return [
        each
        for each in await uow.campaigns.of_list(one.id)
        if covers(officer.region_code, each.region_code)
    ]


def _campaign(one: Campaign, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": one.id,
        "day": local_day(one.created_at),
        "by": names.get(one.created_by_id, ""),
        "audience": labels.label(f"audience.{Audience(one.audience)}"),
        "place": labels.place_short(one.region_code),
        "status": labels.label(f"campaign.{one.status}"),
    }


def row_line(officer: Officer, row: OutreachRow) -> dict[str, Any]:
    """One row in words, masked as the role wants it."""
    is_named = may(officer, Right.OUTREACH_NAMES)
    return {
        "id": row.id,
        "name": row.name if is_named else masked_name(row.name),
        "birth": row.birth_year or "",
        "school": " ".join(part for part in (row.school, row.grade) if part),
        "place": place_inside(row.region_code),
        "guardian": shown_guardian(officer, row),
        "phone": masked_phone(row.phone) if row.phone and is_named else "",
        "found": _tags(row) if row.compared_at else [],
        "state": row.state or "",
        "state_words": labels.label(f"visit.{row.state}") if row.state else "",
        "note": (row.state_note or "") if is_named else "",
    }


def shown_guardian(officer: Officer, row: OutreachRow) -> str:
    """The guardian's name, as far as the role allows."""
    name = row.guardian or ""
    return name if may(officer, Right.OUTREACH_NAMES) else masked_name(name)


def _bar(whole: Standing, column: str, title: str) -> dict[str, Any]:
    points = [
        Point(labels.label(f"{column}.{strength}"), whole.of(column, strength))
        for strength in ("sure", "possible", "none")
    ]
    legend = [
        {
            "strength": strength,
            "words": point.label,
            "many": point.value,
            "share": f"{point.value / whole.total:.0%}",
            "show": _OPENS.get((column, strength), ""),
        }
        for strength, point in zip(("sure", "possible", "none"), points, strict=True)
        if point.value
    ]
    return {"title": title, "drawn": shares(title, points), "legend": legend}


def place_inside(code: str) -> str:
    """A place below its banner, for a list of one banner; the banner itself by its name."""
    unit = lookup(canonical(code))
    return " ".join(unit.path[3:] or unit.path[-1:]) if unit else code


def _tags(row: OutreachRow) -> list[tuple[str, str]]:
    """What the comparisons say, with how it looks; that a child is in no ledger is no news."""
    found = [(getattr(row, column), column) for column in COLUMNS]
    told = [each for each in found if each != ("none", "dropped")]
    looks = {("sure", "dropped"): "none"}
    return [(looks.get(each, each[0]), labels.label(f"{each[1]}.{each[0]}")) for each in told]


def _places(part: str, whole: Standing) -> Sequence[tuple[str, str]]:
    return [(code, place_inside(code)) for code in units_below(part, whole.places)]
