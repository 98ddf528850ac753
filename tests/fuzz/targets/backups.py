"""Backups and keys as they lie on a disk: damaged, cut short, or made by somebody hostile."""

import asyncio
import io
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from bot.backup import restoring
from bot.backup.contents import Manifest
from bot.backup.errors import BackupError
from bot.backup.reading import Blob, Checked, check, keys_for, looked_through, parts_of
from bot.backup.seal import Opener
from storage.engine import make_engine
from storage.errors import KeyProblem
from storage.key_file import parse_keys, written
from storage.keys import Keyring
from storage.loading import Loading
from storage.revisions import newest
from tests.backup.filled import NOW, config_of, quiet
from tests.fuzz import backup_seeds as made
from tests.fuzz import tars
from tests.fuzz.scratch import folder, placed
from tests.fuzz.targets.base import Target, words


def _inside(content: bytes) -> None:
    """What stands in a backup once it is open."""
    try:
        for part in parts_of(io.BytesIO(content)):
            if isinstance(part, Blob) and len(part.path) % 2:
                list(part.pieces())
            if isinstance(part, Manifest):
                assert datetime.fromisoformat(part.about.made_at).tzinfo is not None
    except BackupError as bad:
        assert bad.reason


def _sealed(content: bytes) -> None:
    """The file as it lies there; what breaks in the thread that opens it counts, too."""
    path = placed("backup.yulu", content)
    with _threads_may_not_die():
        try:
            check(path, keys_for(path, Opener(key_text=made.SECRET)))
        except BackupError as bad:
            assert bad.reason


def _restored(content: bytes) -> None:
    """All of it is restored, or nothing is left."""
    made.empty_database()  # outside of the loop, in which it could not be made
    place = folder() / "restored"
    place.mkdir()
    config = config_of(place / "var")
    path = placed("backup.yulu", b"")
    try:
        with (
            patch.object(Loading, "prepare", _prepared),
            patch.object(restoring, "opened", lambda *_: _opened(content)),
            patch.object(restoring, "look_through", lambda *_: _checked(content)),
        ):
            asyncio.run(restoring.restore(config, path, [], NOW, quiet))
        assert (place / "var" / "yulu.db").is_file()
        assert (place / "var" / "key").is_file()
    except BackupError as bad:
        assert bad.reason
        assert list(place.iterdir()) == []
    finally:
        shutil.rmtree(place)


@contextmanager
def _opened(content: bytes) -> Iterator[object]:
    yield parts_of(io.BytesIO(content))


def _checked(content: bytes) -> Checked:
    return looked_through(parts_of(io.BytesIO(content)))


async def _prepared(url: str, revision: str) -> Loading:
    """An empty database; one of an older schema would take seconds to make."""
    if revision != newest():
        raise BackupError("an older schema")
    shutil.copy(made.empty_database(), url.removeprefix("sqlite:///"))
    return Loading(make_engine(url))


@contextmanager
def _threads_may_not_die() -> Iterator[None]:
    died: list[threading.ExceptHookArgs] = []
    with patch.object(threading, "excepthook", died.append):
        yield
    assert not died, died[0].exc_value


def _keys(content: bytes) -> None:
    """The key file, and the key that may stand in the environment."""
    path = placed("key", content)
    for value in (None, words(content)):
        try:
            ring = Keyring.load(value, path)
        except KeyProblem as bad:
            assert str(bad)
            continue
        assert all(len(key) == 32 for key in ring.keys)
        again = parse_keys("\n".join(written(key) for key in ring.keys))
        assert tuple(again) == ring.keys


def _key_texts() -> list[bytes]:
    one, other = made.KEY, bytes(range(32)).hex()
    said = ("", "# no key", one, other, f"# newest\n{one}\n{other} # old\n", f"{one},{other}")
    return [*(each.encode() for each in said), one.encode("utf-16")]


def _sealed_seeds() -> list[bytes]:
    return [made.sealed(made.small()), made.sealed(b""), b"yulu backup 1\n{}\n"]


TARGETS = (
    Target("backup", _inside, lambda: [made.small()], 0.02, False, 1 << 16, tars.damaged),
    Target("sealed", _sealed, _sealed_seeds, 0.01, False, 1 << 16),
    Target("restore", _restored, lambda: [made.whole()], 0.002, False, 1 << 18, tars.damaged),
    Target("keys", _keys, _key_texts, 0.02, is_text=False),
)
