"""What must hold after every message, whatever was sent."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any, Protocol

from bot.channels.base import Button, Inbound, Outbound
from bot.channels.rest import is_payload
from bot.channels.telegram_out import in_rows, split
from flows.all import FLOWS
from flows.dropout.never import never_went
from flows.state import Frame, State
from flows.talk import Press
from flows.words import texts
from nlu.types import Understanding
from tests.fuzz.heard import PEOPLE

PERSON_OF = {"a": "a", "a2": "a", "b": "b", "o": "o"}
CUSTOM = {
    *("flow", "asks", "invalid", "filed", "answered"),
    *("cancelled", "handoff", "reminders", "deleted", "status"),
}
"""The keys of contract section 4; others are our own between turns."""

OWN = {"question", "about", "push", "kind", "reminder", "record", "joined", "options"}
CONFIRMS = {
    "confirm",
    "confirm_withdraw",
    "confirm_delete",
    "confirm_cancel",
    "confirm_join",
    "confirm_consent_back",
}
SUMMED = {"A": "aid", "D": "dropout", "T": "training"}
REQUIRED = {
    "A": "applicant_name relation phone child_name age grade school region hardship "
    "household_size annual_income",
    "D": "child_name age grade school region absent_since reason",
    "T": "person_name age region purpose current_level available_time session phone",
    "E": "detail",
}
_LEAKS = re.compile(
    r"[{}]|(?<![A-Za-z])(?:None|True|False|Traceback|datetime)(?![A-Za-z])|<[A-Z]\w+|\['|\\u\d"
)


@lru_cache(maxsize=1)
def _keys() -> re.Pattern[str]:
    """What looks like a key of our texts, also one that has no text."""
    sections = sorted({*(key.partition(".")[0] for key in texts("zh")), *FLOWS.by_name})
    return re.compile(rf"(?<![\w.])(?:{'|'.join(sections)})\.[a-z_]+(?:\.[a-z_]+)*")


class Reply(Protocol):
    """One message out, stored or not."""

    @property
    def id(self) -> int: ...

    @property
    def text(self) -> str: ...

    @property
    def buttons(self) -> Any: ...

    @property
    def custom(self) -> Any: ...


@dataclass(frozen=True)
class Heard:
    """One message in, and what was understood of it."""

    chat: str
    inbound: Inbound
    understood: Understanding | None

    def __str__(self) -> str:
        said, heard = self.inbound, self.understood
        words = f"{self.chat}: {said.text[:200]!r}" + (f" [{said.value}]" if said.value else "")
        beside = {"files": said.files, "edit of": said.edit_of, "phone": said.phone}
        words += "".join(f" {name} {value}" for name, value in beside.items() if value)
        if heard is None:
            return words
        found = ", ".join(f"{e.entity}={str(e.value)[:30]}" for e in heard.entities)
        cues = ",".join(heard.cues)
        return f"{words} heard {heard.intent} {heard.confidence:.2f} ({found}) {cues}"


@dataclass(frozen=True)
class Step:
    """One message with all that came of it; `is_held` while an officer talks there."""

    heard: Heard
    replies: Sequence[Reply]
    state: dict[str, Any]
    filed: Sequence[Any]
    is_held: bool = False


@dataclass
class Shown:
    """A summary that somebody saw: the form as it was then, and the words."""

    frame: Frame
    text: str


@dataclass
class Laws:
    """What is remembered to judge by."""

    audited: int = 0
    last_reply: int = 0
    states: dict[str, State] = field(default_factory=dict)
    shown: dict[str, Shown] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    story: list[str] = field(default_factory=list)

    def check(self, step: Step) -> None:
        """All laws, for one message."""
        chat = step.heard.chat
        self._tell(step)
        self._remember_words(step.heard)
        self._answered(step)
        for reply in step.replies:
            self.check_words(chat, reply)
        self._in_order(step)
        before = self.states.get(chat, State())
        state = self._state(step)
        for record in step.filed:
            self._filed(step, record, before)
        self._danger(step, before)
        self._asks(step, state)
        self._see(step, state)
        self.states[chat] = state

    def check_words(self, chat: str, reply: Reply) -> None:
        """One message out: its words, its buttons, its machine terms."""
        person = PERSON_OF[chat]
        shown = f"{reply.text!r} {reply.custom} to {chat}"
        assert reply.text.strip(), f"an empty message: {shown}"
        own_words = self.said.get(person, "")
        for leak in _LEAKS.findall(reply.text):
            assert leak in own_words, f"leaks {leak!r}: {shown}"
        for key in _keys().findall(reply.text):
            assert key in own_words, f"shows the key {key!r}: {shown}"
        for other, canaries in PEOPLE.items():
            if person in PEOPLE and other != person:
                told = [canary for canary in canaries if canary in reply.text]
                assert not told, f"tells {told} of somebody else: {shown}"
        assert all(len(p.encode("utf-16-le")) <= 8192 for p in split(reply.text))
        buttons = [Button(b["title"], b["payload"]) for b in reply.buttons]
        in_rows(tuple(buttons))
        for button in buttons:
            assert button.title.strip() and len(button.title) <= 100, f"{button} in {shown}"
            assert is_payload(button.payload) and Press.read(button.payload), f"{button} in {shown}"
            assert not _keys().search(button.title) and not _LEAKS.search(button.title), button
        Outbound("1", reply.text, tuple(buttons), dict(reply.custom))
        json.dumps(reply.custom, allow_nan=False)
        unknown = set(reply.custom) - CUSTOM - OWN
        assert not unknown, f"custom {unknown} in {shown}"
        asked = reply.custom.get("asks")
        assert asked is None or asked in CONFIRMS | _slots(), f"asks {asked} in {shown}"

    def _tell(self, step: Step) -> None:
        """For whoever has to find out what went wrong."""
        said = "\n      ".join(reply.text.replace("\n", " / ")[:300] for reply in step.replies)
        self.story = [*self.story, f"{step.heard}\n   -> {said}"][-25:]

    def _remember_words(self, heard: Heard) -> None:
        """What may be said back: all that the person wrote, and what was heard of it."""
        person, inbound = PERSON_OF[heard.chat], heard.inbound
        found = heard.understood.entities if heard.understood else ()
        said = "\n".join([inbound.text, inbound.value or "", *(str(e.value) for e in found)])
        self.said[person] = (self.said.get(person, "") + said)[-200_000:]

    def _answered(self, step: Step) -> None:
        assert step.replies or step.is_held, f"no reply to {step.heard}"

    def _in_order(self, step: Step) -> None:
        numbers = [reply.id for reply in step.replies]
        assert numbers == sorted(set(numbers)), "replies out of order"
        assert all(number > self.last_reply for number in numbers), "a reply came twice"
        self.last_reply = max([*numbers, self.last_reply])

    def _state(self, step: Step) -> State:
        kept = json.loads(json.dumps(step.state, allow_nan=False))
        state = State.model_validate(kept)
        assert state.model_dump(mode="json") == kept or not kept, "the state changes when read"
        for frame in state.stack:
            assert frame.flow in FLOWS.by_name, frame.flow
            flow = FLOWS.by_name[frame.flow]
            known = {f.name for f in fields(flow.slots)}
            known |= {"phone"}  # an emergency above shares it with every form beneath
            assert all(set(item.slots) <= known for item in frame.items), frame
            assert frame.items and (frame.asked is None or frame.asked.item < len(frame.items))
        return state

    def _filed(self, step: Step, record: Any, before: State) -> None:
        assert record is not None, "filed is what does not exist"
        kind = record.reference[0]
        told = [one["reference"] for r in step.replies for one in r.custom.get("filed", [])]
        assert record.reference in told, f"{record.reference} is filed and the person not told"
        if kind != "E":
            self._agreed(step, record, SUMMED[kind], before)
        if getattr(record, "type", None) != "emergency":
            empty = [s for s in _required(kind, record.slots) if record.slots.get(s) is None]
            assert not empty, f"{record.reference} without {empty}: {record.slots}"

    def _agreed(self, step: Step, record: Any, flow: str, before: State) -> None:
        """Filed is exactly what the last summary showed, and that was before this message."""
        chat = step.heard.chat
        shown = self.shown.get(chat)
        assert shown is not None and shown.frame.flow == flow, f"{record.reference} unconfirmed"
        frames = [f for f in before.stack if f.flow == flow and f.stage != "asking"]
        assert frames, f"{record.reference} was filed while nothing was asked to be confirmed"
        assert any(_same(record.slots, item.slots) for item in shown.frame.items), (
            f"{record.reference} holds {dict(record.slots)}, shown was {shown.frame.items}"
        )
        for slot in ("child_name", "person_name", "school"):
            value = record.slots.get(slot)
            if isinstance(value, str) and value != "unknown":
                assert value in shown.text, f"{slot} {value!r} is not in the summary {shown.text!r}"

    def _danger(self, step: Step, before: State) -> None:
        understood = step.heard.understood
        if understood is None or not understood.emergency or step.heard.chat == "o":
            return
        if step.heard.inbound.text in {offer.title for offer in before.offered}:
            return  # a button typed out is a press, whatever an engine makes of its words
        told = "\n".join(reply.text for reply in step.replies)
        assert "110" in told, f"danger without 110: {step.heard.inbound.text!r} -> {told!r}"
        emergency = State.model_validate(step.state).emergency
        assert emergency is not None, f"danger that leads to nobody: {step.heard.inbound.text!r}"

    def _asks(self, step: Step, state: State) -> None:
        """The open question is one whose answer is missing, or being changed."""
        frame = state.frame
        asked = frame.asked if frame else None
        if frame is None or asked is None or not step.replies or frame.stage != "asking":
            return
        if not any(reply.custom.get("asks") == asked.slot for reply in step.replies):
            return
        flow = FLOWS.by_name[frame.flow]
        invited = "changing" in frame.marks or step.heard.inbound.edit_of is not None
        invalid = any(reply.custom.get("invalid") == asked.slot for reply in step.replies)
        step_ = flow.step(asked.slot)
        is_more = asked.slot == "documents" or (step_ is not None and step_.multiple)
        value = frame.items[asked.item].slots.get(asked.slot)
        assert value is None or invited or invalid or is_more, (
            f"asks for {asked.slot}, which is {value!r}: {frame}"
        )

    def _see(self, step: Step, state: State) -> None:
        chat, frame = step.heard.chat, state.frame
        for reply in step.replies:
            if reply.custom.get("asks") == "confirm" and frame is not None:
                last = self.shown.get(chat)
                same = last is not None and last.frame.items == frame.items
                text = f"{last.text}\n{reply.text}" if last and same else reply.text
                self.shown[chat] = Shown(frame.model_copy(deep=True), text)


def _same(filed: Mapping[str, Any], shown: Mapping[str, Any]) -> bool:
    """Whether what is on record is what was shown; who reports is kept elsewhere."""
    return all(_plain(shown.get(slot)) == _plain(value) for slot, value in filed.items())


def _plain(value: Any) -> Any:
    return value.get("name") if isinstance(value, dict) else value


@lru_cache(maxsize=1)
def _slots() -> frozenset[str]:
    return frozenset(step.slot for flow in FLOWS.by_name.values() for step in flow.steps)


def _required(kind: str, slots: Mapping[str, Any]) -> set[str]:
    """What a record needs; a child who never went to school has no grade and no last day."""
    needed = set(REQUIRED[kind].split())
    return needed - {"grade", "absent_since"} if slots.get("school") == never_went() else needed
