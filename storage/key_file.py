"""The key file: one key a line, newest first; it appears and changes complete or not at all."""

import base64
import os
import re
import secrets
from collections.abc import Sequence
from pathlib import Path

from storage.errors import BadKey

KEY_BYTES = 32
_OWNER_ONLY = 0o600
_HEAD = "# newest key first; keep the old ones, and a copy elsewhere"


def generate_key() -> str:
    """A new random key as it is written in the environment or the key file."""
    return written(secrets.token_bytes(KEY_BYTES))


def written(key: bytes) -> str:
    """A key as it is written in the environment or the key file."""
    return base64.urlsafe_b64encode(key).decode()


def parse_keys(text: str) -> list[bytes]:
    """The keys of a file or of the environment; remarks begin with #. Raises `BadKey`."""
    lines = (line.partition("#")[0] for line in text.splitlines())
    words = [word for line in lines for word in re.split(r"[\s,]+", line) if word]
    return [_parse_key(word) for word in words]


def read_or_create(path: Path) -> str:
    """The text of the file, which is made when missing and closed to others when open.

    Raises `BadKey` for a file that is no text.
    """
    if not path.exists():
        _create(path)
    if path.stat().st_mode & 0o077:
        path.chmod(_OWNER_ONLY)
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise BadKey(f"密钥文件 {path} 不是文本，也许坏了 / the key file is no text") from None


def replace_keys(path: Path, keys: Sequence[bytes], remark: str = "") -> None:
    """Write these keys in place of those in the file; a reader sees the old or the new ones."""
    draft = _draft(path, "\n".join([_HEAD, *([f"# {remark}"] if remark else []), *_lines(keys)]))
    _give(draft, path)
    draft.replace(path)
    _sync_directory(path.parent)


def _give(draft: Path, path: Path) -> None:
    """Leave it to who owned the file: root may turn the keys of a service that is not root's."""
    before = path.stat() if path.exists() else path.parent.stat()
    if os.geteuid() == 0 and before.st_uid != 0:
        os.chown(draft, before.st_uid, before.st_gid)


def _lines(keys: Sequence[bytes]) -> list[str]:
    return [*(written(key) for key in keys), ""]


def _parse_key(word: str) -> bytes:
    try:
        if re.fullmatch(r"[0-9a-fA-F]{64}", word):
            return bytes.fromhex(word)
        padded = word.rstrip("=") + "=" * (-len(word.rstrip("=")) % 4)
        return base64.b64decode(padded.translate(str.maketrans("-_", "+/")), validate=True)
    except ValueError as error:  # never quote the word: it may be most of a key
        raise BadKey("密钥不是 base64 / a key is neither base64 nor hexadecimal") from error


def _create(path: Path) -> None:
    """Write a key file that appears complete or not at all, even when two processes start."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(path, f"{_HEAD}\n{generate_key()}\n")
    _give(draft, path)
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return  # another process was first: its key counts
    finally:
        draft.unlink()
    _sync_directory(path.parent)


def _draft(path: Path, text: str) -> Path:
    """The text on disk beside the file."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        draft.unlink()
        raise
    return draft


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
