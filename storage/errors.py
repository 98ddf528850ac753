"""What can go wrong in storage that a caller may want to tell apart."""


class StorageError(Exception):
    """Any failure that storage names."""


class Stale(StorageError):
    """Somebody else changed the row since it was read."""


class TakenBack(StorageError, ConnectionError):
    """The database gave up a whole transaction, and with it what others had written in it."""


class BadCursor(StorageError, ValueError):
    """A page cursor that this installation did not make."""


class ReferenceTaken(StorageError):
    """Another record already bears this reference number."""


class NotMigrated(StorageError):
    """The database has no schema yet, or an older one than this program."""


class KeyProblem(StorageError):
    """Sensitive columns cannot be read or written with the keys at hand."""


class BadKey(KeyProblem, ValueError):
    """A key is not 32 bytes in base64 or hexadecimal."""


class UnknownKey(KeyProblem):
    """A value was encrypted with a key that is not in the ring."""


class Undecryptable(KeyProblem):
    """A value was changed, moved from another column, or is not ciphertext at all."""
