"""Words for the families of a list, with blanks; read from campaigns.yaml and checked.

A phone lies on the table: the words must not tell anybody that a family is poor, or on a list.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from flows.content import read, understood
from flows.policy.loader import HERE
from flows.policy.replies import BLANK, blanks, fill
from flows.policy.types import Model
from nlu.types import BadContent
from storage.kinds import Audience

OWN = frozenset({"place"})
"""Blanks that the system fills; any other is for the officer and has a Chinese name."""

LONGEST_BLANK = 20
LONGEST = 200
_MUST = {"智能助手": "是智能助手", "不是真人": "不是真人", "由您定": "办不办由家里定"}
_MUST_NOT = re.compile(
    "贫|困难|低保|脱贫|监测|孤儿|残疾|特困|资助|补助|补贴|助学|救助|名单|必须|不然|否则|违法|罚"
)
_SUM = re.compile(r"[0-9０-９一二三四五六七八九十百千万两]+\s*(?:元|块)")


class Template(Model):
    """One text, for whom it is, and from when until when it may be used."""

    id: str = Field(pattern=r"^[a-z_]+$")
    title: str = Field(min_length=2)
    audiences: tuple[Audience, ...] = Field(min_length=1)
    effective_from: date
    effective_to: date | None = None
    review_by: date
    text: str = Field(min_length=20, max_length=LONGEST)

    @property
    def to_fill(self) -> list[str]:
        """The blanks that are left to the officer, each once."""
        return [name for name in dict.fromkeys(blanks(self.text)) if name not in OWN]


class Campaigns(Model):
    """campaigns.yaml."""

    campaigns: tuple[Template, ...]


@lru_cache(maxsize=4)
def load_campaigns(folder: Path = HERE) -> tuple[Template, ...]:
    """All templates; raises BadContent when the file is wrong."""
    with understood(path := folder / "campaigns.yaml"):
        return Campaigns.model_validate(read(path)).campaigns


def offered(on: date, folder: Path = HERE) -> tuple[Template, ...]:
    """The templates that may be used on a day."""
    return tuple(
        one
        for one in load_campaigns(folder)
        if one.effective_from <= on and (one.effective_to is None or on <= one.effective_to)
    )


def filled(template: Template, told: Mapping[str, str]) -> str:
    """The text with the officer's words in its blanks; those of the system stay to be filled."""
    words = {name: told.get(name, "").strip() for name in template.to_fill}
    return fill(template.text, words)


def faults(text: str) -> Iterator[str]:
    """What must not be said to a family, or is missing, in words."""
    yield from (f"没有说{what}" for word, what in _MUST.items() if word not in text)
    bare = BLANK.sub("", text)
    found = _MUST_NOT.search(bare)
    if found:
        yield f"不能写“{found[0]}”，手机谁都可能看见"
    if _SUM.search(bare):
        yield "不能写钱数"
    if set(bare) & set("{}"):
        yield "花括号没有成对"


def unfilled(template: Template, told: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the officer's words, in words."""
    for name in template.to_fill:
        words = told.get(name, "").strip()
        if not words:
            yield f"请填“{name}”"
        elif len(words) > LONGEST_BLANK:
            yield f"“{name}”太长了，最多 {LONGEST_BLANK} 个字"
        elif set(words) & set("{}\n"):
            yield f"“{name}”里不能有花括号，也不能换行"


def check(folder: Path = HERE) -> Iterator[str]:
    """What is wrong with campaigns.yaml, in words."""
    try:
        templates = load_campaigns(folder)
    except BadContent as bad:
        yield from bad.sentences
        return
    seen: set[str] = set()
    for one in templates:
        yield from (f"campaigns.yaml：{one.id} {fault}。" for fault in faults(one.text))
        if one.id in seen:
            yield f"campaigns.yaml：{one.id} 写了两次。"
        seen.add(one.id)
        for name in one.to_fill:
            if not name.strip() or name.isascii():
                yield f"campaigns.yaml：{one.id} 里的空 {{{name}}} 没有人能填。"
        if one.effective_to is not None and one.effective_to < one.effective_from:
            yield f"campaigns.yaml：{one.id} 的 effective_to 比 effective_from 早。"


def overdue(on: date, folder: Path = HERE) -> Iterator[str]:
    """Templates that somebody should look at again."""
    for one in offered(on, folder):
        if one.review_by < on:
            yield f"群发样板“{one.title}”过了复核日期 {one.review_by}，请重新看一遍。"
