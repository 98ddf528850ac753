"""Han numerals are read exactly as cn2an reads them; it is asked here, not when people wait."""

import subprocess
import sys
from itertools import product
from random import Random

import cn2an

from nlu.han_numerals import read

FAULTS = (ValueError, KeyError, IndexError, OverflowError)


def _theirs(text: str) -> int | None:
    try:
        return int(cn2an.cn2an(text, "smart"))
    except FAULTS:
        return None


def _ours(text: str) -> int | None:
    try:
        return read(text)
    except FAULTS:
        return None


def test_what_people_say_is_read_as_cn2an_reads_it() -> None:
    rng = Random(7)
    texts = ["".join(three) for three in product("零一两九十百千万廿", repeat=3)]
    for size in range(4, 12):
        texts += ["".join(rng.choices("零一二两八十百千万廿", k=size)) for _ in range(300)]
    texts += [
        "一万零五十",
        "三百四",
        "两千三",
        "一二",
        "一百零十",
        "十一万三",
        "1.5",
        "20",
        "1.2.3",
        "",
    ]
    texts += ["壹佰", "一亿", "三点五", "负二", "你好", "幺二", "三元"]
    assert {text: _ours(text) for text in texts} == {text: _theirs(text) for text in texts}


def test_what_is_said_every_day_does_not_need_cn2an() -> None:
    ask = (
        "import sys; from nlu.numerals import parse;"
        "assert [parse(t) for t in ('二十三', '三百四', '1.5万', '七八')] == [23, 340, 15000, 78];"
        "sys.exit('cn2an' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", ask], check=False).returncode == 0
