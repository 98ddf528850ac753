"""Records as the desk and the JSON API show them: contract section 6, nothing secret in it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.cases.records import Record
from bot.rights.covering import health_covered
from bot.rights.masking import last_four, masked_ids
from bot.rights.territory import canonical
from nlu.divisions import lookup
from storage.models.audit import AuditEntry

READS = frozenset({"read", "list", "read_reporter", "read_file", "read_talk", "exported"})
"""Entries of the audit that tell who looked, not who did something."""

_SYSTEM = "系统"
_PERSON = "来办事的人"


def record_view(
    record: Record,
    entries: Iterable[AuditEntry] = (),
    officer_names: Mapping[int, str] | None = None,
    read: Callable[[str], str] = str,
    health: bool = False,
) -> dict[str, Any]:
    """One record with its events; reads are in the audit log and are no events.

    `read` is how the officer reads what a person said, `health` whether they may see health.
    """
    names = officer_names or {}
    return {
        **summary_view(record, names, health),
        "offered_to": _offer_view(record, names),
        "linked_to": record.linked_to,
        "closing_code": record.closing_code,
        "events": [event_view(e, names, read) for e in entries if e.action not in READS],
    }


def _offer_view(record: Record, officer_names: Mapping[int, str]) -> dict[str, Any] | None:
    """To whom an open offer hands the record on: an officer, or those of a place."""
    if record.offer_by_id is None:
        return None
    to = record.offer_to_id
    officer = officer_names.get(to, str(to)) if to is not None else None
    return {"officer": officer, "region": record.offer_region}


def summary_view(
    record: Record, officer_names: Mapping[int, str], health: bool = False
) -> dict[str, Any]:
    """One line of a list: the record without its events."""
    assigned = record.assigned_to_id
    view = {
        "reference": record.reference,
        "kind": str(record.kind),
        "type": getattr(record, "type", None),
        "status": str(record.status),
        "version": record.version,
        "region": region_view(record.region_code),
        "opened_at": iso(record.opened_at),
        "updated_at": iso(record.updated_at),
        "due_at": iso(record.due_at),
        "assigned_to": officer_names.get(assigned, str(assigned)) if assigned else None,
        "fields": fields_view(record.slots or {}, health),
    }
    if view["type"] is None:
        del view["type"]
    return view


def fields_view(slots: Mapping[str, Any], health: bool = False) -> dict[str, Any]:
    """The answers; of an identity number the last four characters, health with the right only."""
    shown = {
        slot: value if health else health_covered(slot, value) for slot, value in slots.items()
    }
    if isinstance(shown.get("id_number"), str):
        shown["id_number"] = last_four(shown["id_number"])
    if shown.get("region"):
        shown["region"] = _place_name(shown["region"])
    return shown


def _place_name(value: Any) -> Any:
    """The official name of a place slot; its code and path stand beside the fields."""
    code = value.get("code") if isinstance(value, Mapping) else value
    unit = lookup(canonical(code)) if isinstance(code, str) else None
    return unit.name if unit else value


def region_view(code: str | None) -> dict[str, Any] | None:
    """A place by its official names; a code that is not in the list shows as it is."""
    if not code:
        return None
    unit = lookup(canonical(code))
    if unit is None:
        return {"code": code, "name": code, "path": []}
    return {"code": unit.code, "name": unit.name, "path": list(unit.path)}


def event_view(
    entry: AuditEntry, officer_names: Mapping[int, str], read: Callable[[str], str] = str
) -> dict[str, Any]:
    """One step in the life of a record."""
    actor = {"officer": officer_names.get(entry.actor_id or 0, "工作人员"), "person": _PERSON}
    return {
        "at": iso(entry.at),
        "actor": actor.get(entry.actor_kind, _SYSTEM),
        "action": entry.action,
        "detail": _read(entry.detail or {}, read if entry.actor_kind == "person" else masked_ids),
    }


def _read(value: Any, read: Callable[[str], str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _read(health_covered(key, each), read) for key, each in value.items()}
    if isinstance(value, list):
        return [_read(each, read) for each in value]
    return masked_ids(read(value)) if isinstance(value, str) else value


def iso(moment: datetime | None) -> str | None:
    """A moment in ISO 8601, UTC."""
    return moment.astimezone(UTC).isoformat() if moment else None
