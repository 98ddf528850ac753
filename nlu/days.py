"""Days named in a text, counted from the moment the message was sent in Asia/Shanghai."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from nlu.date_readings import back, length
from nlu.date_rules import RULES, STRETCH
from nlu.types import Context, Entity

__all__ = ["find", "find_stretch", "local_day"]

SHANGHAI = ZoneInfo("Asia/Shanghai")
DATE_SLOTS = frozenset({"absent_since", "remind_at"})
_FORWARD = re.compile(r"提醒|记得叫|叫我|喊我|催我|通知我|预约")
_NOT_THIS = re.compile(r"\s*(?:出生|生的|生人|的?生日|年级|届)")
_BIRTH = re.compile(r"(?:出生|生日|生于|出生日期)(?:是|:|为|在)?\s*$")
_VAGUE = re.compile(r"(?:好|前)(?:几|些|两)天|几天|好多天")
_IMPOSSIBLE = re.compile(
    r"(?<!\d)\d{1,2}\s*月\s*\d{1,2}\s*[日号]?|[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}[日号]"
)


# The day of a class or test that somebody still takes part in or gives up lies ahead.
_EVENT = re.compile(
    r"(?:的|有|那[期场次]|这[期场次]|开始|举行|上午|下午|要|普通话|水平)*(?:测试|考试|培训|开班|开课|开考|面授|讲座|班|课)"
)
_DUE = re.compile(r"(?:之|以)?前(?!后)|截止")
_TAKES_PART = re.compile(
    r"报名|参加|报上|取消|改到|改期|去不了|不去了|来不了|去不成|想|要|得交|必须|来得及|能不能"
)
_OVER = re.compile(r"成绩|[没未]|结束|上完|学完|考完|参加了|参加过|考了|过的")


def local_day(now: datetime) -> date:
    """The calendar day in Inner Mongolia."""
    return (now.astimezone(SHANGHAI) if now.tzinfo else now).date()


def _is_birth(text: str, start: int, end: int) -> bool:
    return bool(_NOT_THIS.match(text, end) or _BIRTH.search(text[:start]))


def _scan(text: str, today: date, forward: bool) -> list[Entity]:
    found: list[Entity] = []
    for rule in RULES:
        for match in rule.pattern.finditer(text):
            start, end = match.span()
            if any(e.start < end and start < e.end for e in found):
                continue
            day = rule.read(match, today, forward or _lies_ahead(text, end))
            value = day.isoformat() if day else ""
            found.append(Entity("date", value, start, end, valid=day is not None))
    return [e for e in found if not _is_birth(text, e.start, e.end)]


def _lies_ahead(text: str, end: int) -> bool:
    event = _EVENT.match(text, end)
    due = event or _DUE.match(text, end)
    return bool(due and _TAKES_PART.search(text)) and not _OVER.search(text)


def find_stretch(text: str, today: date) -> Entity | None:
    """An absence told by its length (三天没来): the day it began."""
    if vague := _VAGUE.search(text):
        day = back(today, 3, "天")
        return Entity("date", day.isoformat(), *vague.span()) if day else None
    for match in STRETCH.finditer(text):
        said = length(match)
        day = back(today, *said) if said else None
        if day:
            return Entity("date", day.isoformat(), *match.span())
    return None


def _joined(found: list[Entity], text: str) -> list[Entity]:
    """今天 in 今天9月15号, 去年 in 去年冬天: the finer of two that touch is the day meant."""
    result: list[Entity] = []
    for entity in sorted(found, key=lambda e: e.start):
        last = result[-1] if result else None
        if last and last.end == entity.start and text[last.start : last.end] in _COARSE:
            result[-1] = entity
        else:
            result.append(entity)
    return result


_COARSE = frozenset({"去年", "今年", "前年", "明年", "上学期", "这学期", "今天", "上个月"})


def find(text: str, context: Context) -> list[Entity]:
    """The days named in cleaned `text`; impossible ones only when a day was asked for."""
    today = local_day(context.now)
    asked = context.expecting in DATE_SLOTS
    forward = context.expecting == "remind_at" or bool(_FORWARD.search(text))
    if context.expecting == "available_time":
        return []
    found = _joined(_scan(text, today, forward), text)
    valid = [entity for entity in found if entity.valid]
    if valid or not asked:
        return valid
    impossible = [
        Entity("date", text[m.start() : m.end()], *m.span(), valid=False)
        for m in _IMPOSSIBLE.finditer(text)
    ]
    stretch = find_stretch(text, today) if context.expecting == "absent_since" else None
    return impossible or ([stretch] if stretch else [])
