"""Prunes the 250,000 pieces of a hundred languages to those that our texts need."""

import re
from collections.abc import Iterable
from pathlib import Path

import jieba

from nlu.classify.pieces import Pieces

_ALWAYS = re.compile(
    r"\u2581?[\u0020-\u007e]{1,2}$"  # Latin and digits, one or two
    r"|\u2581?[\u2000-\u206f\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]$"  # one Han or punctuation
    r"|\u2581$"
)
_INSIDE = "a"  # stands before a word to see how it is cut inside a sentence


def prune(full: Pieces, words: Iterable[str]) -> tuple[Pieces, list[int]]:
    """The pieces that these words use, and all short ones; with the old id of each new one.

    A word whose piece was left out is cut into shorter ones, at worst into characters. The words
    that e5 puts before every text are dropped: a tuned network does as well without reading them.
    """
    kept = {full.begin, full.end, full.pad, full.unknown}
    for word in words:
        kept.update(full.segment(word))
        kept.update(full.segment(_INSIDE + word))
    kept.update(i for i, text in enumerate(full.texts) if _ALWAYS.match(text))
    old = sorted(kept)
    new = {before: now for now, before in enumerate(old)}
    pruned = Pieces(
        texts=tuple(full.texts[i] for i in old),
        scores=tuple(full.scores[i] for i in old),
        folds={one: other for one, other in full.folds.items() if _is_needed(one)},
        begin=new[full.begin],
        end=new[full.end],
        pad=new[full.pad],
        unknown=new[full.unknown],
        prefix="",
    )
    return pruned, old


def chinese_words() -> list[str]:
    """jieba's dictionary: a broad list of the words of written Chinese."""
    path = Path(jieba.__file__).parent / "dict.txt"
    return [line.split(" ", 1)[0] for line in path.read_text("utf-8").splitlines()]


def _is_needed(character: str) -> bool:
    return ord(character) < 0x3400 or 0xF900 <= ord(character) <= 0xFFEF
