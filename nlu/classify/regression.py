"""Fits the local classifier; the only module that needs scikit-learn, imported when training."""

import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.classify.features import grams
from nlu.classify.training import Example
from nlu.classify.weights import Floats, Weights, vector

STRENGTH = 6.0  # inverse of regularisation, chosen by cross-validation on our sentences
HELD_OUT = 4  # every fourth sentence or so is held out to find the temperature
UNKNOWN_SHARE = 0.3  # how much an unknown gram counts, beside the rarest known one
_SEED = 7

Say = Callable[[str], None]


def fit(examples: Sequence[Example], say: Say = lambda _: None) -> Weights:
    """Train on all examples, with a temperature that makes confidences match hit rates."""
    texts = [example.text for example in examples]
    labels = np.array([example.intent for example in examples])
    if len(set(labels)) < 2:
        raise ValueError("training needs sentences of at least two intents")
    say(f"训练意图识别：{len(texts)} 条例句，{len(set(labels))} 个意图……")
    counted = [grams(text) for text in texts]
    index, idf, unknown = _vocabulary(counted)
    rows = _matrix([vector(one, index, idf, unknown) for one in counted], len(index))
    model = _regression(rows, labels)
    say("校准置信度……")
    return Weights(
        labels=tuple(str(label) for label in model.classes_),
        index=index,
        idf=idf,
        coefficients=_by_class(model).T.astype(np.float16).copy(),
        bias=_bias(model).astype(np.float32),
        temperature=_temperature(rows, labels),
        unknown_idf=unknown,
    )


def _vocabulary(
    texts: Sequence[dict[str, Counter[str]]],
) -> tuple[dict[str, int], Floats, float]:
    documents: Counter[str] = Counter()
    for text in texts:
        for counted in text.values():
            documents.update(counted.keys())
    kept = sorted(gram for gram, count in documents.items() if count > 1 or _is_short(gram))
    counts = np.array([documents[gram] for gram in kept], dtype=np.float64)
    idf = (np.log((1 + len(texts)) / (1 + counts)) + 1).astype(np.float32)
    unknown = UNKNOWN_SHARE * float(np.log((1 + len(texts)) / 2) + 1)
    return {gram: place for place, gram in enumerate(kept)}, idf, unknown


def _is_short(gram: str) -> bool:
    """Whether the gram is worth keeping when seen once: long ones only spell out one sentence."""
    return gram[1] in "12"


def _matrix(vectors: Sequence[tuple[list[int], list[float]]], width: int) -> Any:
    from scipy.sparse import csr_matrix

    starts = np.cumsum([0] + [len(indexes) for indexes, _ in vectors])
    columns = [column for indexes, _ in vectors for column in indexes]
    values = [value for _, row in vectors for value in row]
    return csr_matrix((values, columns, starts), shape=(len(vectors), width))


def _regression(rows: Any, labels: NDArray[np.str_]) -> Any:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(
        C=STRENGTH, class_weight="balanced", max_iter=300, tol=1e-3, random_state=_SEED
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fit stopped early is good enough and is scored anyway
        return model.fit(rows, labels)


def _by_class(model: Any) -> NDArray[np.float64]:
    """One row per class; scikit-learn keeps a single row for two classes."""
    rows: NDArray[np.float64] = model.coef_
    return np.vstack([-rows / 2, rows / 2]) if len(rows) == 1 else rows


def _bias(model: Any) -> NDArray[np.float64]:
    values: NDArray[np.float64] = model.intercept_
    return np.concatenate([-values / 2, values / 2]) if len(values) == 1 else values


def _temperature(rows: Any, labels: NDArray[np.str_]) -> float:
    """The divisor of the logits that gives held-out sentences the greatest likelihood."""
    if min(Counter(labels.tolist()).values()) < HELD_OUT:
        return 1.0
    from sklearn.model_selection import StratifiedKFold

    folds = StratifiedKFold(HELD_OUT, shuffle=True, random_state=_SEED)
    train, test = next(iter(folds.split(rows, labels)))
    model = _regression(rows[train], labels[train])
    logits = rows[test] @ _by_class(model).T + _bias(model)
    truth = np.searchsorted(model.classes_, labels[test])
    return min((float(t) for t in np.geomspace(0.2, 4, 40)), key=lambda t: _loss(logits / t, truth))


def _loss(logits: NDArray[np.float64], truth: NDArray[np.intp]) -> float:
    shifted = logits - logits.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-logs[np.arange(len(truth)), truth].mean())
