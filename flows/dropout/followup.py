"""News of a child already reported: a visit made, parents spoken to, the child back in school."""

from dataclasses import dataclass
from datetime import date

from flows import checks
from flows.commands import AmendRecord, Command, ReportReturn
from flows.common.choosing import begin_with, is_mine, open_records
from flows.papers import refs_of
from flows.say import Choice, Outcome, Say
from flows.steps import Ask, Flow, Moment
from nlu.types import Intent
from storage.kinds import RecordKind

WORTH_KEEPING = 6  # characters
_WAYS_ON = (
    Choice("menu.dropout", "!start=report_dropout"),
    Choice("menu.person", "!cmd=human"),
)


@dataclass(frozen=True)
class News:
    """Which case and what happened."""

    reference: str | None = None
    detail: str | None = None


async def _begin(moment: Moment) -> Say | None:
    """The case may be the speaker's own or one whose number they know; a number only adds to it."""
    heard = moment.heard.understood
    returned = heard.intent is Intent.REPORT_RETURN
    moment.frame.marks["returned"] = returned
    days = [str(e.value) for e in heard.entities if e.entity == "date"]
    moment.frame.marks["on"] = days[0] if days else None
    if len(heard.text) >= WORTH_KEEPING:
        moment.frame.items[0].slots["detail"] = heard.text
    named = [str(e.value) for e in heard.entities if e.entity == "case_number"]
    if named and await moment.lookup.dropout_case_exists(named[0]):
        moment.frame.items[0].slots["reference"] = named[0]
        return None
    if named:
        moment.state.stack.pop()
        return Say("followup.unknown_reference", {"reference": named[0]}, _WAYS_ON)
    guard = await begin_with(RecordKind.DROPOUT_CASE, moment, "followup.nothing")
    if guard is None:
        return None
    return Say(guard.key, choices=_WAYS_ON)


async def _finish(views: list[News], moment: Moment) -> Outcome:
    view, frame = views[0], moment.frame
    reference, note = view.reference or "", view.detail or ""
    if not await moment.lookup.dropout_case_exists(reference):
        return Outcome((Say("followup.unknown_reference", {"reference": reference}),))
    command: Command
    if frame.marks.get("returned"):
        on = frame.marks.get("on")
        command = ReportReturn(
            reference, note, date.fromisoformat(on) if on else None, refs_of(frame)
        )
        say = Say("followup.returned", {"reference": reference})
    else:
        command = AmendRecord(reference, note=note, documents=refs_of(frame))
        say = Say("followup.added", {"reference": reference})
    return Outcome((say.marked(status=reference),), (command,))


FOLLOWUP = Flow(
    name="followup",
    slots=News,
    starts_on=frozenset({Intent.UPDATE_CASE, Intent.REPORT_RETURN}),
    confirm=None,
    keeps_draft=False,
    begin=_begin,
    steps=(
        Ask(
            "reference",
            takes=("case_number",),
            choices=open_records(RecordKind.DROPOUT_CASE, "followup"),
            check=is_mine,
        ),
        Ask("detail", takes=("detail",), check=checks.some_words("detail")),
    ),
    finish=_finish,
)
