"""Bare answers: what "十四", "五口" or "苏日娜" means when a certain slot was asked for."""

import re
from collections.abc import Callable
from dataclasses import replace

from nlu import lexicon, names, regions, relations
from nlu.numerals import NUMBER, parse, parse_small
from nlu.types import Context, Entity

_NAME_SLOTS = {"child_name": "child_name", "applicant_name": "person_name"}
_NAME_SLOTS |= {"guardian_name": "person_name", "reporter_name": "person_name"}
_NAME_SLOTS |= {"person_name": "person_name"}
_ROLES = {"applicant_name": "self", "person_name": "self", "reporter_name": "self"}
_ROLES |= {"guardian_name": "guardian"}
_OPTION_LISTS = ("relation", "purpose", "current_level", "available_time")
_LOOSE = (
    rf"(?<![\d年月初高第、哪这那]){NUMBER}(?!年|个?月|号|班|点|个?孩|个?娃|[步次天件位中小]|\d)"
)
_ANY_NUMBER = {  # a number in a longer answer, unless its unit says that it counts something else
    "age": re.compile(rf"{_LOOSE}(?![口块元万千多来几]|个?人)"),
    "count": re.compile(rf"{_LOOSE}(?![岁块元万千]|多?块|来?万)"),
    "money": re.compile(rf"{_LOOSE}(?![岁口]|个?人)"),
}
_OTHER_UNIT = {  # 十三岁 is no income, 四口 no age
    "age": re.compile("口|块|元|个?人"),
    "count": re.compile("周?岁|块|元"),
    "money": re.compile("周?岁|口|个?人"),
}
_MONTHLY = re.compile(r"月")
_TEXT_SLOTS = frozenset({"whereabouts", "detail"})
_FILLER = re.compile(
    r"^(?:嗯+|啊|哦|噢|那个|就是|应该是|应该叫|是的?|好像是|大概|差不多|大约|也就|今年|一年(?!级)|我|他|她|孩子|家里|我家|我们家|全家|一共|总共|有|是|叫|名字|姓名|:|,|。|\s)*"
)
_TAIL = re.compile(
    r"(?:左右|上下|吧|啊|呢|呀|了|的|多|来|口人|口|个人|个|人|岁|周岁|块钱|块|元|,|。|!|\s)*$"
)
_NAME_LEAD = re.compile(
    r"^(?:(?:我|他|她|孩子|家长|学生|本人|监护人|爸爸|妈妈|爷爷|奶奶|[他她]?[爸妈])?(?:的)?(?:名字|姓名|大名)?(?:就)?(?:叫做?|是|:|姓)\s*|[:,\s]+)*"
)
_SURNAME_FIRST = re.compile(r"(\w),\s*(?=\1\w)")
_NAME_TAIL = re.compile(r"[吧啊呢呀的。!,.\s]*$")
_NAME_SHAPE = re.compile(r"[\u3400-\u9fff]+(?:·[\u3400-\u9fff]+)*|[A-Za-z][A-Za-z .]{1,30}")
_NOT_NAME = re.compile(
    r"不|没|吗|什么|怎么|为什么|谁|多少|哪|跳过|以后|知道|清楚|一下|可以|能|要|想|这|那[个边里些时么就是]|^那(?![仁日木顺拉音苏存松钦古])|了|在|的|和(?![平睦希])|我们|他们|有(?![福财才德望发根明志])|请|帮|问|填|说|谢|好|行|对|嗯|哦|继续|取消|返回|重新|上一步|算了|老师|家长|同意|帮助|人工|匿名|保密"
)
_CLAUSE_END = re.compile(r"[,。;!?\n]")
_SCHOOL_TAIL = re.compile(r"[吧啊呢呀的了。!,\s]*$")
_SCHOOL_LEAD = re.compile(
    r"^(?:我|他|她|孩子|现在|原来|以前|是|就|在|上的?|读|念|叫|学校|的|,|:|\s)*"
)
_NOT_SCHOOL = re.compile(r"不|没|吗|什么|怎么|多少|跳过|知道|为什么|哪|谢|取消|返回|\?")
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


def _core(text: str) -> tuple[str, int]:
    """The answer without filler words, and where it starts."""
    lead = _FILLER.match(text)
    start = lead.end() if lead else 0
    tail = _TAIL.search(text, start)
    return text[start : tail.start() if tail else len(text)], start


def _number(kind: str, role: str | None, big: bool) -> Callable[[str, Context], list[Entity]]:
    def read(text: str, context: Context) -> list[Entity]:
        core, start = _core(text)
        if not core or _OTHER_UNIT[kind].match(text, start + len(core)):
            return []
        if not re.fullmatch(rf"{NUMBER}(?:\s*[-~到至]\s*{NUMBER})?[多来]?[十百千万]*", core):
            match = _ANY_NUMBER[kind].search(core)
            if match is None or len(text) > 20 or (big and _MONTHLY.search(text)):
                return []
            core, start = match[0], start + match.start()
            if kind == "age" and re.search("[百千万]", core):  # a sum that lost its unit
                return []
        core = core.rstrip("多来")
        value = parse(core) if big else parse_small(core)
        if value is None:
            return []
        return [Entity(kind, value, start, start + len(core), role=role)]

    return read


def _trimmed(text: str, lead: re.Pattern[str], tail: re.Pattern[str]) -> tuple[str, int]:
    opening = lead.match(text)
    start = opening.end() if opening else 0
    closing = tail.search(text, start)
    return text[start : closing.start() if closing else len(text)], start


def _name(text: str, context: Context) -> list[Entity]:
    slot = context.expecting or ""
    kind, role = _NAME_SLOTS[slot], _ROLES.get(slot)
    word, start = _trimmed(text, _NAME_LEAD, _NAME_TAIL)
    surname = _SURNAME_FIRST.match(word)  # 我姓李，李建国
    if surname:
        word, start = word[surname.end() :], start + surname.end()
    word = _CLAUSE_END.split(word)[0]
    if not _NAME_SHAPE.fullmatch(word) or not 2 <= len(word) <= 12:
        return []
    if names.is_mongolian(word) or names.name_at(word) == word:
        return [Entity(kind, word, start, start + len(word), role=role)]
    if _NOT_NAME.search(word) or names.is_common_word(word, 2000) or regions.find(word):
        return []
    return [Entity(kind, word, start, start + len(word), role=role, weak=True)]


def _school(text: str, context: Context) -> list[Entity]:
    word, start = _trimmed(text, _SCHOOL_LEAD, _SCHOOL_TAIL)
    if not 2 <= len(word) <= 20 or _NOT_SCHOOL.search(word):
        return []
    return [Entity("school", word, start, start + len(word), weak=True)]


def _options(kind: str) -> Callable[[str, Context], list[Entity]]:
    def read(text: str, context: Context) -> list[Entity]:
        seen: dict[str, Entity] = {}
        for hit in lexicon.find(kind, text):
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
    "age": ("age", _number("age", None, False)),
    "household_size": ("count", _number("count", "household", False)),
    "annual_income": ("money", _number("money", "income", True)),
    "school": ("school", _school),
    **{slot: (kind, _name) for slot, kind in _NAME_SLOTS.items()},
    **{kind: (kind, _options(kind)) for kind in _OPTION_LISTS},
    **{slot: (slot, _whole_text) for slot in _TEXT_SLOTS},
}
_EXCLUSIVE = frozenset({"age", "household_size", "annual_income"})


def _roled(context: Context, found: list[Entity]) -> list[Entity]:
    """A name or count without a role takes that of the slot that was asked."""
    slot = context.expecting or ""
    if slot in _NAME_SLOTS and slot != "child_name":
        if any(e.entity == "person_name" for e in found):
            return found
        only = [e for e in found if e.entity == "child_name"]
        if len(only) == 1:
            index = found.index(only[0])
            turned = replace(only[0], entity="person_name", role=_ROLES[slot])
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


def complete(text: str, context: Context, found: list[Entity]) -> list[Entity]:
    """`found`, and the whole answer read for the slot asked when nothing firm answers it."""
    slot = context.expecting or ""
    if slot not in _READERS:
        return found
    kind, read = _READERS[slot]
    found = _roled(context, found)
    if _answered(slot, kind, found) or _is_parent(slot, text, found):
        return found
    extra = read(text, context)
    if slot in _EXCLUSIVE:
        spans = [(e.start, e.end) for e in extra]
        found = [e for e in found if not any(s < e.end and e.start < t for s, t in spans)]
    return [*found, *extra]
