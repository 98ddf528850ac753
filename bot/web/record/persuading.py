"""The parts of a dropout case's page on bringing the child back: who answers, plan, visits."""

from collections.abc import Mapping
from typing import Any

from bot.cases.life import Life, plan_view, responsible_view, visits_view
from bot.cases.records import Record
from bot.handlers.facts import is_dropout, standing_now
from bot.web.changes.form import Options
from bot.words import render
from flows.dropout.standing import Fact
from storage.kinds import ResponsibleSide
from storage.models.case import Case
from storage.uow import UnitOfWork

NOT_A_CORRECTION = ("", "不是更正，是新的一次")


def responsible_section(life: Life, names: Mapping[int, str]) -> dict[str, Any]:
    """The two who answer for the child, and the sides that nobody is named for."""
    people = responsible_view(life.standing, names)
    return {
        "people": [{**one, "side": render(f"side.{one['side']}")} for one in people],
        "missing": [
            render(f"side.{side.value}")
            for side in ResponsibleSide
            if side in life.standing.missing_responsible
        ],
    }


def plan_section(life: Life) -> dict[str, Any]:
    """The family's plan, the newest version first."""
    plans = [plan_view(plan, n) for n, plan in enumerate(life.standing.plans, 1)]
    for plan in plans:
        plan["resources"] = [render(f"resource.{name}") for name in plan["resources"]]
    return {"newest": plans[-1] if plans else None, "older": list(reversed(plans[:-1]))}


def visits_section(life: Life) -> dict[str, Any]:
    """Every entry, the newest first; what was put right stays readable."""
    entries = visits_view(life)
    numbers = {entry["id"]: number for number, entry in enumerate(entries, 1)}
    for entry in entries:
        entry["number"] = numbers[entry["id"]]
        entry["corrects"] = numbers.get(entry["corrects"])
        entry["corrected_by"] = numbers.get(entry["corrected_by"])
    return {"count": len(life.standing.visits), "entries": list(reversed(entries))}


async def visits_to_correct(uow: UnitOfWork, record: Record) -> Options:
    """The entries that a new one may put right, the newest first."""
    if not isinstance(record, Case) or not is_dropout(record):
        return (NOT_A_CORRECTION,)
    visits = (await standing_now(uow, record)).visits
    return (NOT_A_CORRECTION, *((str(fact.id), _in_short(fact)) for fact in reversed(visits)))


def _in_short(fact: Fact) -> str:
    met = fact.detail.get("met")
    return f"{fact.on.isoformat()} {fact.detail.get('method', '')}{f'，见到{met}' if met else ''}"
