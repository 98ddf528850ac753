"""A fresh process that becomes ready, says so, then reads the sentences of a file in turns.

`python -m nlu.bench.probe [FILE]` writes the line "ready", then its figures as one JSON line.
"""

import json
import os
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nlu.types import Context, Engine
from nlu.understand import make_engine

READY = "ready"
_NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
_WARM = 10  # of so many sentences one is read before anything is measured


def main(file: Path | None) -> None:
    """Get ready as the service does, then measure if there is something to read."""
    engine = make_engine()
    engine.understand("我想给孩子申请助学金", Context(_NOW))
    print(READY, flush=True)
    if file is not None:
        print(json.dumps(measured(engine, file)), flush=True)


def measured(engine: Engine, file: Path) -> dict[str, Any]:
    """Speed by reader, and the memory of the engine before the others were loaded beside it."""
    from nlu.bench.machine import resident
    from nlu.bench.spans import take_turns
    from nlu.evaluate import read_labelled

    def read(text: str) -> object:
        return engine.understand(text, Context(_NOW))

    sentences = [row.text for row in read_labelled(file, _NOW)]
    for sentence in sentences[::_WARM]:
        read(sentence)
    memory = resident(os.getpid())
    speeds = take_turns({"engine": read, **_parts()}, sentences)
    return {"memory": memory, "speeds": {name: asdict(found) for name, found in speeds.items()}}


def _parts() -> dict[str, Any]:
    """What the engine is made of, each alone: the measure of how much the rest costs."""
    from nlu.classify import encoder, local, training
    from nlu.classify.weights import Weights
    from nlu.dictionary import tokenizer

    weights = Weights.load(local.model_path(training.INTENTS_FOLDER, local.MODEL_FOLDER))
    parts: dict[str, Any] = {"ngrams": weights.scores, "jieba": tokenizer().lcut}
    if all((encoder.FOLDER / name).is_file() for name in (encoder.NETWORK, encoder.ABOUT)):
        parts["encoder"] = encoder.Encoder.load().logits
    return parts


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
