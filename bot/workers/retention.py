"""Nothing is kept longer than needed (PIPL art. 19): drafts, messages, photos, records."""

from datetime import datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from bot.actor import SYSTEM
from bot.clock import at_local, local_day
from bot.handlers.acting import Acting
from bot.workers.archive import forget_people, purge_audit, purge_records
from bot.workers.events import DEFAULT, Event, Rules
from bot.workers.outreach import purge_lists
from storage.db import Database
from storage.models.attachment import Attachment
from storage.models.audit import AuditEntry
from storage.models.conversation import Conversation
from storage.models.message import InboxMessage, OutboxMessage
from storage.models.reminder import Reminder
from storage.uow import UnitOfWork

_ACTION = "retention"
_CHUNK = 200
_NAMES = {
    "records": "过期记录",
    "drafts": "过期草稿",
    "messages": "过期消息",
    "photos": "已删除的照片",
    "sentences": "没听懂的话",
    "lists": "到期的名单",
    "audit": "过期日志",
    "people": "久不联系的人的资料",
}


async def purge_old(db: Database, now: datetime, rules: Rules = DEFAULT) -> list[Event]:
    """Remove what is too old, once a local day, in one transaction."""
    async with db.write() as uow:
        return await purge(uow, now, rules)


async def purge(uow: UnitOfWork, now: datetime, rules: Rules = DEFAULT) -> list[Event]:
    """Remove what is too old, inside the caller's transaction; the second call of a day is idle."""
    last = await _last(uow)
    if last is not None and last >= at_local(local_day(now), time.min):
        return []
    counts = {
        "records": await purge_records(uow, now, rules),
        "drafts": await _purge_drafts(uow, now, rules),
        "messages": await _purge_messages(uow, now, rules, last),
        "photos": await _purge_photos(uow, now, rules),
        "sentences": await _purge_misheard(uow, now, rules),
        "lists": await purge_lists(uow, now),
        "audit": await purge_audit(uow, now, rules),
        "people": await forget_people(uow, now, rules),
    }
    await Acting(uow, SYSTEM, now).audit(_ACTION, None, **counts)
    return [
        Event(now, _ACTION, "", None, f"清理{_NAMES[what]}{count}份", "超过保存期限")
        for what, count in counts.items()
        if count
    ]


async def _last(uow: UnitOfWork) -> datetime | None:
    found: datetime | None = await uow.session.scalar(
        select(AuditEntry.at)
        .where(AuditEntry.action == _ACTION, AuditEntry.actor_kind == SYSTEM.kind.value)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    return found


async def _purge_misheard(uow: UnitOfWork, now: datetime, rules: Rules) -> int:
    """Sentences nobody judged, and those put aside; what was judged teaches and names nobody."""
    return await uow.misheard.forget(("waiting", "dropped"), local_day(now - rules.messages))


async def _purge_drafts(uow: UnitOfWork, now: datetime, rules: Rules) -> int:
    """Drop drafts saved too long ago; conversations are read in chunks by their id."""
    count = after = 0
    while True:
        page = select(Conversation).where(Conversation.id > after).order_by(Conversation.id)
        talks = (await uow.session.scalars(page.limit(_CHUNK))).all()
        if not talks:
            return count
        after = talks[-1].id
        for talk in talks:
            count += _drop_drafts(talk, now, rules)


def _drop_drafts(talk: Conversation, now: datetime, rules: Rules) -> int:
    """Forget forms put aside too long ago, and in a silent conversation those under way."""
    oldest = now - rules.drafts
    drafts: list[dict[str, Any]] = list(talk.state.get("drafts") or [])
    stack: list[Any] = list(talk.state.get("stack") or [])
    kept = [d for d in drafts if datetime.fromisoformat(d["saved_at"]) > oldest]
    idle = stack if talk.updated_at <= oldest else []
    dropped = len(drafts) - len(kept) + len(idle)
    if dropped:
        talk.state = {**talk.state, "drafts": kept, "stack": [] if idle else stack}
    if talk.updated_at <= oldest and talk.state.get("loose_files"):
        talk.state = {**talk.state, "loose_files": [], "loose_voices": []}
    return dropped


async def _purge_messages(
    uow: UnitOfWork, now: datetime, rules: Rules, last: datetime | None
) -> int:
    """Empty what was said too long ago; the rows stay, so that a redelivery is still known."""
    until = now - rules.messages
    since = last - rules.messages if last else None
    count = 0
    heard = [InboxMessage.status != "new", InboxMessage.handled_at <= until]
    said = [OutboxMessage.status != "queued", OutboxMessage.due_at <= until]
    told = [Reminder.status != "waiting", Reminder.due_at <= until]
    if since is not None:
        told.append(Reminder.due_at > since)
        heard.append(InboxMessage.handled_at > since)
        said.append(OutboxMessage.due_at > since)
    for statement in (
        update(InboxMessage).where(*heard).values(payload={}, error=None),
        update(OutboxMessage).where(*said).values(text="", buttons=[], custom={}),
        update(Reminder).where(*told).values(text=""),
    ):
        result: Any = await uow.session.execute(statement)
        count += result.rowcount
    return count


async def _purge_photos(uow: UnitOfWork, now: datetime, rules: Rules) -> int:
    """Remove the bytes of erased photos, save those that another row still shows."""
    await _give_up_unfiled(uow, now - rules.drafts)
    query = select(Attachment).where(Attachment.status == "deleted", Attachment.path != "")
    gone = (await uow.session.scalars(query)).all()
    for photo in gone:
        shared = await uow.session.scalar(
            select(Attachment.id).where(
                Attachment.path == photo.path, Attachment.status != "deleted"
            )
        )
        if shared is None:
            _remove(rules.files, photo.path)
        photo.path = ""
    return len(gone)


async def _give_up_unfiled(uow: UnitOfWork, oldest: datetime) -> None:
    """Photos that came to no record go when the drafts of their silent conversation do."""
    silent = select(Conversation.id).where(Conversation.updated_at <= oldest)
    unfiled = Attachment.reference.is_(None), Attachment.created_at <= oldest
    await uow.session.execute(
        update(Attachment)
        .where(*unfiled, Attachment.conversation_id.in_(silent), Attachment.status != "deleted")
        .values(status="deleted", name="")
    )


def _remove(root: Path | None, path: str) -> None:
    if root is not None:
        (root / path).unlink(missing_ok=True)
