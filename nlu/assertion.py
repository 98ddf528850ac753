"""What a person denies or takes back: such a value is no entity."""

import re
from collections.abc import Iterable

from nlu.types import Entity

_DENIED = re.compile(
    r"(?<!是)(?<!联系)(?<!找)(?<!见)(?:不|并?非|没)(?:是|属于|算|叫|在|上|读|念|姓|止)(?:什么|那个|了|我们|他们|咱们|(?:在)?[上读念叫]|[他她我](?:弟|妹|哥|姐){1,2})?\s*$"
    r"|(?:写|记|说|认|打|选|听|当|填|弄)成了?(?:什么)?\s*$|(?:没|哪|哪里)说(?:过)?(?:是)?\s*$"
    r"|(?:也|都|又|既|并|还)不是\s*$|(?<!有)没(?:有)?(?:办|评上?|享受|吃|纳入|领)?(?:过)?(?:什么|任何)?\s*$|非\s*$"
)
_VERB_LAST = re.compile(r"\s*是(?:\s|的|$|[,。!])")  # 十一岁 不是 十二岁 是
_DENIED_LIST = re.compile(r"(?:不是|没有)[^,。;!?是]{1,10}(?:也|、|和|或者?|也不是|也没有)$")
_DENIED_AFTER = re.compile(
    r"\s*(?:户|证)?(?:的)?\s*(?:都|也|还|早就?|已经|去年|今年|前年|后来|上个?月|被|给|就|让人){0,3}(?:没(?:有)?(?:办|评|批|享受|申请(?:上|下)|评上|有过)|不是(?![\u3400-\u9fff])|不是(?=[的了啊吗吧,]|是|我[,。;!?\s]|$)|不对|写错|说错|打错|是错的|取消了|被取消|撤了|停了|[^,。;!?]{0,2},?(?:可是?|但是?)?(?:现在|如今)(?:早|已经|早就)?不是了?|没有(?:$|[,。;!])|评不上)"
)
_NAMES = frozenset({"child_name", "person_name"})  # 王紫涵没有 says what she has not got
_WRONG_AFTER = re.compile(r"\s*(?:的)?(?:这个|是)?(?:不对|写错|说错|打错|是错的|不是[了,。]|不是$)")
_CORRECTION = re.compile(
    r"(?:写|说|打|填|弄|记|搞)错了?|错了|不对|[哦噢啊呃]不|不不|更正|应该是|应该叫|改成|改为|换成|不是[^,。;是]{1,12}[,]?(?:而)?是"
)
_DENIABLE = frozenset(
    {"hardship", "school", "region", "child_name", "person_name", "grade", "date", "age", "reason"}
    | {"money", "count", "phone", "id_number", "current_level", "available_time"}
)


def _is_denied(text: str, entity: Entity) -> bool:
    before = text[max(0, entity.start - 16) : entity.start]
    if re.search(r"是不是\s*$|有没有\s*$|能不能\s*$", before):
        return False
    if entity.entity == "reason":
        return bool(
            re.search(
                r"(?:不是|没有?|不|不是因为|也不是|并不是)\s*(?:因为|去|在|再|用)?\s*$", before
            )
        )
    if _VERB_LAST.match(text, entity.end) and re.search(r"(?<!是)不是\s*$", before):
        return False
    if _DENIED.search(before) or _DENIED_LIST.search(before):
        return True
    if entity.entity in _NAMES:
        return bool(_WRONG_AFTER.match(text, entity.end))
    return bool(_DENIED_AFTER.match(text, entity.end)) and entity.entity != "date"


def _same(one: Entity, other: Entity) -> bool:
    return one.entity == other.entity and one.value == other.value


def _is_taken_back(text: str, entity: Entity, others: Iterable[Entity]) -> bool:
    """十四岁,不对,十五岁: the value before the correction, when another of its kind follows."""
    for other in others:
        if other.entity != entity.entity or other.role != entity.role or other.start < entity.end:
            continue
        between = text[entity.end : other.start]
        if len(between) <= 20 and _CORRECTION.search(between):
            return True
    return False


def asserted(text: str, entities: list[Entity]) -> list[Entity]:
    """The entities that the person stands by; what is denied at last was never so."""
    denied = [e for e in entities if e.entity in _DENIABLE and _is_denied(text, e)]
    return [
        entity
        for entity in entities
        if entity.entity not in _DENIABLE
        or not (
            entity in denied
            or any(_same(entity, other) and other.start > entity.start for other in denied)
            or _is_taken_back(text, entity, entities)
        )
    ]
