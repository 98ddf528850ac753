"""Names typed in Latin letters give the keys that their Han spellings have."""

import pytest
from pypinyin import lazy_pinyin

from nlu.names import name_key
from nlu.spelling import sounds_of


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("surina", "苏日娜"),
        ("suorina", "苏日娜"),
        ("Su Ri Na", "苏日娜"),
        ("narentuoya", "娜仁托娅"),
        ("Wang Xiaoming", "王小明"),
        ("wangxiaoming", "王小明"),
        ("xi'an", "西安"),
        ("lvping", "吕萍"),
        ("lüping", "吕萍"),
    ],
)
def test_a_name_is_found_as_it_is_read(typed: str, name: str) -> None:
    assert name_key(name) in sounds_of(typed)


def test_the_likeliest_reading_comes_first() -> None:
    assert sounds_of("wangxiaoming")[0] == name_key("王小明")
    assert len(sounds_of("xianxianxianxianxian")) <= 12


@pytest.mark.parametrize("typed", ["", "tom", "苏日娜", "D26-0001", "wang3", "a" * 41])
def test_what_is_no_pinyin_has_no_sounds(typed: str) -> None:
    assert sounds_of(typed) == ()


def test_every_common_character_can_be_typed() -> None:
    common = bytes(range(0xB0, 0xD8))  # the first 40 rows of GB 2312 are the common characters
    characters = [
        bytes((row, cell)).decode("gb2312", errors="ignore")
        for row in common
        for cell in range(0xA1, 0xFF)
    ]
    spelt = {each: lazy_pinyin(each, v_to_u=False)[0] for each in characters if each}
    assert len(spelt) > 3700
    assert [each for each, word in spelt.items() if word.isascii() and not sounds_of(word)] == []
