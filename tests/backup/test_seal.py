"""A sealed backup opens for whom it was meant, whole and unchanged, or not at all."""

import hashlib
from pathlib import Path

import pytest

from bot.backup.contents import About, is_safe
from bot.backup.errors import BackupError
from bot.backup.reading import check, keys_for
from bot.backup.seal import MAGIC, Lock, Opener, is_backup, lock_own, new_pair, sealing
from bot.backup.writing import Writer
from storage.portable import Shape

pytestmark = pytest.mark.slow

PASSPHRASE = "correct horse battery"
SHAPE = Shape("people", (("id", "int"), ("name", "text")))


def written(path: Path, lock: Lock, spoil: bool = False, kept: str = "key") -> None:
    head, recipients, _ = lock_own(lock)
    with path.open("wb") as out:
        out.write(head)
        out.flush()
        with sealing(out, recipients) as inlet:
            writer = Writer(inlet, About("2026-11-26T02:00:00+00:00", "0022", "sqlite", "x"))
            table = writer.begin_table(SHAPE)
            table.add([SHAPE.line((number, "小军" * 50)) for number in range(20_000)])
            table.finish(20_000)
            writer.keep(kept, b"secret")
            if spoil:
                writer.manifest.kept["key"] = hashlib.sha256(b"other").hexdigest()
            writer.finish()


@pytest.fixture(scope="module")
def pair() -> tuple[str, str]:
    return new_pair()


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory, pair: tuple[str, str]) -> Path:
    path = tmp_path_factory.mktemp("sealed") / "b.yulu"
    written(path, Lock(recipients=(pair[1],)))
    return path


def test_a_public_key_seals_and_its_secret_opens(sealed: Path, pair: tuple[str, str]) -> None:
    manifest = check(sealed, keys_for(sealed, Opener(key_text=f"# mine\n{pair[0]}\n")))
    assert (manifest.rows, manifest.tables[0].last) == (20_000, 20_000)


def test_without_a_passphrase_there_is_nothing_to_guess(sealed: Path) -> None:
    with pytest.raises(BackupError, match="私钥"):
        keys_for(sealed, Opener(passphrase=PASSPHRASE))


def test_another_key_does_not_open(sealed: Path) -> None:
    with pytest.raises(BackupError, match="别的公钥"):
        check(sealed, keys_for(sealed, Opener(key_text=new_pair()[0])))


def test_a_passphrase_opens_and_a_wrong_one_does_not(tmp_path: Path) -> None:
    path = tmp_path / "b.yulu"
    written(path, Lock(passphrase=PASSPHRASE))
    assert check(path, keys_for(path, Opener(passphrase=PASSPHRASE))).rows == 20_000
    with pytest.raises(BackupError, match="口令不对"):
        keys_for(path, Opener(passphrase="wrong horse battery"))


@pytest.mark.parametrize("place", [0.1, 0.5, 0.99, -1])
def test_a_changed_byte_is_noticed(
    sealed: Path, tmp_path: Path, pair: tuple[str, str], place: float
) -> None:
    content = bytearray(sealed.read_bytes())
    content[int(len(content) * place) if place > 0 else -1] ^= 1
    path = tmp_path / "b.yulu"
    path.write_bytes(content)
    with pytest.raises(BackupError, match="坏了"):
        check(path, keys_for(path, Opener(key_text=pair[0])))


@pytest.mark.parametrize("left", [0.02, 0.5, 0.999])
def test_a_cut_file_is_noticed(
    sealed: Path, tmp_path: Path, pair: tuple[str, str], left: float
) -> None:
    content = sealed.read_bytes()
    path = tmp_path / "b.yulu"
    path.write_bytes(content[: max(int(len(content) * left), 400)])
    with pytest.raises(BackupError, match="坏了"):
        check(path, keys_for(path, Opener(key_text=pair[0])))


def test_a_list_that_does_not_fit_is_noticed(tmp_path: Path, pair: tuple[str, str]) -> None:
    path = tmp_path / "b.yulu"
    written(path, Lock(recipients=(pair[1],)), spoil=True)
    with pytest.raises(BackupError, match="对不上"):
        check(path, keys_for(path, Opener(key_text=pair[0])))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", MAGIC, MAGIC + b"{}\n", MAGIC + b"[1]\n"])
def test_any_other_file_is_refused_in_words(
    tmp_path: Path, pair: tuple[str, str], content: bytes
) -> None:
    path = tmp_path / "b.yulu"
    path.write_bytes(content)
    assert is_backup(path) == content.startswith(MAGIC)
    with pytest.raises(BackupError):
        keys_for(path, Opener(key_text=pair[0]))


@pytest.mark.parametrize(
    ("path", "safe"),
    [
        ("ab/ab12.jpg", True),
        ("templates/申请表.docx", True),
        ("../key", False),
        ("/etc/x", False),
        ("a/../../b", False),
        ("a//b", False),
        (".ssh/x", False),
        ("a\\b", False),
        ("", False),
    ],
)
def test_no_path_leads_out_of_the_folder(path: str, safe: bool) -> None:
    assert is_safe(path) == safe


def test_a_backup_that_nobody_could_open_is_not_made() -> None:
    with pytest.raises(BackupError, match="不能不加密"):
        lock_own(Lock())
    with pytest.raises(BackupError, match="age1"):
        lock_own(Lock(recipients=("age1nonsense",)))


def test_only_our_own_things_are_kept(tmp_path: Path, pair: tuple[str, str]) -> None:
    path = tmp_path / "b.yulu"
    written(path, Lock(recipients=(pair[1],)), kept="yulu.db-journal")
    with pytest.raises(BackupError, match="不该有"):
        check(path, keys_for(path, Opener(key_text=pair[0])))


def test_a_key_file_without_a_key_is_told(sealed: Path) -> None:
    with pytest.raises(BackupError, match="没有可用的私钥"):
        keys_for(sealed, Opener(key_text="# age1…\n"))
