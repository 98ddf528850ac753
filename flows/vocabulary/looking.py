"""What an officer asks to see of a record that is otherwise covered."""

from dataclasses import dataclass

from flows.vocabulary.base import OfficerCommand


@dataclass(frozen=True)
class Reveal(OfficerCommand):
    """Show one covered answer once, for a purpose that is written down."""

    field: str = ""
    purpose: str = ""
