"""A message that could have meant two things: kept for one turn, so that choosing loses nothing."""

from dataclasses import asdict, replace
from typing import Any

from pydantic import BaseModel

from flows.heard import Heard
from nlu.types import Cue, Entity, Intent, Understanding

_TUPLES = ("path", "candidates", "candidate_codes")


class Undecided(BaseModel):
    """The words, what they named, and the two wishes they could be."""

    text: str
    intents: list[Intent]
    entities: list[dict[str, Any]]
    cues: list[Cue]

    @classmethod
    def of(cls, heard: Heard, intents: list[Intent]) -> "Undecided":
        """What to remember of a message."""
        understood = heard.understood
        return cls(
            text=heard.text,
            intents=intents,
            entities=[asdict(entity) for entity in understood.entities],
            cues=sorted(understood.cues),
        )

    def as_heard(self, now: Heard, intent: Intent) -> Heard:
        """The message again, now that its wish is known."""
        entities = tuple(
            Entity(**{**e, **{k: tuple(e[k]) for k in _TUPLES}}) for e in self.entities
        )
        understood = Understanding(
            self.text, intent, 1.0, entities=entities, cues=frozenset(self.cues)
        )
        return replace(now, understood=understood, press=None)
