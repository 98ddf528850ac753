"""Measures the classifier, without our rules, on a public benchmark of 60 voice-assistant intents.

For comparing engines only: no sentence of it is ever part of the product. The folder holds JSON
lines `{"text", "intent"}`: test.jsonl and the few-shot draws fs20_s0.jsonl, fs20_s1.jsonl, ...
"""

import json
import sys
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from nlu.classify.encoder import readable
from nlu.classify.fusion import Fusion
from nlu.classify.regression import fit
from nlu.classify.training import Example
from nlu.finetune.making import learn
from nlu.finetune.tuning import Recipe, logits_of

EPOCHS = 8  # 20 sentences an intent need more passes than our hundreds
OTHERS = "DIET 0.621, n-grams 0.660, frozen vectors with n-grams 0.745, tuned with n-grams 0.781"


def main(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False)],
    seeds: Annotated[int, typer.Option(help="networks whose weights are averaged")] = 3,
    draw: Annotated[int | None, typer.Option(help="only this draw")] = None,
) -> None:
    """Train on each few-shot draw, score on the test split, print each figure and the means."""
    test = _read(folder / "test.jsonl")
    draws = sorted(folder.glob("fs20_s*.jsonl" if draw is None else f"fs20_s{draw}.jsonl"))
    figures = []
    for path in draws:
        figures.append(score(_read(path), test, seeds))
        _show(path.stem, figures[-1])
    _show("mean", np.mean(figures, axis=0).tolist())
    print(f"others, mean of three draws: {OTHERS}")


def score(train: list[Example], test: list[Example], seeds: int) -> list[float]:
    """Accuracy of the n-grams, of the encoder, and of both with the default fusion."""
    tuned = learn(train, Recipe(epochs=EPOCHS), _say, seeds=seeds)
    ngrams = fit(train)
    sentences = [tuned.pieces.ids(readable(example.text)) for example in test]
    logits = logits_of(tuned.network, sentences, tuned.pieces.pad).numpy().astype(np.float64)
    others = np.stack([ngrams.scores_of(example.text, tuned.labels) for example in test])
    truth = np.array([tuned.labels.index(example.intent) for example in test])
    together = Fusion().together(logits, others)
    return [float((found.argmax(1) == truth).mean()) for found in (others, logits, together)]


def _read(path: Path) -> list[Example]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [Example(row["text"], row["intent"]) for row in rows]


def _show(name: str, figures: list[float]) -> None:
    ngrams, encoder, both = figures
    print(f"{name}: n-grams {ngrams:.4f}, encoder {encoder:.4f}, both {both:.4f}", flush=True)


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    typer.run(main)
