"""Searching the audit log, for the page and the API alike; the search itself is in the log."""

from dataclasses import asdict, dataclass
from datetime import datetime

from bot.rights.access import may_see
from bot.rights.territory import canonical, covers
from storage.kinds import Role
from storage.models.audit import AuditEntry
from storage.models.officer import Officer
from storage.uow import UnitOfWork

MOST_ROUNDS = 10
_BANNER_DIGITS = 6


@dataclass(frozen=True)
class AuditAsked:
    """What is looked for; the moments are the first inside and the first beyond."""

    reference: str | None = None
    action: str | None = None
    officer: int | None = None
    region: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def audit_entries(
    uow: UnitOfWork, officer: Officer, asked: AuditAsked, cursor: str | None, limit: int
) -> tuple[list[AuditEntry], str | None]:
    """Entries in the officer's region, newest first, and the cursor of the next page.

    Of one record all entries are shown, also those of when it lay elsewhere.
    """
    reference = await canonical_reference(uow, asked.reference)
    scope = None if reference else _banner(asked.region or officer.region_code)
    seen: dict[str, bool] = {}
    found: list[AuditEntry] = []
    for _ in range(MOST_ROUNDS):
        rows, cursor = await uow.audit.page(
            reference=reference,
            actor_kind="officer" if asked.officer is not None else None,
            actor_id=asked.officer,
            action=asked.action,
            scope=scope,
            own=officer.id if asked.region is None else None,
            since=asked.since,
            until=asked.until,
            cursor=cursor,
            limit=limit - len(found),
        )
        found += [row for row in rows if await _is_shown(uow, officer, asked, row, seen)]
        if cursor is None or len(found) >= limit:
            break
    return found, cursor


async def audit_search(uow: UnitOfWork, officer: Officer, asked: AuditAsked, now: datetime) -> None:
    """Keep who searched the log for what."""
    told = {key: value for key, value in asdict(asked).items() if value is not None}
    detail = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in told.items()}
    place = officer.region_code
    await uow.audit.add(
        now, "officer", officer.id, "search_audit", detail=detail, region_code=place
    )


async def canonical_reference(uow: UnitOfWork, reference: str | None) -> str | None:
    """The reference as the log spells it."""
    record = await uow.records.get(reference) if reference else None
    return record.reference if record is not None else reference


async def _is_shown(
    uow: UnitOfWork, officer: Officer, asked: AuditAsked, entry: AuditEntry, seen: dict[str, bool]
) -> bool:
    if asked.region is not None and not covers(asked.region, entry.region_code):
        return False
    if entry.reference is not None and entry.reference not in seen:
        record = await uow.records.get(entry.reference)
        if record is not None:
            seen[entry.reference] = may_see(officer, record)
    if entry.reference in seen:
        return seen[entry.reference]
    if entry.region_code is not None:
        return covers(officer.region_code, entry.region_code)
    own = entry.actor_kind == "officer" and entry.actor_id == officer.id
    return own or officer.role == Role.ADMIN


def _banner(code: str) -> str | None:
    """A prefix the database can use; None for the whole region, whose entries may have no place."""
    own = canonical(code)[:_BANNER_DIGITS]
    return None if own.startswith("150000") else own
