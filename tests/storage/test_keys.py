"""Keys: where they come from, and that only the right one opens a value."""

import re
import stat
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.errors import BadKey, Undecryptable, UnknownKey
from storage.keys import Keyring, generate_key

OLD, NEW = generate_key(), generate_key()


def ring(tmp_path: Path, *keys: str) -> Keyring:
    return Keyring.load(",".join(keys), tmp_path / "unused")


def test_a_value_comes_back(keyring: Keyring) -> None:
    token = keyring.encrypt("苏日娜 15247900000", "people.name")
    assert keyring.decrypt(token, "people.name") == "苏日娜 15247900000"
    assert "苏日娜" not in token


def test_equal_values_look_different(keyring: Keyring) -> None:
    assert keyring.encrypt("小军") != keyring.encrypt("小军")


def test_a_value_does_not_open_in_another_column(keyring: Keyring) -> None:
    token = keyring.encrypt("小军", "people.name")
    with pytest.raises(Undecryptable):
        keyring.decrypt(token, "reporters.name")


@pytest.mark.parametrize("token", ["", "plain text", "k1.", "k1.abcd", "k0.abcd.efgh"])
def test_what_is_no_ciphertext_is_refused(keyring: Keyring, token: str) -> None:
    with pytest.raises(Undecryptable):
        keyring.decrypt(token)


@pytest.mark.parametrize("position", [-6, -20, -30])
def test_an_altered_value_is_refused(keyring: Keyring, position: int) -> None:
    token = keyring.encrypt("小军今年十四岁")
    other = "A" if token[position] != "A" else "B"
    with pytest.raises(Undecryptable):
        keyring.decrypt(token[:position] + other + token[position + 1 :])


def test_a_truncated_value_is_refused(keyring: Keyring) -> None:
    token = keyring.encrypt("小军")
    with pytest.raises(Undecryptable):
        keyring.decrypt(token[: token.rindex(".") + 9])


def test_old_keys_still_open_and_the_new_one_seals(tmp_path: Path) -> None:
    before = ring(tmp_path, OLD)
    after = ring(tmp_path, NEW, OLD)
    assert after.decrypt(before.encrypt("小军")) == "小军"
    with pytest.raises(UnknownKey):
        before.decrypt(after.encrypt("小军"))


def test_hashes_survive_a_rotation(tmp_path: Path) -> None:
    assert ring(tmp_path, NEW, OLD).blind("152") == ring(tmp_path, OLD).blind("152")
    assert ring(tmp_path, NEW).blind("152") != ring(tmp_path, OLD).blind("152")


def test_a_wrong_key_is_named_as_missing(tmp_path: Path) -> None:
    with pytest.raises(UnknownKey, match=r"people\.phone"):
        ring(tmp_path, NEW).decrypt(
            ring(tmp_path, OLD).encrypt("1", "people.phone"), "people.phone"
        )


def test_the_same_key_may_be_written_in_three_ways(tmp_path: Path) -> None:
    raw = bytes(range(200, 232))
    words = (raw.hex(), b64encode(raw).decode(), b64encode(raw, b"-_").decode().rstrip("="))
    hashes = {ring(tmp_path, word).blind("x") for word in words}
    assert len(hashes) == 1


@pytest.mark.parametrize("bad", ["secret", "c2hvcnQ=", "ключ", "!" * 44, "ab" * 31, ","])
def test_a_bad_key_is_refused_without_being_quoted(tmp_path: Path, bad: str) -> None:
    with pytest.raises(BadKey) as caught:
        Keyring.load(bad, tmp_path / "key")
    assert bad == "," or bad not in str(caught.value)
    assert not (tmp_path / "key").exists()


@pytest.mark.parametrize("unset", [None, "", "  "])
def test_without_a_key_a_file_is_made_for_the_owner_only(tmp_path: Path, unset: str | None) -> None:
    path = tmp_path / "data" / "key"
    made = Keyring.load(unset, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["key"]
    assert Keyring.load(None, path).decrypt(made.encrypt("小军")) == "小军"


def test_a_key_file_open_to_others_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(OLD)
    path.chmod(0o644)
    Keyring.load(None, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_file_may_hold_several_keys_and_remarks(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(f"# rotated in spring\n{NEW}  # new\n{OLD}\n")
    assert Keyring.load(None, path).decrypt(ring(tmp_path, OLD).encrypt("小军")) == "小军"


def test_an_empty_key_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.touch()
    with pytest.raises(BadKey, match=re.escape(str(path))):
        Keyring.load(None, path)


def test_of_keys_that_are_none_it_is_said_where_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadKey, match=re.escape(str(path))):
        Keyring.load(None, path)
    with pytest.raises(BadKey, match="YULU_KEY") as caught:
        Keyring.load("hush", path)
    assert "hush" not in str(caught.value)


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(OLD)
    assert Keyring.load(NEW, path).blind("x") == ring(tmp_path, NEW).blind("x")


def test_all_who_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        rings = list(threads.map(lambda _: Keyring.load(None, tmp_path / "key"), range(8)))
    assert len({made.blind("x") for made in rings}) == 1
