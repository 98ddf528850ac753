"""Keeps the tables in one file beside the model, made again when what they come from changes."""

import hashlib
import importlib.util
import os
import sys
import tempfile
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from nlu.tables.keys import Keys
from nlu.tables.readings import Readings
from nlu.tables.words import Words

_HERE = Path(__file__).parent
FOLDER = _HERE.parent / "model"
_SOURCES = ("keys.py", "making.py", "../data/jieba.txt")
_PACKAGES = {"jieba": ("dict.txt",), "pypinyin": ("pinyin_dict.py", "phrases_dict.py")}
_MAKING = threading.Lock()

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Tables:
    """What the dictionaries of jieba and pypinyin say, as far as it is asked."""

    words: Words  # jieba's, rare ones left out, ours taken in
    total: int  # of all their counts
    common: Words  # as jieba's dictionary itself counts them, ours not taken in
    people: Keys  # names of people in jieba's dictionary, of two or three characters
    readings: Readings


def tables() -> Tables:
    """The tables; made in some seconds when they are not kept yet."""
    with _MAKING:
        return _tables(FOLDER)


@lru_cache(maxsize=1)
def _tables(folder: Path) -> Tables:
    return load(folder)


def load(folder: Path) -> Tables:
    """The kept tables of these dictionaries, else made and, where that is possible, kept."""
    path = path_in(folder)
    try:
        return _read(path)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return _opened(make(folder))


def make(folder: Path = FOLDER) -> Arrays:
    """Make them and keep them in the folder; only in memory when it cannot be written."""
    from nlu.tables.making import made

    print("正在整理词表和读音表……", file=sys.stderr, flush=True)
    arrays = made()
    path = path_in(folder)
    try:
        _save(arrays, path)
        for old in folder.glob("tables-*.npz"):
            if old != path:
                old.unlink(missing_ok=True)
    except OSError as error:
        print(f"词表存不下来（{error.strerror}），这次只放在内存里。", file=sys.stderr, flush=True)
    return arrays


def path_in(folder: Path) -> Path:
    """Where the tables of exactly these dictionaries and this code are kept."""
    digest = hashlib.sha256()
    for name in _SOURCES:
        source = _HERE / name
        digest.update(source.read_bytes() if source.exists() else b"")
    for package, names in _PACKAGES.items():
        spec = importlib.util.find_spec(package)  # found without being imported
        if spec is None or spec.origin is None:
            raise RuntimeError(f"the package {package} is not installed")
        sizes = [(Path(spec.origin).parent / name).stat().st_size for name in names]
        digest.update(f"{package} {sizes}".encode())
    return folder / f"tables-{digest.hexdigest()[:16]}.npz"


def _save(arrays: Arrays, path: Path) -> None:
    """Write so that a reader finds no file or the whole one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        Path(part).chmod(0o644)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def _read(path: Path) -> Tables:
    with np.load(path, allow_pickle=False) as stored:
        return _opened({name: stored[name] for name in stored.files})


def _opened(arrays: Arrays) -> Tables:
    return Tables(
        words=Words(Keys(arrays["words"]), arrays["counts"]),
        total=int(arrays["total"][0]),
        common=Words(Keys(arrays["common"]), arrays["seen"]),
        people=Keys(arrays["people"]),
        readings=Readings(
            syllables=tuple(arrays["syllables"].tobytes().decode("utf-8").split("\n")),
            characters=Keys(arrays["characters"]),
            alone=arrays["alone"],
            phrases=Keys(arrays["phrases"]),
            starts=arrays["starts"],
            spoken=arrays["spoken"],
        ),
    )
