"""What an officer sees in the chat: one record in a few masked lines, and the list of own work.

A phone's screen is seen by others, so a list names no child.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.cases.next_things import Thing, next_thing, next_things
from bot.cases.notices import about, kind_name
from bot.cases.records import Record
from bot.clock import spoken
from bot.rights.access import access_record, may_see
from bot.words import render
from storage.models.officer import Officer
from storage.repositories.record_query import RecordQuery
from storage.uow import UnitOfWork

_LISTED = 10


async def look(
    uow: UnitOfWork, officer: Officer, reference: str, now: datetime
) -> tuple[str, Record]:
    """One record in short, audited as a read. Raises NotFound outside the officer's region."""
    record = await access_record(uow, officer, reference, now)
    holder = await uow.officers.get(record.assigned_to_id) if record.assigned_to_id else None
    thing = await next_thing(uow, record, now)
    text = render(
        "line.look",
        **about(record),
        status=render(f"status.{record.kind}.{record.status}"),
        officer=holder.name if holder else render("line.nobody"),
        next=_next_words(thing) or render("line.no_step"),
    )
    return text, record


def _next_words(thing: Thing) -> str:
    return f"{thing.what}（{thing.why}）" if thing.what and thing.why else thing.what


async def mine(uow: UnitOfWork, officer: Officer, now: datetime) -> str:
    """The officer's open records, what is overdue first."""
    query = RecordQuery(open_only=True, assigned_to=officer.id, soonest_first=True, limit=_LISTED)
    count = await uow.records.count(query)
    if not count:
        return render("line.mine_none")
    rows, _ = await uow.records.page(query)
    seen = [row for row in rows if may_see(officer, row)]
    return render("line.mine", count=count, lines="\n".join(await list_lines(uow, seen, now)))


async def list_lines(uow: UnitOfWork, records: Sequence[Record], now: datetime) -> list[str]:
    """Records in a list: number, kind, by when, and what is next; no child is named."""
    things = await next_things(uow, records, now)
    return [
        render(
            "line.of_list",
            reference=record.reference,
            kind=kind_name(record),
            due=_due(record.due_at, now),
            next=_then(things.get(record.reference, Thing())),
        )
        for record in records
    ]


def _then(thing: Thing) -> str:
    return render("line.then", what=thing.what) if thing.what else ""


def _due(due_at: datetime | None, now: datetime) -> str:
    if due_at is None:
        return render("line.no_due")
    return render("line.late" if due_at <= now else "line.until", due=spoken(due_at))
