"""How often words are met, as jieba's tokenizer and the rules about names ask for it."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nlu.tables.keys import Keys

Counts = NDArray[np.int32]
_REMEMBERED = 8192


class Words:
    """Words and beginnings of words with their counts; a beginning that is no word has 0.

    It stands in for the dictionary of jieba's tokenizer, so it looks up as a dict does.
    """

    def __init__(self, keys: Keys, counts: Counts) -> None:
        self._keys = keys
        self._counts = np.ascontiguousarray(counts).data
        self._find = lru_cache(maxsize=_REMEMBERED)(self._look)  # the same words come again

    def _look(self, word: str) -> int | None:
        place = self._keys.get(word)
        return None if place is None else int(self._counts[place])

    def get(self, word: str, default: int | None = None) -> int | None:
        """How often it was met; the default when it is neither a word nor the beginning of one."""
        found = self._find(word)
        return default if found is None else found

    def __contains__(self, word: str) -> bool:
        return self._find(word) is not None

    def __getitem__(self, word: str) -> int:
        found = self._find(word)
        if found is None:
            raise KeyError(word)
        return found
