"""How a dropout case stands: computed from what is known to have happened, from nothing else.

Pure. Handlers add facts and take the status from here; they never choose one themselves.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flows.dropout.placements import OTHER, PLACEMENTS, Placement
from storage.kinds import CaseFactKind as K
from storage.kinds import DropoutStatus as D
from storage.kinds import ResponsibleSide

OUT_OF_SCHOOL = (D.REPORTED, D.VERIFIED, D.PERSUADING, D.CONTESTED)
BACK = (D.RETURNED, D.PLACED, D.MONITORING)
SETTLED = (D.CLOSED, D.EXCLUDED, D.DUPLICATE, D.WITHDRAWN)

ABSENT_ALARM = 3
"""After so many absent days in a row somebody is told."""

_CLOSED_AS = {"duplicate": D.DUPLICATE, "excluded": D.EXCLUDED}
_WAS_BACK = frozenset({"returned", "placed", "transferred", "deferred"})


@dataclass(frozen=True)
class Fact:
    """One thing that happened; `on` is its day, `until` the day on which something is to follow."""

    kind: K
    on: date
    detail: Mapping[str, Any] = field(default_factory=dict)
    until: date | None = None
    id: int = 0
    corrects: int | None = None


@dataclass(frozen=True)
class Standing:
    """What the facts of a case amount to."""

    status: D = D.REPORTED
    verified: Fact | None = None
    responsible: Mapping[ResponsibleSide, Fact] = field(default_factory=dict)
    plans: tuple[Fact, ...] = ()
    visits: tuple[Fact, ...] = ()
    back: Fact | None = None
    checks: Mapping[date, Fact] = field(default_factory=dict)
    times_gone: int = 0
    gone: Fact | None = None
    said_back: Fact | None = None
    closing_code: str | None = None
    said_gone: Fact | None = None

    @property
    def plan(self) -> Fact | None:
        """The family's plan in its newest version."""
        return self.plans[-1] if self.plans else None

    @property
    def placement(self) -> Placement | None:
        """Where the child is, once it is back."""
        if self.back is None:
            return None
        return PLACEMENTS.get(str(self.back.detail.get("placement")), PLACEMENTS[OTHER])

    @property
    def missing_responsible(self) -> tuple[ResponsibleSide, ...]:
        """The sides that nobody has been named for."""
        return tuple(side for side in ResponsibleSide if side not in self.responsible)

    @property
    def absent_days(self) -> int:
        """On how many of the days looked at, counted back from the last, the child was away."""
        count = 0
        for day in sorted(self.checks, reverse=True):
            if self.checks[day].detail.get("present"):
                break
            count += 1
        return count


def standing_of(facts: Iterable[Fact]) -> Standing:
    """How the case stands after these facts, in the order in which they were told."""
    standing = Standing()
    for fact in in_force(facts):
        standing = _STEPS[fact.kind](standing, fact)
    return standing


def in_force(facts: Iterable[Fact]) -> list[Fact]:
    """The facts with each corrected one replaced, in its place, by what corrects it."""
    kept: list[Fact] = []
    place: dict[int, int] = {}
    for fact in facts:
        at = place.get(fact.corrects) if fact.corrects is not None else None
        if at is None:
            at = len(kept)
            kept.append(fact)
        else:
            kept[at] = fact
        place[fact.id] = at
    return kept


def _before(s: Standing, f: Fact) -> Standing:
    status = D(f.detail["status"])
    return replace(
        s, status=status, closing_code=f.detail.get("code") if status in SETTLED else None
    )


def _verified(s: Standing, f: Fact) -> Standing:
    is_first = s.status in (D.REPORTED, D.CONTESTED) and f.detail.get("is_dropout")
    return replace(s, verified=f, status=D.VERIFIED if is_first else s.status)


def _responsible(s: Standing, f: Fact) -> Standing:
    side = ResponsibleSide(f.detail["side"])
    return replace(s, responsible={**s.responsible, side: f})


def _visit(s: Standing, f: Fact) -> Standing:
    status = D.PERSUADING if s.status in OUT_OF_SCHOOL else s.status
    status = D.MONITORING if s.status in BACK else status
    return replace(s, visits=(*s.visits, f), status=status)


def _plan(s: Standing, f: Fact) -> Standing:
    status = D.PERSUADING if s.status in OUT_OF_SCHOOL else s.status
    return replace(s, plans=(*s.plans, f), status=status)


def _said_back(s: Standing, f: Fact) -> Standing:
    return replace(s, said_back=f)


def _said_gone(s: Standing, f: Fact) -> Standing:
    return replace(s, said_gone=f) if s.status in BACK else s


def _return(s: Standing, f: Fact) -> Standing:
    if s.status in SETTLED:
        return s
    came = replace(s, back=f, checks={}, said_back=None, said_gone=None)
    placement = came.placement
    is_return = placement is not None and placement.is_return
    return replace(came, status=D.RETURNED if is_return else D.PLACED)


def _attendance(s: Standing, f: Fact) -> Standing:
    if s.status not in BACK:
        return s
    gone = None if f.detail.get("present") else s.said_gone
    return replace(s, checks={**s.checks, f.on: f}, status=D.MONITORING, said_gone=gone)


def _deferral_over(s: Standing, f: Fact) -> Standing:
    return _out_again(s, f) if s.placement is not None and s.placement.is_deferral else s


def _reopen(s: Standing, f: Fact) -> Standing:
    was_back = s.back is not None or s.status in BACK or s.closing_code in _WAS_BACK
    return replace(_out_again(s, f), times_gone=s.times_gone + (1 if was_back else 0))


def _out_again(s: Standing, f: Fact) -> Standing:
    again = replace(s, status=D.PERSUADING, back=None, checks={}, closing_code=None)
    return replace(again, gone=f, said_back=None, said_gone=None)


def _close(s: Standing, f: Fact) -> Standing:
    code = str(f.detail.get("code") or "")
    return replace(s, status=_CLOSED_AS.get(code, D.CLOSED), closing_code=code)


_STEPS: Mapping[K, Callable[[Standing, Fact], Standing]] = {
    K.BEFORE: _before,
    K.VERIFIED: _verified,
    K.RESPONSIBLE: _responsible,
    K.VISIT: _visit,
    K.PLAN: _plan,
    K.SAID_BACK: _said_back,
    K.SAID_GONE: _said_gone,
    K.RETURN: _return,
    K.ATTENDANCE: _attendance,
    K.DEFERRAL_OVER: _deferral_over,
    K.REOPEN: _reopen,
    K.CLOSE: _close,
}
