"""Records that may tell of the same child, each with the reasons; and those of the same family."""

from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.cases.records import Record, subject_name
from bot.turns.lookup import ALIKE, BANNER
from flows.values import UNKNOWN
from nlu.names import name_key
from storage.kinds import RecordKind
from storage.models.case import Case
from storage.uow import UnitOfWork

_VILLAGE = 9
"""From so many digits on a place is small enough for one guardian's name to be one person."""


_NEAR = frozenset({"place", "phone", "id_number"})
_MOST = 8


@dataclass(frozen=True)
class Likeness:
    """Another record and why it may tell of the same child; `against` is what speaks against it."""

    record: Record
    reasons: tuple[str, ...]
    against: tuple[str, ...]


async def likely_same(uow: UnitOfWork, record: Record) -> list[Likeness]:
    """Other records of the kind that may be of the same child, the likeliest first."""
    if not record.name_key:
        return []
    banner = record.region_code[:BANNER] if record.region_code else None
    found = await uow.kin.named(record.kind, record.name_key, banner)
    alike = [_likeness(record, other) for other in found if other.reference != record.reference]
    likely = [one for one in alike if one is not None]
    return sorted(likely, key=lambda one: (len(one.against), -len(one.reasons)))[:_MOST]


def _likeness(record: Record, other: Record) -> Likeness | None:
    """The sound of the name is the same already; names repeat, so more must speak for it."""
    is_written_so = subject_name(record) == subject_name(other)
    judged = {
        "age": _age(record, other),
        "school": _school(record, other),
        "place": _place(record, other),
        "id_number": _equal(record.id_hash, other.id_hash),
        "phone": _equal(record.phone_hash, other.phone_hash),
    }
    reasons = tuple(name for name, fits in judged.items() if fits)
    against = tuple(name for name, fits in judged.items() if fits is False)
    is_near = not _NEAR.isdisjoint(reasons) or {"age", "school"} <= set(reasons)
    if "id_number" in against or not is_near or len(against) >= len(reasons):
        return None
    return Likeness(record=other, reasons=(_NAME[is_written_so], *reasons), against=against)


_NAME = {True: "name", False: "sound"}


def _age(record: Record, other: Record) -> bool | None:
    """Born within a year of each other, as far as an age that was told tells it."""
    mine, theirs = _born(record), _born(other)
    return abs(mine - theirs) <= 1 if mine is not None and theirs is not None else None


def _born(record: Record) -> int | None:
    age = record.slots.get("age")
    return record.opened_at.year - age if isinstance(age, int) else None


def _school(record: Record, other: Record) -> bool | None:
    mine, theirs = _told(record, "school"), _told(other, "school")
    return fuzz.partial_ratio(mine, theirs) >= ALIKE if mine and theirs else None


def _place(record: Record, other: Record) -> bool | None:
    if not record.region_code or not other.region_code:
        return None
    return record.region_code[:BANNER] == other.region_code[:BANNER]


def _equal(mine: str | None, theirs: str | None) -> bool | None:
    return mine == theirs if mine and theirs else None


async def same_family(uow: UnitOfWork, record: Record) -> list[Record]:
    """Other records of the same household: one phone, or one guardian in one village."""
    found: dict[str, Record] = {}
    if record.phone_hash:
        for other in await uow.kin.of_phone(record.phone_hash):
            found[other.reference] = other
    guardian = _guardian(record)
    place = record.region_code or ""
    if guardian and len(place) >= _VILLAGE:
        for case in await uow.kin.of_place(place):
            if _guardian(case) == guardian:
                found.setdefault(case.reference, case)
    found.pop(record.reference, None)
    return sorted(found.values(), key=lambda other: other.opened_at, reverse=True)


async def family_cases(uow: UnitOfWork, case: Case) -> list[Case]:
    """The open dropout cases of other children of the household."""
    return [
        other
        for other in await same_family(uow, case)
        if isinstance(other, Case) and other.kind == RecordKind.DROPOUT_CASE and other.is_open
    ]


def _guardian(record: Record) -> str:
    return name_key(_told(record, "guardian_name"))


def _told(record: Record, slot: str) -> str:
    """An answer in words; empty when it was not told."""
    value = record.slots.get(slot)
    return value if isinstance(value, str) and value != UNKNOWN else ""
