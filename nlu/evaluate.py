"""Scores an engine on labelled sentences: intents, and entities where they are labelled."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nlu.entity_scores import Score, score_entities, score_of
from nlu.parse import as_json, as_moment
from nlu.types import Context, Engine, Intent


@dataclass(frozen=True)
class Labelled:
    """One sentence with its true intent and, when labelled, its true (entity, value) pairs.

    `home` is the division code of the person's own banner, where the sentence leans on it; `also`
    are other intents that a fair judge would accept; `tags` say how it is said (typo, cadre ...).
    """

    text: str
    intent: str
    now: datetime
    entities: tuple[tuple[str, str], ...] | None = None
    home: str | None = None
    also: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What an engine made of one labelled sentence.

    `out_of_scope` is its confidence that the sentence is none of our business, whatever it guessed.
    """

    row: Labelled
    guess: str
    confidence: float
    out_of_scope: float = 0.0
    is_alarm: bool = False
    entities: tuple[tuple[str, str], ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether it is the labelled intent."""
        return self.guess == self.row.intent

    @property
    def is_acceptable(self) -> bool:
        """Whether it is the labelled intent or one that counts too."""
        return self.is_right or self.guess in self.row.also


@dataclass(frozen=True)
class Report:
    """How an engine did; confusions are (truth, guess, how often), most frequent first."""

    sentences: int
    accuracy: float
    macro_f1: float
    intents: dict[str, Score]
    confusions: tuple[tuple[str, str, int], ...]
    mistakes: tuple[tuple[str, str, str], ...]  # text, truth, guess
    entities: dict[str, Score] = field(default_factory=dict)


def read_labelled(path: Path, now: datetime) -> list[Labelled]:
    """Read JSON lines `{"text", "intent"[, "entities"][, "now"][, "home"][, "also"][, "tags"]}`.

    Raises ValueError with the line number when a line is none.
    """
    rows = []
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            rows.append(_labelled(json.loads(line), now))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"第 {number} 行不是 {{text, intent}} 的 JSON：{error}") from error
    return rows


def _labelled(data: dict[str, Any], now: datetime) -> Labelled:
    return Labelled(
        data["text"],
        data["intent"],
        as_moment(data["now"]) if data.get("now") else now,
        _pairs(data),
        data.get("home"),
        tuple(data.get("also") or ()),
        tuple(data.get("tags") or ()),
    )


def evaluate(engine: Engine, rows: Sequence[Labelled]) -> Report:
    """Run the engine over the sentences and score it."""
    return score(read_all(engine, rows))


def read_all(engine: Engine, rows: Iterable[Labelled]) -> list[Reading]:
    """What the engine makes of each sentence."""
    return [_read(engine, row) for row in rows]


def _read(engine: Engine, row: Labelled) -> Reading:
    understood = engine.understand(row.text, Context(now=row.now, home=row.home))
    return Reading(
        row,
        str(understood.intent),
        understood.confidence,
        dict(understood.ranking).get(Intent.OUT_OF_SCOPE, 0.0),
        understood.emergency or understood.intent is Intent.REPORT_EMERGENCY,
        _pairs(as_json(understood)) or (),
    )


def score(readings: Sequence[Reading]) -> Report:
    """Score what was read."""
    truths = [reading.row.intent for reading in readings]
    guesses = [reading.guess for reading in readings]
    scores = {name: _intent_score(name, truths, guesses) for name in sorted(set(truths))}
    wrong = [(r.row.text, r.row.intent, r.guess) for r in readings if not r.is_right]
    confusions = Counter((truth, guess) for _, truth, guess in wrong)
    labelled = [(r.row.entities, r.entities) for r in readings if r.row.entities is not None]
    return Report(
        sentences=len(readings),
        accuracy=1 - len(wrong) / len(readings) if readings else 0.0,
        macro_f1=sum(score.f1 for score in scores.values()) / len(scores) if scores else 0.0,
        intents=scores,
        confusions=tuple((*pair, count) for pair, count in confusions.most_common()),
        mistakes=tuple(wrong),
        entities=score_entities(labelled),
    )


def _pairs(data: dict[str, Any]) -> tuple[tuple[str, str], ...] | None:
    entities = data.get("entities")
    if entities is None:
        return None
    return tuple((str(item["entity"]), str(item["value"])) for item in entities)


def _intent_score(name: str, truths: Sequence[str], guesses: Sequence[str]) -> Score:
    pairs = list(zip(truths, guesses, strict=True))
    hits = sum(truth == guess == name for truth, guess in pairs)
    extra = sum(guess == name != truth for truth, guess in pairs)
    return score_of(hits, extra, truths.count(name) - hits)
