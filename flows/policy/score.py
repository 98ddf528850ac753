"""How well questions that nobody taught find their answer; for `bot policy-score` and the tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flows.policy.answers import best


@dataclass(frozen=True)
class Miss:
    """A question that found something else than wanted, or nothing (`found` is "")."""

    question: str
    wanted: str
    found: str


@dataclass(frozen=True)
class Score:
    """What became of the questions with an answer, and of those that must have none."""

    asked: int
    foreign: int
    missed: tuple[Miss, ...]
    answered: tuple[Miss, ...]

    @property
    def right_share(self) -> float:
        """Of the questions with an answer, those whose first entry is right."""
        return 1 - len(self.missed) / self.asked if self.asked else 1.0

    @property
    def foreign_share(self) -> float:
        """Of the questions without an answer, those that were answered all the same."""
        return len(self.answered) / self.foreign if self.foreign else 0.0


def score(asked: Mapping[str, str], foreign: Sequence[str], on: date) -> Score:
    """Ask everything; `asked` names the right entries by id, several parted by a bar."""
    missed = [Miss(q, wanted, _first(q, on)) for q, wanted in asked.items()]
    answered = [Miss(q, "", _first(q, on)) for q in foreign]
    return Score(
        asked=len(asked),
        foreign=len(foreign),
        missed=tuple(m for m in missed if m.found not in m.wanted.split("|")),
        answered=tuple(m for m in answered if m.found),
    )


def _first(question: str, on: date) -> str:
    found = best(question, on=on)
    return found.entry.id if found else ""
