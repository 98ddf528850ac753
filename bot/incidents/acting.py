"""What an administrator does about an incident; each act is one more line of its log, audited."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.clock import spoken
from bot.errors import NotFound, Refused
from bot.handlers.acting import Acting
from bot.incidents.concerned import chats_of, families, seen_by
from bot.incidents.standing import (
    CLOSED,
    DONE,
    FACTS,
    FOUND,
    NOTE,
    TOLD,
    Facts,
    Standing,
    standing_of,
)
from bot.rights.access import Right, check
from bot.rights.actor import Actor
from bot.rights.masking import masked_text
from bot.rights.territory import covers
from flows.policy.incidents import load_incidents
from storage.models.incident import Incident
from storage.models.officer import Officer
from storage.uow import UnitOfWork

LONGEST = 2000


async def open_incident(
    uow: UnitOfWork, officer: Officer, found_at: datetime, facts: Facts, now: datetime
) -> Incident:
    """Begin the log of an incident. Raises Refused."""
    check(officer, Right.INCIDENTS)
    if found_at > now:
        raise Refused("发现的时间不能在以后。")
    told = _checked(facts)
    incident = await uow.incidents.open(
        region_code=officer.region_code, found_at=found_at, by=officer.id, now=now
    )
    await _note(uow, officer, incident, FACTS, told.as_detail(), now)
    return incident


async def standing(uow: UnitOfWork, officer: Officer, id: int) -> Standing:
    """How an incident of the officer's place stands. Raises NotFound."""
    check(officer, Right.INCIDENTS)
    incident = await uow.incidents.get(id)
    if incident is None or not covers(officer.region_code, incident.region_code):
        raise NotFound("没有这个安全事件。")
    return standing_of(incident, await uow.incidents.log(incident))


async def put_facts(
    uow: UnitOfWork, officer: Officer, id: int, facts: Facts, now: datetime
) -> None:
    """What is known now; what was known before stays in the log."""
    found = await _open(uow, officer, id)
    await _note(uow, officer, found.incident, FACTS, _checked(facts).as_detail(), now)


async def put_done(
    uow: UnitOfWork, officer: Officer, id: int, duty: str, at: datetime, note: str, now: datetime
) -> None:
    """A duty was done at that time; the first time counts."""
    found = await _open(uow, officer, id)
    if duty not in {task.duty.id for task in found.tasks}:
        raise Refused("没有这一项要做的事。")
    if at > now or at < found.incident.found_at:
        raise Refused("办的时间要在发现以后、现在以前。")
    detail = {"duty": duty, "at": at.isoformat(), "note": masked_text(note[:LONGEST])}
    await _note(uow, officer, found.incident, DONE, detail, now)


async def look_up(
    uow: UnitOfWork,
    officer: Officer,
    id: int,
    account: int,
    first: datetime,
    last: datetime,
    now: datetime,
) -> int:
    """Keep which records an account saw in a span; how many that were."""
    found = await _open(uow, officer, id)
    if first > last:
        raise Refused("开始的时间不能比结束的晚。")
    search = await seen_by(uow, officer, account, first, last)
    detail = {
        "account": account,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "references": [seen.record.reference for seen in search.seen],
        "exports": len(search.exports),
        "elsewhere": search.elsewhere,
        "is_cut": search.is_cut,
    }
    await _note(uow, officer, found.incident, FOUND, detail, now)
    return len(search.seen)


async def tell_families(
    uow: UnitOfWork, officer: Officer, id: int, text: str, now: datetime
) -> int:
    """The notice into the chats of the families found and not told yet; how many were told."""
    found = await _open(uow, officer, id)
    words = text.strip()
    if not words or "（请填写" in words:
        raise Refused("通知里还有没填的地方。")
    if len(words) > LONGEST:
        raise Refused(f"写得太长了，最多 {LONGEST} 个字。")
    people, _ = await families(uow, found.references)
    talks = await chats_of(uow, people - found.told)
    for talk in talks:
        key = f"incident:{id}:{talk.person_id}"
        await uow.outbox.add(talk.id, words, [], {}, now, dedupe_key=key)
    detail = {"people": [talk.person_id for talk in talks], "text": words}
    await _note(uow, officer, found.incident, TOLD, detail, now)
    return len(talks)


async def put_note(uow: UnitOfWork, officer: Officer, id: int, text: str, now: datetime) -> None:
    """Anything else worth a line."""
    found = await _open(uow, officer, id)
    if not text.strip():
        raise Refused("请写点什么。")
    detail = {"text": masked_text(text.strip()[:LONGEST])}
    await _note(uow, officer, found.incident, NOTE, detail, now)


async def close(uow: UnitOfWork, officer: Officer, id: int, text: str, now: datetime) -> None:
    """It is over; what was not done is said with the reason."""
    found = await _open(uow, officer, id)
    if not text.strip():
        raise Refused("请写明怎样了结的；有没做的，写明为什么。")
    if found.facts.ongoing:
        raise Refused("还写着“还在继续”，先改成已经停了。")
    detail = {"text": masked_text(text.strip()[:LONGEST]), "undone": found.open_tasks}
    await _note(uow, officer, found.incident, CLOSED, detail, now)
    found.incident.closed_at = now


def words_for(found: Standing, template: str, office: str) -> str:
    """A notice or report with what is known filled in; what is not stays to be written."""
    facts, policy = found.facts, load_incidents()
    told = {
        "office": office,
        "found": spoken(found.incident.found_at),
        "what": facts.what,
        "data": "、".join(policy.data[each] for each in facts.data) or "（请填写）",
        "people": f"约 {facts.people} 人" if facts.people else "还在查",
        "doing": facts.doing or "（请填写已经做了什么）",
    }
    return template.format(**told)


async def _open(uow: UnitOfWork, officer: Officer, id: int) -> Standing:
    found = await standing(uow, officer, id)
    await uow.incidents.get(id, lock=True)
    if found.incident.closed_at is not None:
        raise Refused("这个事件已经了结，只能看。")
    return found


def _checked(facts: Facts) -> Facts:
    policy = load_incidents()
    if not facts.what.strip():
        raise Refused("请写明发生了什么。")
    if facts.kind not in policy.kinds:
        raise Refused("请选是哪一类。")
    if unknown := set(facts.data) - policy.data.keys():
        raise Refused(f"不认识的信息种类：{'、'.join(sorted(unknown))}。")
    if not 0 <= facts.people <= 100_000_000:
        raise Refused("人数不对。")
    what, doing = masked_text(facts.what.strip()[:LONGEST]), masked_text(facts.doing[:LONGEST])
    return replace(facts, what=what, doing=doing)


async def _note(
    uow: UnitOfWork,
    officer: Officer,
    incident: Incident,
    kind: str,
    detail: Mapping[str, Any],
    now: datetime,
) -> None:
    await uow.incidents.note(incident, officer.id, kind, detail, now)
    turn = Acting(uow, Actor.officer(officer), now)
    await turn.audit("incident", None, incident=incident.id, step=kind)
