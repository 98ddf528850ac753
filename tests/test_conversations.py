"""The golden conversations: what people say, what the bot asks and what ends up on record."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from storage.db import Database
from storage.keys import Keyring
from storage.kinds import RecordKind
from storage.models.person import Consent
from storage.repositories.record_query import RecordQuery
from storage.uow import UnitOfWork
from tests.conversation import Player, check, load
from tests.engine import engine

FOLDER = Path(__file__).parent / "conversations"
SCRIPTS = sorted(FOLDER.glob("*.yaml"))
FILING = [path for path in SCRIPTS if "records:" in path.read_text("utf-8")]


async def play(path: Path, db: Database) -> None:
    script = load(path)
    player = Player(db, engine())
    await prepare(db, script.get("sessions", []))
    for number, turn in enumerate(script["turns"], start=1):
        answers = await player.say(turn, turn.get("who", "u1"))
        check(turn, answers, f"{path.stem} turn {number}")
    async with db.read() as uow:
        await _check_records(uow, script.get("records"), path.stem)
        await _check_consents(uow, script.get("consents"), path.stem)


async def prepare(db: Database, sessions: list[dict[str, Any]]) -> None:
    async with db.write() as uow:
        for number, values in enumerate(sessions, start=1):
            day = date.fromisoformat(str(values.pop("starts_on")))
            await uow.trainings.upsert(
                {
                    "source_key": f"s{number}",
                    "reference": f"S26-0000-{number:03d}",
                    "starts_on": day,
                    **values,
                }
            )


async def _check_records(uow: UnitOfWork, wanted: list[dict[str, Any]] | None, where: str) -> None:
    if wanted is None:
        return
    found = []
    for kind in RecordKind:
        rows, _ = await uow.records.page(RecordQuery(kinds=(kind,), limit=200))
        found.extend(rows)
    assert len(found) == len(wanted), f"{where}: {[(r.kind, dict(r.slots)) for r in found]}"
    for record in wanted:
        matching = [row for row in found if _matches(row, record)]
        assert matching, (
            f"{where}: no {record} among {[(r.kind, r.status, dict(r.slots)) for r in found]}"
        )
        if "noted" in record:
            story = await uow.audit.of(matching[0].reference)
            assert record["noted"] in [(step.detail or {}).get("note") for step in story], where
        if "papers" in record:
            files = await uow.attachments.of_reference(matching[0].reference)
            assert [file.document for file in files] == record["papers"], where


async def _check_consents(uow: UnitOfWork, wanted: list[Any] | None, where: str) -> None:
    """The answers to "may I store this?", of all people, oldest first, or who gave them."""
    if wanted is None:
        return
    rows = (await uow.session.scalars(select(Consent).order_by(Consent.id))).all()
    found = [
        row.granted if isinstance(want, bool) else row.relation
        for row, want in zip(rows, wanted, strict=True)
    ]
    assert found == wanted, where


def _matches(row: Any, record: dict[str, Any]) -> bool:
    if row.kind != record["kind"] or row.status != record.get("status", row.status):
        return False
    if "type" in record and row.type != record["type"]:
        return False
    slots = {key: str(value) for key, value in record.get("slots", {}).items()}
    return all(str(row.slots.get(key)) == value for key, value in slots.items())


@pytest.fixture
async def postgres_db(postgres_url: str, keyring: Keyring) -> AsyncIterator[Database]:
    database = await Database.open(postgres_url, keyring)
    yield database
    await database.close()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
async def test_conversation(path: Path, db: Database) -> None:
    await play(path, db)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("path", FILING, ids=lambda path: path.stem)
async def test_filing_on_postgres(path: Path, postgres_db: Database) -> None:
    await play(path, postgres_db)
