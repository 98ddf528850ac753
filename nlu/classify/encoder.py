"""The fine-tuned sentence encoder: a small int8 network run by onnxruntime on one thread.

It is made by `make encoder` (nlu/finetune) and shipped; nothing here needs PyTorch.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before the import: it would report to its maker
import onnxruntime

from nlu.classify.fusion import Fusion
from nlu.classify.pieces import Pieces
from nlu.fold import fold

FOLDER = Path(__file__).parent.parent / "encoder"
NETWORK, VOCABULARY, ABOUT = "network.onnx", "pieces.json", "about.json"
_HEAD = 40  # characters read from the start of a text that is too long
_TAIL = 50  # characters read from its end


@dataclass(frozen=True)
class About:
    """What belongs to a network file: its labels and how its word counts beside the n-grams'."""

    labels: tuple[str, ...]
    fusion: Fusion
    made_from: str  # digest of the sentences it was trained on

    @classmethod
    def load(cls, path: Path) -> "About":
        """Raises OSError, ValueError or KeyError when the file is missing or no such file."""
        data = json.loads(path.read_text("utf-8"))
        return cls(tuple(data["labels"]), Fusion(**data["fusion"]), str(data["made_from"]))


class Encoder:
    """Text to a probability per label; safe to use from several threads."""

    def __init__(self, network: Path, pieces: Pieces, about: About) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(network), options, providers=["CPUExecutionProvider"]
        )
        self._pieces = pieces
        self.about = about

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "Encoder":
        """Open a folder that `make encoder` wrote.

        Raises OSError, ValueError, KeyError or onnxruntime's own error when it is not whole.
        """
        about = About.load(folder / ABOUT)
        pieces = Pieces.from_json((folder / VOCABULARY).read_text("utf-8"))
        return cls(folder / NETWORK, pieces, about)

    def logits(self, text: str) -> NDArray[np.float64]:
        """One raw score per label."""
        ids = np.array([self._pieces.ids(readable(text))], dtype=np.int64)
        (found,) = self._session.run(["logits"], {"ids": ids, "mask": np.ones_like(ids)})
        return np.asarray(found[0], dtype=np.float64)


def readable(text: str) -> str:
    """What the encoder reads of a text: folded; of a long one the start and the end.

    People ramble and say what they want first or last; a network reads short texts fast.
    """
    plain = fold(text)
    if len(plain) <= _HEAD + _TAIL:
        return plain
    return f"{plain[:_HEAD]}…{plain[-_TAIL:]}"
