"""The in-process classifier: trained from our sentences when needed, kept in one file."""

import hashlib
import logging
import sys
import threading
from operator import itemgetter
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from nlu.classify import encoder, training
from nlu.classify.cascade import Cascade
from nlu.classify.encoder import Encoder
from nlu.classify.weights import Weights
from nlu.dictionary import tokenizer
from nlu.types import Classified, Intent

_HERE = Path(__file__).parent
_NLU = _HERE.parent
MODEL_FOLDER = _NLU / "model"
LEARNED = "learned.yml"  # in the folder of the models: sentences that officers judged

_INTENTS = {str(intent): intent for intent in Intent}
_log = logging.getLogger(__name__)


class LocalClassifier:
    """N-grams of words, characters and sounds in one regression, beside the tuned encoder.

    The n-grams learn every new sentence in seconds; the encoder knows what words mean, and is
    asked only when they are not sure. Either serves alone when the other is missing.
    """

    def __init__(self, weights: Weights | None, encoder: Encoder | None = None) -> None:
        self._weights = weights
        self._encoder = encoder
        self._cascade = Cascade.over(weights.labels if weights else ())

    @classmethod
    def load(
        cls,
        data: Path = training.INTENTS_FOLDER,
        models: Path = MODEL_FOLDER,
        encoder: Path = encoder.FOLDER,
    ) -> "LocalClassifier":
        """The model of these sentences, trained first when there is none yet.

        Without usable sentences everything is out of scope with confidence 0.
        """
        path = model_path(data, models)
        try:
            weights: Weights | None = Weights.load(path)
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            weights = train(data, models)
        tokenizer()
        return cls(weights, _encoder(encoder, weights))

    def classify(self, text: str) -> Classified:
        """All trained intents, best first."""
        if self._weights is None:
            return Classified(((Intent.OUT_OF_SCOPE, 0.0),))
        scores = self._scores(text, self._weights)
        if scores is None:
            return Classified(((Intent.OUT_OF_SCOPE, 0.0),))
        intents = [_INTENTS[label] for label in self._weights.labels]
        pairs = zip(intents, scores.tolist(), strict=True)
        return Classified(tuple(sorted(pairs, key=itemgetter(1), reverse=True)))

    def _scores(self, text: str, weights: Weights) -> NDArray[np.float64] | None:
        if self._encoder is None:
            return weights.scores(text)
        others = weights.scores_of(text, weights.labels)
        if self._cascade.settles(others):
            return others
        return self._encoder.about.fusion.together(self._encoder.logits(text), others)


def _encoder(folder: Path, weights: Weights | None) -> Encoder | None:
    """The shipped encoder, when it is whole and knows the same intents as the sentences."""
    try:
        found = Encoder.load(folder)
    except Exception as error:  # onnxruntime raises types of its own for a damaged file
        _log.warning("no encoder, the n-grams serve alone: %s", type(error).__name__)
        return None
    if weights is None or found.about.labels != weights.labels:
        _log.warning("the encoder knows other intents than the sentences; make it again")
        return None
    return found


class LazyClassifier:
    """The local classifier, loaded at its first use; for a fallback that may never be needed."""

    def __init__(self) -> None:
        self._loaded: LocalClassifier | None = None
        self._lock = threading.Lock()

    def classify(self, text: str) -> Classified:
        """As LocalClassifier."""
        with self._lock:
            if self._loaded is None:
                self._loaded = LocalClassifier.load()
        return self._loaded.classify(text)


def train(data: Path = training.INTENTS_FOLDER, models: Path = MODEL_FOLDER) -> Weights | None:
    """Train and keep the model; only in memory when the folder cannot be written.

    Beside the sentences of `data` it takes those that lie in the folder of the models.

    None when there are not yet sentences of two intents. Progress goes to stderr.
    """
    from nlu.classify.regression import fit

    examples = [*training.read(data), *training.read(models)]
    if len({example.intent for example in examples}) < 2:
        _say("没有可用的例句，意图识别暂不可用。")
        return None
    weights = fit(examples, _say)
    path = model_path(data, models)
    try:
        weights.save(path)
        for old in models.glob("local-*.npz"):
            if old != path:
                old.unlink(missing_ok=True)
        _say("模型已保存。")
    except OSError as error:
        _say(f"模型存不下来（{error.strerror}），这次只放在内存里。")
    return weights


def take_in(learned: Path, models: Path = MODEL_FOLDER) -> bool:
    """Have the next training use these sentences too; whether there are any.

    They are copied beside the models, so that judging a sentence never makes a start wait.
    """
    if not learned.is_file():
        return False
    models.mkdir(parents=True, exist_ok=True)
    (models / LEARNED).write_bytes(learned.read_bytes())
    return True


def model_path(data: Path, models: Path) -> Path:
    """Where the model of exactly these sentences and this code is kept."""
    digest = hashlib.sha256()
    sources = [_HERE / name for name in ("features.py", "weights.py", "regression.py")]
    sources += [
        *(_NLU / "tables" / name for name in ("keys.py", "making.py", "readings.py")),
        _NLU / "fold.py",
        _NLU / "normalize.py",
        _NLU / "data" / "jieba.txt",
    ]
    sources.append(_NLU / "data" / "concepts.yaml")
    sources += [_NLU / "data" / "lexicon" / "mishearings.yaml", *sorted(data.glob("*.yml"))]
    sources += sorted(models.glob("*.yml"))  # what this installation learned in use
    for source in sources:
        digest.update(source.name.encode("utf-8"))
        digest.update(source.read_bytes() if source.exists() else b"")
    return models / f"local-{digest.hexdigest()[:16]}.npz"


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
