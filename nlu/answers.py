"""Bare answers: what "十四", "五口" or "苏日娜" means when a certain slot was asked for."""

import re
from collections.abc import Callable
from dataclasses import replace

from nlu import lexicon, name_answers, number_answers, relations
from nlu.types import Context, Entity

_OPTION_LISTS = ("relation", "purpose", "current_level", "available_time")
_TEXT_SLOTS = frozenset({"whereabouts", "detail"})
_SCHOOL_TAIL = re.compile(r"[吧啊呢呀的了。!,\s]*$")
_SCHOOL_LEAD = re.compile(
    r"^(?:我|他|她|孩子|现在|原来|以前|是|就|在|上的?|读|念|叫|学校|的|,|:|\s)*"
)
_NOT_SCHOOL = re.compile(
    r"不|没|吗|什么|怎么|多少|跳过|知道|为什么|哪|谢|取消|返回|\?"
    # what people tell of the family instead: 他爸妈在张家口打工
    r"|[爸妈]|爷爷|奶奶|姥[姥爷]|打工|干活|放[羊牛]|挣钱|生病|有病|聪明|懂事|可怜|离婚"
    r"|[去今前]年|走了?$|家里|忘|记得|记性|困难|低保|贫困"
)
_AVAILABLE = re.compile(
    r"有空|有时间|什么时候都|啥时候都|随时|方便|上课|能来|能去|能学|可以来|可以去|想.{0,4}班|学习班|夜校|培训"
)
_LEVEL = re.compile(r"普通话|汉语|汉话|甲|乙|级|水平|说得|讲|零基础|不会说|听不懂")
_PURPOSE = re.compile(r"普通话|汉话|培训|学|证|考|想|为了|用来|班")
_CUES = {"available_time": _AVAILABLE, "current_level": _LEVEL, "purpose": _PURPOSE}
_ASKS = {
    "available_time": "普通话|汉话|培训|班|课|学",
    "current_level": "",
    "purpose": "普通话|培训|汉语|汉话",
}


def wants_choice(kind: str, text: str, context: Context) -> bool:
    """Whether option words of this kind are to be read: asked for, or clearly about it."""
    if context.expecting == kind:
        return True
    return bool(_CUES[kind].search(text)) and bool(re.search(_ASKS[kind], text))


_GOAL = re.compile(
    r"(?:要|想|得|需要|必须|目标|争取|准备|打算|为了)[^,。;!?]{0,8}(?:考|拿|达|冲|过|到|是)[到个过上]?$"
)


def is_goal(text: str, hit: lexicon.Hit) -> bool:
    """要考到二甲 names the level wanted, not the one somebody has."""
    return bool(_GOAL.search(text[: hit.start]))


def _number(kind: number_answers.Kind) -> Callable[[str, Context], list[Entity]]:
    return lambda text, context: number_answers.read(kind, text)


def _trimmed(text: str, lead: re.Pattern[str], tail: re.Pattern[str]) -> tuple[str, int]:
    opening = lead.match(text)
    start = opening.end() if opening else 0
    closing = tail.search(text, start)
    return text[start : closing.start() if closing else len(text)], start


def _school(text: str, context: Context) -> list[Entity]:
    word, start = _trimmed(text, _SCHOOL_LEAD, _SCHOOL_TAIL)
    if not 2 <= len(word) <= 20 or _NOT_SCHOOL.search(word):
        return []
    return [Entity("school", word, start, start + len(word), weak=True)]


def _options(kind: str) -> Callable[[str, Context], list[Entity]]:
    def read(text: str, context: Context) -> list[Entity]:
        seen: dict[str, Entity] = {}
        for hit in lexicon.find(kind, text):
            if kind == "current_level" and is_goal(text, hit):
                continue
            overlaps = any(hit.start < e.end and e.start < hit.end for e in seen.values())
            if not overlaps:
                seen.setdefault(hit.value, Entity(kind, hit.value, hit.start, hit.end))
        return list(seen.values())

    return read


def _whole_text(text: str, context: Context) -> list[Entity]:
    word = text.strip()
    if not word:
        return []
    start = text.index(word)
    return [Entity(context.expecting or "", word, start, start + len(word), weak=True)]


_READERS: dict[str, tuple[str, Callable[[str, Context], list[Entity]]]] = {
    **{slot: (kind.entity, _number(kind)) for slot, kind in number_answers.KINDS.items()},
    "school": ("school", _school),
    **{slot: (kind, name_answers.read) for slot, kind in name_answers.SLOTS.items()},
    **{kind: (kind, _options(kind)) for kind in _OPTION_LISTS},
    **{slot: (slot, _whole_text) for slot in _TEXT_SLOTS},
}


def _roled(context: Context, found: list[Entity]) -> list[Entity]:
    """A name or count without a role takes that of the slot that was asked."""
    slot = context.expecting or ""
    if slot in name_answers.SLOTS and slot != "child_name":
        if any(e.entity == "person_name" for e in found):
            return found
        only = [e for e in found if e.entity == "child_name"]
        if len(only) == 1:
            index = found.index(only[0])
            turned = replace(only[0], entity="person_name", role=name_answers.ROLES[slot])
            return [*found[:index], turned, *found[index + 1 :]]
    return found


def _answered(slot: str, kind: str, found: list[Entity]) -> bool:
    role = {"household_size": "household", "annual_income": "income"}.get(slot)
    return any(e.entity == kind and (role is None or e.role == role) for e in found)


def _is_parent(slot: str, text: str, found: list[Entity]) -> bool:
    """ "我叫乌云，是孩子的妈妈" tells the parent's name when the child's was asked for."""
    says_own = any(e.entity == "person_name" and e.role == "self" for e in found)
    speaker = relations.of_speaker(text) if slot == "child_name" and says_own else None
    return speaker is not None and speaker.value != "self"


def _last_number(
    context: Context, kind: str, text: str, found: list[Entity]
) -> tuple[str, list[Entity]]:
    """What is left to read, and the entities without numbers that the answer takes back."""
    slot = context.expecting or ""
    firm = number_answers.overruling(slot, text)
    if firm:
        return text, [*(e for e in found if e.entity != kind), *firm]
    last = number_answers.said_last(text)
    begin = len(last) - len(last.lstrip())
    kept = [e for e in found if e.entity != kind or e.start >= begin]
    if last == text or not (_answered(slot, kind, kept) or _READERS[slot][1](last, context)):
        return text, found
    return last, kept


_STAGES = frozenset({"幼儿园", "小学", "初中", "高中", "中职", "大学"})


def complete(text: str, context: Context, found: list[Entity]) -> list[Entity]:
    """`found`, and the whole answer read for the slot asked when nothing firm answers it."""
    slot = context.expecting or ""
    if slot not in _READERS:
        return found
    kind, read = _READERS[slot]
    found = _roled(context, found)
    if slot in number_answers.KINDS:
        text, found = _last_number(context, kind, text, found)
    if _answered(slot, kind, found) or _is_parent(slot, text, found):
        return found
    extra = read(text, context)
    if slot == "school":  # 茫汗的小学 tells the school, not how far the child has come
        found = [e for e in found if e.entity != "grade" or str(e.value) not in _STAGES]
    if slot in number_answers.KINDS:
        spans = [(e.start, e.end) for e in extra]
        found = [e for e in found if not any(s < e.end and e.start < t for s, t in spans)]
    return [*found, *extra]
