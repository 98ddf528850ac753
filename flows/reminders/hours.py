"""The hour at which pushes are welcome: heard from words, never one of the night."""

import re

WAKING = range(8, 21)
LONGEST = 60  # characters; who tells more does not only name an hour
AFTERNOON = range(1, 7)  # "三点" without a word for the part of the day

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "十一": 11, "十二": 12}
_PART = "(?P<part>凌晨|半夜|夜里|清早|清晨|早上|早晨|上午|中午|下午|后晌|傍晚|晚上|晚间)?"
_HOUR = r"(?P<hour>\d{1,2}|十[一二]|[一二两三四五六七八九十零])"
_TIME = rf"{_PART}的?{_HOUR}(?:点(?:钟|半|整)?|[:：]\d\d|时)"
_WHEN = "以后|往后|每次|今后|都|统一|总|改到|改成|改为|换到|换成|挪到|放在|放到|固定"
_CHANGES = re.compile(
    rf"(?:{_WHEN})[^，。！？]{{0,8}}?{_TIME}(?:以?[后前])?(?:再|才|左右|给我|跟我|来|的时候){{0,2}}"
    r"(?:提醒|发|通知|叫|喊|说|$)"
    r"(?:我|俺|消息|通知|提醒|吧|给|就|好|行|可以|了|[。！!，, ])*$"
)
_MATTER = re.compile("提醒|通知|消息|发|叫我|推送")
_ONE_DAY = re.compile("明天|后天|今天|今晚|明早|周[一二三四五六日天]|星期|礼拜|月|号")


def heard_hour(text: str) -> int | None:
    """The hour of "以后下午三点提醒我"; None when it is about one day or one matter."""
    match = _CHANGES.search(text) if len(text) <= LONGEST else None
    if match is None or not _MATTER.search(text) or _ONE_DAY.search(text):
        return None
    said = match["hour"]
    hour = int(said) if said.isascii() else _DIGITS[said]
    part = match["part"] or ""
    if part in ("下午", "后晌", "傍晚", "晚上", "晚间", "夜里") and hour < 12:
        return hour + 12
    if part in ("晚上", "晚间", "夜里", "半夜", "凌晨") and hour == 12:
        return 0
    if part == "中午" and hour in (1, 2):
        return hour + 12
    return hour + 12 if not part and hour in AFTERNOON else hour


def is_waking_hour(hour: int) -> bool:
    """Whether a push at this hour wakes nobody."""
    return hour in WAKING


def part_of_day(hour: int) -> str:
    """The key of the part of the day."""
    if hour < 12:
        return "morning"
    if hour < 13:
        return "noon"
    return "afternoon" if hour < 18 else "evening"


def on_the_clock(hour: int) -> int:
    """The number people say: 15 is 三点 in the afternoon."""
    return hour - 12 if hour > 12 else hour
