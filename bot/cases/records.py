"""What all filed records have in common, and the searchable columns derived from their slots."""

from typing import TypeAlias

from flows.aid.eligibility import stage_of
from nlu.names import name_key
from storage.kinds import RecordKind
from storage.repositories.record_query import AnyRecord
from storage.uow import UnitOfWork

Record: TypeAlias = AnyRecord

UNKNOWN_STAGE = "unknown"
REPORTER_SLOTS = ("reporter_name", "phone")
"""Slots of a dropout report that say who reported: kept apart, shown with permission only."""


_PHONE: dict[str, str] = {RecordKind.DROPOUT_CASE: "guardian_phone"}
"""The slot by whose number a record is found and a family known, where it is not `phone`."""


def subject_name(record: Record) -> str | None:
    """The name of the child or of the one who registered."""
    slots = record.slots or {}
    name = slots.get("child_name") or slots.get("person_name")
    return name if isinstance(name, str) else None


def index(record: Record, uow: UnitOfWork) -> None:
    """Fill the plain columns from the slots: folded name, keyed hashes, stage of school."""
    slots = record.slots
    name = subject_name(record)
    record.name_key = name_key(name) if name else None
    record.phone_hash = _hash(uow, slots.get(_PHONE.get(record.kind, "phone")))
    record.id_hash = _hash(uow, slots.get("id_number"))
    record.stage = stage_code(slots.get("grade"))


def stage_code(grade: object) -> str:
    """The stage of school as reports count it; UNKNOWN_STAGE when no grade tells it."""
    return (stage_of(grade) if isinstance(grade, str) else None) or UNKNOWN_STAGE


def _hash(uow: UnitOfWork, value: object) -> str | None:
    return uow.keyring.blind(value) if isinstance(value, str) and value else None


def has_reporter(kind: RecordKind) -> bool:
    """Whether the one who files such a record is to be kept secret."""
    return kind is RecordKind.DROPOUT_CASE
