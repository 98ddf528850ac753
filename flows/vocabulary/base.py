"""What every change is made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DocumentRef:
    """A photo or file of a person, and which paper of the checklist it shows."""

    attachment: int
    document: str


@dataclass(frozen=True)
class StoredFile:
    """A file an officer gave, checked and on disk already, not yet with any record."""

    sha256: str
    mime: str
    size: int
    name: str
    path: str


@dataclass(frozen=True)
class Command:
    """A change somebody asked for."""


@dataclass(frozen=True)
class OfficerCommand(Command):
    """A change to one record by an officer; `expected_version` None skips the check."""

    reference: str
    expected_version: int | None = None
