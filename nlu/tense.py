"""Whether a bare day (周五, 3号, 12月3号) lies behind or ahead, by what is said around it."""

import re

# The day of a class or test that somebody still takes part in or gives up lies ahead.
_EVENT = re.compile(
    r"(?:的|有|那[期场次]|这[期场次]|开始|举行|上午|下午|要|普通话|水平)*(?:测试|考试|培训|开班|开课|开考|面授|讲座|班|课)"
)
_DUE = re.compile(r"(?:之|以)?前(?!后)|截止")
_TAKES_PART = re.compile(
    r"报名|参加|报上|取消|改到|改期|去不了|不去了|来不了|去不成|想|要|得交|必须|来得及|能不能"
)
_OVER = re.compile(r"成绩|[没未]|结束|上完|学完|考完|参加了|参加过|考了|过的")
_CALLING = re.compile(
    r"提醒|记得叫|叫我|喊我|催我|通知我|预约|告诉我|说一声|吱一?声|帮我记|给我记|记住|备忘|日历|闹[铃钟]|响一下"
)
_NO_PAST = re.compile(  # 了 and 没 that say nothing about when
    r"有没有|[来去做办上参报][不得](?:了|成)了?|不(?:想|要|去|来|办|用|能|参加|报|学)[^,。;!?]{0,4}了|(?:退|取消|撤|去掉)了"
    r"|(?:说|约|定|答应)好?了|过了|到了|除了|[行好可以]了?[吗不]|[快就]?要[^,。;!?]{0,4}了|[快就]要"
)
_PAST = re.compile(
    r"[没未了过已]|(?:来|去|走|交|报|递|办|填|签|收|发|丢|打|说|回|领|入|转|借|写|送|请|考|见|停|接|订|定|结)(?:[^,。;!?的]{0,4}的(?=[,。;!?\s]|$)|的)"
    r"|就(?!行|好|能|要|可以|是)|[打自从]|开始|以来|至今|到现在|旷课|缺课|离校|那会儿|那阵"
)

_AGREED_ON = re.compile(r"(?:[约说定]好|约|定在|答应|限)了?[^,。;!?没]{0,4}$|等$")
_SURELY = re.compile(r"[^,。;!?]{0,4}(?:就要|快要|将要|将于|打算|准备|计划)")
_BEFORE, _AFTER = 14, 22  # characters around a day that say when it was


def calls_ahead(text: str) -> bool:
    """Somebody asks to be called on that day."""
    return bool(_CALLING.search(text))


def lies_ahead(text: str, start: int, end: int) -> bool:
    """Whether the day at `start` to `end` is still to come."""
    if _AGREED_ON.search(text[:start]) or _SURELY.match(text, end):
        return True
    event = _EVENT.match(text, end)
    due = event or _DUE.match(text, end)
    if due and _TAKES_PART.search(text) and not _OVER.search(text):
        return True
    around = text[max(0, start - _BEFORE) : start] + text[end : end + _AFTER]
    return bool(around.strip(" ,。!?")) and not _is_past(around)


def takes_part(text: str, end: int) -> bool:
    """4月的测试啥时候报名: the day of an event that somebody wants to take part in."""
    return bool(_EVENT.match(text, end) and _TAKES_PART.search(text) and not _OVER.search(text))


def _is_past(text: str) -> bool:
    return bool(_PAST.search(_NO_PAST.sub("", text)))
