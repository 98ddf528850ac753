"""Reporting a child who has stopped going to school, and carrying it to the people answerable.

The law asks guardians, village and school to bring the child back (义务教育法 arts. 4, 13, 58;
未成年人保护法 art. 28); it is explained without threat. Only health exempts (art. 11).
"""

from dataclasses import dataclass
from typing import Any

from flows import checks
from flows.commands import Command, FileRecord, UpdatePerson
from flows.dropout.never import never_went, said_at_the_start, said_when_asked
from flows.escalation.alarm import is_fresh, plain, region_code, silent_alarm
from flows.papers import EVIDENCE, refs_of
from flows.same_child import Filed, add_to_known
from flows.say import Choice, Outcome, Say
from flows.state import Item
from flows.steps import Ask, Flow, Moment
from flows.values import NOT_YET, UNKNOWN
from nlu.types import Cue, Intent
from storage.kinds import RecordKind

WHO_REPORTS = ("reporter_name", "phone")
WORKING_AGE = 16  # 禁止使用童工规定 art. 2
REASONS = (
    "illness_disability",
    "study_aversion",
    "work",
    "early_marriage",
    "migration",
    "family_care",
    "poverty",
    "delinquency",
    "other",
)


@dataclass(frozen=True)
class DropoutReport:
    """The answers of contract section 5."""

    child_name: str | None = None
    age: int | None = None
    grade: str | None = None
    school: str | None = None
    region: dict[str, Any] | None = None
    absent_since: str | None = None
    reason: str | None = None
    whereabouts: str | None = None
    guardian_name: str | None = None
    guardian_phone: str | None = None
    reporter_name: str | None = None
    phone: str | None = None


async def _begin(moment: Moment) -> Say | None:
    """An absence with leave, a transfer or a hospital stay is no dropout: ask before filing one."""
    _take_from_emergency(moment)
    said_at_the_start(moment)
    if Cue.NOT_DROPOUT not in moment.heard.understood.cues:
        return None
    moment.frame.stage = "guarding"
    choices = (
        Choice("dropout.guard.no", "!guard=no"),
        Choice("dropout.guard.yes", "!guard=yes"),
    )
    return Say("dropout.guard", choices=choices).marked(flow="dropout")


def _take_from_emergency(moment: Moment) -> None:
    """The button under an alarm reports the same child: nothing is asked or filed twice."""
    last = moment.state.emergency
    if moment.heard.press is not None and last is not None and is_fresh(last, moment.now):
        moment.frame.items[0].slots.update(last.slots)
        moment.frame.marks["alarmed"] = [0]


def _went(report: DropoutReport) -> bool:
    return report.school != never_went()


async def _heed(moment: Moment) -> Outcome:
    _know_the_parent(moment)
    return _alarm(moment)


def _know_the_parent(moment: Moment) -> None:
    """ "我就是他妈，李翠英": who the parent is and who reports are one; neither is asked twice."""
    asked = moment.frame.asked
    slots = moment.frame.items[asked.item if asked else 0].slots
    says_who = any(e.entity == "relation" for e in moment.heard.understood.entities)
    if asked and asked.slot == "guardian_name" and says_who and slots.get("guardian_name"):
        moment.frame.marks["parent_reports"] = True
    if moment.frame.marks.get("parent_reports"):
        for item in moment.frame.items:
            _copy(slots, "guardian_name", item, "reporter_name")
            _copy(slots, "guardian_phone", item, "phone")


def _copy(slots: dict[str, Any], said: str, item: Item, slot: str) -> None:
    if slots.get(said) is not None and item.is_open(slot):
        item.slots[slot] = slots[said]


def _alarm(moment: Moment) -> Outcome:
    """Suspected child labour and child marriage go to a human now, not after the form."""
    replies: list[Say] = []
    commands: list[Command] = []
    alarmed: list[int] = moment.frame.marks.setdefault("alarmed", [])
    for index, item in enumerate(moment.frame.items):
        if index in alarmed or not _is_danger(item):
            continue
        alarmed.append(index)
        slots = {**plain(item.slots), "detail": _without_reporter(moment.heard.text, item)}
        known = {k: slots[k] for k in slots if k in _TOLD_TO_OFFICERS}
        command, say = silent_alarm(
            moment.state, moment.lookup, known, region_code(item.slots), None
        )
        commands.append(command)
        replies.append(say.marked(flow="dropout"))
    return Outcome(tuple(replies), tuple(commands))


_TOLD_TO_OFFICERS = ("child_name", "age", "school", "region", "detail")
"""Never who reports: an emergency is read by more officers than a report's reporter."""


def _without_reporter(text: str, item: Item) -> str:
    for slot in WHO_REPORTS:
        text = text.replace(str(item.slots.get(slot) or "\0"), "（报告人保密）")
    return text


def _is_danger(item: Item) -> bool:
    reason, age = item.slots.get("reason"), item.slots.get("age")
    works = reason == "work" and isinstance(age, int) and age < WORKING_AGE
    return works or reason == "early_marriage"


async def _file(views: list[DropoutReport], moment: Moment) -> Outcome:
    lines: list[Say] = []
    commands: list[Command] = []
    filed: list[dict[str, Any]] = []
    for item in moment.frame.items:
        command, line, record = await _file_one(item, moment)
        commands.append(command)
        lines.append(line)
        filed.append(record)
    first = views[0]
    if first.reporter_name or first.phone:
        commands.append(UpdatePerson(name=first.reporter_name, phone=first.phone))
    lines.extend(_advice(views))
    say = Say("dropout.filed", {"lines": lines}).marked(flow="dropout", filed=filed)
    return Outcome((say,), tuple(commands))


async def _file_one(item: Item, moment: Moment) -> Filed:
    kind, papers = RecordKind.DROPOUT_CASE, refs_of(moment.frame, EVIDENCE)
    known = await add_to_known(DROPOUT, kind, item, moment, papers, WHO_REPORTS)
    if known is not None:
        return known
    slots, region = plain(item.slots), region_code(item.slots)
    name = str(slots["child_name"])
    reference = moment.lookup.new_reference(kind)
    command = FileRecord(kind, reference, slots, region=region, documents=papers)
    shown = Say("dropout.child_unknown") if name == UNKNOWN else name
    return (
        command,
        Say("dropout.filed_one", {"name": shown, "reference": reference}),
        {"kind": kind.value, "reference": reference},
    )


def _advice(views: list[DropoutReport]) -> list[Say]:
    """A word for the reasons given; each once."""
    said = dict.fromkeys(_advice_key(view) for view in views if view.reason)
    return [Say(f"dropout.advice.{key}") for key in said]


def _advice_key(view: DropoutReport) -> str:
    is_of_age = view.reason == "work" and view.age is not None and view.age >= WORKING_AGE
    return "work_of_age" if is_of_age else str(view.reason)


DROPOUT = Flow(
    name="dropout",
    slots=DropoutReport,
    starts_on=frozenset({Intent.REPORT_DROPOUT}),
    children=True,
    begin=_begin,
    heed=_heed,
    unheard=said_when_asked,
    steps=(
        Ask(
            "child_name",
            takes=("child_name", "person_name"),
            may_be_unknown=True,
            check=checks.a_name("child_name"),
        ),
        Ask("region", takes=("region",), shared=True, check=checks.in_a_banner),
        Ask("school", takes=("school",), check=checks.a_school),
        Ask("grade", takes=("grade",), when=_went),
        Ask("age", takes=("age",), counts=True, check=checks.between("age", 3, 20)),
        Ask(
            "absent_since",
            takes=("absent_since", "date"),
            options=(NOT_YET,),
            counts=True,
            when=_went,
            check=checks.not_in_future,
        ),
        Ask("reason", takes=("reason",), options=REASONS, fallback="other"),
        Ask(
            "whereabouts",
            takes=("whereabouts", "destination"),
            optional=True,
            check=checks.some_words("whereabouts"),
        ),
        Ask(
            "guardian_name",
            takes=("person_name", "child_name"),
            roles=("guardian",),
            optional=True,
            check=checks.a_name("guardian_name"),
        ),
        Ask("guardian_phone", takes=("phone",), roles=("guardian",), optional=True),
        Ask(
            "reporter_name",
            takes=("person_name", "child_name"),
            roles=("self",),
            shared=True,
            optional=True,
            check=checks.a_name("reporter_name"),
        ),
        Ask("phone", takes=("phone",), roles=(None, "self"), shared=True, optional=True),
    ),
    finish=_file,
)
