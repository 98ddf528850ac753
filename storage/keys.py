"""The keys of sensitive columns and files: AES-GCM for both, a keyed hash for looking them up.

A ring is a list of keys, newest first. The first encrypts; all decrypt. The last one, which a
rotation keeps, also yields the look-up key: hashes stay comparable when a new key is put in front.
A ring from a file follows the file: a running process reads and writes with a new key without a
restart.
"""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.errors import BadKey, KeyProblem, Undecryptable, UnknownKey
from storage.key_file import KEY_BYTES, parse_keys, read_or_create
from storage.key_file import generate_key as generate_key
from storage.sealed import NONCE_BYTES, Sealed, key_in, split

LOOKS_EVERY = 1.0
"""Seconds after which a process that writes has noticed a changed key file."""

_MARK = "k1"
Stamp = tuple[int, int, int]


class Keyring:
    """The keys of one installation; `keys` are 32 bytes each, newest first."""

    def __init__(self, keys: Sequence[bytes], source: Path | None = None) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise BadKey("密钥必须是 32 字节 / every key must be 32 bytes")
        self.keys = tuple(keys)
        ciphers = {key_id(key): AESGCM(_derive(key, b"yulu values", KEY_BYTES)) for key in keys}
        files = {key_id(key): AESGCM(_derive(key, b"yulu files", KEY_BYTES)) for key in keys}
        # replaced as one: other threads may be reading
        self._ring = key_id(keys[0]), ciphers, files
        self._look_up = _derive(keys[-1], b"yulu look-up", KEY_BYTES)
        self._file_names = _derive(keys[-1], b"yulu file names", KEY_BYTES)
        self._source = source
        self._stamp = _stamp(source)
        self._looked = time.monotonic()

    @classmethod
    def load(cls, env_value: str | None, key_file: Path) -> "Keyring":
        """The keys of the environment value, else of the key file, which is made when missing."""
        text = env_value.strip() if env_value else ""
        try:
            if text:
                return cls(parse_keys(text))
            return cls(parse_keys(read_or_create(key_file)), key_file)
        except (BadKey, UnicodeDecodeError) as error:
            where = "环境变量 YULU_KEY" if text else f"密钥文件 {key_file}"
            why = error if isinstance(error, BadKey) else "不是文字 / not a text"
            raise BadKey(f"{where} 不对：{why}") from None

    @property
    def source(self) -> Path | None:
        """The file this ring follows; None when the keys came from the environment."""
        return self._source

    @property
    def current(self) -> str:
        """The id of the key that encrypts."""
        return self._ring[0]

    @property
    def ids(self) -> list[str]:
        """The ids of all keys, the one that encrypts first."""
        return list(self._ring[1])

    def refresh(self) -> None:
        """Take over the key file if it changed."""
        self._looked = time.monotonic()
        stamp = _stamp(self._source)
        if self._source is None or stamp is None or stamp == self._stamp:
            return
        try:
            fresh = Keyring(parse_keys(self._source.read_text("utf-8")))
        except (KeyProblem, OSError, UnicodeDecodeError):
            return  # a broken file takes no key away from a running process
        self._stamp = stamp
        if fresh._look_up != self._look_up:
            return  # another installation's keys; hashes would no longer be found
        self.keys, self._ring = fresh.keys, fresh._ring

    def encrypt(self, value: str, context: str = "") -> str:
        """The value under the newest key; `context` (table.column) must be given to decrypt."""
        if time.monotonic() - self._looked >= LOOKS_EVERY:
            self.refresh()
        current, ciphers, _ = self._ring
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = ciphers[current].encrypt(nonce, value.encode(), context.encode())
        return f"{_MARK}.{current}.{base64.b64encode(nonce + sealed).decode()}"

    def decrypt(self, token: str, context: str = "") -> str:
        """What `encrypt` was given. Raises `UnknownKey` or `Undecryptable`."""
        mark, _, rest = token.partition(".")
        key_id, _, body = rest.partition(".")
        if mark != _MARK or not body:
            raise Undecryptable(f"{context}: 不是加密内容 / not a ciphertext")
        if key_id not in self._ring[1]:
            self.refresh()  # another process may have written with a key that is new in the file
        cipher = self._ring[1].get(key_id)
        if cipher is None:
            raise UnknownKey(f"{context}: 缺少密钥 {key_id} / no key {key_id} in the ring")
        try:
            raw = base64.b64decode(body, validate=True)
            opened = cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError) as error:
            raise Undecryptable(f"{context}: 内容被改动过 / the value was altered") from error
        return opened.decode()

    def blind(self, value: str) -> str:
        """A keyed hash (HMAC-SHA256, 64 hexadecimal digits) to find equal values by."""
        return hmac.new(self._look_up, value.encode(), hashlib.sha256).hexdigest()

    def seal(self, content: bytes, context: str) -> bytes:
        """A file under the newest key; `context` must be given to open it."""
        if time.monotonic() - self._looked >= LOOKS_EVERY:
            self.refresh()
        current, _, ciphers = self._ring
        nonce = secrets.token_bytes(NONCE_BYTES)
        body = ciphers[current].encrypt(nonce, content, context.encode())
        return Sealed(current, nonce, body).as_bytes()

    def open(self, file: bytes, context: str) -> bytes:
        """What `seal` was given. Raises `UnknownKey` or `Undecryptable`."""
        if key_in(file) is None:
            raise Undecryptable(f"{context}: 不是加密内容 / not a sealed file")
        sealed = split(file)
        if sealed.key_id not in self._ring[2]:
            self.refresh()
        cipher = self._ring[2].get(sealed.key_id)
        if cipher is None:
            raise UnknownKey(f"{context}: 缺少密钥 {sealed.key_id} / no such key in the ring")
        try:
            return cipher.decrypt(sealed.nonce, sealed.body, context.encode())
        except (InvalidTag, ValueError) as error:
            raise Undecryptable(f"{context}: 内容被改动过 / the file was altered") from error

    def name_of(self, content: bytes) -> str:
        """A keyed hash that names a file: the same for the same content, telling nothing of it."""
        return hmac.new(self._file_names, content, hashlib.sha256).hexdigest()


def key_id(key: bytes) -> str:
    """What names a key in its ciphertexts; tells nothing of the key."""
    return _derive(key, b"yulu key id", 4).hex()


def begins_with(id: str) -> str:
    """What every ciphertext under this key begins with."""
    return f"{_MARK}.{id}."


def _derive(key: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(key)


def _stamp(path: Path | None) -> Stamp | None:
    """What changes when a file is replaced."""
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size
