"""What is remembered of a conversation between two messages; all of it survives JSON.

There is no step pointer: the next question is the first step whose slot is empty, so a flow may be
edited while somebody is half-way through it.
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from flows.undecided import Undecided


class Item(BaseModel):
    """The answers about one child (or the one subject of a flow)."""

    slots: dict[str, Any] = Field(default_factory=dict)
    skipped: list[str] = Field(default_factory=list)

    def is_open(self, slot: str) -> bool:
        """Whether the slot has neither a value nor been skipped."""
        return self.slots.get(slot) is None and slot not in self.skipped


class Asked(BaseModel):
    """The question that waits for its answer."""

    slot: str
    item: int = 0


class Frame(BaseModel):
    """One flow under way."""

    flow: str
    topic: str = ""  # names the messages that belong to it
    items: list[Item] = Field(default_factory=lambda: [Item()])
    asked: Asked | None = None
    stage: Literal["asking", "confirming", "choosing_change", "guarding"] = "asking"
    misses: int = 0
    history: list[Asked] = Field(default_factory=list)
    files: list[tuple[int, str]] = Field(default_factory=list)
    marks: dict[str, Any] = Field(default_factory=dict)  # what a flow's own hooks remember


class Draft(BaseModel):
    """A flow put aside; it waits 30 days."""

    saved_at: datetime
    frame: Frame


class Offer(BaseModel):
    """A choice under the last message: "2" means the second, its title typed means a press."""

    payload: str
    title: str = ""


class HeardBefore(BaseModel):
    """What an earlier message was an answer to, so that editing it changes that answer."""

    external_id: str
    flow: str
    slot: str | None
    item: int = 0
    filed: list[str] = Field(default_factory=list)
    is_done: bool = False  # the flow it spoke to is over


class Emergency(BaseModel):
    """The emergency that this conversation opened last; more words go to the same case."""

    reference: str
    at: datetime
    slots: dict[str, Any] = Field(default_factory=dict)  # for a report of the child that follows


class State(BaseModel):
    """All that a conversation remembers."""

    stack: list[Frame] = Field(default_factory=list)
    drafts: list[Draft] = Field(default_factory=list)
    offered: list[Offer] = Field(default_factory=list)
    misses: int = 0
    introduced: bool = False
    said_before: list[HeardBefore] = Field(default_factory=list)
    emergency: Emergency | None = None
    undecided: Undecided | None = None
    later: Undecided | None = None  # what else a message asked for, until the first is done
    home: str | None = None  # division code of the person's own place
    loose_files: list[int] = Field(default_factory=list)
    loose_voices: list[int] = Field(default_factory=list)  # those of them that are spoken

    @property
    def frame(self) -> Frame | None:
        """The flow whose turn it is."""
        return self.stack[-1] if self.stack else None
