"""A child who still goes to school and is about to stop: there is no day of absence yet."""

import re

from nlu.types import Entity

NOT_YET = "not_yet"
_STILL_THERE = re.compile(
    r"还没(?:有)?(?:走|停|退学?|辍学|不去|离开)|还在(?:上|念|读|学校)|现在还(?:去|上|在)|还(?:去|上)着"
    r"|天天去|还上学"
)
_ABOUT_TO = re.compile(
    r"(?:念|上|读)完(?:这|本)(?:个|一)?(?:礼拜|星期|周|月|学期|年)[^,。;]{0,4}不"
    r"|(?:要|准备|打算|闹着|吵着|嚷着|寻思|快)要?(?:不(?:念|上学|读)|退学|辍学)"
    r"|(?:明天|后天|下个?(?:礼拜|星期|周|月|学期)[一二三四五六日天]?|过完年)(?:起|开始)?就?不(?:念|上|读|去|来)了"
)


def not_gone(text: str, found: tuple[Entity, ...], is_asked: bool) -> tuple[Entity, ...]:
    """The entities with `absent_since` not_yet in place of the days, if the child has not left.

    还在上学 says so only when the day was asked for; 念完这个礼拜就不念了 says it by itself.
    """
    match = _ABOUT_TO.search(text) or (_STILL_THERE.search(text) if is_asked else None)
    if match is None:
        return found
    days = {e for e in found if e.entity == "date"}
    return (*(e for e in found if e not in days), Entity("absent_since", NOT_YET, *match.span()))
