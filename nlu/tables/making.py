"""Makes the tables from jieba's dictionary and pypinyin's; neither is read when the service starts.

Only imported when they have to be made: with `make train`, or at the first start without it.
"""

import io
import logging
from functools import cache
from pathlib import Path
from typing import Any

import jieba
import numpy as np
from numpy.typing import NDArray

from nlu.tables.keys import numbered

RARE = 5  # words seen no more often than this are left to jieba's own guessing
COMMON = 45  # how often the rules about names at least want to have seen a word
USER_WORDS = Path(__file__).parent.parent / "data" / "jieba.txt"
_HAN = range(0x3400, 0xA000)

Arrays = dict[str, NDArray[Any]]


def made() -> Arrays:
    """All tables, by name."""
    return {**_words(), **_characters(), **_phrases()}


@cache
def _lines() -> tuple[tuple[str, int, str], ...]:
    path = Path(jieba.__file__).parent / "dict.txt"
    lines = (line.split(" ", 2) for line in path.read_text("utf-8").splitlines())
    return tuple((word, int(count), tag) for word, count, tag in lines)


def _words() -> Arrays:
    """jieba's dictionary without its rarest half, which costs memory and decides nothing."""
    tokenizer = _tokenizer()
    keys, order = numbered(tokenizer.FREQ)
    counts = np.fromiter(tokenizer.FREQ.values(), dtype=np.int32)[order]
    common, at = numbered(word for word, count, _ in _lines() if count >= COMMON)
    seen = np.array([count for _, count, _ in _lines() if count >= COMMON], dtype=np.int32)[at]
    people, _ = numbered(w for w, _, tag in _lines() if len(w) in (2, 3) and tag.startswith("nr"))
    total = np.array([tokenizer.total], dtype=np.int64)
    found: Arrays = {"words": keys, "counts": counts, "total": total}
    return {**found, "common": common, "seen": seen, "people": people}


def _tokenizer() -> jieba.Tokenizer:
    jieba.setLogLevel(logging.ERROR)
    made: jieba.Tokenizer = jieba.Tokenizer()
    kept = "".join(f"{w} {n}\n" for w, n, _ in _lines() if n > RARE or len(w) == 1)
    made.FREQ, made.total = made.gen_pfdict(io.BytesIO(kept.encode("utf-8")))
    made.initialized = True
    if USER_WORDS.exists():
        made.load_userdict(str(USER_WORDS))
    return made


@cache
def _read() -> dict[str, list[str]]:
    """The syllables of every character and every phrase of Han characters that pypinyin knows."""
    from pypinyin import lazy_pinyin
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT, RE_HANS

    known = [chr(code) for code in PINYIN_DICT if RE_HANS.match(chr(code))]
    known += [p for p in PHRASES_DICT if len(p) > 1 and all(ord(c) in _HAN for c in p)]
    return {text: lazy_pinyin(text, v_to_u=False) for text in known}


def _syllables() -> dict[str, int]:
    return {one: n for n, one in enumerate(sorted({s for row in _read().values() for s in row}))}


def _characters() -> Arrays:
    names = _syllables()
    known = [text for text in _read() if len(text) == 1]
    keys, order = numbered(known)
    alone = np.array([names[_read()[one][0]] for one in known], dtype=np.uint16)
    text = "\n".join(names).encode("utf-8")
    return {
        "syllables": np.frombuffer(text, dtype=np.uint8),
        "characters": keys,
        "alone": alone[order],
    }


def _phrases() -> Arrays:
    """Each phrase with its syllables, and each beginning of one, without."""
    names = _syllables()
    known = {text: row for text, row in _read().items() if len(text) > 1}
    spoken: dict[str, list[str]] = {p[:end]: [] for p in known for end in range(2, len(p))}
    spoken |= known
    keys, order = numbered(spoken)
    rows = list(spoken.values())
    ordered = [rows[place] for place in order]
    starts = np.cumsum([0, *(len(row) for row in ordered)], dtype=np.int32)
    said = np.array([names[one] for row in ordered for one in row], dtype=np.uint16)
    return {"phrases": keys, "starts": starts, "spoken": said}
