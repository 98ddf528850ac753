"""What was backed up comes back, from either database into either, and nothing is said twice."""

import fcntl
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import IO, Any

import pytest

from bot.backup import taking
from bot.backup.errors import BackupError
from bot.backup.reading import check, keys_for
from bot.backup.restoring import GAP, Restored, restore
from bot.backup.seal import Lock, Opener, new_pair, sealing
from bot.backup.taking import Taken, take, thin_out
from bot.backup.waiting import drop_held, held, send_held
from bot.config import Config
from bot.vault.vault import Vault
from storage.db import Database
from storage.keys import Keyring
from storage.migrate import upgrade
from storage.models.message import OutboxMessage
from storage.models.person import Person
from storage.models.reminder import Reminder
from storage.revisions import newest
from storage.snapshot import snapshot
from tests.backup.filled import NOW, PHOTO, config_of, fill, lines, quiet
from tests.storage.postgres import PostgresServer

pytestmark = pytest.mark.slow

FULL = Path("/dev/full")
CHANGED = {"audit", "processes", "outbox", "reminders", "rounds"}
"""Tables in which a restore writes down what it did."""


def photo(config: Config, keyring: Keyring) -> str:
    """A photo in the store; its path."""
    return Vault(config.files_dir, keyring).keep(PHOTO.encode())


def plain_photo(config: Config) -> str:
    """A photo as earlier versions wrote it; its path."""
    digest = hashlib.sha256(PHOTO.encode()).hexdigest()
    path = config.files_dir / digest[:2] / f"{digest}.jpg"
    path.parent.mkdir(parents=True)
    path.write_text(PHOTO)
    return path.relative_to(config.files_dir).as_posix()


async def with_photo(config: Config, keyring: Keyring, *, plain: bool = False) -> str:
    db = await Database.open(config.database_url, keyring)
    path = plain_photo(config) if plain else photo(config, keyring)
    async with db.write() as uow:
        talk = await uow.conversations.get_or_create("web", "a", NOW)
        await uow.attachments.add(
            sha256="0" * 64,
            mime="image/jpeg",
            size=len(PHOTO),
            path=path,
            name="户口本.jpg",
            person_id=talk.person_id,
            conversation_id=talk.id,
            created_at=NOW,
        )
    await db.close()
    return path


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def taken(config: Config, keyring: Keyring, target: Path, lock: Lock | None = None) -> Taken:
    used = lock or Lock(recipients=(new_pair()[1],))
    return await take(config, keyring, target, used, NOW, quiet, Path("config.yaml"))


async def brought_back(config: Config, file: Path, key: str) -> Restored:
    return await restore(config, file, keys_for(file, Opener(key_text=key)), NOW, quiet)


@pytest.fixture
def postgres_empty(postgres_server: PostgresServer) -> Iterator[str]:
    with postgres_server.new_database() as url:
        yield url


async def assert_same(source: str, restored: str) -> None:
    before, after = await lines(source), await lines(restored)
    for name in set(before) - CHANGED:
        assert after[name] == before[name], name
    assert after["audit"][: len(before["audit"])] == before["audit"]
    assert after["processes"] == []


async def test_everything_comes_back(
    config: Config, keyring: Keyring, tmp_path: Path, pair: tuple[str, Lock]
) -> None:
    await fill(config.database_url, keyring)
    path = await with_photo(config, keyring)
    done = await taken(config, keyring, tmp_path / "b.yulu", pair[1])
    assert (done.manifest.files, done.manifest.spoilt) == (1, [])
    fresh = config_of(tmp_path / "fresh")
    restored = await brought_back(fresh, done.path, pair[0])
    await assert_same(config.database_url, fresh.database_url)
    assert PHOTO.encode() not in (fresh.files_dir / path).read_bytes()
    ring = Keyring.load(None, fresh.key_file)
    assert Vault(fresh.files_dir, ring).read(path).decode() == PHOTO
    assert (fresh.data_dir / "templates" / "aid_form.docx").read_bytes() == b"own form"
    assert "config.from-backup.yaml" in names_in(fresh.data_dir)
    assert Keyring.load(None, fresh.key_file).ids == keyring.ids
    # The rows of `fill` name files that never were.
    assert len(restored.manifest.missing) == 3


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.parametrize("back", ["sqlite", "postgres"])
async def test_between_the_databases(
    config: Config,
    keyring: Keyring,
    tmp_path: Path,
    pair: tuple[str, Lock],
    postgres_url: str,
    postgres_empty: str,
    back: str,
) -> None:
    source = config_of(config.data_dir, postgres_url if back == "sqlite" else "")
    await fill(source.database_url, keyring)
    done = await taken(source, keyring, tmp_path / "b.yulu", pair[1])
    fresh = config_of(tmp_path / "fresh", "" if back == "sqlite" else postgres_empty)
    await brought_back(fresh, done.path, pair[0])
    await assert_same(source.database_url, fresh.database_url)
    db = await Database.open(fresh.database_url, keyring)
    async with db.write() as uow:
        uow.session.add(person := Person(created_at=NOW))
        await uow.session.flush()
        assert person.id > GAP
    await db.close()
    if back == "postgres":
        with pytest.raises(BackupError, match="空的数据库"):
            await brought_back(fresh, done.path, pair[0])


@pytest.mark.postgres
@pytest.mark.slow
async def test_a_restore_that_breaks_leaves_postgres_empty(
    config: Config,
    keyring: Keyring,
    tmp_path: Path,
    pair: tuple[str, Lock],
    postgres_empty: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await fill(config.database_url, keyring)
    done = await taken(config, keyring, tmp_path / "b.yulu", pair[1])
    fresh = config_of(tmp_path / "fresh", postgres_empty)
    with monkeypatch.context() as patch:
        patch.setattr("bot.backup.restoring._compare", _broken)
        with pytest.raises(BackupError, match="broken"):
            await brought_back(fresh, done.path, pair[0])
    assert not fresh.data_dir.exists()
    await brought_back(fresh, done.path, pair[0])


async def _broken(*_: object) -> None:
    raise BackupError("broken")


async def test_an_older_schema_is_brought_forward(
    tmp_path: Path, keyring: Keyring, pair: tuple[str, Lock]
) -> None:
    old = config_of(tmp_path / "old")
    old.data_dir.mkdir()
    await upgrade(old.database_url, "0019")
    db = await Database.open(old.database_url, keyring)
    async with db.write() as uow:
        await uow.conversations.get_or_create("web", "a", NOW)
    await db.close()
    done = await taken(old, keyring, tmp_path / "b.yulu", pair[1])
    assert done.manifest.about.revision == "0019"
    fresh = config_of(tmp_path / "fresh")
    await brought_back(fresh, done.path, pair[0])
    async with snapshot(fresh.database_url) as now:
        assert now.revision == newest()
    assert (await lines(fresh.database_url))["people"] == (await lines(old.database_url))["people"]


async def test_what_may_have_been_sent_waits_for_a_word(
    config: Config, keyring: Keyring, tmp_path: Path, pair: tuple[str, Lock]
) -> None:
    await fill(config.database_url, keyring)
    await _set(config, keyring, outbox="queued", reminders="waiting")
    done = await taken(config, keyring, tmp_path / "b.yulu", pair[1])
    fresh = config_of(tmp_path / "fresh")
    restored = await brought_back(fresh, done.path, pair[0])
    assert restored.held.count == 6
    db = await Database.open(fresh.database_url, keyring)
    async with db.write() as uow:
        assert await uow.outbox.claim_due(NOW, NOW - NOW) == []
        assert await uow.reminders.claim_people(NOW, 10) == []
    assert await held(db) == restored.held
    await send_held(db, NOW)
    async with db.read() as uow:
        assert len(await uow.reminders.claim_people(NOW, 10)) == 3
    assert (await held(db)).count == 0
    await db.close()


async def test_what_is_not_wanted_any_more_is_never_sent(
    config: Config, keyring: Keyring, tmp_path: Path, pair: tuple[str, Lock]
) -> None:
    await fill(config.database_url, keyring)
    await _set(config, keyring, outbox="held", reminders="held")
    db = await Database.open(config.database_url, keyring)
    assert (await drop_held(db, NOW)).count == 6
    await db.close()
    db = await Database.open(config.database_url, keyring)
    async with db.read() as uow:
        rows = await uow.session.execute(
            Reminder.__table__.select().with_only_columns(Reminder.status, Reminder.reason)
        )
        assert set(rows.tuples()) == {("suppressed", "恢复备份时没有发")}
    await db.close()


async def _set(config: Config, keyring: Keyring, outbox: str, reminders: str) -> None:
    db = await Database.open(config.database_url, keyring)
    async with db.write() as uow:
        for model, status in ((OutboxMessage, outbox), (Reminder, reminders)):
            values = {"status": status, "due_at": NOW, "leased_until": None}
            table = model.__table__
            await uow.session.execute(table.update().values(**values))  # type: ignore[attr-defined]
    await db.close()


async def test_a_folder_that_is_not_empty_is_left_alone(
    config: Config, keyring: Keyring, tmp_path: Path, pair: tuple[str, Lock]
) -> None:
    done = await taken(config, keyring, tmp_path / "b.yulu", pair[1])
    full = config_of(tmp_path / "full")
    full.data_dir.mkdir()
    (full.data_dir / "mine").touch()
    with pytest.raises(BackupError, match="不是空的"):
        await brought_back(full, done.path, pair[0])
    keys = keys_for(done.path, Opener(key_text=pair[0]))
    await restore(full, done.path, keys, NOW, quiet, aside=True)
    [aside] = [name for name in names_in(tmp_path) if name.startswith("full.before-")]
    assert names_in(tmp_path / aside) == {"mine"}
    assert full.key_file.exists()


async def test_a_photo_that_went_bad_is_told(
    config: Config, keyring: Keyring, tmp_path: Path, pair: tuple[str, Lock]
) -> None:
    path = await with_photo(config, keyring)
    (config.files_dir / path).write_text("something else")
    done = await taken(config, keyring, tmp_path / "b.yulu", pair[1])
    assert done.manifest.spoilt == [path]
    fresh = config_of(tmp_path / "fresh")
    assert (await brought_back(fresh, done.path, pair[0])).spoilt == [path]
    (config.files_dir / path).unlink()
    done = await taken(config, keyring, tmp_path / "c.yulu", pair[1])
    assert done.manifest.missing == [path]


async def test_an_interrupted_backup_leaves_nothing(
    config: Config, keyring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(taking, "_write_files", interrupt)
    folder = tmp_path / "backups"
    with pytest.raises(KeyboardInterrupt):
        await taken(config, keyring, folder / "b.yulu")
    assert names_in(folder) == set()


async def test_what_a_killed_backup_left_is_removed_by_the_next(
    config: Config, keyring: Keyring, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / f"{taking.DRAFT}old").touch()
    with (folder / f"{taking.DRAFT}busy").open("wb") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)
        await taken(config, keyring, folder / "b.yulu")
        assert names_in(folder) == {"b.yulu", f"{taking.DRAFT}busy"}


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is full")
async def test_a_full_disk_is_said_and_leaves_nothing(
    config: Config, keyring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: IO[bytes], recipients: Sequence[Any]) -> AbstractContextManager[IO[bytes]]:
        return sealing(stack.enter_context(FULL.open("wb", buffering=0)), recipients)

    await fill(config.database_url, keyring)
    monkeypatch.setattr(taking, "sealing", full)
    folder = tmp_path / "backups"
    with ExitStack() as stack, pytest.raises(BackupError, match="磁盘满了"):
        await taken(config, keyring, folder / "b.yulu")
    assert names_in(folder) == set()


async def test_only_the_newest_backups_are_kept(
    config: Config, keyring: Keyring, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    for name in ("a.yulu", "b.yulu", "c.yulu"):
        await taken(config, keyring, folder / name)
    (folder / "mine.yulu").write_text("not a backup")
    assert [path.name for path in thin_out(folder, 2)] == ["a.yulu"]
    assert names_in(folder) == {"b.yulu", "c.yulu", "mine.yulu"}
    check_key = new_pair()[0]
    with pytest.raises(BackupError, match="别的公钥"):
        check(folder / "c.yulu", keys_for(folder / "c.yulu", Opener(key_text=check_key)))
