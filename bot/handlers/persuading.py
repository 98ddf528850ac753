"""Looking into a dropout case, naming who answers for it, visiting, planning with the family."""

import re
from datetime import date
from typing import Any

from bot.cases.kin import family_cases
from bot.cases.notices import tell_officers
from bot.cases.records import Record
from bot.clock import local_day
from bot.errors import Refused
from bot.handlers.acting import Acting, Outcome, outcome
from bot.handlers.closing import ask_to_close
from bot.handlers.facts import dropout_of, is_dropout, keep_files, learn, not_future, standing_now
from bot.handlers.moving import move
from bot.handlers.transitions import next_status
from bot.rights.access import access_for_change
from bot.rights.actor import ActorKind
from bot.rights.territory import covers
from bot.words import render
from flows import commands as c
from flows.dropout.closing import NO_DROPOUT, code_of
from storage.kinds import CaseFactKind
from storage.models.case import Case
from storage.models.officer import Officer

RESOURCES = ("aid", "psychology", "study", "law")
"""What a family's plan may draw on: 资助, 心理, 学业, 法律."""

WAYS = ("上门", "电话", "送文书", "几家一起上门", "视频", "请到学校", "托人带话")
"""How a family may be spoken to."""

_FEWEST_DIGITS = 5


async def verify_case(turn: Acting, command: c.VerifyCase) -> Outcome:
    """Keep that the case was looked into; one that is no dropout goes on to be closed."""
    record = await access_for_change(turn, command)
    next_status(record.kind, str(record.status), c.VerifyCase)
    whereabouts = command.whereabouts.strip()
    if not (command.identity and command.roll and whereabouts):
        raise Refused(render("refused.not_looked_into"))
    code = "" if command.is_dropout else code_of(command.code)
    if not command.is_dropout and code not in NO_DROPOUT:
        raise Refused(render("refused.no_dropout_code"))
    detail = {
        "is_dropout": command.is_dropout,
        "whereabouts": whereabouts,
        "code": code,
        "note": command.note.strip(),
    }
    await learn(turn, record, CaseFactKind.VERIFIED, detail)
    await turn.audit("verify", record, **detail)
    if not command.is_dropout:
        await ask_to_close(turn, record, code, command.note)
    return outcome(record)


async def name_responsible(turn: Acting, command: c.NameResponsible) -> Outcome:
    """Name the one of the school, or of the village, in the place of who was named before."""
    record = await access_for_change(turn, command)
    next_status(record.kind, str(record.status), c.NameResponsible)
    officer = await _officer(turn, command.officer, record)
    name = command.name.strip() or (officer.name if officer else "")
    if not name:
        raise Refused(render("refused.name_missing"))
    phone = command.phone.strip()
    if phone and len(re.sub(r"\D", "", phone)) < _FEWEST_DIGITS:
        raise Refused(render("refused.phone"))
    told = {"side": command.side.value, "name": name, "post": command.post.strip()}
    number = officer.id if officer else None
    await learn(turn, record, CaseFactKind.RESPONSIBLE, {**told, "phone": phone, "officer": number})
    await turn.audit("responsible", record, **told, officer=number)
    if officer is not None:
        await tell_officers(turn, [officer], record, "officer.responsible")
    return outcome(record)


async def _officer(turn: Acting, officer_id: int | None, record: Record) -> Officer | None:
    if officer_id is None:
        return None
    officer = await turn.uow.officers.get(officer_id)
    if officer is None or not officer.active:
        raise Refused(render("refused.officer_unknown"))
    if record.region_code and not covers(officer.region_code, record.region_code):
        raise Refused(render("refused.officer_region"))
    return officer


async def log_visit(turn: Acting, command: c.LogVisit) -> Outcome:
    """Add one attempt to bring the child back (劝返记录); nothing is ever changed or removed."""
    record = await access_for_change(turn, command)
    not_future(turn, command.on)
    if is_dropout(record):
        next_status(record.kind, str(record.status), c.LogVisit)
    else:
        move(turn, record, c.LogVisit)
    on = command.on or local_day(turn.now)
    number = await _number_of(turn, dropout_of(record), command) if command.corrects else None
    next_on = command.next_on.isoformat() if command.next_on else None
    files = await keep_files(turn, record, command.files, "visit")
    told = {
        "method": command.method,
        "who": command.who.strip() or turn.by.name,
        "met": command.met,
        "result": command.result,
        "files": files,
    }
    if is_dropout(record):
        kind, corrects = CaseFactKind.VISIT, command.corrects
        await learn(turn, record, kind, told, on=on, until=command.next_on, corrects=corrects)
    action = "visit" if number is None else "correct_visit"
    await turn.audit(action, record, **told, on=on.isoformat(), next_on=next_on, number=number)
    return outcome(record)


async def _number_of(turn: Acting, case: Case, command: c.LogVisit) -> int:
    """Which visit, counted from 1, is put right. Raises Refused when it is none of the case."""
    visits = (await standing_now(turn.uow, case)).visits
    for number, visit in enumerate(visits, 1):
        if visit.id == command.corrects:
            return number
    raise Refused(render("refused.visit_unknown"))


async def set_family_plan(turn: Acting, command: c.SetFamilyPlan) -> Outcome:
    """Keep the family's plan in a new version, with the open case of each of its children."""
    record = await access_for_change(turn, command)
    next_status(record.kind, str(record.status), c.SetFamilyPlan)
    measures = command.measures.strip()
    if not measures:
        raise Refused(render("refused.measures_missing"))
    if command.deadline is None or command.deadline < local_day(turn.now):
        raise Refused(render("refused.plan_deadline"))
    told = {
        "measures": measures,
        "resources": [name for name in RESOURCES if name in command.resources],
        "by": turn.by.name if turn.by.kind is ActorKind.OFFICER else "",
    }
    family = await family_cases(turn.uow, dropout_of(record))
    for case in (dropout_of(record), *(one for one in family if _reaches(turn, one))):
        await _plan_for(turn, case, told, command.deadline, record.reference)
    return outcome(record)


async def _plan_for(
    turn: Acting, case: Case, told: dict[str, Any], deadline: date, made_at: str
) -> None:
    standing = await learn(turn, case, CaseFactKind.PLAN, told, until=deadline)
    other = "" if made_at == case.reference else made_at
    number, day = len(standing.plans), deadline.isoformat()
    await turn.audit("plan", case, **told, deadline=day, number=number, of_family=other)


def _reaches(turn: Acting, case: Case) -> bool:
    return turn.by.role is None or covers(turn.by.region, case.region_code)


async def keep_paper(turn: Acting, command: c.KeepPaper) -> Outcome:
    """Put papers with the record."""
    record = await access_for_change(turn, command)
    move(turn, record, c.KeepPaper)
    if not command.files:
        raise Refused(render("refused.file_missing"))
    document = command.document.strip() or "evidence"
    files = await keep_files(turn, record, command.files, document)
    await turn.audit("keep_paper", record, document=document, files=files)
    return outcome(record)
