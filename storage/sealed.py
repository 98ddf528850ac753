"""How a sealed file begins: a mark that no picture and no paper bears, and the id of its key."""

from dataclasses import dataclass

MARK = b"yulu\x01"
NONCE_BYTES = 12
HEAD_BYTES = len(MARK) + 4
"""So many bytes of a file tell under which key it lies."""

OVERHEAD = HEAD_BYTES + NONCE_BYTES + 16
"""So much longer than its content a sealed file is."""

PLAIN = ""
"""Stands for the id of a key where there is none: a file that an earlier version left plain."""


@dataclass(frozen=True)
class Sealed:
    """The parts of a sealed file."""

    key_id: str
    nonce: bytes
    body: bytes

    def as_bytes(self) -> bytes:
        """As it lies on disk."""
        return MARK + bytes.fromhex(self.key_id) + self.nonce + self.body


def key_in(head: bytes) -> str | None:
    """The id of the key under which a file lies; None for one that is not sealed."""
    if not head.startswith(MARK) or len(head) < HEAD_BYTES:
        return None
    return head[len(MARK) : HEAD_BYTES].hex()


def split(file: bytes) -> Sealed:
    """The parts of a sealed file; a cut one has a body that nothing opens."""
    nonce, body = file[HEAD_BYTES : HEAD_BYTES + NONCE_BYTES], file[HEAD_BYTES + NONCE_BYTES :]
    return Sealed(file[len(MARK) : HEAD_BYTES].hex(), nonce, body)
