"""Figures kept between evaluations, so that the next one can say what changed.

Only figures are kept, never a sentence.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nlu.classify.local import MODEL_FOLDER
from nlu.evaluate import Labelled
from nlu.report.figures import Figures

Plain = Mapping[str, Any]
"""Figures as JSON: those of the report on top, the others beside them."""


@dataclass(frozen=True)
class Kept:
    """What was kept of a file: by engine, when it was scored and how it did."""

    sentences: str  # digest of the labelled sentences
    made: dict[str, str] = field(default_factory=dict)
    engines: dict[str, dict[str, Any]] = field(default_factory=dict)

    def of(self, engine: str) -> dict[str, Any] | None:
        """The figures of one engine, if it was scored."""
        return self.engines.get(engine)


def plain(figures: Figures) -> dict[str, Any]:
    """The figures as JSON, sentences included."""
    shown = asdict(figures)
    return {**shown.pop("report"), **shown}


def without_sentences(figures: Plain) -> dict[str, Any]:
    """The figures that may be kept or shown of a file nobody should read."""
    return {key: value for key, value in figures.items() if key not in ("mistakes", "worst")}


def digest(rows: Sequence[Labelled]) -> str:
    """A name for exactly these labelled sentences."""
    found = hashlib.sha256()
    for row in rows:
        labels = (row.text, row.intent, row.entities, row.also, row.tags)
        found.update(json.dumps(labels, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return found.hexdigest()[:16]


def usual_place(file: Path, rows: Sequence[Labelled], models: Path = MODEL_FOLDER) -> Path:
    """Where the figures of this file are kept unless told otherwise: beside the models."""
    return models / "evaluated" / f"{file.stem}-{digest(rows)}.json"


def read_kept(path: Path) -> Kept:
    """The kept figures; raises OSError without a file, ValueError when it holds none."""
    found = json.loads(path.read_text("utf-8"))
    if not isinstance(found, dict) or not isinstance(found.get("engines"), dict):
        raise ValueError("没有保存的分数")
    return Kept(str(found.get("sentences")), found.get("made") or {}, found["engines"])


def keep(path: Path, rows: Sequence[Labelled], now: datetime, engines: Mapping[str, Plain]) -> None:
    """Keep these figures; an engine that was not scored now keeps those of its last time."""
    sentences = digest(rows)
    try:
        old = read_kept(path)
    except (OSError, ValueError):
        old = Kept(sentences)
    if old.sentences != sentences:
        old = Kept(sentences)
    made = old.made | dict.fromkeys(engines, now.isoformat(timespec="seconds"))
    figures = old.engines | {name: without_sentences(found) for name, found in engines.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(Kept(sentences, made, figures)), ensure_ascii=False, indent=1)
    path.write_text(text + "\n", "utf-8")
