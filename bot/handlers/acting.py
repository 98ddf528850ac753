"""What every handler is given and does: find its record, leave a trace, say what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.cases.records import Record
from bot.errors import NotAllowed, NotFound
from bot.rights.actor import Actor, ActorKind
from bot.rights.masking import masked_text
from storage.kinds import RecordKind
from storage.models.conversation import Conversation
from storage.models.person import Person
from storage.uow import UnitOfWork

_REASONS = frozenset({"purpose", "checked"})


@dataclass(frozen=True)
class Outcome:
    """What a change led to; `changed` is False when it had been made before."""

    reference: str | None = None
    kind: RecordKind | None = None
    status: str | None = None
    changed: bool = True
    detail: Mapping[str, Any] = field(default_factory=dict)


def outcome(record: Record, changed: bool = True, **detail: Any) -> Outcome:
    """The outcome of a change to a record, as it is now."""
    kind = RecordKind(record.kind)
    return Outcome(record.reference, kind, str(record.status), changed, detail)


@dataclass(frozen=True)
class Acting:
    """One change in progress: the open transaction, who makes it, and when."""

    uow: UnitOfWork
    by: Actor
    now: datetime

    async def audit(self, action: str, record: Record | None = None, **detail: Any) -> None:
        """Leave the trace of a change; `detail` holds no secret of a person.

        Officers give reasons in their own words: long numbers in them lose their middle.
        """
        await self.uow.audit.add(
            self.now,
            self.by.kind.value,
            self.by.id,
            action,
            reference=record.reference if record else None,
            detail={
                key: masked_text(value) if key in _REASONS else value
                for key, value in detail.items()
                if value not in (None, "", [], {})
            },
            region_code=record.region_code if record else None,
        )

    async def person(self) -> Person:
        """The person who acts. Raises NotAllowed for anybody else."""
        if self.by.kind is not ActorKind.PERSON or self.by.id is None:
            raise NotAllowed
        person = await self.uow.people.get(self.by.id)
        if person is None:
            raise NotFound
        return person

    async def conversation(self) -> Conversation:
        """The conversation in which the person acts."""
        if self.by.conversation_id is None:
            raise NotAllowed
        found = await self.uow.conversations.get(self.by.conversation_id)
        if found is None:
            raise NotFound
        return found


async def record_of_person(turn: Acting, reference: str) -> Record:
    """A record that the acting person filed. Raises NotFound for anybody else's."""
    record = await turn.uow.records.get(reference, lock=True)
    if record is None or record.person_id is None or record.person_id != turn.by.id:
        raise NotFound
    return record
