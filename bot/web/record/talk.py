"""The talk that belongs to one record, as one officer may read it.

A person who applies for aid may have reported a neighbour's child in the same chat: an officer
sees the messages of the form that led to the record and what was said about it later, no others.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.cases.records import Record
from bot.rights.access import Right, may, may_see
from bot.rights.secrecy import Reading, reading, reports
from bot.turns.topics import names_reporter, topic_of_record
from bot.web.record.transcript import Said, said_under
from storage.models.officer import Officer
from storage.uow import UnitOfWork

TALK = 100


async def talk_of(
    uow: UnitOfWork, officer: Officer, record: Record, now: datetime, limit: int = TALK
) -> list[Said]:
    """What was said of the record; nothing once its person had their data deleted."""
    if record.conversation_id is None:
        return []
    topics = {topic_of_record(record.reference), *await uow.topics.of(record.reference)}
    readings: dict[str, Reading] = {}
    for topic, references in (await uow.topics.references(topics)).items():
        found = await _reading(uow, officer, topic, {record.reference, *references})
        if found is not None:
            readings[topic] = found
    lines = await said_under(uow, readings.keys(), limit, now)
    return [replace(line, text=readings[line.topic](line.text)) for line in lines]


async def _reading(
    uow: UnitOfWork, officer: Officer, topic: str, references: set[str]
) -> Reading | None:
    """How the officer reads a topic; None when it also tells of what is not for them."""
    records = [await uow.records.get(reference) for reference in sorted(references)]
    there = [record for record in records if record is not None]
    if not all(may_see(officer, record) for record in there):
        return None
    is_unfiled = names_reporter(topic) and not reports(there)
    if is_unfiled and not may(officer, Right.REPORTER):
        return None  # nobody knows yet which words name the reporter
    return await reading(uow, officer, there)


def mark_of(talk: Sequence[Said]) -> str:
    """Changes whenever something is said."""
    mine = max((line.id for line in talk if line.mine), default=0)
    return f"{mine}-{max((line.id for line in talk if not line.mine), default=0)}"
