"""Every report by its name, with what the index says of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.reports import aid, climbing, monthly, quarterly, questions, reaction, training
from bot.reports.model import Heading, Report
from bot.reports.scope import Scope
from storage.uow import UnitOfWork


@dataclass(frozen=True)
class Kind:
    """A report that can be asked for."""

    heading: Heading
    build: Callable[[UnitOfWork, Scope], Awaitable[Report]]


REPORTS: Mapping[str, Kind] = {
    kind.heading.name: kind
    for kind in (
        Kind(monthly.HEADING, monthly.monthly_report),
        Kind(quarterly.HEADING, quarterly.quarterly_report),
        Kind(aid.HEADING, aid.aid_report),
        Kind(training.HEADING, training.training_report),
        Kind(reaction.HEADING, reaction.reaction_report),
        Kind(climbing.HEADING, climbing.climbing_report),
        Kind(questions.HEADING, questions.questions_report),
    )
}
