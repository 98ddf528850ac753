"""Taking back: an application, a registration, or all data about oneself; each asks once more."""

from dataclasses import dataclass

from flows.commands import DeleteMyData, Withdraw
from flows.common.choosing import begin_with, is_mine, open_records
from flows.policy.loader import load
from flows.policy.retention import load_retention
from flows.ports import RecordView
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


async def _begin_delete(moment: Moment) -> Say | None:
    """What stays is said before the yes: which record, why, whose rule, until when."""
    kept = await moment.lookup.my_kept()
    lines = "\n".join(f"· {_why_kept(record)}" for record in kept)
    moment.frame.marks["values"] = {"kept": f"这些不能马上删：\n{lines}\n" if lines else ""}
    return None


def _why_kept(record: RecordView) -> str:
    rule = load_retention().statutory[record.kind]
    return f"{record.title}{record.reference}：{rule.why}（{rule.cited}）。{rule.until}。"


async def _delete(views: list[Nothing], moment: Moment) -> Outcome:
    """What statute makes us keep is frozen, not erased (个人信息保护法 art. 47)."""
    moment.state.drafts.clear()
    del moment.state.stack[:-1]
    moment.state.said_before.clear()
    moment.state.emergency = None
    key = "delete.done_kept" if await moment.lookup.my_kept() else "delete.done"
    days = load().sla.data_request.days
    say = Say(key, {"days": days}).marked(deleted=True)
    return Outcome((say,), (DeleteMyData(),))


DELETE = Flow(
    name="delete",
    slots=Nothing,
    starts_on=frozenset({Intent.DELETE_MY_DATA}),
    confirm="confirm_delete",
    undoes=True,
    keeps_draft=False,
    carries=False,
    begin=_begin_delete,
    steps=(),
    finish=_delete,
)
