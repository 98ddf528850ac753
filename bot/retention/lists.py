"""Lists of children go on the day set when they were imported; small change after years."""

from collections.abc import Sequence
from datetime import time

from sqlalchemy import ColumnElement, select

from bot.clock import at_local, local_day
from bot.handlers.acting import Acting
from bot.outreach.dropping import drop_list
from bot.retention.step import Span, Step, emptied, no_time, removed
from bot.rights.actor import SYSTEM
from storage.kinds import ListKind
from storage.models.outreach import OutreachList, OutreachRow
from storage.models.purge import Purge
from storage.models.round import Round
from storage.uow import UnitOfWork


def _outdated(span: Span) -> Sequence[ColumnElement[bool]]:
    return (OutreachList.until < local_day(span.now),)


async def _drop(uow: UnitOfWork, ids: Sequence[int], span: Span) -> int:
    turn = Acting(uow, SYSTEM, span.now)
    dropped = 0
    for id in ids:
        one = await uow.outreach.get_list(id)
        if one is not None and one.until < local_day(span.now):
            await drop_list(turn, one, "outdated")
            dropped += 1
    return dropped


def _compared_before(span: Span) -> Sequence[ColumnElement[bool]]:
    """Rows of lists (a roll is what others are compared with) that today has not looked at yet."""
    rolls = select(OutreachList.id).where(OutreachList.kind == ListKind.ENROLMENT)
    today = at_local(local_day(span.now), time.min)
    return OutreachRow.compared_at < today, OutreachRow.list_id.not_in(rolls)


STEPS = (
    Step(
        "lists",
        "到期的名单",
        OutreachList,
        OutreachList.until,
        no_time,
        _outdated,
        _drop,
        at_once=1,
    ),
    Step(
        "compare_again",
        "要重新比对的名单行",
        OutreachRow,
        OutreachRow.compared_at,
        no_time,
        _compared_before,
        emptied(OutreachRow, compared_at=None),
        removes=False,
    ),
    Step(
        "rounds",
        "早已办完的定期工作",
        Round,
        Round.at,
        lambda rules: rules.messages,
        lambda span: (Round.done_at.is_not(None), Round.at <= span.until),
        removed(Round),
    ),
    Step(
        "purges",
        "多年前的清理记录",
        Purge,
        Purge.begun_at,
        lambda rules: rules.audit,
        lambda span: (Purge.done_at <= span.until,),
        removed(Purge),
    ),
)
