"""The file of one child (一生一案) as desk and JSON API tell it, from the facts of its case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import day_words, local_day
from bot.handlers.facts import as_fact, standing_now
from bot.words import render
from flows.dropout.next_step import NextStep, Who, next_check, next_step, side_of
from flows.dropout.standing import BACK, Fact, Standing
from flows.workdays import calendar_for
from storage.kinds import ResponsibleSide
from storage.models.case import Case
from storage.uow import UnitOfWork


@dataclass(frozen=True)
class Life:
    """A case, how it stands, and every entry ever made of a visit."""

    case: Case
    standing: Standing
    entries: tuple[Fact, ...]
    owner: str
    now: datetime

    @property
    def next(self) -> NextStep | None:
        """What is to be done next."""
        return step_of(self.case, self.standing, self.now)

    @property
    def next_words(self) -> str:
        """The next step as one sentence; empty once there is none."""
        step = self.next
        if step is None:
            return ""
        told = {"who": self._who(step), "what": render(f"next.{step.key}")}
        if step.by is None:
            return render("next.open", **told)
        key = "next.late" if step.by < local_day(self.now) else "next.by"
        return render(key, **told, day=day_words(step.by))

    def _who(self, step: NextStep) -> str:
        named = [self.standing.responsible.get(side) for side in side_of(step.who)]
        names = [str(fact.detail["name"]) for fact in named if fact is not None]
        if names:
            return "、".join(names)
        return render("next.second") if step.who is Who.SECOND else self.owner


def step_of(case: Case, standing: Standing, now: datetime) -> NextStep | None:
    """What is to be done next on a case; None once it is settled, whatever its facts say."""
    if not case.is_open:
        return None
    due = local_day(case.due_at) if case.due_at else None
    asked = case.close_requested_by_id is not None
    is_workday = calendar_for(case.region_code).is_workday
    return next_step(standing, due, asked, is_workday, local_day(now))


async def life_of(uow: UnitOfWork, case: Case, names: Mapping[int, str], now: datetime) -> Life:
    """How a case stands now."""
    entries = [as_fact(row) for row in await uow.case_facts.of(case) if row.kind == "visit"]
    owner = names.get(case.assigned_to_id or 0, render("next.nobody"))
    return Life(case, await standing_now(uow, case), tuple(entries), owner, now)


def life_view(life: Life, names: Mapping[int, str]) -> dict[str, Any]:
    """The file as JSON: plain values, days in ISO."""
    standing = life.standing
    return {
        "verified": _verified(standing.verified),
        "responsible": responsible_view(standing, names),
        "plan": _plan(standing),
        "visits": visits_view(life),
        "placement": _placement(standing),
        "attendance": _attendance(life),
        "times_gone": standing.times_gone,
        "next_step": life.next_words or None,
    }


def _verified(fact: Fact | None) -> dict[str, Any] | None:
    if fact is None:
        return None
    told = {key: str(fact.detail.get(key) or "") for key in ("whereabouts", "code", "note")}
    return {"on": fact.on.isoformat(), "is_dropout": bool(fact.detail.get("is_dropout")), **told}


def responsible_view(standing: Standing, names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Who answers for the child, the school's first."""
    found = [(side, standing.responsible.get(side)) for side in ResponsibleSide]
    return [
        {
            "side": side.value,
            **{key: str(fact.detail.get(key) or "") for key in ("name", "post", "phone")},
            "officer": names.get(fact.detail.get("officer") or 0),
            "since": fact.on.isoformat(),
        }
        for side, fact in found
        if fact is not None
    ]


def _plan(standing: Standing) -> dict[str, Any] | None:
    if standing.plan is None:
        return None
    return plan_view(standing.plan, len(standing.plans))


def plan_view(plan: Fact, version: int) -> dict[str, Any]:
    """One version of the family's plan."""
    return {
        "version": version,
        "on": plan.on.isoformat(),
        "by": str(plan.detail.get("by") or ""),
        "measures": str(plan.detail.get("measures") or ""),
        "resources": list(plan.detail.get("resources") or []),
        "deadline": plan.until.isoformat() if plan.until else None,
    }


def visits_view(life: Life) -> list[dict[str, Any]]:
    """Every entry in its order; one that was put right names the entry that did so."""
    right = {fact.corrects: fact.id for fact in life.entries if fact.corrects is not None}
    return [
        {
            "id": fact.id,
            "on": fact.on.isoformat(),
            **{k: str(fact.detail.get(k) or "") for k in ("method", "who", "met", "result")},
            "next_on": fact.until.isoformat() if fact.until else None,
            "files": list(fact.detail.get("files") or []),
            "corrects": fact.corrects,
            "corrected_by": right.get(fact.id),
        }
        for fact in life.entries
    ]


def _placement(standing: Standing) -> dict[str, Any] | None:
    back, placement = standing.back, standing.placement
    if back is None or placement is None:
        return None
    return {
        "code": placement.code,
        "name": str(back.detail.get("words") or render(f"placement.{placement.code}")),
        "school": str(back.detail.get("school") or ""),
        "on": back.on.isoformat(),
        "until": back.until.isoformat() if back.until else None,
    }


def _attendance(life: Life) -> dict[str, Any] | None:
    standing = life.standing
    is_watched = standing.placement is None or standing.placement.is_watched
    if standing.status not in BACK or not is_watched:
        return None
    is_workday = calendar_for(life.case.region_code).is_workday
    days = sorted(standing.checks)
    return {
        "present": sum(bool(fact.detail.get("present")) for fact in standing.checks.values()),
        "absent": sum(not fact.detail.get("present") for fact in standing.checks.values()),
        "absent_in_a_row": standing.absent_days,
        "last_on": days[-1].isoformat() if days else None,
        "next_on": next_check(standing, is_workday, local_day(life.now)).isoformat(),
    }
