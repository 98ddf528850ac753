"""The database as a whole: transactions, versions, moments, migrations."""

from datetime import UTC, datetime, timedelta, timezone

from storage.db import Database
import pytest
from storage.models.person import Person

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


async def test_a_write_commits_on_normal_exit(any_db: Database) -> None:
    async with any_db.write() as uow:
        conversation = await uow.conversations.get_or_create("web", "a", NOW)
    async with any_db.read() as uow:
        again = await uow.conversations.get(conversation.id)
    assert again is not None
    assert again.updated_at == NOW
