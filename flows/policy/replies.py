"""Replies that officers need again and again, with blanks; read from replies.yaml."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from flows.content import read, understood
from flows.policy.loader import HERE
from flows.policy.types import Model
from nlu.types import BadContent
from storage.kinds import RecordKind

BLANK = re.compile(r"\{([^{}]*)\}")
NAMES = frozenset({"reference", "kind", "name", "school", "place", "status", "officer"})
"""Blanks that a record fills; any other is for the officer and must not be in Latin letters."""


class CannedReply(Model):
    """One reply: `text` as it is said, for records of these kinds."""

    id: str = Field(pattern=r"^[a-z_]+$")
    title: str = Field(min_length=2)
    kinds: tuple[RecordKind, ...] = Field(min_length=1)
    text: str = Field(min_length=5, max_length=500)


class Replies(Model):
    """replies.yaml."""

    replies: tuple[CannedReply, ...]


@lru_cache(maxsize=4)
def load_replies(folder: Path = HERE) -> tuple[CannedReply, ...]:
    """All canned replies; raises BadContent when the file is wrong."""
    with understood(path := folder / "replies.yaml"):
        return Replies.model_validate(read(path)).replies


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known; a blank that nobody can fill stays to be seen."""
    return BLANK.sub(lambda found: values.get(found[1]) or found[0], text)


def blanks(text: str) -> list[str]:
    """What is still to be filled in."""
    return BLANK.findall(text)


def check(folder: Path = HERE) -> Iterator[str]:
    """What is wrong with replies.yaml, in words."""
    try:
        replies = load_replies(folder)
    except BadContent as bad:
        yield from bad.sentences
        return
    seen: set[str] = set()
    for reply in replies:
        if reply.id in seen:
            yield f"replies.yaml：{reply.id} 写了两次。"
        seen.add(reply.id)
        for blank in blanks(reply.text):
            if blank not in NAMES and (not blank.strip() or blank.isascii()):
                yield f"replies.yaml：{reply.id} 里的空 {{{blank}}} 没有人能填。"
        if set(BLANK.sub("", reply.text)) & set("{}"):
            yield f"replies.yaml：{reply.id} 的花括号没有成对。"
