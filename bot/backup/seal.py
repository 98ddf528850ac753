"""What closes a backup: age (X25519, ChaCha20-Poly1305), for a passphrase or for public keys.

Every backup has a key pair of its own. With a passphrase its secret half lies in the head of the
file, sealed with it; with public keys alone it is forgotten once the file has been read back, and
the machine cannot open its own backups. See docs/decisions/0015.
"""

import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from bot.backup.errors import BackupError, damaged
from bot.backup.passphrase import opened_by, sealed_by

MAGIC = b"yulu backup 1\n"
_LONGEST_HEAD = 1 << 16


@dataclass(frozen=True)
class Lock:
    """Who may open a backup: whoever knows the passphrase or has the key of a recipient."""

    passphrase: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True)
class Opener:
    """What opens a backup: a passphrase, or the text of an age key file."""

    passphrase: str = ""
    key_text: str = ""


def new_pair() -> tuple[str, str]:
    """A secret key and the public key that belongs to it."""
    import pyrage

    secret = pyrage.x25519.Identity.generate()
    return str(secret), str(secret.to_public())


def lock_own(lock: Lock) -> tuple[bytes, list[Any], Any]:
    """The head of a new backup, whom it is closed for, and its own secret key to read it back."""
    import pyrage

    own = pyrage.x25519.Identity.generate()
    try:
        others = [pyrage.x25519.Recipient.from_str(each) for each in lock.recipients]
    except pyrage.RecipientError:
        raise BackupError(
            "--recipient 要写 age1 开头的公钥（python -m bot backup-key 可以生成）。"
        ) from None
    sealed = sealed_by(lock.passphrase, str(own)) if lock.passphrase else ""
    if not sealed and not others:
        raise BackupError("没有口令，也没有公钥，备份不能不加密。")
    head = {"sealed_key": sealed, "recipients": list(lock.recipients)}
    return MAGIC + json.dumps(head).encode() + b"\n", [own.to_public(), *others], own


def key_of(file: IO[bytes], opener: Opener) -> list[Any]:
    """The keys that may open this backup; leaves the file where the sealed part begins."""
    import pyrage

    head = read_head(file)
    if opener.key_text:
        words = [line for line in opener.key_text.split() if line.startswith("AGE-SECRET-KEY-")]
        try:
            found = [pyrage.x25519.Identity.from_str(word) for word in words]
        except pyrage.IdentityError:
            found = []
        if not found:
            raise BackupError("私钥文件里没有可用的私钥。")
        return found
    if not head["sealed_key"]:
        raise BackupError("这份备份只能用私钥打开：请用 --identity 指出私钥文件。")
    if not opener.passphrase:
        raise BackupError("请在环境变量 YULU_BACKUP_PASSPHRASE 里写口令。")
    secret = opened_by(opener.passphrase, head["sealed_key"])
    try:
        return [pyrage.x25519.Identity.from_str(secret)]
    except pyrage.IdentityError:
        raise damaged("开头看不懂") from None


def read_head(file: IO[bytes]) -> dict[str, Any]:
    """What stands open before the sealed part. Raises BackupError for any other file."""
    if file.read(len(MAGIC)) != MAGIC:
        raise BackupError("这不是育路的备份文件。")
    try:
        head = json.loads(file.readline(_LONGEST_HEAD))
        return {"sealed_key": str(head["sealed_key"]), "recipients": list(head["recipients"])}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise damaged("开头看不懂") from None


def is_backup(path: Path) -> bool:
    """Whether a file was made by us."""
    with suppress(OSError), path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC
    return False


@contextmanager
def sealing(out: IO[bytes], recipients: Sequence[Any]) -> Iterator[IO[bytes]]:
    """A file to write into; what comes out closed goes to `out`. Raises what went wrong there."""
    import pyrage

    read_end, write_end = os.pipe()
    work = _InThread(os.fdopen(read_end, "rb"))
    work.start(lambda pipe: pyrage.encrypt_io(pipe, out, list(recipients)))
    try:
        with os.fdopen(write_end, "wb") as inlet:
            yield inlet
    except BrokenPipeError:
        raise _unwritten(work.end()) from None
    except BaseException:
        work.end()
        raise
    if (error := work.end()) is not None:
        raise _unwritten(error) from None


@contextmanager
def opening(sealed: IO[bytes], keys: Sequence[Any]) -> Iterator[IO[bytes]]:
    """A file to read from: what was closed into `sealed`. Raises BackupError when it is damaged."""
    import pyrage

    read_end, write_end = os.pipe()
    work = _InThread(os.fdopen(write_end, "wb"))
    work.start(lambda pipe: pyrage.decrypt_io(sealed, pipe, list(keys)))
    try:
        with os.fdopen(read_end, "rb") as outlet:
            yield outlet
    except Exception:
        error = work.end()
        if error is not None and "broken pipe" not in str(error).lower():
            raise _unread(error) from None  # the reader only stumbled over what was missing
        raise
    if (error := work.end()) is not None:
        raise _unread(error) from None


def _unwritten(error: BaseException | None) -> BackupError:
    """Why a backup could not be written, in words."""
    if "No space left" in str(error):
        return BackupError(
            "磁盘满了，备份没有做成；没有留下半个文件。请腾出地方，或者换个地方放备份。"
        )
    return BackupError(f"备份写不进去：{error}")


def _unread(error: BaseException) -> BackupError:
    """Why a backup could not be read, in words."""
    if "No matching keys" in str(error):
        return BackupError("这把钥匙打不开这份备份，它是给别的公钥做的。")
    return damaged("内容不完整，或者被改动过")


class _InThread:
    """Serves one end of a pipe; the other end belongs to the caller."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._error: BaseException | None = None
        self._thread: threading.Thread | None = None

    def start(self, work: Callable[[IO[bytes]], None]) -> None:
        """Begin; the pipe is closed at the end, whatever happens."""
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def end(self) -> BaseException | None:
        """Wait for the end; what went wrong."""
        if self._thread is not None:
            self._thread.join()
        return self._error

    def _run(self, work: Callable[[IO[bytes]], None]) -> None:
        try:
            with self._pipe:
                work(self._pipe)
        except BaseException as error:  # a panic inside the library is no Exception
            self._error = error
