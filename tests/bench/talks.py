"""Whole conversations of families and cadres: what is said first, and to each question."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

LONGEST = 30
"""Messages after which a talk that came to no end is given up; it counts as broken."""

_SURNAMES = "王李张刘陈杨赵黄周吴包白韩金马何于孟田高"
_GIVEN = (
    "明",
    "小军",
    "丽娜",
    "志强",
    "晓燕",
    "海峰",
    "建国",
    "春梅",
    "雪",
    "浩然",
    "欣怡",
    "宇轩",
)
_PLACES = (
    "科右中旗好腰苏木镇",
    "科右中旗巴彦呼舒镇",
    "扎鲁特旗鲁北镇",
    "奈曼旗大沁他拉镇",
    "库伦旗库伦镇",
    "巴林左旗林东镇",
)
_POLICY = ("助学金一年有多少钱？", "贫困证明去哪里开？", "中职免学费吗？", "寄宿生有补助吗？")


@dataclass(frozen=True)
class Talk:
    """One conversation; it is over once an answer carries one of the keys in `ends_with`."""

    kind: str
    opening: str
    answers: Mapping[str, str]
    ends_with: frozenset[str]
    last_words: tuple[str, ...] = ()

    def reply(self, said: list[dict[str, Any]]) -> str | None:
        """The answer to the last question of the bot; None when there is none."""
        asked = [str(message["custom"]["asks"]) for message in said if "asks" in message["custom"]]
        return self.answers.get(asked[-1]) if asked else None

    def is_over(self, said: list[dict[str, Any]]) -> bool:
        """Whether the matter is settled."""
        return any(key in message["custom"] for message in said for key in self.ends_with)


def talk(number: int) -> Talk:
    """The talk with this number: always the same, and about another child than its neighbours'."""
    rng = Random(number)
    return (_aid, _dropout, _training, _policy)[number % 4](rng)


def _name(rng: Random) -> str:
    return rng.choice(_SURNAMES) + rng.choice(_GIVEN)


def _phone(rng: Random) -> str:
    return f"139{rng.randrange(10**8):08d}"


def _aid(rng: Random) -> Talk:
    answers = {
        "consent": "同意",
        "child_name": _name(rng),
        "grade": rng.choice(("初二", "五年级", "高一")),
        "age": str(rng.randrange(10, 17)),
        "school": rng.choice(("二中", "第一中学", "民族中学")),
        "region": rng.choice(_PLACES),
        "hardship": rng.choice(("低保户", "她爸有残疾证", "都没有")),
        "household_size": rng.choice(("五口", "4个人", "三口人")),
        "annual_income": rng.choice(("两万左右", "15000", "不知道")),
        "applicant_name": f"我叫{_name(rng)}",
        "relation": rng.choice(("我是她妈妈", "爸爸")),
        "phone": _phone(rng),
        "id_number": "跳过",
        "documents": "没有了",
        "confirm": "对",
    }
    opening = rng.choice(("我想给孩子申请助学金", "家里困难，想申请助学金怎么办"))
    return Talk("aid", opening, answers, frozenset({"filed"}), ("我的申请办得怎么样了",))


def _dropout(rng: Random) -> Talk:
    answers = {
        "child_name": _name(rng),
        "age": str(rng.randrange(9, 16)),
        "grade": rng.choice(("初一", "六年级")),
        "school": rng.choice(("二中", "镇中学")),
        "region": rng.choice(_PLACES),
        "absent_since": rng.choice(("上个月就没来了", "开学就没来", "两个星期了")),
        "reason": rng.choice(("家里没钱供", "出去打工了", "不想念了")),
        "whereabouts": "在家放羊",
        "guardian_name": f"他爸叫{_name(rng)}",
        "guardian_phone": "不知道",
        "reporter_name": "不想说",
        "phone": "不想说",
        "confirm": "嗯，对着呢",
    }
    opening = rng.choice(("有个娃娃好久没来上学了", "我们嘎查有个孩子不念书了"))
    return Talk("dropout", opening, answers, frozenset({"filed"}))


def _training(rng: Random) -> Talk:
    answers = {
        "region": rng.choice(_PLACES),
        "purpose": rng.choice(("打工用", "看病买东西时候说话")),
        "current_level": rng.choice(("会一点", "一点不会说")),
        "available_time": rng.choice(("晚上有空", "周末能上课")),
        "person_name": _name(rng),
        "age": str(rng.randrange(18, 60)),
        "session": "第一个",
        "phone": _phone(rng),
        "confirm": "好",
    }
    return Talk("training", "我想学普通话", answers, frozenset({"filed"}))


def _policy(rng: Random) -> Talk:
    return Talk("policy", rng.choice(_POLICY), {}, frozenset({"answered"}), ("谢谢",))
