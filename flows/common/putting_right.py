"""Putting right what is filed already: "名字写错了，应该是苏日娜", said outside any form.

The office changes the record, because it may have acted on what was written.
"""

from dataclasses import dataclass

from flows import checks
from flows.commands import AmendRecord
from flows.common.choosing import MOST_SHOWN, WAYS_ON, is_mine, is_named, record_values
from flows.ports import RecordView
from flows.say import Choice, Outcome, Say
from flows.steps import Ask, Flow, Moment
from flows.vocabulary.rights import PUTS_RIGHT
from storage.kinds import RecordKind

KINDS = (
    RecordKind.AID_APPLICATION,
    RecordKind.DROPOUT_CASE,
    RecordKind.TRAINING_REGISTRATION,
)
WORTH_KEEPING = 6  # characters; "写错了" does not say what is right


@dataclass(frozen=True)
class Correction:
    """Which record, and what is right."""

    reference: str | None = None
    detail: str | None = None


async def _mine(moment: Moment) -> list[RecordView]:
    return [record for record in await moment.lookup.my_records(KINDS) if record.is_open]


async def _choices(view: Correction, moment: Moment) -> tuple[Choice, ...]:
    return tuple(
        Choice("common.record", f"!correction.reference={r.reference}", values=record_values(r))
        for r in (await _mine(moment))[:MOST_SHOWN]
    )


async def _begin(moment: Moment) -> Say | None:
    records = await _mine(moment)
    if not records:
        moment.state.stack.pop()
        return Say("correction.nothing", choices=WAYS_ON)
    heard, slots = moment.heard, moment.frame.items[0].slots
    said = {e.value for e in heard.understood.entities}
    meant = [r for r in records if is_named(r, said, heard.text)] or records
    if len(meant) == 1:
        slots["reference"] = meant[0].reference
    if heard.press is None and len(heard.text.strip()) >= WORTH_KEEPING:
        slots["detail"] = heard.text
    return None


async def _finish(views: list[Correction], moment: Moment) -> Outcome:
    reference, detail = views[0].reference or "", views[0].detail or ""
    record = await moment.lookup.my_record(reference)
    if record is None:
        return Outcome((Say("correction.not_yours", {"reference": reference}),))
    say = Say("correction.done", {"title": record.title, "reference": record.reference})
    command = AmendRecord(record.reference, note=PUTS_RIGHT + detail)
    return Outcome((say.marked(status=record.reference),), (command,))


CORRECTION = Flow(
    name="correction",
    slots=Correction,
    confirm=None,
    keeps_draft=False,
    begin=_begin,
    steps=(
        Ask("reference", takes=("case_number",), choices=_choices, check=is_mine),
        Ask("detail", takes=("detail",), check=checks.some_words("detail")),
    ),
    finish=_finish,
)
