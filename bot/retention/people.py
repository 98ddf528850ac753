"""People of whom nothing is left are forgotten, with them the proof of what they agreed to."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, or_, select, update

from bot.retention.step import Span, Step, emptied, no_time, removed
from bot.workers.events import Rules
from storage.models.conversation import Conversation
from storage.models.officer import Officer
from storage.models.person import Consent, Person
from storage.models.receipt import Receipt
from storage.models.reminder import Reminder
from storage.repositories.record_query import TABLES
from storage.uow import UnitOfWork

_NOTHING = {
    "name": None,
    "phone": None,
    "phone_hash": None,
    "home_region": None,
    "role": None,
    "join_code_hash": None,
    "join_code_until": None,
}


def _messages(rules: Rules) -> timedelta:
    return rules.messages


def _has_nothing(span: Span) -> tuple[ColumnElement[bool], ...]:
    """No record, no receipt, nothing asked for, no word for long, and no officer's own chat."""
    left = [exists().where(table.person_id == Person.id) for table in (*TABLES, Receipt)]
    spoke = exists().where(
        Conversation.person_id == Person.id, Conversation.updated_at > span.until
    )
    waits = exists().where(Reminder.person_id == Person.id, Reminder.status == "waiting")
    works = exists().where(
        Conversation.person_id == Person.id, Officer.conversation_id == Conversation.id
    )
    return Person.created_at <= span.until, ~or_(*left), ~spoke, ~waits, ~works


def _silent(span: Span) -> Sequence[ColumnElement[bool]]:
    known = or_(
        Person.name.is_not(None),
        Person.phone_hash.is_not(None),
        Person.home_region.is_not(None),
        exists().where(
            Conversation.person_id == Person.id, Conversation.address.not_like("gone:%")
        ),
    )
    return known, *_has_nothing(span)


async def _forget(uow: UnitOfWork, ids: Sequence[int], span: Span) -> int:
    """Names, phones and where they could be written to; who comes back is somebody new."""
    still = select(Person.id).where(Person.id.in_(ids), *_silent(span))
    gone = list((await uow.session.scalars(still.with_for_update(skip_locked=True))).all())
    await uow.session.execute(update(Person).where(Person.id.in_(gone)).values(**_NOTHING))
    for talk in await uow.conversations.of_people(gone):
        talk.address, talk.state, talk.gone_at = f"gone:{talk.id}", {}, talk.gone_at or span.now
    return len(gone)


def _old_consents(span: Span) -> Sequence[ColumnElement[bool]]:
    """The proof stays while anything is left that it was given for."""
    mine = Person.id == Consent.person_id
    return Consent.at <= span.until, exists().where(mine, *_has_nothing(span))


STEPS = (
    Step(
        "people",
        "久不联系的人的资料",
        Person,
        Person.created_at,
        _messages,
        _silent,
        _forget,
    ),
    Step(
        "consents",
        "过期的同意记录",
        Consent,
        Consent.at,
        lambda rules: rules.records,
        _old_consents,
        removed(Consent),
    ),
    Step(
        "join_codes",
        "用不了的合并号",
        Person,
        Person.join_code_until,
        no_time,
        lambda span: (Person.join_code_until <= span.until,),
        emptied(Person, join_code_hash=None, join_code_until=None),
    ),
)
