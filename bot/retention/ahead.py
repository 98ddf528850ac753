"""What the next purge will remove, looked at without removing anything."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from bot.retention.step import Span, Step, day_of
from bot.retention.steps import STEPS
from bot.retention.talks import drop_drafts
from bot.workers.events import Rules
from storage.models.conversation import Conversation
from storage.uow import UnitOfWork

_PAGE = 500


@dataclass(frozen=True)
class Ahead:
    """One step: how much is over, and the day of the oldest of it."""

    step: Step
    count: int
    oldest: date | None


async def ahead(uow: UnitOfWork, now: datetime, rules: Rules) -> list[Ahead]:
    """Each step that has something to remove; what it drags along comes on top."""
    done = await uow.purges.finished_until()
    found = []
    for step in STEPS:
        if step.removes:
            span = Span(now, now - step.period(rules), done.get(step.name), rules)
            found.append(await _of_step(uow, step, span))
    return [each for each in found if each.count]


async def _of_step(uow: UnitOfWork, step: Step, span: Span) -> Ahead:
    if step.table is Conversation:
        return await _drafts(uow, step, span)
    query = select(func.count(), func.min(step.moment)).where(*step.over(span))
    count, oldest = (await uow.session.execute(query)).one()
    return Ahead(step, count, day_of(oldest))


async def _drafts(uow: UnitOfWork, step: Step, span: Span) -> Ahead:
    """Drafts lie sealed inside the talks: these are opened and dropped in a copy that is let go."""
    count, after, oldest = 0, 0, None
    while True:
        query = select(Conversation).where(Conversation.id > after, *step.over(span))
        talks = (await uow.session.scalars(query.order_by(Conversation.id).limit(_PAGE))).all()
        if not talks:
            return Ahead(step, count, oldest)
        after = talks[-1].id
        for talk in talks:
            uow.session.expunge(talk)
            dropped = drop_drafts(talk, span.until)
            day = day_of(talk.updated_at)
            if dropped and day is not None:
                oldest = min(day, oldest) if oldest else day
            count += dropped
