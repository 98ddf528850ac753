"""What every change is made of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DocumentRef:
    """A photo or file of a person, and which paper of the checklist it shows."""

    attachment: int
    document: str


@dataclass(frozen=True)
class Command:
    """A change somebody asked for."""


@dataclass(frozen=True)
class OfficerCommand(Command):
    """A change to one record by an officer; `expected_version` None skips the check."""

    reference: str
    expected_version: int | None = None
