"""How a Han spelling sounds, folded so that common spellings of one Mongolian word are equal.

Names and places reach us by ear: 其其格 and 琪琪格, 吐列毛杜 and 吐列毛都 are the same word.
"""

import re
from functools import lru_cache

from nlu.tables.kept import tables

_HAN = re.compile(r"[\u3400-\u9fff]")

# Whole syllables that interchange in transliterated Mongolian, each group to its first member.
_GROUPS = (
    "yin yan ying",
    "den dun deng dong",
    "du tu dou",
    "da ta",
    "le li re ri lei",
    "hu huo",
    "ba bai",
    "si se",
    "su suo",
    "ge gen",
    "e wo",
    "ke ka",
    "mu mo",
    "nu no nuo",
    "bu bo",
    "zhu zhe",
    "sheng sen",
)
_FOLDED = {syllable: group.split()[0] for group in _GROUPS for syllable in group.split()}
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"))


def folded(syllable: str) -> str:
    """A syllable of pinyin as the keys have it."""
    folded = _FOLDED.get(syllable)
    if folded is not None:
        return folded
    for long, short in _INITIALS:
        if syllable.startswith(long):
            syllable = short + syllable[len(long) :]
    if syllable.endswith("ng"):
        syllable = syllable[:-1]
    return _FOLDED.get(syllable, syllable)


@lru_cache(maxsize=8192)
def syllables(text: str) -> tuple[str, ...]:
    """The folded sound of each Han character; other characters are left out."""
    han = "".join(_HAN.findall(text))
    return tuple(folded(s) for s in tables().readings.of(han))


def sound(text: str) -> str:
    """Folded sounds joined by hyphens, fit for comparing and as an index key."""
    return "-".join(syllables(text))
