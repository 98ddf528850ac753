"""Backups to begin from: a small one, and one of a database with rows in every table."""

import asyncio
import io
import shutil
from functools import lru_cache
from pathlib import Path

from bot.backup.contents import About
from bot.backup.seal import Lock, lock_own, sealing
from bot.backup.taking import _write
from bot.backup.writing import Writer
from bot.vault.vault import Vault
from storage.key_file import parse_keys, written
from storage.keys import Keyring
from storage.migrate import upgrade
from storage.portable import Shape
from storage.revisions import newest
from tests.backup.filled import NOW, config_of, fill, quiet
from tests.fuzz.scratch import folder

# A key pair for nothing but these tests: a kept case must open again.
SECRET = "AGE-SECRET-KEY-1WQN8EUEH8PYVC6MLLUJDXVCP73T40UWTFW5T75WPESG74D9EYGZQCXDVNN"
PUBLIC = "age1frt5tstuhgrcl84uswdxdezrx9meknlm4evr6wh44cw5ud3npdzsgp8jkw"
KEY = written(bytes(range(32)))
SHAPE = Shape(
    "people",
    (("id", "int"), ("name", "text"), ("at", "moment"), ("is_x", "bool"), ("more", "json")),
)


def small() -> bytes:
    """The inside of a backup of one table, a photo, a key and a form."""
    out, photos = io.BytesIO(), folder() / "photos"
    (photos / "ab").mkdir(parents=True, exist_ok=True)
    (photos / "ab" / "photo.jpg").write_bytes(b"a photo")
    vault = Vault(photos, Keyring(parse_keys(KEY)))
    writer = Writer(out, About(NOW.isoformat(), newest(), "sqlite", "教育局"))
    table = writer.begin_table(SHAPE)
    table.add([SHAPE.line((number, "小军", NOW, True, '{"a": [1]}')) for number in range(5)])
    table.finish(5)
    writer.add_file(vault, "ab/photo.jpg")
    writer.add_file(vault, vault.keep(b"another"))
    writer.add_file(vault, "ab/missing.jpg")
    writer.keep("key", KEY.encode())
    writer.keep("templates/aid_form.docx", b"PK")
    writer.finish()
    return out.getvalue()


def sealed(plain: bytes) -> bytes:
    """A whole backup file around these bytes, for the key above."""
    head, recipients, _ = lock_own(Lock(recipients=(PUBLIC,)))
    path = folder() / "sealed"
    with path.open("w+b") as out:
        out.write(head)
        out.flush()
        with sealing(out, recipients) as inlet:
            inlet.write(plain)
        out.seek(0)
        return out.read()


@lru_cache(maxsize=1)
def empty_database() -> Path:
    """A database with the newest schema and no row, to be copied."""
    path = folder() / "empty.db"
    asyncio.run(upgrade(f"sqlite:///{path}"))
    return path


@lru_cache(maxsize=1)
def whole() -> bytes:
    """The inside of a backup of a database with rows in every table."""
    data = folder() / "whole"
    data.mkdir(exist_ok=True)
    shutil.copy(empty_database(), data / "yulu.db")
    config, keyring, out = config_of(data), Keyring([bytes(range(32))]), io.BytesIO()

    async def write() -> None:
        await fill(config.database_url, keyring)
        await _write(config, keyring, out, NOW, quiet, Path("config.yaml"))

    asyncio.run(write())
    return out.getvalue()
