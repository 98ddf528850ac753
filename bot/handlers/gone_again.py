"""A child that was back and may be gone again: all who answer for it hear at once.

Whether the case goes back to persuading is for a person to decide, by opening it again.
"""

from datetime import timedelta

from bot.cases.assignments import supervisors
from bot.cases.deadlines import set_clock
from bot.cases.notices import tell_assignee, tell_officers
from bot.cases.records import Record
from bot.handlers.acting import Acting
from bot.handlers.facts import is_dropout, learn, standing_now
from bot.words import render
from flows.dropout.standing import BACK, Standing
from storage.kinds import CaseFactKind
from storage.models.case import Case

_ALARM = timedelta(hours=24)
"""How soon somebody must have asked why a child stays away again."""


async def absent_again(turn: Acting, case: Case, standing: Standing) -> None:
    """So many absent days in a row that somebody must find the child."""
    await _alarm(turn, case, standing, "officer.absent", days=standing.absent_days)


async def said_gone(turn: Acting, record: Record) -> bool:
    """Somebody reports a child that is on record as back; False when that is no news."""
    if not isinstance(record, Case) or not is_dropout(record) or record.status not in BACK:
        return False
    before = await standing_now(turn.uow, record)
    is_deferred = before.placement is not None and before.placement.is_deferral
    if before.said_gone is not None or is_deferred:
        return False
    standing = await learn(turn, record, CaseFactKind.SAID_GONE, {})
    await turn.audit("said_gone", record)
    await _alarm(turn, record, standing, "officer.said_gone")
    return True


async def _alarm(turn: Acting, case: Case, standing: Standing, key: str, **values: object) -> None:
    """The owner, both who answer for the child, and without an owner those who lead the place."""
    soon = turn.now + _ALARM
    set_clock(case, turn.now, min(case.due_at or soon, soon))
    reached, phoned = [], []
    for fact in standing.responsible.values():
        number = fact.detail.get("officer")
        officer = await turn.uow.officers.get(number) if isinstance(number, int) else None
        if officer is None or not officer.active:
            phoned.append(str(fact.detail.get("name") or ""))
        elif officer.id != case.assigned_to_id and officer not in reached:
            reached.append(officer)
    names = "、".join(name for name in phoned if name)
    call = render("officer.call_them", names=names) if names else ""
    await tell_officers(turn, reached, case, key, call="", **values)
    if case.assigned_to_id is None:
        leading = await supervisors(turn.uow, case.region_code)
        await tell_officers(turn, leading, case, key, call=call, **values)
    await tell_assignee(turn, case, key, call=call, **values)
