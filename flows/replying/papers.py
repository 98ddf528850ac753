"""Replies to a reminder of missing papers: handed in already, or on a later day."""

from datetime import datetime

from flows.commands import AnswerReminder
from flows.ports import RecordView, ReminderView
from flows.replying.wording import Answer
from flows.say import Choice, Say
from flows.talk import Talk

_SEND = Choice("reply.button.send", "!start=submit_document")


async def handed_in(talk: Talk, items: tuple[ReminderView, ...]) -> None:
    """The school is told; nobody asks again before somebody there has looked."""
    told = []
    for item in items:
        if await _still_lacking(talk, item) is not None:
            talk.do(AnswerReminder(item.id, Answer.HANDED_IN.value))
            told.append(item)
    if told:
        names = tuple(item.title for item in told if item.title)
        talk.say(Say("reply.handed_in", {"who": names or Say("reply.your_papers")}))


async def later(talk: Talk, item: ReminderView, at: datetime) -> None:
    """The same question comes again that evening, if something is still missing then."""
    if await _still_lacking(talk, item) is None:
        return
    talk.do(AnswerReminder(item.id, Answer.LATER.value, again_at=at))
    talk.say(Say("reply.later", {"when": at}, (_SEND,)))


async def _still_lacking(talk: Talk, item: ReminderView) -> RecordView | None:
    """The application, if it is open and lacks papers; else it is said how it stands."""
    record = await talk.lookup.my_record(item.reference or "")
    if record is None or not record.is_open:
        talk.say(Say("reply.settled"))
        return None
    if not record.missing_documents:
        talk.say(Say("reply.complete", {"who": record.child_name or record.title}))
        return None
    return record
