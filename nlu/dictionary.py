"""jieba's tokenizer and counts of words, from tables that are made at training.

jieba would build its dictionary at every start: half a second, and 25 MB.
"""

import logging
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from nlu.tables.kept import tables

if TYPE_CHECKING:
    import jieba


@cache
def tokenizer() -> "jieba.Tokenizer":
    """jieba's tokenizer with the common words and ours."""
    library = _jieba()
    library.setLogLevel(logging.ERROR)
    made: jieba.Tokenizer = library.Tokenizer()
    made.FREQ, made.total = tables().words, tables().total
    made.initialized = True
    return made


def _jieba() -> Any:
    """jieba, which opens its files itself when there is no setuptools, as on Python 3.12.

    Where there is, it would import all of it to find them: a tenth of a second, and 4 MB.
    """
    modules: dict[str, Any] = sys.modules
    is_hidden = modules.setdefault("pkg_resources", None) is None
    try:
        import jieba

        return jieba
    finally:
        if is_hidden:
            del modules["pkg_resources"]


def seen(word: str) -> int:
    """How often jieba's dictionary saw the word; 0 when that was less than 45 times."""
    return tables().common.get(word) or 0


def is_person(word: str) -> bool:
    """Whether it stands in jieba's dictionary as the name of a person: 白雪, 李娜."""
    return word in tables().people
