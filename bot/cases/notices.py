"""Telling people and officers what happened to a record; always queued, never sent from here."""

from collections.abc import Iterable
from datetime import datetime

from bot.cases.deadlines import is_urgent
from bot.cases.records import Record, subject_name
from bot.clock import spoken
from bot.gate.hours import for_family, for_officer
from bot.handlers.acting import Acting
from bot.officers.buttons import ABOUT, buttons
from bot.rights.masking import masked_name
from bot.rights.territory import place_name
from bot.turns.topics import topic_of_record
from bot.words import render
from storage.models.officer import Officer


async def tell_person(turn: Acting, record: Record, key: str, **values: object) -> bool:
    """Queue a sentence for the one who filed the record; False when there is no chat to use.

    Where others use the phone too it only says that there is news; at night it waits.
    """
    if record.conversation_id is None:
        return False
    conversation = await turn.uow.conversations.get(record.conversation_id)
    if conversation is None or conversation.gone_at is not None:
        return False
    person = await turn.uow.people.get(conversation.person_id)
    is_shared = person is not None and person.is_phone_shared
    text = render(key, **{"reference": record.reference, **values})
    text = render("reminder.neutral") if is_shared else text
    topic, due = topic_of_record(record.reference), for_family(turn.now)
    await turn.uow.outbox.add(conversation.id, text, [], {}, turn.now, due, topic=topic)
    return True


async def tell_officers(
    turn: Acting, officers: Iterable[Officer], record: Record, key: str, **values: object
) -> None:
    """Put a notice on each officer's desk, and a neutral line with buttons into a linked chat.

    The officer who makes the change is not told about it. The chat is quiet at night and on days
    off, unless a child is in danger.
    """
    text = render(key, **{**about(record), **values})
    for officer in officers:
        if turn.by.role is not None and officer.id == turn.by.id:
            continue
        await turn.uow.notices.add(officer.id, record.reference, text, turn.now)
        if officer.conversation_id is not None:
            shown, custom = buttons(record, officer), {ABOUT: record.reference}
            at = turn.now
            due = at if is_urgent(record) else for_officer(at, officer.region_code)
            await turn.uow.outbox.add(officer.conversation_id, text, shown, custom, at, due)


async def tell_assignee(turn: Acting, record: Record, key: str, **values: object) -> None:
    """Tell the officer who is answerable for the record."""
    if record.assigned_to_id is None:
        return
    officer = await turn.uow.officers.get(record.assigned_to_id)
    if officer is not None:
        await tell_officers(turn, [officer], record, key, **values)


def about(record: Record) -> dict[str, str]:
    """What a short line may say of a record: masked name, place, by when."""
    name = subject_name(record)
    return {
        "reference": record.reference,
        "kind": kind_name(record),
        "name": masked_name(name) if name else render("officer.unknown_name"),
        "place": place_name(record.region_code) or render("officer.unknown_place"),
        "due": due_words(record.due_at),
    }


def kind_name(record: Record) -> str:
    """The kind in the office's words; an escalation says which."""
    type_ = getattr(record, "type", None)
    return render(f"escalation.{type_}" if type_ else f"kind.{record.kind}")


def due_words(due_at: datetime | None) -> str:
    """A deadline as people say it."""
    return spoken(due_at) if due_at else render("officer.unknown_due")
