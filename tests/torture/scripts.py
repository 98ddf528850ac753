"""What people say, and by which words they know that they were answered.

No oracle of effects stands here: what a talk leads to is seen once, undisturbed, and every other
talk of the same script must lead to exactly that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random

from nlu.names import name_key


@dataclass(frozen=True)
class Line:
    """One message, and words of the answer to it; `burst` lines do not wait for theirs."""

    text: str
    answer: str
    burst: bool = False


@dataclass(frozen=True)
class Script:
    """A whole talk; `{name}` is a child that nobody else speaks of."""

    id: str
    weight: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Talk:
    """One person's talk; `calm` ones happen before anything goes wrong."""

    number: int
    channel: str
    script: Script
    name: str
    calm: bool = False

    @property
    def address(self) -> str:
        """Where the channel finds them."""
        return str(10_000 + self.number)

    def said(self) -> list[str]:
        """Their messages, in order."""
        return [line.text.format(name=self.name) for line in self.script.lines]


SCRIPTS = (
    Script(
        "question",
        3,
        (
            Line("雨露计划补多少钱", "雨露计划"),
            Line("我的申请到哪一步了", "没找到您办过的事"),
        ),
    ),
    Script(
        "reminder",
        2,
        (
            Line("提醒我交户口本", "什么时候"),
            Line("11月25日上午九点", "11月25日"),
        ),
    ),
    Script(
        "danger",
        2,
        (
            Line("救命，我邻居家孩子{name}被他后爸打得头上都是血", "110"),
            Line("科右中旗巴彦呼舒镇", "电话"),
            Line("他还说要打死孩子", "110", burst=True),
            Line("13947820011", "110", burst=True),
            Line("孩子现在在院子里哭，头还在流血", "", burst=True),
        ),
    ),
    Script(
        "dropout",
        3,
        (
            Line(
                "我是二中初二3班班主任，我们班{name}14岁，家住科尔沁左翼中旗保康镇，"
                "10月9号之后一直没来上学，家长说不想念了",
                "？",
            ),
            Line("不想念", "？"),
            Line("后面的都不填了", "请看看对不对"),
            Line("对", "编号"),
        ),
    ),
    Script(
        "aid",
        2,
        (
            Line(
                "我是{name}的妈妈，我叫乌云，孩子14岁，在第二中学上初二，家在科右中旗好腰苏木镇，"
                "家里低保，五口人，一年收入两万，想给{name}申请助学金，电话13947820000",
                "同意",
            ),
            Line("同意", "身份证"),
            Line("跳过", "可以拍照交材料"),
            Line("没有", "请看看对不对"),
            Line("对的", "编号"),
        ),
    ),
    Script(
        "training",
        1,
        (
            Line("有没有教普通话的班，我想去", "？"),
            Line("我在扎鲁特旗", "？"),
            Line("看病买东西时候说话", "？"),
            Line("一句也不会", "？"),
            Line("农闲的时候", "叫什么"),
            Line("敖登", "？"),
            Line("五十八", "没有合适的班"),
            Line("13947820009", "请看看对不对"),
            Line("行", "有合适的新班"),
        ),
    ),
)

SHORT = tuple(script for script in SCRIPTS if len(script.lines) <= 4)

_SURNAMES = "包白王李张刘陈赵吴周孙马郭何韩高"
_GIVEN = "海宝明亮强勇军峰磊涛文斌浩晨阳佳琪梦雪婷娜丽敏静芳玉兰英杰"


def talks(
    seed: int, channels: tuple[str, ...], scripts: tuple[Script, ...] = SCRIPTS
) -> Iterator[Talk]:
    """First one of every script on every channel, calm; then any, without end."""
    rng = Random(seed)
    names = _names(rng)
    number = 0
    for script, channel in product(scripts, channels):
        yield Talk(number, channel, script, next(names), calm=True)
        number += 1
    pool = [script for script in scripts for _ in range(script.weight)]
    while True:
        channel = channels[-1] if rng.random() < 0.25 else channels[0]
        yield Talk(number, channel, rng.choice(pool), next(names))
        number += 1


def _names(rng: Random) -> Iterator[str]:
    """Children of different names, in any order; then the same ones again.

    Different to the ear: a child whose name is only spelled otherwise is the same child.
    """
    every = ["".join(each) for each in product(_SURNAMES, _GIVEN, _GIVEN)]
    rng.shuffle(every)
    distinct = list({name_key(name): name for name in every}.values())
    while True:
        yield from distinct
