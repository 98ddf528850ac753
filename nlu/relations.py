"""Who somebody says to be to the child: "我是苏日娜的妈妈", "我是嘎查干部"."""

import re

from nlu import lexicon
from nlu.types import Entity

_I_AM = r"(?:我|俺|咱)(?:就)?是|(?:^|[,，。 ])是(?=[她他孩娃])"
_SPEAKER = re.compile(rf"(?:{_I_AM})(?!不是|说|想|要|问)([^,，。;；!！?？\n]{{1,12}})")


def of_speaker(text: str) -> Entity | None:
    """The speaker's relation to the child; None when it is not said."""
    for said in _SPEAKER.finditer(text):
        hits = list(lexicon.find("relation", said[1]))
        if hits:
            last = max(hits, key=lambda hit: (hit.end, hit.end - hit.start))
            start, end = said.start(1) + last.start, said.start(1) + last.end
            return Entity("relation", last.value, start, end)
    return None
