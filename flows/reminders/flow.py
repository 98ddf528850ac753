"""A person's own reminder: what to say, and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows import checks
from flows.commands import SetReminder
from flows.say import Outcome, Say
from flows.steps import Ask, Flow, Moment, Problem
from nlu.types import Intent


@dataclass(frozen=True)
class OwnReminder:
    """What to be reminded of, and the moment in ISO form."""

    remind_at: str | None = None
    reminder_text: str | None = None


async def _begin(moment: Moment) -> Say | None:
    """ "下个月三号上午提醒我交户口本" says both at once."""
    heard = moment.heard
    slots = moment.frame.items[0].slots
    if heard.moment is not None and heard.moment > moment.now:
        slots["remind_at"] = heard.moment.isoformat()
    if heard.moment_topic:
        slots["reminder_text"] = heard.moment_topic
    return None


def _in_future(value: Any, moment: Moment) -> Problem | None:
    is_past = datetime.fromisoformat(str(value)) <= moment.now
    return Problem("slot.remind_at.past") if is_past else None


async def _finish(views: list[OwnReminder], moment: Moment) -> Outcome:
    view = views[0]
    due_at = datetime.fromisoformat(view.remind_at or "")
    text = view.reminder_text or ""
    say = Say("reminders.set", {"when": due_at, "what": text})
    return Outcome((say.marked(flow="reminders"),), (SetReminder(text, due_at),))


REMINDER = Flow(
    name="reminders",
    slots=OwnReminder,
    starts_on=frozenset({Intent.SET_REMINDER}),
    confirm=None,
    keeps_draft=False,
    carries=False,
    begin=_begin,
    steps=(
        Ask("remind_at", takes=("remind_at",), check=_in_future),
        Ask("reminder_text", takes=("reminder_text",), check=checks.some_words("reminder_text")),
    ),
    finish=_finish,
)
