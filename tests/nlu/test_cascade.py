"""Which texts the n-grams settle, and which the encoder reads too."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from nlu.classify.cascade import CALM, SURE, Cascade
from nlu.classify.encoder import Encoder
from nlu.classify.local import LocalClassifier
from nlu.evaluate import read_labelled

LABELS = ("apply_aid", "report_emergency", "thank")
DEVELOPMENT = Path(__file__).parent / "fresh_dev.jsonl"


@pytest.mark.parametrize(
    ("scores", "settled"),
    [
        ((0.9995, 0.0001, 0.0004), True),
        ((SURE - 0.01, 0.0, 1.01 - SURE), False),
        ((1 - 2 * CALM, 2 * CALM, 0.0), False),
        ((0.0, 1.0, 0.0), False),
        ((0.0, 0.0, 1.0), False),
    ],
)
def test_only_a_sure_wish_without_danger_is_settled(
    scores: tuple[float, ...], settled: bool
) -> None:
    assert Cascade.over(LABELS).settles(np.array(scores)) is settled


def test_labels_without_danger_are_settled_too() -> None:
    assert Cascade.over(("apply_aid", "thank")).settles(np.array([0.99, 0.01]))


def test_the_encoder_reads_only_what_is_not_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    logits = Encoder.logits

    def asking(self: Encoder, text: str) -> NDArray[np.float64]:
        asked.append(text)
        return logits(self, text)

    monkeypatch.setattr(Encoder, "logits", asking)
    classifier = LocalClassifier.load()
    for text in ("我想给孩子申请助学金", "删掉我的资料，谢谢"):
        classifier.classify(text)
    assert asked == ["删掉我的资料，谢谢"]


def test_what_is_settled_on_the_development_sentences_stays_what_both_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    classifier = LocalClassifier.load()
    texts = [row.text for row in read_labelled(DEVELOPMENT, datetime.now(UTC))][::4]
    alone = [classifier.classify(text).ranking[0][0] for text in texts]
    monkeypatch.setattr(Cascade, "settles", lambda self, scores: False)
    assert alone == [classifier.classify(text).ranking[0][0] for text in texts]
