"""How an officer reads what people said: reporters are for supervisors, health for officers.

Everybody below reads the words with these covered.
"""

from collections.abc import Callable, Iterable
from functools import partial

from bot.cases.records import Record, has_reporter, subject_name
from bot.rights.access import Right, may
from bot.rights.health_words import health_words_covered
from bot.rights.masking import masked_name, masked_text
from storage.kinds import RecordKind
from storage.models.case import Case
from storage.models.officer import Officer
from storage.uow import UnitOfWork

Reading = Callable[[str], str]
"""How an officer reads a text."""


def reports(records: Iterable[Record]) -> list[Case]:
    """Those whose reporter is to be kept secret."""
    found = [record for record in records if isinstance(record, Case)]
    return [record for record in found if has_reporter(RecordKind(record.kind))]


async def reading(uow: UnitOfWork, officer: Officer, records: Iterable[Record]) -> Reading:
    """How the officer reads what was said about these records."""
    every = list(records)
    if all(may(officer, Right.HEALTH, record) for record in every):
        return await _without_reporter(uow, officer, every)
    read = await _without_reporter(uow, officer, every)
    return lambda text: health_words_covered(read(text))


async def _without_reporter(
    uow: UnitOfWork, officer: Officer, records: Iterable[Record]
) -> Reading:
    secret = reports(records)
    if not secret or may(officer, Right.REPORTER):
        return str
    names: set[str] = set()
    for record in secret:
        names |= await _reporters_names(uow, record)
    return partial(_covered, names)


async def _reporters_names(uow: UnitOfWork, record: Case) -> set[str]:
    reporter = await uow.records.reporter(record)
    joined = [receipt.person_id for receipt in await uow.receipts.of_record(record.reference)]
    people = await uow.people.all_of([id for id in (record.person_id, *joined) if id is not None])
    told = (reporter.name if reporter else None, *(person.name for person in people))
    return {name for name in told if name} - {subject_name(record)}


def _covered(names: set[str], text: str) -> str:
    for name in names:
        text = text.replace(name, masked_name(name))
    return masked_text(text)
