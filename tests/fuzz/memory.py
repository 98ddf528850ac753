"""The dialogue engine alone, on a memory instead of a database: many thousand turns in minutes.

The engine, the flows, the texts and the reading of messages are the real ones; what commands do is
acted out as far as flows can see it. The whole service is `world.py`.
"""

import json
from collections.abc import Coroutine
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from typing import Any, TypeVar

from bot.cases.references import LETTERS
from bot.channels.base import InboundFile
from bot.turns.hearing import context_of, hear
from flows import commands as c
from flows.all import FLOWS
from flows.engine import Turn, take_turn
from flows.heard import Heard as HeardByFlows
from flows.ports import (
    ConsentView,
    KnownChild,
    PersonView,
    Place,
    PushView,
    RecordView,
    RegistrationView,
    ReminderView,
    SessionView,
    SessionWish,
)
from flows.state import State
from flows.words import render, render_choice
from nlu import regions
from nlu.types import Understanding
from storage.kinds import EscalationType, RecordKind, ReminderKind
from tests.fuzz.laws import PERSON_OF, Heard, Step
from tests.fuzz.stage import Stage

T = TypeVar("T")
CLASS = SessionView(
    "S26-0000-001", "普通话夜校", "科尔沁右翼中旗", "文化馆", date(2026, 12, 2), None,
    "周一到周五晚上7点", "线下", "零起点", "免费", 3, "same_banner",
)  # fmt: skip


@dataclass
class Filed:
    """A record as flows see it, and its slots."""

    view: RecordView
    slots: dict[str, Any]
    person: str
    type: str | None = None

    @property
    def reference(self) -> str:
        """Its number."""
        return self.view.reference


@dataclass(frozen=True)
class Spoken:
    """One message out."""

    id: int
    text: str
    buttons: list[dict[str, str]]
    custom: dict[str, Any]


@dataclass
class Memory(Stage):
    """What the service would have stored."""

    records: dict[str, Filed] = field(default_factory=dict)
    people: dict[str, PersonView] = field(default_factory=dict)
    reminders: dict[str, list[ReminderView]] = field(default_factory=dict)
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def _say(self, chat: str, text: str, told: Understanding | None, **more: Any) -> None:
        mimes = more.pop("mimes", ())
        files = tuple(InboundFile(next(self.numbers), mime, "x") for mime in mimes)
        inbound = self._next(chat, text, files=files, **more)
        kept = self.states.get(chat, {})
        state = State.model_validate(kept)
        self.ear.told, self.ear.last = told, None
        heard = hear(self.ear, inbound, context_of(state, inbound, None))
        turn = self._turn(chat, state, heard)
        if any(isinstance(command, c.DeleteMyData) for command in turn.commands):
            turn = replace(turn, state=State())
        self.states[chat] = json.loads(json.dumps(turn.state.model_dump(mode="json")))
        filed = [self._done(chat, command) for command in turn.commands]
        replies = [self._spoken(chat, say) for say in turn.replies]
        new = [record for record in filed if record is not None]
        self.references += [record.reference for record in new]
        self.seen.update(f"filed {record.reference[0]}" for record in new)
        step = Step(Heard(chat, inbound, self.ear.last), replies, self.states[chat], new)
        self.laws.check(step)
        payloads = [button["payload"] for reply in replies for button in reply.buttons]
        self._shown(chat, [reply.text for reply in replies], payloads)

    def _turn(self, chat: str, state: State, heard: HeardByFlows) -> Turn:
        """The turn; the state that goes in must come out of it unchanged."""
        before = deepcopy(state)
        lookup = Looking(self, PERSON_OF[chat])
        turn = _now(take_turn(FLOWS, state, heard, lookup, self.clock.at))
        assert state == before, "the engine changed the state that it was given"
        return turn

    def redeliver(self, chat: str) -> None:
        """Redeliveries are the intake's."""

    def restart(self) -> None:
        """Nothing is kept but JSON, so that every turn follows a restart."""
        self.seen["restarted"] += 1

    def wait(self, span: timedelta) -> None:
        """Time passes; nobody works meanwhile, but what was waited for is told."""
        self.seen["waited"] += 1
        self.clock.at += span
        for person, waiting in self.reminders.items():
            due = [r for r in waiting if r.status == "waiting" and r.due_at <= self.clock.at]
            told = [replace(r, status="fired") for r in due]
            self.reminders[person] = [r for r in waiting if r not in due] + told

    def ask(self, which: int, text: str) -> None:
        """Questions of officers never reach the flows."""

    def close(self) -> None:
        """There is nothing to leave behind."""

    def _spoken(self, chat: str, say: Any) -> Spoken:
        language = self.me(PERSON_OF[chat]).language
        buttons = [
            {"title": render_choice(choice, language), "payload": choice.payload}
            for choice in say.choices
        ]
        return Spoken(next(self.numbers), render(say, language), buttons, dict(say.custom))

    def me(self, person: str) -> PersonView:
        """What somebody told about themselves."""
        return self.people.get(person, PersonView())

    def _done(self, chat: str, command: c.Command) -> Filed | None:
        person = PERSON_OF[chat]
        match command:
            case c.FileRecord():
                return self._file(person, command, command.kind, command.type)
            case c.BookTraining():
                return self._file(person, command, RecordKind.TRAINING_REGISTRATION)
            case c.DeleteMyData():
                self._forget(person)
            case c.Withdraw():
                record = self.records[command.reference]
                record.view = replace(record.view, is_open=False, status="withdrawn")
            case _:
                self._change(person, command)
        return None

    def _change(self, person: str, command: c.Command) -> None:
        me = self.me(person)
        match command:
            case c.UpdatePerson():
                name, phone = command.name or me.name, command.phone or me.phone
                language = command.language or me.language
                self.people[person] = replace(me, name=name, phone=phone, language=language)
            case c.SwitchReminders():
                self.people[person] = replace(me, reminders_on=command.on)
            case c.SetReminder():
                of_own = next(self.numbers), ReminderKind.OWN, command.due_at, command.text
                self.reminders.setdefault(person, []).append(ReminderView(*of_own))

    def _forget(self, person: str) -> None:
        self.people.pop(person, None)
        self.reminders.pop(person, None)
        kept = {ref: one for ref, one in self.records.items() if one.person != person}
        self.records = kept

    def _file(
        self,
        person: str,
        command: c.FileRecord | c.BookTraining,
        kind: RecordKind,
        type: EscalationType | None = None,
    ) -> Filed:
        assert command.reference not in self.records, f"{command.reference} is filed twice"
        child = command.slots.get("child_name")
        slots = json.loads(json.dumps(dict(command.slots)))
        view = RecordView(
            command.reference, kind, "submitted", child, child or "", self.clock.at, answers=slots
        )
        self.records[command.reference] = Filed(view, slots, person, type)
        return self.records[command.reference]


@dataclass(frozen=True)
class Looking:
    """The questions of flows, answered from the memory."""

    memory: Memory
    person: str

    def new_reference(self, kind: RecordKind, type: EscalationType | None = None) -> str:
        """A number nobody has."""
        return f"{LETTERS[kind]}26-{next(self.memory.numbers):04d}-000"

    def new_code(self) -> str:
        """A code nobody has."""
        return f"{next(self.memory.numbers):08d}"

    def place(self, code: str) -> Place | None:
        """The unit with a division code."""
        found = regions.lookup(code)
        return Place(found.code, found.name, tuple(found.path)) if found else None

    async def me(self) -> PersonView:
        """What the speaker told."""
        return self.memory.me(self.person)

    async def my_records(self, kinds: tuple[RecordKind, ...] = ()) -> list[RecordView]:
        """The speaker's own, newest first."""
        own = [r.view for r in self.memory.records.values() if r.person == self.person]
        return [view for view in reversed(own) if not kinds or view.kind in kinds]

    async def my_kept(self) -> list[RecordView]:
        """Nothing of theirs has been judged yet."""
        return []

    async def my_consents(self) -> list[ConsentView]:
        """Consents are not remembered here."""
        return []

    async def my_record(self, reference: str) -> RecordView | None:
        """One of the speaker's own."""
        found = self.memory.records.get(reference)
        return found.view if found is not None and found.person == self.person else None

    async def same_child(
        self, kind: RecordKind, name: str, region: str | None, school: str | None
    ) -> KnownChild | None:
        """An open record of a child of the same name."""
        for record in self.memory.records.values():
            view = record.view
            if view.kind == kind and view.is_open and view.child_name == name:
                is_own = record.person == self.person
                return KnownChild(view.reference, view.reference if is_own else None)
        return None

    async def dropout_case_exists(self, reference: str) -> bool:
        """Whether somebody filed it."""
        return reference in self.memory.records

    async def sessions(self, wish: SessionWish) -> list[SessionView]:
        """The one class there is, for half of all wishes."""
        return [CLASS] if wish.region and wish.region.startswith("1522") else []

    async def session(self, reference: str, region: str | None = None) -> SessionView | None:
        """The one class there is."""
        return CLASS if reference == CLASS.reference else None

    async def my_reminders(self) -> list[ReminderView]:
        """What waits."""
        waiting = self.memory.reminders.get(self.person, [])
        return [reminder for reminder in waiting if reminder.status == "waiting"]

    async def my_reminder(self, id: int) -> ReminderView | None:
        """One of them."""
        waiting = self.memory.reminders.get(self.person, [])
        return next((reminder for reminder in waiting if reminder.id == id), None)

    async def last_push(self) -> PushView | None:
        """What was told last."""
        fired = [
            reminder
            for reminder in self.memory.reminders.get(self.person, [])
            if reminder.status == "fired"
        ]
        return PushView(tuple(fired[-1:])) if fired else None

    async def registration(self, reference: str) -> RegistrationView | None:
        """A place in the class."""
        record = self.memory.records.get(reference)
        if record is None or record.person != self.person or not reference.startswith("T"):
            return None
        status = "booked" if record.view.is_open else "cancelled"
        return RegistrationView(reference, status, CLASS.reference, CLASS.title, CLASS.starts_on)


def _now(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("the dialogue engine waits for something")
