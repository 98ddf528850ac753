"""The plain form of a text that rules and classifiers compare: width, case, script and gaps folded.

Entity extraction keeps offsets and so uses `nlu.normalize` alone.
"""

import re
from functools import lru_cache

from nlu.normalize import clean

_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad\ufe0e\ufe0f]")
_SPACES = re.compile(r"\s+")
_HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_SLASHES = re.compile(r"^[\s/／⁄∕⧸]+")  # all blanks that Python, and so Rasa, strips


@lru_cache(maxsize=256)
def fold(text: str) -> str:
    """Half width, lower case, simplified Han, no invisible characters, no gaps between Han."""
    plain = _SPACES.sub(" ", clean(_INVISIBLE.sub("", text)).lower())
    return _HAN_GAP.sub("", plain).strip()


def bare(text: str) -> str:
    """The folded text without punctuation or symbols at its ends."""
    return _EDGES.sub("", fold(text))


def unslash(text: str) -> str:
    """The text without leading slashes, which Rasa would obey as an intent forced by the sender."""
    return _SLASHES.sub("", text)
