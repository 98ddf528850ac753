"""Rows for tests, with only what a test cares about said aloud."""

from datetime import UTC, datetime, timedelta
from typing import Any

from storage.db import Database
from storage.models.application import Application
from storage.models.case import Case
from storage.models.conversation import Conversation
from storage.models.training import Registration
from storage.uow import UnitOfWork

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LEASE = timedelta(minutes=1)


def later(**passed: float) -> datetime:
    """A moment after NOW: later(minutes=5)."""
    return NOW + timedelta(**passed)


async def conversation(uow: UnitOfWork, address: str = "a", channel: str = "web") -> Conversation:
    """A conversation with its person."""
    return await uow.conversations.get_or_create(channel, address, NOW)


async def messages(db: Database, *texts: str, address: str = "a", channel: str = "web") -> int:
    """Accepted messages of one conversation; its id."""
    async with db.write() as uow:
        talk = await conversation(uow, address, channel)
        for text in texts:
            key = f"{address}/{text}"
            await uow.inbox.accept(talk.id, channel, key, {"text": text}, NOW, NOW, NOW)
        return talk.id


async def replies(db: Database, *texts: str, address: str = "a", channel: str = "web") -> int:
    """Queued replies of one conversation; its id."""
    async with db.write() as uow:
        talk = await conversation(uow, address, channel)
        for text in texts:
            await uow.outbox.add(talk.id, text, [], {}, NOW)
        return talk.id


def _common(reference: str, values: dict[str, Any]) -> dict[str, Any]:
    return {"reference": reference, "opened_at": NOW, "updated_at": NOW, "slots": {}, **values}


def case(reference: str, **values: Any) -> Case:
    """A dropout case."""
    return Case(**_common(reference, {"kind": "dropout_case", "status": "reported", **values}))


def application(reference: str, **values: Any) -> Application:
    """An aid application."""
    own = {"kind": "aid_application", "status": "submitted", **values}
    return Application(**_common(reference, own))


def registration(reference: str, **values: Any) -> Registration:
    """A place in a training session."""
    own = {"kind": "training_registration", "status": "booked", **values}
    return Registration(**_common(reference, own))
