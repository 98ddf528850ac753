"""What a talk left in the database: the same for every talk of a script, whatever happened."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from storage.db import Database
from storage.models.application import Application
from storage.models.audit import AuditEntry
from storage.models.case import Case
from storage.models.conversation import Conversation
from storage.models.message import InboxMessage, OutboxMessage
from storage.models.person import Consent
from storage.models.reminder import Reminder
from storage.models.topic import RecordTopic
from storage.models.training import Registration
from storage.uow import UnitOfWork

AnyRecord = Application | Case | Registration
RECORDS: tuple[type[AnyRecord], ...] = (Application, Case, Registration)


@dataclass
class Trace:
    """All rows of one talk, the oldest first."""

    conversation: Conversation
    inbox: list[InboxMessage] = field(default_factory=list)
    outbox: list[OutboxMessage] = field(default_factory=list)
    records: list[AnyRecord] = field(default_factory=list)
    reminders: list[Reminder] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    by_person: list[AuditEntry] = field(default_factory=list)

    @property
    def said(self) -> list[str]:
        """What was heard, in the order in which it was taken in."""
        return [str(row.payload.get("text") or "") for row in self.inbox]

    @property
    def replies(self) -> list[tuple[int, str]]:
        """Which message each reply answers, and what it is in machine terms."""
        place = {row.id: number for number, row in enumerate(self.inbox)}
        answers = [row for row in self.outbox if row.in_reply_to is not None]
        return [(place.get(row.in_reply_to or 0, -1), shape(row.custom)) for row in answers]


@dataclass
class Archive:
    """The whole database, as far as the oracle looks at it."""

    traces: dict[tuple[str, str], Trace]
    audit: dict[str, list[AuditEntry]]
    topics: dict[str, set[str]]
    orphans: list[str] = field(default_factory=list)


def shape(custom: dict[str, Any]) -> str:
    """An answer in machine terms, without its numbers."""
    kinds = [each["kind"] for each in custom.get("filed", ())]
    plain = {key: value for key, value in custom.items() if key in ("asks", "flow")}
    return f"{sorted(custom)} {sorted(plain.items())} {kinds}"


def effects(trace: Trace, archive: Archive) -> Counter[str]:
    """What the talk led to, counted."""
    found = Counter[str]()
    for record in trace.records:
        found[f"{record.kind} {record.status} with {','.join(sorted(record.slots))}"] += 1
        found[f"topics of {record.kind}"] += len(archive.topics.get(record.reference, ()))
        routes = [e for e in archive.audit.get(record.reference, ()) if e.action == "route"]
        found[f"{record.kind} given to somebody"] += len(routes)
    found.update(f"reminder {each.kind}" for each in trace.reminders)
    found.update(f"consent {each.purpose} {each.granted}" for each in trace.consents)
    found.update(f"audit {each.action}" for each in trace.by_person)
    found["forms under way"] += len(trace.conversation.state.get("stack") or ())
    found["drafts"] += len(trace.conversation.state.get("drafts") or ())
    return found


class _Reader:
    """Reads whole tables and hands each row to its talk."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self.archive = Archive({}, defaultdict(list), defaultdict(set))
        self._traces: dict[int, Trace] = {}

    async def _every(self, model: Any) -> Iterable[Any]:
        return await self._uow.session.scalars(select(model).order_by(model.id))

    async def talks(self) -> None:
        """The talks, and what names its talk."""
        self._traces = {talk.id: Trace(talk) for talk in await self._every(Conversation)}
        for trace in self._traces.values():
            talk = trace.conversation
            self.archive.traces[talk.channel, talk.address] = trace
        tables: dict[Any, str] = dict.fromkeys(RECORDS, "records")
        tables |= {InboxMessage: "inbox", OutboxMessage: "outbox", Reminder: "reminders"}
        for model, name in tables.items():
            for row in await self._every(model):
                if row.conversation_id in self._traces:
                    getattr(self._traces[row.conversation_id], name).append(row)
                else:
                    self.archive.orphans.append(f"{model.__name__} {row.id} of no talk")

    async def traces_of_people(self) -> None:
        """What names a person or a record."""
        of_person = {trace.conversation.person_id: trace for trace in self._traces.values()}
        for consent in await self._every(Consent):
            of_person[consent.person_id].consents.append(consent)
        for entry in await self._every(AuditEntry):
            if entry.reference is not None:
                self.archive.audit[entry.reference].append(entry)
            if entry.actor_kind == "person" and entry.actor_id in of_person:
                of_person[entry.actor_id].by_person.append(entry)
        for tie in await self._every(RecordTopic):
            self.archive.topics[tie.reference].add(tie.topic)


async def read(db: Database) -> Archive:
    """Everything, in one look."""
    async with db.read() as uow:
        reader = _Reader(uow)
        await reader.talks()
        await reader.traces_of_people()
        return reader.archive
