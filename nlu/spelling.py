"""Names typed in Latin letters: which sounds suorina, su ri na or Wang Xiaoming may be.

An officer in a hurry types a name as it is read aloud. It becomes the same keys as the Han
spelling has (`nlu.sounds`), so that both find the same child.
"""

import re
from functools import lru_cache

from nlu.sounds import folded

_MOST = 12
"""So many readings of one name are looked for, those of the fewest syllables first."""
_LONGEST = 40
_LATIN = re.compile(r"[a-zü]+(?:[\s'’-]+[a-zü]+)*", re.IGNORECASE)
_APART = re.compile(r"[\s'’-]+")

_SYLLABLES = """
    -: a ai an ang ao e ei en eng er o ou
    b: a ai an ang ao ei en eng i ian iao ie in ing o u
    c: a ai an ang ao e en eng i ong ou u uan ui un uo
    ch: a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo
    d: a ai an ang ao e en eng i ian iao ie ing iu ong ou u uan ui un uo
    f: a an ang ei en eng iao o ou u
    g: a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo
    h: a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo
    j: i ia ian iang iao ie in ing iong iu u uan ue un
    k: a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo
    l: a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan un uo v ve
    m: a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u
    n: a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan un uo v ve
    p: a ai an ang ao ei en eng i ian iao ie in ing o ou u
    q: i ia ian iang iao ie in ing iong iu u uan ue un
    r: an ang ao e en eng i ong ou u ua uan ui un uo
    s: a ai an ang ao e en eng i ong ou u uan ui un uo
    sh: a ai an ang ao e en eng i ou u ua uai uan uang ui un uo
    t: a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo
    w: a ai an ang ei en eng o u
    x: i ia ian iang iao ie in ing iong iu u uan ue un
    y: a an ang ao e i in ing o ong ou u uan ue un
    z: a ai an ang ao e ei en eng i ong ou u uan ui un uo
    zh: a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo
"""
"""Every syllable of the standard language: an initial and what may follow it."""


def sounds_of(typed: str) -> tuple[str, ...]:
    """Keys as `nlu.sounds.sound` makes them, the likeliest first; none if it is no pinyin."""
    word = typed.strip().lower().replace("ü", "v")
    if not _LATIN.fullmatch(word) or len(word) > _LONGEST:
        return ()
    readings: list[tuple[str, ...]] = [()]
    for piece in _APART.split(word):
        readings = [before + split for before in readings for split in _splits(piece)]
        readings = sorted(readings, key=len)[:_MOST]
    keys = ["-".join(folded(syllable) for syllable in reading) for reading in readings]
    return tuple(dict.fromkeys(keys))


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    rows = (line.split(":") for line in _SYLLABLES.strip().splitlines())
    return frozenset(
        ("" if initial.strip() == "-" else initial.strip()) + final
        for initial, finals in rows
        for final in finals.split()
    )


def _splits(letters: str) -> list[tuple[str, ...]]:
    """The ways to read a run of letters as syllables, those of the fewest syllables first."""
    ways: list[list[tuple[str, ...]]] = [[()]]
    for end in range(1, len(letters) + 1):
        here = [
            (*before, letters[start:end])
            for start in range(max(0, end - 6), end)
            if letters[start:end] in _known()
            for before in ways[start]
        ]
        ways.append(sorted(here, key=len)[:_MOST])
    return ways[-1]
