"""Photos of earlier versions are sealed bit by bit, while people send and officers look."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.vault import upgrading
from bot.vault.locks import copying
from bot.vault.upgrading import ACTION, seal_plain
from bot.vault.vault import Vault
from bot.workers.events import Rules
from bot.workers.plain_files import EVERY, seal_plain_due
from storage.db import Database
from storage.keys import Keyring
from storage.models.attachment import Attachment
from storage.models.audit import AuditEntry
from storage.uow import UnitOfWork
from tests.backup.filled import NOW
from tests.vault.test_vault import CONTENT, plain


async def add(db: Database, path: str) -> int:
    async with db.write() as uow:
        row = await uow.attachments.add(
            sha256=Path(path).name.partition(".")[0],
            mime="image/jpeg",
            size=len(CONTENT),
            path=path,
            name="",
            created_at=NOW,
        )
        return row.id


async def rows(db: Database) -> list[Attachment]:
    async with db.read() as uow:
        return list(await uow.session.scalars(select(Attachment).order_by(Attachment.id)))


async def audited(db: Database) -> list[AuditEntry]:
    async with db.read() as uow:
        found = select(AuditEntry).where(AuditEntry.action == ACTION)
        return list(await uow.session.scalars(found))


@pytest.fixture
def vault(tmp_path: Path, keyring: Keyring) -> Vault:
    return Vault(tmp_path / "files", keyring)


async def test_a_plain_file_is_sealed_with_all_its_rows(any_db: Database, vault: Vault) -> None:
    old = plain(vault)
    for _ in range(2):
        await add(any_db, old)
    done = await seal_plain(any_db, vault, NOW)
    assert (done.files, done.unreadable, done.is_done) == (1, 0, True)
    first, second = await rows(any_db)
    assert first.path == second.path == vault.keep(CONTENT)
    assert first.sha256 == second.sha256 == vault.keyring.name_of(CONTENT)
    assert [*vault.paths()] == [first.path]
    assert CONTENT[:20] not in (vault.root / first.path).read_bytes()
    [entry] = await audited(any_db)
    assert entry.detail == {"files": 2, "unreadable": 0}
    assert (await seal_plain(any_db, vault, NOW)).files == 0
    assert len(await audited(any_db)) == 1


async def test_a_file_of_no_row_is_sealed_too(db: Database, vault: Vault) -> None:
    plain(vault)
    await seal_plain(db, vault, NOW)
    assert [*vault.paths()] == [vault.keep(CONTENT)]


async def test_the_same_photo_in_plain_and_sealed_is_one(db: Database, vault: Vault) -> None:
    sealed = vault.keep(CONTENT)
    await add(db, plain(vault))
    await seal_plain(db, vault, NOW)
    assert [row.path for row in await rows(db)] == [*vault.paths()] == [sealed]


async def filled(db: Database, vault: Vault, count: int) -> dict[int, bytes]:
    contents = [CONTENT + bytes([number]) for number in range(count)]
    return {await add(db, plain(vault, content)): content for content in contents}


async def assert_whole(db: Database, vault: Vault, said: dict[int, bytes]) -> None:
    for row in await rows(db):
        assert vault.read(row.path) == said[row.id]


@pytest.mark.parametrize("place", ["_sealed", "_rename", "_is_named", "remove"])
async def test_killed_anywhere_it_goes_on_and_is_audited_once(
    db: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    said = await filled(db, vault, 12)
    real, calls = getattr(upgrading, place), [0]

    def dies(*arguments: object) -> object:
        calls[0] += 1
        if calls[0] == 2:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(upgrading, place, dies)
    with pytest.raises(KeyboardInterrupt):
        await seal_plain(db, vault, NOW)
    monkeypatch.undo()
    await assert_whole(db, vault, said)
    assert (await seal_plain(db, vault, NOW)).is_done
    await assert_whole(db, vault, said)
    assert [*vault.plain()] == []
    assert len([*vault.paths()]) == len(said)
    assert len(await audited(db)) == 1


async def test_a_short_while_seals_some_and_the_next_the_rest(db: Database, vault: Vault) -> None:
    said = await filled(db, vault, 25)
    done = await seal_plain(db, vault, NOW, seconds=-1)
    assert (done.files, done.is_done) == (0, False)
    assert await audited(db) == []
    assert (await seal_plain(db, vault, NOW, seconds=60)).files == 25
    await assert_whole(db, vault, said)


async def test_no_file_is_renamed_while_a_backup_reads(db: Database, vault: Vault) -> None:
    said = await filled(db, vault, 1)
    with copying(vault.root):
        done = await seal_plain(db, vault, NOW)
    assert (done.files, done.is_done) == (0, False)
    await assert_whole(db, vault, said)
    assert (await seal_plain(db, vault, NOW)).files == 1


async def test_a_row_that_was_added_from_an_old_one_keeps_its_file(
    db: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An officer's photo becomes one of a visit: a second row of the same path."""
    old, real, left = plain(vault), upgrading._is_named, [True]
    await add(db, old)

    async def added_before(uow: UnitOfWork, path: str) -> bool:
        if left and left.pop():
            await add(db, old)
        return await real(uow, path)

    monkeypatch.setattr(upgrading, "_is_named", added_before)
    await seal_plain(db, vault, NOW)
    assert {vault.read(row.path) for row in await rows(db)} == {CONTENT}
    await seal_plain(db, vault, NOW)
    assert {row.path for row in await rows(db)} == {*vault.paths()}


def paths_of(found: Iterable[Attachment]) -> set[str]:
    return {row.path for row in found}


async def test_a_tick_seals_and_looks_again_after_an_hour(db: Database, vault: Vault) -> None:
    rules = Rules(files=vault.root)
    await filled(db, vault, 2)
    [event] = await seal_plain_due(db, NOW, rules)
    assert (event.kind, event.text) == (ACTION, "加密照片和文件2份")
    await add(db, plain(vault, CONTENT + b"late"))
    assert await seal_plain_due(db, NOW + EVERY / 2, rules) == []
    assert [*vault.plain()] != []
    assert len(await seal_plain_due(db, NOW + EVERY + timedelta(seconds=1), rules)) == 1
    assert paths_of(await rows(db)) == {*vault.paths()}
    assert await seal_plain_due(db, NOW + 3 * EVERY, Rules()) == []
