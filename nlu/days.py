"""Days named in a text, counted from the moment the message was sent in Asia/Shanghai."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from nlu.date_readings import back, length
from nlu.date_rules import RULES, STRETCH, Rule
from nlu.tense import calls_ahead, lies_ahead, takes_part
from nlu.types import Context, Entity

__all__ = ["find", "find_stretch", "local_day"]

SHANGHAI = ZoneInfo("Asia/Shanghai")
DATE_SLOTS = frozenset({"absent_since", "remind_at"})
_AFTER_NEW_YEAR = frozenset({"过年", "年后", "过完年", "过了年"})
_BARE_WEEKDAY = re.compile("(?:周|星期|礼拜)[一二三四五六日天末]")
_FREE = re.compile(
    r"有空|有时间|能(?:来|去)?上课|(?:周|星期|礼拜)[一二三四五六日天](?:和|、|到|至)?(?:周|星期|礼拜)?[一二三四五六日天]"
)
_EVERY = re.compile(
    r"(?:每(?:个|年|月|个月|学期|个?星期|周|次|一年|到|逢|回)?|逢|年年|历年)(?:的|都|到|一到)?$"
)
_A_WEEK, _A_SEASON = timedelta(days=8), timedelta(days=120)
_BEGAN = re.compile(r"(?:已于?|[自从打]|截至)$")
_NOT_THIS = re.compile(r"\s*(?:出生|生的|生人|的?生日|年级|届)")
_BIRTH = re.compile(r"(?:出生|生日|生于|出生日期)(?:是|:|为|在)?\s*$")
_VAGUE = re.compile(r"(?:好|前)(?:几|些|两)天|几天|好多天")
_IMPOSSIBLE = re.compile(
    r"(?<!\d)\d{1,2}\s*月\s*\d{1,2}\s*[日号]?|[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}[日号]"
)


_SINCE = re.compile(r"(?:的?时候|那会儿?|里)?(?:就|起|开始|以后|之后|以来|到现在|至今|前(?!后))")


def local_day(now: datetime) -> date:
    """The calendar day in Inner Mongolia."""
    return (now.astimezone(SHANGHAI) if now.tzinfo else now).date()


def _is_birth(text: str, start: int, end: int) -> bool:
    return bool(_NOT_THIS.match(text, end) or _BIRTH.search(text[:start]))


def _scan(text: str, today: date, forward: bool) -> list[Entity]:
    found: list[Entity] = []
    said = frozenset(text)
    for rule in RULES:
        for match in () if rule.needs.isdisjoint(said) else rule.pattern.finditer(text):
            start, end = match.span()
            if any(e.start < end and start < e.end for e in found):
                continue
            day = _day(rule, match, today, forward)
            is_vague = _is_vague(rule, match) and not _is_meant(text, start, end)
            value = day.isoformat() if day else ""
            found.append(Entity("date", value, start, end, valid=day is not None, weak=is_vague))
    return [
        e
        for e in found
        if not (
            _is_birth(text, e.start, e.end)
            or _recurs(text, e.start)
            or (not forward and _is_free_time(text, e))
        )
    ]


def _recurs(text: str, start: int) -> bool:
    """每年九月, 每到开学: no one day."""
    return bool(_EVERY.search(text[:start]))


def _is_free_time(text: str, entity: Entity) -> bool:
    """周三周四晚上有空: when somebody can come, every week."""
    return bool(_BARE_WEEKDAY.fullmatch(text, entity.start, entity.end) and _FREE.search(text))


def _is_vague(rule: Rule, match: re.Match[str]) -> bool:
    """腊月, 去年; 过年再说 and 年后, as long as they lie ahead."""
    said = match[0]
    return rule.is_vague or (said in _AFTER_NEW_YEAR and lies_ahead(match.string, *match.span()))


def _is_meant(text: str, start: int, end: int) -> bool:
    """A vague day that something began with: 去年就不念了, 去年冬天走的."""
    if _SINCE.match(text, end):
        return True
    return bool(_SEASON.search(text, start, end) and _BROKE_OFF.match(text, end))


_SEASON = re.compile(r"[春夏秋冬]|[正冬腊]月")
_BROKE_OFF = re.compile(
    r"的?时候?(?:走|跑|辍)|走的|走了|跑的|跑了|辍学|退学|休学|离校|失联|订[的了]|定[的了]|嫁|搬|转走|不[念上来读去]|没[来去上念]"
)


def _day(rule: Rule, match: re.Match[str], today: date, forward: bool) -> date | None:
    """The day meant: behind, unless it is asked for ahead, or is much nearer ahead."""
    if forward and not _BEGAN.search(match.string[: match.start()]):
        return rule.read(match, today, True)
    past = rule.read(match, today, False)
    if not lies_ahead(match.string, *match.span()):
        return past
    coming = rule.read(match, today, True)
    if past is None or coming is None:
        return past or coming
    ahead = coming - today
    if takes_part(match.string, match.end()):
        return coming
    return coming if ahead < _A_WEEK or ahead < min((today - past) / 2, _A_SEASON) else past


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
        elif last and last.value == entity.value and entity.start - last.end < 2:
            continue  # 九月一号开学
        else:
            result.append(entity)
    return result


_COARSE = frozenset({"去年", "今年", "前年", "明年", "上学期", "这学期", "今天", "上个月"})


def find(text: str, context: Context) -> list[Entity]:
    """The days named in cleaned `text`; impossible ones only when a day was asked for."""
    today = local_day(context.now)
    asked = context.expecting in DATE_SLOTS
    forward = context.expecting == "remind_at" or calls_ahead(text)
    if context.expecting == "available_time":
        return []
    found = _joined(_scan(text, today, forward), text)
    valid = [replace(e, weak=e.weak and not asked) for e in found if e.valid]
    if valid or not asked:
        return valid
    impossible = [
        Entity("date", text[m.start() : m.end()], *m.span(), valid=False)
        for m in _IMPOSSIBLE.finditer(text)
    ]
    stretch = find_stretch(text, today) if context.expecting == "absent_since" else None
    return impossible or ([stretch] if stretch else [])
