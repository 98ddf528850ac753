"""What people reply to a reminder: kept with it, and told where somebody has to know it."""

from datetime import datetime

from bot.cases.notices import tell_assignee
from bot.errors import NotFound, Refused
from bot.gate.repeating import of_key
from bot.handlers.acting import Acting, Outcome
from bot.pushes.claims import HANDED_IN
from bot.words import render, sentences
from flows.commands import AnswerReminder
from storage.models.reminder import Reminder

_HEARD, _STOP = "ok", "stop"


async def answer_reminder(turn: Acting, command: AnswerReminder) -> Outcome:
    """Keep the last answer; the same one again changes nothing."""
    person = await turn.person()
    row = await turn.uow.reminders.get(command.reminder, lock=True)
    if row is None or row.person_id != person.id or row.status == "waiting":
        raise NotFound
    again = False
    if command.again_at is not None:
        again = await _plan_again(turn, row, command.again_at)
    elif command.answer != _HEARD:  # whatever else is said, it need not come again for that
        await turn.uow.reminders.cancel_again(row.id)
    if command.answer == _STOP and row.reference is not None:
        # It holds at once for this matter, whether or not they go on to say what else to stop.
        await turn.uow.reminders.cancel_for(row.reference, row.kind)
    if row.answer == command.answer and not again:
        return Outcome(row.reference, status=row.answer, changed=False)
    row.answer, row.answered_at = command.answer, turn.now
    record = await turn.uow.records.get(row.reference) if row.reference else None
    key = f"reminder.note_{command.answer}"
    note = render(key) if key in sentences() else ""
    await turn.audit("answer_reminder", record, kind=row.kind, answer=command.answer, note=note)
    if command.answer == HANDED_IN and record is not None:
        await tell_assignee(turn, record, "officer.handed_in")
    return Outcome(row.reference, status=command.answer)


async def _plan_again(turn: Acting, row: Reminder, at: datetime) -> bool:
    """The same once more at the moment that suits the person."""
    if at <= turn.now:
        raise Refused(render("refused.past"))
    await turn.uow.reminders.cancel_again(row.id)
    if row.reference is not None:  # the moment that suits stands in for what would come next
        await turn.uow.reminders.cancel_for(row.reference, row.kind)
    key = f"again:{row.id}:{at.isoformat()}#{of_key(row.dedupe_key)[1]}"
    whose, about = (row.person_id, row.conversation_id), row.reference
    added = await turn.uow.reminders.add(
        row.kind, *whose, at, row.text, reference=about, dedupe_key=key, about=row.about
    )
    return added is not None or await turn.uow.reminders.revive(key, at, row.text)
