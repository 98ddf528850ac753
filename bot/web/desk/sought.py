"""What somebody looked for, sealed: it may stand in an address, which histories keep."""

from storage.errors import Undecryptable, UnknownKey
from storage.keys import Keyring

LONGEST = 100
_CONTEXT = "desk.sought"


def sealed(keyring: Keyring, words: str) -> str:
    """The words for an address."""
    return keyring.encrypt(words.strip()[:LONGEST], _CONTEXT)


def opened(keyring: Keyring, token: str) -> str:
    """The words again; none when the address was written under another key, or by hand."""
    if not token:
        return ""
    try:
        return keyring.decrypt(token, _CONTEXT)
    except (Undecryptable, UnknownKey):
        return ""
