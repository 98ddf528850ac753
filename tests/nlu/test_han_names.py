"""Han names that no cue announces."""

import pytest

from nlu import han_names
from tests.nlu.reading import only, read


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("马小军已外出", "马小军"),
        ("走访三次均未见张鹏飞本人", "张鹏飞"),
        ("和李春梅家长谈了", "李春梅"),
        ("杨乐乐一宿没回家", "杨乐乐"),
        ("学生张海丽", "张海丽"),  # as somebody in jieba's dictionary is called
        ("昨天说李佳明没来", "李佳明"),
    ],
)
def test_a_name_is_told_by_its_characters(text: str, name: str) -> None:
    assert [text[start:end] for start, end in han_names.find(text)] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "一张合影",
        "白音花镇的",
        "高兴得很",
        "在敖汉旗念书",
        "提高永久",
        "金和奖励",
        "于吉林",
        "看胡杨林去了",
    ],
)
def test_other_words_are_no_names(text: str) -> None:
    assert list(han_names.find(text)) == []


def test_whose_name_it_is() -> None:
    assert only("他妈王秀兰病了", "person_name").role == "guardian"
    assert only("家长名字写错了，是白双泉", "person_name").role == "guardian"
    assert only("吴海英，15391234567，问问贷款", "person_name").role == "self"


def test_a_name_with_a_grown_persons_age_is_no_childs() -> None:
    assert only("给我报个名，哈斯额尔敦，四十二", "person_name").value == "哈斯额尔敦"


@pytest.mark.parametrize(
    "text",
    [
        "暴风雪没来上学",
        "我家明明是低保",
        "查干萨日快乐",
        "联系人变更",
        "孩子长高了不少",
        "不叫补习，叫课后托管",
    ],
)
def test_a_cue_before_another_word_makes_no_name(text: str) -> None:
    assert not [e for e in read(text) if e.entity in ("child_name", "person_name")]
