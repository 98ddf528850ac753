"""Whether two spellings mean one school: 二中, 第二中学, 科右中旗第二中学."""

import re

_BANNER = re.compile(r"^.*(?:自治区|盟|旗|县|区|市(?!场))(?=.)")
_TOWN = re.compile(r"(?:镇|乡|苏木)(?=.)")
_SHORTER = (
    ("第", ""),
    ("中心", ""),
    ("寄宿制", ""),
    ("九年一贯制学校", "学"),
    ("高级中学", "高中"),
    ("中学", "中"),
    ("小学", "小"),
    ("幼儿园", "幼"),
    ("学校", "学"),
    ("校", "学"),
)
_DIGITS = str.maketrans(
    "1234567890１２３４５６７８９０", "一二三四五六七八九〇一二三四五六七八九〇"
)
_SHORTEST = 2


def is_same_school(mine: str, theirs: str) -> bool | None:
    """Whether the names mean one school; None when either is not told.

    One name may say more than the other (巴彦呼舒三中, 三中): it then ends with the shorter.
    """
    first, second = _core(mine), _core(theirs)
    if not first or not second:
        return None
    short, long = sorted((first, second), key=len)
    return long == short or (len(short) >= _SHORTEST and long.endswith(short))


def _core(name: str) -> str:
    text = re.sub(r"[\s()（）]", "", name).translate(_DIGITS)
    text = _TOWN.sub("", _BANNER.sub("", text))
    for long, short in _SHORTER:
        text = text.replace(long, short)
    return text
