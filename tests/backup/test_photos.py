"""Photos in a backup: sealed as they lie on disk, with every key that any of them needs."""

from functools import partialmethod
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.backup import taking
from bot.backup.contents import About
from bot.backup.seal import Lock
from bot.backup.taking import all_keys
from bot.config import Config
from bot.vault.resealing import seal_files_again
from bot.vault.upgrading import seal_plain
from bot.vault.vault import Vault
from storage.db import Database
from storage.key_file import replace_keys
from storage.keys import Keyring
from storage.models.attachment import Attachment
from tests.backup.filled import NOW, PHOTO, config_of
from tests.backup.test_backup import brought_back, taken, with_photo

pytestmark = pytest.mark.slow


async def test_a_photo_of_an_earlier_version_is_sealed_when_it_comes_back(
    config: Config,
    keyring: Keyring,
    tmp_path: Path,
    pair: tuple[str, Lock],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = await with_photo(config, keyring, plain=True)
    monkeypatch.setattr(About, "__init__", partialmethod(About.__init__, format=1))
    done = await taken(config, keyring, tmp_path / "b.yulu", pair[1])
    monkeypatch.undo()
    assert done.manifest.about.format == 1
    fresh = config_of(tmp_path / "fresh")
    assert (await brought_back(fresh, done.path, pair[0])).spoilt == []
    assert PHOTO.encode() not in (fresh.files_dir / path).read_bytes()
    db = await Database.open(fresh.database_url, Keyring.load(None, fresh.key_file))
    vault = Vault(fresh.files_dir, db.keyring)
    assert (await seal_plain(db, vault, NOW)).files == 1
    async with db.read() as uow:
        [row] = await uow.session.scalars(select(Attachment))
    await db.close()
    assert (row.path != path, vault.read(row.path).decode()) == (True, PHOTO)
    assert [*vault.paths()] == [row.path]


async def test_a_new_key_in_the_middle_of_a_backup_is_in_it(
    config: Config,
    keyring: Keyring,
    tmp_path: Path,
    pair: tuple[str, Lock],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rows of before and photos of after the change: both keys are needed."""
    path = await with_photo(config, keyring)
    ring, fresh_key = Keyring.load(None, config.key_file), bytes([9]) * 32
    write_files = taking._write_files

    def change_the_key(vault: Vault, *rest: Any) -> None:
        replace_keys(config.key_file, [fresh_key, *keyring.keys])
        newer = Vault(config.files_dir, Keyring.load(None, config.key_file))
        assert seal_files_again(newer, lambda _: None).files == 1
        write_files(vault, *rest)

    monkeypatch.setattr(taking, "_write_files", change_the_key)
    done = await taken(config, ring, tmp_path / "b.yulu", pair[1])
    fresh = config_of(tmp_path / "fresh")
    restored = await brought_back(fresh, done.path, pair[0])
    assert restored.keyring.keys == (fresh_key, *keyring.keys)
    assert Vault(fresh.files_dir, restored.keyring).read(path).decode() == PHOTO


def test_a_key_that_went_during_a_backup_stays_in_it() -> None:
    one, two, three = (bytes([number]) * 32 for number in (1, 2, 3))
    assert all_keys([two, one], [three, two, one]) == [three, two, one]
    assert all_keys([two, three, one], [two, one]) == [two, three, one]
    assert all_keys([one], [one]) == [one]
