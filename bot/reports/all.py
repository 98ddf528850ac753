"""Every report by its name."""

from collections.abc import Awaitable, Callable, Mapping

from bot.reports.aid import aid_report
from bot.reports.climbing import climbing_report
from bot.reports.model import Report
from bot.reports.monthly import monthly_report
from bot.reports.quarterly import quarterly_report
from bot.reports.questions import questions_report
from bot.reports.reaction import reaction_report
from bot.reports.scope import Scope
from bot.reports.training import training_report
from storage.uow import UnitOfWork

Builder = Callable[[UnitOfWork, Scope], Awaitable[Report]]

REPORTS: Mapping[str, Builder] = {
    "monthly": monthly_report,
    "quarterly": quarterly_report,
    "aid": aid_report,
    "training": training_report,
    "reaction": reaction_report,
    "climbing": climbing_report,
    "questions": questions_report,
}
