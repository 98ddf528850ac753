"""How Han text is read in pinyin without tones: pypinyin's answers from tables of a megabyte.

pypinyin itself takes 55 MB and a third of a second at every start.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.tables.keys import Keys

Small = NDArray[np.uint16]


@dataclass(frozen=True)
class Readings:
    """Syllables of characters, and of phrases in which characters are read otherwise than alone.

    `starts` tells where in `spoken` the syllables of each key of `phrases` begin; the beginning of
    a phrase that is none itself has no syllables.
    """

    syllables: tuple[str, ...]
    characters: Keys
    alone: Small  # a syllable for each of them
    phrases: Keys
    starts: NDArray[np.int32]
    spoken: Small

    def of_character(self, character: str) -> str:
        """How it is read alone; itself when it is not read."""
        place = self.characters.get(character)
        return character if place is None else self.syllables[self.alone[place]]

    def of(self, han: str) -> list[str]:
        """The syllable of each character: the longest phrase that begins at each place decides."""
        found: list[str] = []
        while len(found) < len(han):
            at = len(found)
            found += self._phrase(han, at) or [self.of_character(han[at])]
        return found

    def _phrase(self, han: str, at: int) -> list[str]:
        longest: list[str] = []
        for place in self._beginnings(han, at):
            spoken = self.spoken[self.starts[place] : self.starts[place + 1]]
            longest = [self.syllables[one] for one in spoken] or longest
        return longest

    def _beginnings(self, han: str, at: int) -> Iterator[int]:
        for end in range(at + 2, len(han) + 1):
            place = self.phrases.get(han[at:end])
            if place is None:
                return
            yield place
