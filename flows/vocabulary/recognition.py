"""What an officer does on the way from an application's papers to the money (教财〔2018〕16号)."""

from dataclasses import dataclass

from flows.vocabulary.base import OfficerCommand


@dataclass(frozen=True)
class AcceptDocument(OfficerCommand):
    """One paper is good, whether seen as a photo or at the school; it is not asked for again."""

    document: str = ""
