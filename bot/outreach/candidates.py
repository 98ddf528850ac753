"""What is known of a child, from a row of a list, a line of a school's roll, or a filed record."""

from bot.cases.records import Record, subject_name
from bot.outreach.matching import Someone
from flows.values import UNKNOWN
from storage.models.outreach import OutreachRow

_ID_DIGITS = 18
_ROW = "row:"


def of_row(row: OutreachRow) -> Someone:
    """A row of a list or of a school's roll."""
    return Someone(
        target_of_row(row.id),
        row.name,
        row.birth_year,
        row.id_tail or "",
        row.school or "",
        row.region_code,
        row.phone_hash or "",
    )


def of_record(record: Record) -> Someone:
    """A filed record; an age tells the year of birth to within one year."""
    told = record.slots.get("id_number")
    number = told if isinstance(told, str) and len(told) == _ID_DIGITS else ""
    school = record.slots.get("school")
    return Someone(
        record.reference,
        subject_name(record) or "",
        int(number[6:10]) if number[6:10].isdecimal() else _born(record),
        number[-4:].upper(),
        school if isinstance(school, str) and school != UNKNOWN else "",
        record.region_code,
        record.phone_hash or "",
    )


def target_of_row(id: int) -> str:
    """How a match names a line of a school's roll."""
    return f"{_ROW}{id}"


def row_of_target(target: str) -> int | None:
    """The line of a school's roll that a match names; None when it names a record."""
    return int(target.removeprefix(_ROW)) if target.startswith(_ROW) else None


def _born(record: Record) -> int | None:
    age = record.slots.get("age")
    return record.opened_at.year - age if isinstance(age, int) else None
