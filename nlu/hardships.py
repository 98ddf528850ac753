"""Hardship of a family, out of the story that it tells."""

import re
from collections.abc import Iterator

from nlu import lexicon
from nlu.types import Entity

_COURSE = re.compile(r"口语|普通话|培训|退班|[的个期]班|网课")
_DIED_OF_IT = re.compile(r"(?:病|症)?(?:就|都|[前去]年)?(?:没了|走了|去世|死了|过世|不在了)")
_OWN_ILLNESS = re.compile(r"手术|住院|开刀")


def find(text: str) -> Iterator[Entity]:
    """Hardship in cleaned `text`; not why a learner misses a class, nor what somebody died of."""
    about_course = bool(_COURSE.search(text))
    for hit in lexicon.find("hardship", text):
        if about_course and _OWN_ILLNESS.search(text, hit.start, hit.end):
            continue
        if hit.value != "serious_illness" or not _DIED_OF_IT.match(text, hit.end):
            yield Entity("hardship", hit.value, hit.start, hit.end)
