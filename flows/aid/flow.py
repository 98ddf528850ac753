"""Applying for student aid: the questions, what the family could get, and filing.

Steps of recognition: 教财〔2018〕16号; the school decides the level, the bot only suggests one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flows import checks
from flows.aid.eligibility import Family, Match, programmes_for, suggest_level
from flows.commands import (
    Command,
    CompleteConsent,
    DocumentRef,
    FileRecord,
    RecordConsent,
    UpdatePerson,
)
from flows.escalation.alarm import plain, region_code
from flows.escalation.sla import rule_for, within
from flows.local_time import local_day
from flows.moved import WORRIES
from flows.papers import papers_for
from flows.policy.loader import load
from flows.policy.loader import programme as programme_of
from flows.same_child import Filed, add_to_known
from flows.say import Outcome, Say
from flows.state import Item
from flows.steps import Ask, Flow, Moment
from nlu.types import Intent
from storage.kinds import ApplicationStatus, RecordKind

CONSENT_VERSION = "2026-11"
MOST_PROGRAMMES = 6
NOT_IN_A_NOTE = {"consent", "id_number", "documents"}
RELATIONS = (
    "mother",
    "father",
    "grandparent",
    "other_relative",
    "guardian",
    "self",
    "teacher",
    "cadre",
)
HARDSHIPS = (
    "poverty_household",
    "monitored_household",
    "dibao",
    "tekun",
    "orphan",
    "disabled_student",
    "disabled_parent",
    "martyr_child",
    "single_parent",
    "serious_illness",
    "disaster",
    "unemployment",
    "many_children",
    "none",
)


@dataclass(frozen=True)
class AidApplication:
    """The answers of contract section 5."""

    consent: bool | None = None
    applicant_name: str | None = None
    relation: str | None = None
    phone: str | None = None
    child_name: str | None = None
    age: int | None = None
    grade: str | None = None
    school: str | None = None
    region: dict[str, Any] | None = None
    hardship: list[str] | None = None
    household_size: int | None = None
    annual_income: int | str | None = None
    id_number: str | None = None
    documents: list[str] | None = None


async def _begin(moment: Moment) -> Say | None:
    """What the speaker told us before is not asked again."""
    slots = moment.frame.items[0].slots
    if moment.me.phone:
        slots.setdefault("phone", moment.me.phone)
    if moment.me.name:
        slots.setdefault("applicant_name", moment.me.name)
    return None


async def _heed(moment: Moment) -> Outcome:
    """Consent goes on record the moment it is given, before anything about a child is stored."""
    slots, marks = moment.frame.items[0].slots, moment.frame.marks
    _list_papers(moment)
    if slots.get("consent") is not True:
        return Outcome()
    relation, before = slots.get("relation"), marks.get("consenter")
    marks["consenter"] = relation
    if not marks.get("consented"):
        marks["consented"] = True
        return Outcome((), (RecordConsent("aid", True, CONSENT_VERSION, relation),))
    if relation is None or relation == before:
        return Outcome()
    return Outcome((), (CompleteConsent("aid", relation),))


def _list_papers(moment: Moment) -> None:
    papers = papers_for(moment.frame.items[0])
    lines = [Say("papers.line", {"name": p.name, "why": p.why}) for p in papers]
    moment.frame.marks["values"] = {"papers": [_plain_line(line) for line in lines]}


def _plain_line(line: Say) -> str:
    return f"· {line.values['name']}：{line.values['why']}"


def _refuse(slot: str, moment: Moment) -> Outcome | None:
    if slot != "consent" or moment.frame.items[0].slots.get("consent") is not False:
        return None
    refusal = RecordConsent("aid", False, CONSENT_VERSION)
    say = Say("aid.consent.refused").marked(cancelled="aid")
    return Outcome((say,), (refusal,))


def _reassure(moment: Moment) -> Outcome | None:
    """ "不会往外说吧？", asked before agreeing, is answered before it is asked again."""
    asked = moment.frame.asked
    if asked is None or asked.slot != "consent" or not WORRIES.search(moment.heard.text):
        return None
    return Outcome((Say("aid.consent.safe"),))


async def _summary(views: list[AidApplication], moment: Moment) -> tuple[Say, ...]:
    """What this family could ask for, and why a level is suggested."""
    lines: list[Say] = []
    for view in views:
        lines.extend(_for_child(view, moment, several=len(views) > 1))
    return tuple(lines)


def _for_child(view: AidApplication, moment: Moment, several: bool) -> Iterator[Say]:
    matches = programmes_for(_family(view), local_day(moment.now), load())
    name = view.child_name if several else ""
    if matches:
        yield Say("aid.could_get", {"name": name})
    for match in matches[:MOST_PROGRAMMES]:
        yield Say(_programme_key(match), {"name": match.name, "amount": match.amount or ""})
    income = view.annual_income if isinstance(view.annual_income, int) else None
    suggestion = suggest_level(view.hardship or [], view.household_size, income)
    values = {"level": Say(f"level.{suggestion.level}"), "reasons": "；".join(suggestion.reasons)}
    yield Say("aid.level", values)


def _programme_key(match: Match) -> str:
    """Fees that are waived need no asking; a sum nobody verified is not told."""
    programme = programme_of(load(), match.programme)
    if programme is not None and programme.kind == "waiver":
        return "aid.programme_free"
    is_known = match.amount is not None and match.confidence.firm
    return "aid.programme" if is_known else "aid.programme_ask"


def _family(view: AidApplication) -> Family:
    income = view.annual_income if isinstance(view.annual_income, int) else None
    return Family(
        grade=view.grade or "",
        hardship=tuple(view.hardship or ()),
        region=view.region["code"] if view.region else None,
        household_size=view.household_size,
        annual_income=income,
    )


async def _file(views: list[AidApplication], moment: Moment) -> Outcome:
    replies: list[Say] = []
    commands: list[Command] = [_about_me(views[0])]
    filed: list[dict[str, Any]] = []
    for index, item in enumerate(moment.frame.items):
        command, line, record = await _file_one(item, index, moment)
        commands.append(command)
        replies.append(line)
        filed.append(record)
    first_look = rule_for(RecordKind.AID_APPLICATION, ApplicationStatus.SUBMITTED)
    values = {"lines": replies, "within": within(first_look)}
    end = Say("aid.filed", values).marked(flow="aid", filed=filed)
    return Outcome((end,), tuple(commands))


def _about_me(view: AidApplication) -> UpdatePerson:
    region = view.region["code"] if view.region else None
    return UpdatePerson(name=view.applicant_name, phone=view.phone, region=region)


async def _file_one(item: Item, index: int, moment: Moment) -> Filed:
    kind, papers = RecordKind.AID_APPLICATION, _papers_of(moment, index)
    known = await add_to_known(AID, kind, item, moment, papers, NOT_IN_A_NOTE)
    if known is not None:
        return known
    slots, region = plain(item.slots), region_code(item.slots)
    reference = moment.lookup.new_reference(kind)
    command = FileRecord(kind, reference, slots, region=region, documents=papers)
    say = Say("aid.filed_one", {"name": slots.get("child_name", ""), "reference": reference})
    return command, say, {"kind": kind.value, "reference": reference}


def _papers_of(moment: Moment, index: int) -> tuple[DocumentRef, ...]:
    """The files sent while this child was asked about; earlier ones go with the first child."""
    whose = moment.frame.marks.get("whose", {})
    return tuple(
        DocumentRef(attachment, key or "other")
        for attachment, key in moment.frame.files
        if whose.get(str(attachment), 0) == index
    )


AID = Flow(
    name="aid",
    slots=AidApplication,
    starts_on=frozenset({Intent.APPLY_AID}),
    children=True,
    papers=True,
    begin=_begin,
    heed=_heed,
    refuse=_refuse,
    unheard=_reassure,
    summary=_summary,
    steps=(
        Ask("consent", yes_no=True, shared=True, short_again=True),
        Ask(
            "child_name",
            takes=("child_name", "person_name"),
            check=checks.a_name("child_name"),
        ),
        Ask("grade", takes=("grade",)),
        Ask("age", takes=("age",), counts=True, check=checks.between("age", 2, 29)),
        Ask("school", takes=("school",), check=checks.a_school),
        Ask("region", takes=("region",), shared=True, check=checks.in_a_banner),
        Ask("hardship", takes=("hardship",), shared=True, multiple=True, options=HARDSHIPS),
        Ask(
            "household_size",
            takes=("count",),
            roles=("household",),
            shared=True,
            counts=True,
            check=checks.between("household_size", 1, 20),
        ),
        Ask(
            "annual_income",
            takes=("money",),
            roles=("income",),
            shared=True,
            counts=True,
            may_be_unknown=True,
            check=checks.between("annual_income", 0, 10_000_000),
        ),
        Ask(
            "applicant_name",
            takes=("person_name", "child_name"),
            roles=("self",),
            shared=True,
            check=checks.a_name("applicant_name"),
        ),
        Ask("relation", takes=("relation",), shared=True, options=RELATIONS),
        Ask("phone", takes=("phone",), roles=(None, "self"), shared=True),
        Ask("id_number", takes=("id_number",), optional=True),
        Ask("documents", optional=True),
    ),
    finish=_file,
)
