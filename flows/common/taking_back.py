"""Taking back: an application, a registration, or all data about oneself; each asks once more."""

from dataclasses import dataclass

from flows.commands import DeleteMyData, Withdraw
from flows.common.choosing import begin_with, is_mine, open_records
from flows.say import Outcome, Say
from flows.steps import Ask, Flow, Moment
from nlu.types import Intent
from storage.kinds import RecordKind


@dataclass(frozen=True)
class OneRecord:
    """The record meant."""

    reference: str | None = None


@dataclass(frozen=True)
class Nothing:
    """A flow that only asks for a yes."""


def _taking_back(name: str, kind: RecordKind, intent: Intent, confirm: str) -> Flow[OneRecord]:
    async def begin(moment: Moment) -> Say | None:
        return await begin_with(kind, moment, f"{name}.nothing", filed=True)

    async def finish(views: list[OneRecord], moment: Moment) -> Outcome:
        record = await moment.lookup.my_record(views[0].reference or "")
        if record is None or record.kind is not kind or not record.is_mine:
            return Outcome((Say(f"{name}.nothing"),))
        say = Say(f"{name}.done", {"reference": record.reference, "title": record.title})
        return Outcome((say.marked(status=record.reference),), (Withdraw(record.reference),))

    return Flow(
        name=name,
        slots=OneRecord,
        starts_on=frozenset({intent}),
        confirm=confirm,
        undoes=True,
        keeps_draft=False,
        carries=False,
        begin=begin,
        steps=(
            Ask(
                "reference",
                takes=("case_number",),
                choices=open_records(kind, name, filed=True),
                check=is_mine,
            ),
        ),
        finish=finish,
    )


WITHDRAW = _taking_back(
    "withdraw",
    RecordKind.AID_APPLICATION,
    Intent.WITHDRAW_APPLICATION,
    "confirm_withdraw",
)
CANCEL_REGISTRATION = _taking_back(
    "cancel_registration",
    RecordKind.TRAINING_REGISTRATION,
    Intent.CANCEL_REGISTRATION,
    "confirm_cancel",
)


async def _delete(views: list[Nothing], moment: Moment) -> Outcome:
    """What statute makes us keep is frozen, not erased (个人信息保护法 art. 47)."""
    moment.state.drafts.clear()
    del moment.state.stack[:-1]
    moment.state.said_before.clear()
    moment.state.emergency = None
    say = Say("delete.done").marked(deleted=True)
    return Outcome((say,), (DeleteMyData(),))


DELETE = Flow(
    name="delete",
    slots=Nothing,
    starts_on=frozenset({Intent.DELETE_MY_DATA}),
    confirm="confirm_delete",
    undoes=True,
    keeps_draft=False,
    carries=False,
    steps=(),
    finish=_delete,
)
