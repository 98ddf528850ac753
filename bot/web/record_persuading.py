"""The part of a dropout case's page on bringing the child back: who answers, plan, visits."""

from bot.handlers.facts import is_dropout, standing_now
from bot.records import Record
from bot.web.changes.form import Options
from flows.dropout.standing import Fact
from storage.models.case import Case
from storage.uow import UnitOfWork

NOT_A_CORRECTION = ("", "不是更正，是新的一次")


async def visits_to_correct(uow: UnitOfWork, record: Record) -> Options:
    """The entries that a new one may put right, the newest first."""
    if not isinstance(record, Case) or not is_dropout(record):
        return (NOT_A_CORRECTION,)
    visits = (await standing_now(uow, record)).visits
    named = [(str(fact.id), _in_short(number, fact)) for number, fact in enumerate(visits, 1)]
    return (NOT_A_CORRECTION, *reversed(named))


def _in_short(number: int, fact: Fact) -> str:
    return f"第{number}次 {fact.on.isoformat()} {fact.detail.get('method', '')}"
