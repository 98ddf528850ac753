"""Whom an incident concerns, as far as the audit log knows: what an account opened in a span."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.cases.records import Record
from bot.minors.access import LOOKS
from bot.rights.access import may_see
from storage.models.audit import AuditEntry
from storage.models.conversation import Conversation
from storage.models.officer import Officer
from storage.uow import UnitOfWork

MOST = 5000


@dataclass(frozen=True)
class Seen:
    """One record and how often the account saw what of it."""

    record: Record
    acts: Counter[str]


@dataclass(frozen=True)
class Search:
    """What the log says of an account in a span; `elsewhere` are records of other places."""

    seen: tuple[Seen, ...]
    exports: tuple[AuditEntry, ...]
    elsewhere: int
    is_cut: bool


async def seen_by(
    uow: UnitOfWork, officer: Officer, account: int, first: datetime, last: datetime
) -> Search:
    """Every record that the account read, listed or took out, and the files it made."""
    query = select(AuditEntry).where(
        AuditEntry.actor_kind == "officer",
        AuditEntry.actor_id == account,
        AuditEntry.at >= first,
        AuditEntry.at <= last,
        AuditEntry.action.in_(LOOKS),
    )
    entries = (await uow.session.scalars(query.order_by(AuditEntry.id))).all()
    acts: dict[str, Counter[str]] = {}
    for entry in entries:
        if entry.reference:
            acts.setdefault(entry.reference, Counter())[entry.action] += 1
    rows = [await uow.records.get(reference) for reference in list(acts)[:MOST]]
    known = [row for row in rows if row is not None]
    mine = [row for row in known if may_see(officer, row)]
    files = [entry for entry in entries if entry.action.startswith("export")]
    return Search(
        tuple(Seen(row, acts[row.reference]) for row in mine),
        tuple(entry for entry in files if not entry.reference),
        len(known) - len(mine),
        len(acts) > MOST,
    )


async def families(uow: UnitOfWork, references: Collection[str]) -> tuple[set[int], int]:
    """The people who filed these records, and how many records lead to nobody any more."""
    people: set[int] = set()
    lost = 0
    for reference in references:
        record = await uow.records.get(reference)
        if record is None or record.person_id is None:
            lost += 1
        else:
            people.add(record.person_id)
    return people, lost


async def chats_of(uow: UnitOfWork, people: Collection[int]) -> Sequence[Conversation]:
    """Where each of these people can be told: the chat they used last."""
    newest: dict[int, Conversation] = {}
    for talk in await uow.conversations.of_people(people):
        there = newest.get(talk.person_id)
        if talk.gone_at is None and (there is None or talk.updated_at > there.updated_at):
            newest[talk.person_id] = talk
    return list(newest.values())
