"""Who makes a change: a person in a conversation, an officer at the desk, or the service itself."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from storage.kinds import Role

if TYPE_CHECKING:
    from storage.models.officer import Officer


class ActorKind(StrEnum):
    """The three kinds of actor in the audit log."""

    PERSON = "person"
    OFFICER = "officer"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """One who acts; `role` and `region` are an officer's, `conversation_id` a person's."""

    kind: ActorKind
    id: int | None = None
    name: str = ""
    conversation_id: int | None = None
    role: Role | None = None
    region: str | None = None

    @classmethod
    def person(cls, person_id: int, conversation_id: int, name: str = "") -> "Actor":
        """The person of a conversation."""
        return cls(ActorKind.PERSON, person_id, name, conversation_id=conversation_id)

    @classmethod
    def officer(cls, officer: "Officer") -> "Actor":
        """An officer with role and region."""
        return cls(
            ActorKind.OFFICER,
            officer.id,
            officer.name,
            role=Role(officer.role),
            region=officer.region_code,
        )


SYSTEM = Actor(ActorKind.SYSTEM, name="系统")
"""The service itself: clocks and retention."""
