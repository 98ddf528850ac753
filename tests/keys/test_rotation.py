"""The steps of a rotation, and when a key may go."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import Refused
from bot.keys.rotation import coming, drop, in_front, rotate
from bot.vault.vault import Vault, by_key
from storage.db import Database
from storage.key_file import parse_keys, replace_keys, written
from storage.keys import Keyring, key_id
from storage.rekeying import sealed_tables, values_by_key
from tests.backup.filled import NOW, fill, quiet
from tests.vault.test_vault import CONTENT, plain

pytestmark = pytest.mark.slow

OLD = bytes(range(32))
ONE, TWO, THREE = (bytes([number]) * 32 for number in (1, 2, 3))


def now() -> datetime:
    return NOW


def bare(db: Database) -> Vault:
    """No files at all; those have tests of their own."""
    return Vault(Path(__file__).parent / "none", db.keyring)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    replace_keys(path, [OLD])
    return path


@pytest.fixture
async def any_filled(any_url: str, path: Path) -> AsyncIterator[Database]:
    """A database with rows in every table; its ring follows the key file."""
    ring = Keyring.load(None, path)
    await fill(any_url, ring)
    database = await Database.open(any_url, ring)
    async with database.write() as uow:  # those of `fill` would be waited for
        await uow.session.execute(text("DELETE FROM processes"))
    yield database
    async with database.write() as uow:  # the next one on this server begins with the first key
        await uow.session.execute(text("DELETE FROM key_check"))
    await database.close()
    await (await Database.open(any_url, Keyring([OLD]))).close()


@pytest.fixture
async def filled(sqlite_url: str, path: Path) -> AsyncIterator[Database]:
    ring = Keyring.load(None, path)
    database = await Database.open(sqlite_url, ring)
    yield database
    await database.close()


async def opened(db: Database) -> dict[tuple[str, int, str], str | None]:
    """Every encrypted value in plain."""
    found = {}
    async with db.read() as uow:
        for sealed in sealed_tables():
            rows = (await uow.session.execute(sealed.clause.select())).mappings().all()
            for row in rows:
                for name, context in sealed.contexts.items():
                    value = row[name]
                    plain = None if value is None else db.keyring.decrypt(value, context)
                    found[(sealed.clause.name, row["id"], name)] = plain
    return found


async def test_every_value_of_every_table_is_sealed_again(any_filled: Database) -> None:
    before = await opened(any_filled)
    assert {table for table, *_ in before} == {each.clause.name for each in sealed_tables()}
    first = any_filled.keyring.current
    done = await rotate(any_filled, bare(any_filled), now, quiet)
    assert done.key_id == any_filled.keyring.current != first
    assert done.unreadable == ()
    counts = await values_by_key(any_filled)
    assert set(counts) == {done.key_id}
    assert counts.total() == done.values + 1  # the entry of the audit log came afterwards
    after = await opened(any_filled)
    assert {key: value for key, value in after.items() if key in before} == before


async def test_the_hash_to_look_up_stays(filled: Database) -> None:
    before = filled.keyring.blind("152")
    await rotate(filled, bare(filled), now, quiet)
    await rotate(filled, bare(filled), now, quiet)
    assert filled.keyring.blind("152") == before
    assert len(filled.keyring.ids) == 3


async def test_nobody_writes_with_a_key_that_somebody_cannot_read(
    filled: Database, path: Path
) -> None:
    async with filled.write() as uow:
        await uow.processes.is_here("far away", filled.keyring.ids, NOW)
    with pytest.raises(Refused, match="far away"):
        await rotate(filled, bare(filled), now, quiet, patience=0)
    id = coming(path)
    assert id is not None
    assert Keyring.load(None, path).current == key_id(OLD)
    async with filled.write() as uow:  # the other machine got the file
        await uow.processes.is_here("far away", [id, key_id(OLD)], NOW)
    assert (await rotate(filled, bare(filled), now, quiet, patience=0)).key_id == id
    assert coming(path) is None


async def test_what_was_begun_is_finished_and_no_other_key_is_made(
    filled: Database, path: Path
) -> None:
    replace_keys(path, [ONE, OLD])  # killed after the key was put in front
    filled.keyring.refresh()
    done = await rotate(filled, bare(filled), now, quiet)
    assert done.key_id == key_id(ONE)
    assert Keyring.load(None, path).keys == (ONE, OLD)


async def test_a_value_no_key_opens_is_told_and_left_alone(filled: Database) -> None:
    foreign = Keyring([TWO]).encrypt("x", "people.name")
    async with filled.write() as uow:
        talk = await uow.conversations.get_or_create("web", "a", NOW)
        values = {"name": foreign, "id": talk.person_id}
        await uow.session.execute(text("UPDATE people SET name = :name WHERE id = :id"), values)
    done = await rotate(filled, bare(filled), now, quiet)
    assert done.unreadable == (("people.name", talk.person_id),)
    assert (await values_by_key(filled))[key_id(TWO)] == 1


async def test_a_key_goes_only_when_nothing_needs_it(filled: Database, path: Path) -> None:
    middle = (await rotate(filled, bare(filled), now, quiet)).key_id
    newest = (await rotate(filled, bare(filled), now, quiet)).key_id
    for id, reason in ((newest, "正在用"), (key_id(OLD), "查找"), ("00000000", "没有")):
        with pytest.raises(Refused, match=reason):
            await drop(filled, bare(filled), id, NOW)
    async with filled.write() as uow:
        talk = await uow.conversations.get_or_create("web", "a", NOW)
        sealed = Keyring([key for key in filled.keyring.keys if key_id(key) == middle])
        values = {"name": sealed.encrypt("x", "people.name"), "id": talk.person_id}
        await uow.session.execute(text("UPDATE people SET name = :name WHERE id = :id"), values)
    with pytest.raises(Refused, match="还有 1 个"):
        await drop(filled, bare(filled), middle, NOW)
    assert (
        await rotate(filled, bare(filled), now, quiet)
    ).key_id == newest  # finishes instead of a third key
    await drop(filled, bare(filled), middle, NOW)
    assert Keyring.load(None, path).ids == [newest, key_id(OLD)]


async def test_photos_are_sealed_again_and_plain_ones_too(filled: Database, tmp_path: Path) -> None:
    vault = Vault(tmp_path / "files", filled.keyring)
    sealed, old = vault.keep(CONTENT), plain(vault, CONTENT + b"2")
    said: list[str] = []
    done = await rotate(filled, vault, now, said.append)
    assert (done.files, done.unreadable_files) == (2, ())
    assert by_key(vault) == {done.key_id: 2}
    assert vault.read(sealed) == CONTENT and vault.keep(CONTENT) == sealed
    assert old not in vault.paths()


async def test_a_rotation_is_not_over_while_a_photo_lies_under_the_old_key(
    filled: Database, tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = Vault(tmp_path / "files", filled.keyring)
    kept = vault.keep(CONTENT)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.keys.rotation.seal_files_again", killed)
    with pytest.raises(KeyboardInterrupt):
        await rotate(filled, vault, now, quiet)
    monkeypatch.undo()
    newest = filled.keyring.current
    assert (by_key(vault), vault.read(kept)) == ({key_id(OLD): 1}, CONTENT)
    assert (await rotate(filled, vault, now, quiet)).key_id == newest
    assert by_key(vault) == {newest: 1}
    assert len(Keyring.load(None, path).ids) == 2


async def test_a_key_stays_while_a_photo_needs_it(filled: Database, tmp_path: Path) -> None:
    vault = Vault(tmp_path / "files", filled.keyring)
    middle = (await rotate(filled, vault, now, quiet)).key_id
    newest = (await rotate(filled, vault, now, quiet)).key_id
    only_middle = [key for key in filled.keyring.keys if key_id(key) != newest]
    Vault(vault.root, Keyring(only_middle)).keep(CONTENT)
    with pytest.raises(Refused, match="还有 1 个照片"):
        await drop(filled, vault, middle, NOW)
    assert (await rotate(filled, vault, now, quiet)).key_id == newest
    await drop(filled, vault, middle, NOW)
    assert filled.keyring.source is not None
    left = Keyring.load(None, filled.keyring.source)
    assert (left.ids, len(by_key(vault))) == ([newest, key_id(OLD)], 1)


async def test_keys_of_the_environment_are_told_step_by_step(sqlite_url: str) -> None:
    db = await Database.open(sqlite_url, Keyring([OLD]))
    with pytest.raises(Refused, match="分三步") as told:
        await rotate(db, bare(db), now, quiet)
    await db.close()
    [line] = [line for line in told.value.reason.splitlines() if line.startswith("1.")]
    first, fresh, last = parse_keys(line.rpartition("：")[2])
    assert (first, last) == (OLD, OLD)
    db = await Database.open(sqlite_url, Keyring([first, fresh, last]))
    with pytest.raises(Refused, match="2\\. ") as told:
        await rotate(db, bare(db), now, quiet)
    await db.close()
    assert f"{written(fresh)},{written(OLD)}\n" in told.value.reason
    db = await Database.open(sqlite_url, Keyring([fresh, OLD]))
    assert (await rotate(db, bare(db), now, quiet)).key_id == key_id(fresh)
    with pytest.raises(Refused, match="分三步"):
        await rotate(db, bare(db), now, quiet)
    await db.close()


def test_a_key_is_put_in_front_and_the_last_stays_last() -> None:
    assert in_front([OLD, ONE, OLD], key_id(ONE)) == [ONE, OLD]
    assert in_front([TWO, ONE, OLD], key_id(ONE)) == [ONE, TWO, OLD]
    assert in_front([THREE, ONE, TWO, OLD], key_id(ONE)) == [ONE, THREE, TWO, OLD]
