"""How an incident stands, computed from its log: the newest facts, what is done, who was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.clock import local_day
from flows.policy.incidents import Duty, load_incidents
from storage.models.incident import Incident, IncidentEntry

FACTS, DONE, FOUND, TOLD, NOTE, CLOSED = "facts", "done", "found", "told", "note", "closed"


@dataclass(frozen=True)
class Facts:
    """What is known of it."""

    what: str
    kind: str
    data: tuple[str, ...]
    people: int
    ongoing: bool
    doing: str = ""

    def as_detail(self) -> dict[str, Any]:
        """The facts for the log."""
        return {**vars(self), "data": list(self.data)}


@dataclass(frozen=True)
class Task:
    """One duty, by when, and when and how it was done."""

    duty: Duty
    due_at: datetime
    done_at: datetime | None
    note: str = ""

    def is_late(self, now: datetime) -> bool:
        """Whether it was or is beyond its time."""
        return (self.done_at or now) > self.due_at


@dataclass(frozen=True)
class Standing:
    """An incident as it is now."""

    incident: Incident
    facts: Facts
    tasks: tuple[Task, ...]
    references: tuple[str, ...] = ()
    told: frozenset[int] = field(default_factory=frozenset)

    @property
    def open_tasks(self) -> int:
        """How many things are still to be done."""
        return sum(task.done_at is None for task in self.tasks)


def standing_of(incident: Incident, log: Sequence[IncidentEntry]) -> Standing:
    """The newest facts count; whoever was found once stays found."""
    facts, done = _no_facts(), dict[str, tuple[datetime, str]]()
    references: dict[str, None] = {}
    told: set[int] = set()
    for entry in log:
        detail: Mapping[str, Any] = entry.detail
        if entry.kind == FACTS:
            facts = Facts(**{**detail, "data": tuple(detail["data"])})
        elif entry.kind == DONE:
            at = datetime.fromisoformat(str(detail["at"]))
            done.setdefault(str(detail["duty"]), (at, str(detail["note"])))
        elif entry.kind == FOUND:
            references |= dict.fromkeys(map(str, detail["references"]))
        elif entry.kind == TOLD:
            told |= {int(id) for id in detail["people"]}
    on = local_day(incident.found_at)
    duties = load_incidents().to_do(facts.kind, facts.data, facts.people, on)
    tasks = tuple(
        Task(duty, duty.due_at(incident.found_at), *done.get(duty.id, (None, "")))
        for duty in duties
    )
    return Standing(incident, facts, tasks, tuple(references), frozenset(told))


def _no_facts() -> Facts:
    return Facts("", "", (), 0, False)
