"""jieba's tokenizer and counts of words, from tables that are made at training.

jieba would build its dictionary at every start: half a second, and 25 MB.
"""

import logging
from functools import cache

import jieba

from nlu.tables.kept import tables


@cache
def tokenizer() -> jieba.Tokenizer:
    """jieba's tokenizer with the common words and ours."""
    jieba.setLogLevel(logging.ERROR)
    made: jieba.Tokenizer = jieba.Tokenizer()
    made.FREQ, made.total = tables().words, tables().total
    made.initialized = True
    return made


def seen(word: str) -> int:
    """How often jieba's dictionary saw the word; 0 when that was less than 45 times."""
    return tables().common.get(word) or 0


def is_person(word: str) -> bool:
    """Whether it stands in jieba's dictionary as the name of a person: 白雪, 李娜."""
    return word in tables().people
