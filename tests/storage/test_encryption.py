"""What lies in the database says nothing about anybody without the key."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError

from storage.db import Database
from storage.engine import make_engine
from storage.errors import KeyProblem, Undecryptable, UnknownKey
from storage.keys import Keyring
from storage.models.case import Case
from storage.models.conversation import Conversation
from storage.schema import metadata
from tests.storage import make

PHONE, NAME, DETAIL = "15247900001", "苏日娜", "孩子说不想念了"
SECRETS = (PHONE, NAME, DETAIL)
OLD, NEW = bytes(range(32)), bytes(range(100, 132))

Opener = Callable[..., Awaitable[Database]]


@pytest.fixture
async def opened(any_url: str) -> AsyncIterator[Opener]:
    """Open the same database with these keys, newest first."""
    async with AsyncExitStack() as stack:

        async def open_with(*keys: bytes) -> Database:
            database = await Database.open(any_url, Keyring(keys))
            stack.push_async_callback(database.close)
            return database

        yield open_with


async def _fill(db: Database) -> Conversation:
    """One of each row that holds something personal."""
    slots = {"child_name": NAME, "phone": PHONE, "detail": DETAIL}
    async with db.write() as uow:
        talk = await make.conversation(uow)
        talk.state = {"slots": slots}
        person = await uow.people.get(talk.person_id)
        assert person is not None
        person.name = NAME
        uow.people.set_phone(person, PHONE)
        await uow.inbox.accept(talk.id, "web", "1", slots, make.NOW, make.NOW, make.NOW)
        buttons = [{"title": NAME, "payload": NAME}]
        await uow.outbox.add(talk.id, DETAIL, buttons, {"name": NAME}, make.NOW)
        await uow.reminders.add("own", person.id, talk.id, make.NOW, DETAIL, dedupe_key="1")
        await uow.audit.add(make.NOW, "person", person.id, "note", detail={"note": DETAIL})
        row = make.case("D26-0001-000", slots=slots, phone_hash=uow.keyring.blind(PHONE))
        await uow.records.add(row)
        await uow.records.add_reporter(row, NAME, PHONE)
        reasons = [DETAIL]
        await uow.records.add(make.application("A26-0001-000", slots=slots, level_reasons=reasons))
        await uow.records.add(make.registration("T26-0001-000", slots=slots))
        officer = await uow.officers.add(name="王", role="clerk", region_code="15", now=make.NOW)
        await uow.notices.add(officer.id, None, DETAIL, make.NOW)
        await uow.attachments.add(
            sha256="0", mime="image/jpeg", size=1, path="x", name=NAME, created_at=make.NOW
        )
    return talk


async def _everything_at_rest(url: str) -> str:
    engine = make_engine(url)
    try:
        async with engine.connect() as connection:
            tables = [
                (await connection.execute(text(f'SELECT * FROM "{table}"'))).all()
                for table in metadata.tables
            ]
    finally:
        await engine.dispose()
    return repr(tables)


async def test_no_table_shows_anything_personal(any_db: Database, any_url: str) -> None:
    await _fill(any_db)
    stored = await _everything_at_rest(any_url)
    assert "D26-0001-000" in stored
    assert [secret for secret in SECRETS if secret in stored] == []


def _bytes_below(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("yulu.db*"))


async def test_no_byte_of_the_file_shows_anything_personal(
    sqlite_url: str, tmp_path: Path, keyring: Keyring
) -> None:
    db = await Database.open(sqlite_url, keyring)
    await _fill(db)
    stored = _bytes_below(tmp_path)
    await db.close()
    stored += _bytes_below(tmp_path)
    assert b"D26-0001-000" in stored
    assert [secret for secret in SECRETS if secret.encode() in stored] == []
    assert [secret for secret in SECRETS if repr(secret.encode())[2:-1].encode() in stored] == []


async def test_everything_reads_back(any_db: Database) -> None:
    talk = await _fill(any_db)
    async with any_db.read() as uow:
        person = await uow.people.by_phone(PHONE)
        case = await uow.records.get("D26-0001-000")
        assert isinstance(case, Case)
        reporter = await uow.records.reporter(case)
        (reply,) = await uow.outbox.unsent(talk.id)
    assert person is not None and reporter is not None
    assert (person.name, person.phone) == (NAME, PHONE)
    assert (reporter.name, reporter.phone) == (NAME, PHONE)
    assert case.slots == {"child_name": NAME, "phone": PHONE, "detail": DETAIL}
    assert (reply.text, reply.custom) == (DETAIL, {"name": NAME})


async def test_equal_values_differ_at_rest(any_db: Database) -> None:
    async with any_db.write() as uow:
        for address in "ab":
            talk = await make.conversation(uow, address)
            person = await uow.people.get(talk.person_id)
            assert person is not None
            uow.people.set_phone(person, PHONE)
    async with any_db.read() as uow:
        stored = (await uow.session.execute(text("SELECT phone, phone_hash FROM people"))).all()
    assert len({row[0] for row in stored}) == 2
    assert len({row[1] for row in stored}) == 1


async def test_a_value_moved_to_another_column_does_not_open(any_db: Database) -> None:
    await _fill(any_db)
    async with any_db.write() as uow:
        await uow.session.execute(text("UPDATE people SET name = phone"))
    with pytest.raises(Undecryptable, match=r"people\.name"):
        async with any_db.read() as uow:
            await uow.people.by_phone(PHONE)


async def test_a_rotated_ring_reads_old_rows_and_seals_new_ones(opened: Opener) -> None:
    talk = await _fill(await opened(OLD))
    rotated = await opened(NEW, OLD)
    async with rotated.write() as uow:
        person = await uow.people.by_phone(PHONE)
        assert person is not None and person.name == NAME
        person.name = "小军"
    async with rotated.read() as uow:
        row = await uow.conversations.get(talk.id)
    assert row is not None and row.state["slots"]["phone"] == PHONE
    before = await opened(OLD)
    with pytest.raises(UnknownKey):
        async with before.read() as uow:
            await uow.people.by_phone(PHONE)


async def test_a_wrong_key_is_noticed_at_the_start(any_db: Database, opened: Opener) -> None:
    await _fill(any_db)
    with pytest.raises(KeyProblem):
        await opened(NEW)


async def test_a_ring_in_the_wrong_order_is_noticed(any_db: Database, opened: Opener) -> None:
    await _fill(any_db)
    with pytest.raises(KeyProblem, match="stay last"):
        await opened(OLD, NEW)


async def test_an_engine_without_keys_writes_nothing(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    people = metadata.tables["people"]
    values = {"name": NAME, "language": "zh", "reminders_on": True, "created_at": make.NOW}
    with pytest.raises((KeyProblem, StatementError), match="no keyring"):
        async with engine.begin() as connection:
            await connection.execute(people.insert().values(values))
    await engine.dispose()


async def test_errors_do_not_carry_values(any_db: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key") as caught:
        async with any_db.write() as uow:
            await uow.reminders.add("own", 999, 999, make.NOW, "x", dedupe_key=PHONE)
    assert PHONE not in str(caught.value)
