"""The doctor on photos: lost, damaged, without a key, or left plain by an earlier version."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.doctor import papers
from bot.doctor.finding import Level
from bot.doctor.papers import papers_open
from bot.vault.vault import Vault
from storage.db import Database
from storage.keys import Keyring, key_id
from tests.backup.filled import NOW
from tests.vault.test_vault import CONTENT, OTHER, plain


@pytest.fixture
def vault(tmp_path: Path, keyring: Keyring) -> Vault:
    return Vault(tmp_path / "files", keyring)


async def add(db: Database, path: str, size: int = len(CONTENT)) -> None:
    async with db.write() as uow:
        await uow.attachments.add(
            sha256="0" * 64, mime="image/jpeg", size=size, path=path, name="", created_at=NOW
        )


async def test_all_is_well(db: Database, vault: Vault) -> None:
    assert (await papers_open(db, vault)).level is Level.WELL
    path = vault.keep(CONTENT)
    for _ in range(2):
        await add(db, path)
    found = await papers_open(db, vault)
    assert (found.level, found.said) == (Level.WELL, "1 个，都加了密；抽 1 个打开看过，完好")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def other_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[-20] ^= 1
    file.write_bytes(content)


def opened_up(file: Path) -> None:
    file.write_bytes(CONTENT)


@pytest.mark.parametrize("harm", [cut, other_bit, opened_up])
async def test_a_damaged_file(db: Database, vault: Vault, harm: Callable[[Path], None]) -> None:
    path = vault.keep(CONTENT)
    await add(db, path)
    harm(vault.root / path)
    found = await papers_open(db, vault)
    assert found.level is Level.FAULT
    assert "坏了" in found.said and path in found.said and "备份" in found.do


async def test_a_file_that_is_gone(db: Database, vault: Vault) -> None:
    await add(db, "ab/nothing.sealed")
    found = await papers_open(db, vault)
    assert found.level is Level.WATCH and "找不到" in found.said


async def test_a_lost_key(db: Database, vault: Vault) -> None:
    foreign = Vault(vault.root, Keyring([OTHER, *vault.keyring.keys]))
    await add(db, foreign.keep(CONTENT))
    found = await papers_open(db, vault)
    assert found.level is Level.FAULT and key_id(OTHER) in found.said


async def test_a_plain_file_of_an_earlier_version(db: Database, vault: Vault) -> None:
    await add(db, plain(vault))
    found = await papers_open(db, vault)
    assert found.level is Level.WATCH and "还没有加密" in found.said


async def test_of_many_files_only_some_are_opened_but_all_are_looked_at(
    db: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "OPENED", 3)
    kept = [vault.keep(CONTENT + bytes([number])) for number in range(6)]
    for path in kept:
        await add(db, path, len(CONTENT) + 1)
    assert "抽 3 个" in (await papers_open(db, vault)).said
    cut(vault.root / kept[-1])
    assert kept[-1] in (await papers_open(db, vault)).said
