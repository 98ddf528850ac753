"""All that is asked of the database for some due reminders, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cases.contested import contested_among
from bot.cases.papers import lines_from, missing_of
from bot.cases.records import Record
from bot.gate.verdict import Item
from bot.pushes.claims import claimed_among
from flows.aid.documents import Document
from flows.policy.reminders import ReminderRules
from storage.kinds import ReminderKind
from storage.models.application import Application
from storage.models.conversation import Conversation
from storage.models.person import Person
from storage.models.reminder import Reminder
from storage.models.training import TrainingSession
from storage.uow import UnitOfWork

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Batch:
    """Due reminders of some people, those that may go along, and what their truth depends on.

    `sent` holds by person the moments of the pushes of the last seven days, `applied` the people
    with an application since the school year began. `missing` are the papers that applications
    lack of which somebody is to be reminded, `claimed` those whose papers are said to be in,
    `contested` those of which something is said to be wrong and not answered yet,
    `applications` all those of the people in question.
    """

    due: tuple[Item, ...]
    soon: tuple[Item, ...]
    records: Mapping[str, Record]
    sessions: Mapping[int, TrainingSession]
    sent: Mapping[int, list[datetime]]
    applied: Mapping[int, datetime]
    missing: Mapping[str, list[Document]]
    claimed: frozenset[str]
    contested: frozenset[str]
    applications: Mapping[int, list[Application]]


async def load_batch(
    uow: UnitOfWork, people: Collection[int], now: datetime, rules: ReminderRules
) -> Batch:
    """Read what the gate needs for these people, who are locked."""
    held = {person.id: person for person in await uow.people.all_of(people)}
    ahead = now + timedelta(hours=rules.gate.together_hours)
    rows = await uow.reminders.waiting_of(held, ahead, now)
    talks = {talk.id: talk for talk in await uow.conversations.of_people(held)}
    _turn_to_other_chats(rows, talks)
    items = [_item(row, held.get(row.person_id), talks) for row in rows]
    records = await uow.records.all_of({row.reference for row in rows if row.reference})
    sessions = {getattr(record, "session_id", None) for record in records.values()} - {None}
    missing = await _missing(uow, items, records)
    return Batch(
        due=tuple(item for item in items if item.row.due_at <= now),
        soon=tuple(item for item in items if item.row.due_at > now),
        records=records,
        sessions=await uow.trainings.all_of({int(id) for id in sessions if id is not None}),
        sent=await _sent(uow, held, now),
        applied=await uow.reminders.last_applied(held),
        missing=missing,
        claimed=await claimed_among(uow, missing),
        contested=await contested_among(uow, records),
        applications=await uow.records.applications_of(_of_graduates(items, rules)),
    )


def _turn_to_other_chats(rows: Collection[Reminder], talks: Mapping[int, Conversation]) -> None:
    """Who has another chat than the one that is gone hears of it there: in the one used last."""
    alive = sorted(
        (talk for talk in talks.values() if talk.gone_at is None),
        key=lambda talk: (talk.updated_at, talk.id),
    )
    last = {talk.person_id: talk for talk in alive}
    for row in rows:
        talk, other = talks.get(row.conversation_id), last.get(row.person_id)
        if other is not None and (talk is None or talk.gone_at is not None):
            row.conversation_id = other.id


def _item(row: Reminder, person: Person | None, talks: Mapping[int, Conversation]) -> Item:
    others = tuple(
        talk
        for talk in talks.values()
        if talk.person_id == row.person_id and talk.id != row.conversation_id
    )
    return Item(row, person, talks.get(row.conversation_id), others)


async def _missing(
    uow: UnitOfWork, items: Collection[Item], records: Mapping[str, Record]
) -> dict[str, list[Document]]:
    """The missing papers of each open application of which somebody is to be reminded."""
    named = {item.row.reference or "" for item in items if item.row.kind == ReminderKind.DOCUMENTS}
    asked = {key: records[key] for key in named if key in records and records[key].is_open}
    references = [record.reference for record in asked.values()]
    photos = await uow.attachments.of_each(references)
    reviews = await uow.recognition.reviews_of_each(references)
    return {
        key: missing_of(
            lines_from(record, photos.get(record.reference, ()), reviews.get(record.reference, ()))
        )
        for key, record in asked.items()
    }


def _of_graduates(items: Collection[Item], rules: ReminderRules) -> set[int]:
    """Whom a window may concern that is for families with a child in its last year."""
    events = {window.event for window in rules.windows if window.who == "graduates"}
    return {
        item.row.person_id
        for item in items
        if item.row.kind == ReminderKind.WINDOW and event_of(item.row) in events
    }


def event_of(row: Reminder) -> str:
    """The event of the calendar that a window's reminder is about."""
    return (row.about or "").partition(":")[2].partition(":")[0]


async def _sent(
    uow: UnitOfWork, people: Collection[int], now: datetime
) -> Mapping[int, list[datetime]]:
    """When each person was pushed to in the last week; several in one message count once."""
    found: dict[int, list[datetime]] = defaultdict(list)
    for person, at in await uow.reminders.pushed_since(people, now - WEEK):
        found[person].append(at)
    return found
