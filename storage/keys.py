"""The keys of sensitive columns: AES-GCM for the values, a keyed hash for looking them up.

A ring is a list of keys, newest first. The first encrypts; all decrypt. The last one, which a
rotation keeps, also yields the look-up key: hashes stay comparable when a new key is put in front.
"""

import base64
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.errors import BadKey, Undecryptable, UnknownKey

_KEY_BYTES = 32
_NONCE_BYTES = 12
_MARK = "k1"
_OWNER_ONLY = 0o600


class Keyring:
    """The keys of one installation; `keys` are 32 bytes each, newest first."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != _KEY_BYTES for key in keys):
            raise BadKey("密钥必须是 32 字节 / every key must be 32 bytes")
        ids = [_derive(key, b"yulu key id", 4).hex() for key in keys]
        self._ciphers = {
            id: AESGCM(_derive(key, b"yulu values", _KEY_BYTES))
            for id, key in zip(ids, keys, strict=True)
        }
        self._current = ids[0]
        self._look_up = _derive(keys[-1], b"yulu look-up", _KEY_BYTES)

    @classmethod
    def load(cls, env_value: str | None, key_file: Path) -> "Keyring":
        """The keys of the environment value, else of the key file, which is made when missing."""
        text = env_value.strip() if env_value else ""
        return cls(_parse(text or _read_or_create(key_file)))

    def encrypt(self, value: str, context: str = "") -> str:
        """The value under the newest key; `context` (table.column) must be given to decrypt."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, value.encode(), context.encode())
        return f"{_MARK}.{self._current}.{base64.b64encode(nonce + sealed).decode()}"

    def decrypt(self, token: str, context: str = "") -> str:
        """What `encrypt` was given. Raises `UnknownKey` or `Undecryptable`."""
        mark, _, rest = token.partition(".")
        key_id, _, body = rest.partition(".")
        if mark != _MARK or not body:
            raise Undecryptable(f"{context}: 不是加密内容 / not a ciphertext")
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise UnknownKey(f"{context}: 缺少密钥 {key_id} / no key {key_id} in the ring")
        try:
            raw = base64.b64decode(body, validate=True)
            opened = cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError) as error:
            raise Undecryptable(f"{context}: 内容被改动过 / the value was altered") from error
        return opened.decode()

    def blind(self, value: str) -> str:
        """A keyed hash (HMAC-SHA256, 64 hexadecimal digits) to find equal values by."""
        return hmac.new(self._look_up, value.encode(), hashlib.sha256).hexdigest()


def generate_key() -> str:
    """A new random key as it is written in the environment or the key file."""
    return base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def _derive(key: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(key)


def _parse(text: str) -> list[bytes]:
    lines = (line.partition("#")[0] for line in text.splitlines())
    words = [word for line in lines for word in re.split(r"[\s,]+", line) if word]
    return [_parse_key(word) for word in words]


def _parse_key(word: str) -> bytes:
    try:
        if re.fullmatch(r"[0-9a-fA-F]{64}", word):
            return bytes.fromhex(word)
        padded = word.rstrip("=") + "=" * (-len(word.rstrip("=")) % 4)
        return base64.b64decode(padded.translate(str.maketrans("-_", "+/")), validate=True)
    except ValueError as error:  # never quote the word: it may be most of a key
        raise BadKey("密钥不是 base64 / a key is neither base64 nor hexadecimal") from error


def _read_or_create(path: Path) -> str:
    if not path.exists():
        _create(path)
    if path.stat().st_mode & 0o077:
        path.chmod(_OWNER_ONLY)
    return path.read_text("utf-8")


def _create(path: Path) -> None:
    """Write a key file that appears complete or not at all, even when two processes start."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(
                f"# newest key first; keep the old ones, and a copy elsewhere\n{generate_key()}\n"
            )
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            return  # another process was first: its key counts
        _sync_directory(path.parent)
    finally:
        draft.unlink()


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
