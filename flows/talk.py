"""The working sheet of one turn: what came in, what is remembered, what goes out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flows.commands import Command
from flows.heard import Heard
from flows.ports import Lookup, PersonView
from flows.say import Say
from flows.state import Frame, State
from flows.steps import AnyFlow, Moment
from flows.undecided import Undecided
from nlu.types import Cue, Intent, Understanding

PRESS = re.compile(r"^!(?P<what>[a-z_]+)(?:\.(?P<slot>[a-z_]+))?=(?P<value>[^\s=]{0,40})$")


@dataclass(frozen=True)
class Press:
    """A pressed button: `!aid.hardship=dibao`, `!cmd=cancel`, `!confirm=yes`."""

    what: str
    slot: str | None
    value: str

    @classmethod
    def read(cls, payload: str) -> "Press | None":
        """The press that a payload stands for, or None when it is no payload of ours."""
        match = PRESS.match(payload)
        return cls(match["what"], match["slot"], match["value"]) if match else None


@dataclass(frozen=True)
class Flows:
    """All flows, by name and by the intent that starts them."""

    by_name: Mapping[str, AnyFlow]

    def started_by(self, intent: Intent) -> AnyFlow | None:
        """The flow that begins when somebody wants this."""
        return next((f for f in self.by_name.values() if intent in f.starts_on), None)


@dataclass
class Talk:
    """One turn under way; modules of the engine read it and add replies and commands."""

    flows: Flows
    state: State
    heard: Heard
    lookup: Lookup
    me: PersonView
    now: datetime
    typed: bool = False  # a button's title or number, written instead of tapped
    before: Undecided | None = None  # the message that the last one asked about
    topic: str = ""  # what the message is part of; of a record only that is shown to its officers
    replies: list[Say] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)

    @property
    def understood(self) -> Understanding:
        """What the words meant."""
        return self.heard.understood

    @property
    def intent(self) -> Intent:
        """The likeliest intent."""
        return self.heard.understood.intent

    def has(self, cue: Cue) -> bool:
        """Whether a dialogue cue was heard."""
        return cue in self.heard.understood.cues

    def means(self, *intents: Intent, at_least: float = 0.55) -> bool:
        """Whether one of the intents was understood with enough confidence."""
        return self.intent in intents and self.understood.confidence >= at_least

    @property
    def frame(self) -> Frame | None:
        """The flow whose turn it is."""
        return self.state.frame

    def flow_of(self, frame: Frame) -> AnyFlow:
        """The definition of a flow under way."""
        return self.flows.by_name[frame.flow]

    def moment(self, frame: Frame) -> Moment:
        """What a flow's hooks may look at."""
        return Moment(self.state, frame, self.heard, self.lookup, self.me, self.now)

    def enter(self, frame: Frame) -> None:
        """The message belongs to this flow, which it begins or takes up again."""
        frame.topic = frame.topic or self._own_topic(frame.flow)
        self.topic = frame.topic

    def stand_aside(self) -> None:
        """The message belongs to no flow, though one may be under way."""
        self.topic = self._own_topic("")

    def _own_topic(self, flow: str) -> str:
        return f"{flow}:{self.heard.external_id}" if self.heard.external_id else ""

    def say(self, *says: Say) -> None:
        """Add messages to the answer."""
        self.replies.extend(says)

    def do(self, *commands: Command) -> None:
        """Add changes to be made with this turn."""
        self.commands.extend(commands)
