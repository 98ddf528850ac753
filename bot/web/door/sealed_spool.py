"""Where an upload waits that is too large for memory: on disk, under a key that is nowhere else.

The framework would put whatever is larger than a megabyte, a photo of a household register, plain
into the temporary folder.
"""

import secrets
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from litestar.datastructures import upload_file


class SealedSpool:
    """A file that is written once and then read from its beginning, as an upload is.

    Nobody who could change it on disk is kept out by a checksum: it lives for a request, and its
    content is looked at as any upload's is.
    """

    def __init__(self, max_size: int = 0) -> None:
        self._max_size = max_size
        self._file: IO[bytes] = BytesIO()
        self._cipher: Cipher[CTR] | None = None
        self._turn: CipherContext | None = None

    @property
    def _rolled(self) -> bool:
        """The framework asks for this: whether it is on disk, and a thread had better wait."""
        return self._cipher is not None

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._file.closed

    def write(self, data: bytes) -> int:
        """The next bytes."""
        if self._turn is not None:
            self._file.write(self._turn.update(data))
            return len(data)
        self._file.write(data)
        if self._file.tell() > self._max_size:
            self._roll()
        return len(data)

    def seek(self, offset: int) -> int:
        """To the beginning, to read."""
        if offset != 0:
            raise ValueError("an upload is read from its beginning")
        if self._cipher is not None:
            self._turn = self._cipher.decryptor()
        return self._file.seek(0)

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        found = self._file.read(size)
        return found if self._turn is None else self._turn.update(found)

    def close(self) -> None:
        """What it held is gone."""
        self._file.close()

    def _roll(self) -> None:
        """From memory to disk."""
        content = self._file
        content.seek(0)
        self._cipher = Cipher(AES(secrets.token_bytes(32)), CTR(secrets.token_bytes(16)))
        self._turn = self._cipher.encryptor()
        self._file = TemporaryFile()  # noqa: SIM115 - closed with the upload
        self._file.write(self._turn.update(content.read()))
        content.close()


def seal_uploads() -> None:
    """Let every upload of this process wait sealed; the framework offers no other way in."""
    vars(upload_file)["SpooledTemporaryFile"] = SealedSpool
