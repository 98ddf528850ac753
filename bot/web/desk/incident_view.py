"""What the page of an incident shows: facts, tasks with their times, whom it concerns, the log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.cases.notices import kind_name
from bot.clock import local
from bot.incidents.acting import words_for
from bot.incidents.concerned import chats_of, families
from bot.incidents.standing import (
    CLOSED,
    DONE,
    FACTS,
    FOUND,
    NOTE,
    TOLD,
    Standing,
    Task,
    standing_of,
)
from bot.web import labels
from bot.web.listing import officer_names
from flows.policy.incidents import load_incidents
from storage.models.incident import Incident, IncidentEntry
from storage.uow import UnitOfWork

MOST_SHOWN = 200


async def line_view(uow: UnitOfWork, one: Incident, now: datetime) -> dict[str, Any]:
    """One incident in the list."""
    found = standing_of(one, await uow.incidents.log(one))
    late = sum(task.done_at is None and task.is_late(now) for task in found.tasks)
    return {
        "id": one.id,
        "found": labels.clock(one.found_at),
        "kind": load_incidents().kinds.get(found.facts.kind, ""),
        "what": found.facts.what[:60],
        "open": 0 if one.closed_at else found.open_tasks,
        "late": 0 if one.closed_at else late,
        "closed": labels.clock(one.closed_at) if one.closed_at else "",
    }


async def incident_view(
    uow: UnitOfWork, found: Standing, office: str, now: datetime
) -> dict[str, Any]:
    """Everything about one."""
    policy, one = load_incidents(), found.incident
    names = await officer_names(uow)
    log = await uow.incidents.log(one)
    return {
        "id": one.id,
        "found": labels.clock(one.found_at),
        "closed": labels.clock(one.closed_at) if one.closed_at else "",
        "facts": found.facts,
        "kinds": policy.kinds,
        "data": policy.data,
        "data_words": "、".join(policy.data[each] for each in found.facts.data),
        "tasks": [_task(task, now) for task in found.tasks],
        "officers": sorted(names.values()),
        "now": f"{local(now):%Y-%m-%dT%H:%M}",
        "found_input": f"{local(one.found_at):%Y-%m-%dT%H:%M}",
        "to_families": words_for(found, policy.to_families, office),
        "to_authority": words_for(found, policy.to_authority, office),
        "log": [_entry(entry, names) for entry in log],
        **await _concerned(uow, found, names),
    }


def _task(task: Task, now: datetime) -> dict[str, Any]:
    return {
        "id": task.duty.id,
        "what": task.duty.what,
        "whom": task.duty.whom,
        "cited": task.duty.cited,
        "limit": task.duty.time_words,
        "due": labels.clock(task.due_at),
        "done": labels.clock(task.done_at) if task.done_at else "",
        "note": task.note,
        "late": task.is_late(now),
    }


async def _concerned(uow: UnitOfWork, found: Standing, names: Mapping[int, str]) -> dict[str, Any]:
    people, lost = await families(uow, found.references)
    rows = [await uow.records.get(each) for each in found.references[:MOST_SHOWN]]
    records = [
        {
            "reference": row.reference,
            "kind": kind_name(row),
            "place": labels.place_short(row.region_code) if row.region_code else "",
            "officer": names.get(row.assigned_to_id or 0, "没人接"),
        }
        for row in rows
        if row is not None
    ]
    reachable = {talk.person_id for talk in await chats_of(uow, people)}
    return {
        "records": records,
        "more_records": max(len(found.references) - MOST_SHOWN, 0),
        "families": len(people),
        "reachable": len(reachable),
        "not_told": len(reachable - found.told),
        "told": len(found.told),
        "by_hand": len(people - reachable) + lost,
    }


def _entry(entry: IncidentEntry, names: Mapping[int, str]) -> dict[str, str]:
    return {
        "at": labels.clock(entry.at),
        "who": names.get(entry.officer_id, "工作人员"),
        "what": _words(entry.kind, entry.detail, names),
    }


def _words(kind: str, detail: Mapping[str, Any], names: Mapping[int, str]) -> str:
    policy = load_incidents()
    if kind == FACTS:
        data = "、".join(policy.data.get(each, each) for each in detail["data"])
        still = "还在继续" if detail["ongoing"] else "已经停了"
        told = (detail["what"], policy.kinds.get(detail["kind"], ""), data, detail["doing"])
        return (
            f"情况：{'；'.join(part for part in told if part)}；约 {detail['people']} 人；{still}"
        )
    if kind == DONE:
        duty = next((each.what for each in policy.duties if each.id == detail["duty"]), "")
        at = labels.clock(datetime.fromisoformat(detail["at"]))
        return f"办了：{duty}（{at}）{detail['note']}"
    if kind == FOUND:
        span = "到".join(labels.clock(datetime.fromisoformat(detail[k])) for k in ("first", "last"))
        who = names.get(int(detail["account"]), "账号")
        more = f"，另有 {detail['elsewhere']} 条不归这里管" if detail["elsewhere"] else ""
        cut = "，太多，没有列全" if detail["is_cut"] else ""
        seen, files = len(detail["references"]), detail["exports"]
        return f"查了 {who} {span}：看过 {seen} 条记录，导出 {files} 次{more}{cut}"
    if kind == TOLD:
        return f"通知了 {len(detail['people'])} 家：{detail['text']}"
    return {NOTE: "", CLOSED: "了结："}.get(kind, "") + str(detail.get("text", ""))
