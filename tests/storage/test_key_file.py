"""A ring follows its file while the process runs."""

import os
import stat
from pathlib import Path

import pytest

from storage import keys
from storage.errors import UnknownKey
from storage.key_file import parse_keys, replace_keys, written
from storage.keys import Keyring, key_id

OLD, NEW = bytes(range(32)), bytes(range(32, 64))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_text(written(OLD))
    return path


@pytest.fixture
def ring(path: Path) -> Keyring:
    return Keyring.load(None, path)


def test_a_value_of_a_key_that_came_later_is_read(path: Path, ring: Keyring) -> None:
    replace_keys(path, [NEW, OLD])
    assert ring.decrypt(Keyring([NEW, OLD]).encrypt("小军")) == "小军"
    assert ring.current == key_id(NEW)


def test_a_ring_writes_with_the_key_that_was_put_in_front(
    path: Path, ring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    hash = ring.blind("152")
    monkeypatch.setattr(keys, "LOOKS_EVERY", 0)
    replace_keys(path, [NEW, OLD], "spring")
    assert ring.encrypt("小军").startswith(f"k1.{key_id(NEW)}.")
    assert ring.blind("152") == hash


def test_a_key_behind_the_first_is_read_and_does_not_write(path: Path, ring: Keyring) -> None:
    replace_keys(path, [OLD, NEW, OLD])
    ring.refresh()
    assert ring.ids == [key_id(OLD), key_id(NEW)]
    assert ring.encrypt("小军").startswith(f"k1.{key_id(OLD)}.")
    assert ring.decrypt(Keyring([NEW]).encrypt("小军")) == "小军"


@pytest.mark.parametrize("text", ["", "secret", written(NEW), written(OLD)[:20]])
def test_a_broken_or_foreign_file_takes_no_key_away(path: Path, ring: Keyring, text: str) -> None:
    before = ring.encrypt("小军")
    path.write_text(text)
    ring.refresh()
    assert ring.decrypt(before) == "小军"
    assert ring.ids == [key_id(OLD)]


def test_a_vanished_file_takes_no_key_away(path: Path, ring: Keyring) -> None:
    path.unlink()
    ring.refresh()
    assert ring.ids == [key_id(OLD)]


def test_keys_of_the_environment_follow_no_file(path: Path) -> None:
    ring = Keyring.load(written(OLD), path)
    replace_keys(path, [NEW, OLD])
    with pytest.raises(UnknownKey):
        ring.decrypt(Keyring([NEW]).encrypt("小军"))


def test_the_file_changes_as_a_whole_and_for_the_owner_only(path: Path) -> None:
    replace_keys(path, [NEW, OLD], "next abc")
    assert parse_keys(path.read_text("utf-8")) == [NEW, OLD]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["key"]


def test_keys_that_root_turns_stay_the_services(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[int, int]] = []
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)
    owner = path.stat().st_uid, path.stat().st_gid
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", lambda _path, *to: given.append(to))
    replace_keys(path, [NEW, OLD])
    assert given == [owner]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
