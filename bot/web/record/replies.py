"""Canned replies at a record's page, their blanks filled from the record."""

from bot.cases.notices import kind_name
from bot.cases.records import Record, subject_name
from bot.web import labels
from flows.policy.replies import CannedReply, fill, load_replies
from storage.models.officer import Officer


def replies_for(record: Record) -> list[CannedReply]:
    """The replies for records of this kind."""
    return [reply for reply in load_replies() if record.kind in reply.kinds]


def filled(record: Record, officer: Officer, id: str) -> str:
    """One of them in words, with blanks where the record does not know; empty for an unknown id."""
    reply = next((reply for reply in replies_for(record) if reply.id == id), None)
    return fill(reply.text, _values(record, officer)) if reply is not None else ""


def _values(record: Record, officer: Officer) -> dict[str, str]:
    slots = record.slots or {}
    return {
        "reference": record.reference,
        "kind": kind_name(record),
        "name": subject_name(record) or "",
        "school": str(slots.get("school") or ""),
        "place": labels.place_short(record.region_code) if record.region_code else "",
        "status": labels.label(f"status.{record.kind}.{record.status}"),
        "officer": officer.name,
    }
