"""Every report by its name."""

from collections.abc import Awaitable, Callable, Mapping

from bot.reports.aid import aid_report
from bot.reports.model import Report
from bot.reports.reaction import reaction_report
from bot.reports.scope import Scope
from storage.uow import UnitOfWork

Builder = Callable[[UnitOfWork, Scope], Awaitable[Report]]

REPORTS: Mapping[str, Builder] = {
    "aid": aid_report,
    "reaction": reaction_report,
}
