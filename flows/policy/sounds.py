"""How Han characters sound, folded so that what dictation confuses is alike; kept with the rest.

pypinyin is only asked when learning: a third of a second and 55 MB that no start has to spend.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_FIRST, _AFTER_LAST = 0x4E00, 0xA000
_FUZZY = (("zh", "z"), ("ch", "c"), ("sh", "s"))


@dataclass(frozen=True)
class Sounds:
    """The sound of each Han character; any other is its own."""

    names: tuple[str, ...]
    of: NDArray[np.uint16]  # a name for each character, from the first Han one on

    @classmethod
    def known(cls) -> "Sounds":
        """As pypinyin reads each character alone."""
        from pypinyin import lazy_pinyin

        every = [
            _folded(lazy_pinyin(chr(code), v_to_u=False)[0]) for code in range(_FIRST, _AFTER_LAST)
        ]
        names = tuple(sorted(set(every)))
        place = {name: number for number, name in enumerate(names)}
        return cls(names, np.array([place[one] for one in every], dtype=np.uint16))

    def sound(self, character: str) -> str:
        """The syllable without tone; z/zh, c/ch, s/sh and n/ng at the end fall together."""
        code = ord(character)
        return self.names[self.of[code - _FIRST]] if _FIRST <= code < _AFTER_LAST else character


def _folded(syllable: str) -> str:
    for long, short in _FUZZY:
        if syllable.startswith(long):
            syllable = short + syllable[len(long) :]
    return syllable[:-1] if syllable.endswith("ng") else syllable
