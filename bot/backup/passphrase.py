"""A secret sealed with a passphrase: scrypt makes guessing slow, AES-GCM notices a wrong guess.

Not age's own way, which takes half a gigabyte of memory on a fast machine to make the key.
"""

import base64
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.backup.errors import BackupError

_N, _R, _P = 1 << 17, 8, 1  # 128 MB and about half a second
_MEMORY = 160 << 20
_SALT, _NONCE = 16, 12
_PURPOSE = b"yulu backup 1"


def sealed_by(passphrase: str, secret: str) -> str:
    """Salt, nonce and ciphertext in base64."""
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, secret.encode(), _PURPOSE)
    return base64.b64encode(salt + nonce + sealed).decode()


def opened_by(passphrase: str, sealed: str) -> str:
    """What was sealed. Raises BackupError for a wrong passphrase."""
    try:
        raw = base64.b64decode(sealed, validate=True)
        salt, nonce, rest = raw[:_SALT], raw[_SALT : _SALT + _NONCE], raw[_SALT + _NONCE :]
        return AESGCM(_key(passphrase, salt)).decrypt(nonce, rest, _PURPOSE).decode()
    except (InvalidTag, ValueError):
        raise BackupError("口令不对，备份打不开。") from None


def _key(passphrase: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        passphrase.encode(), salt=salt, n=_N, r=_R, p=_P, maxmem=_MEMORY, dklen=32
    )
