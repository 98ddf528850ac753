"""Small moves of a dialogue: skipping, going back, choosing a number, naming what is wrong."""

import pytest

from nlu.cues import find_change_slots, find_choice, find_cues
from nlu.dialogue import settled
from nlu.types import Cue, Intent


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("跳过", Cue.SKIP),
        ("先不填", Cue.SKIP),
        ("以后再说吧", Cue.SKIP),
        ("身份证没带身上", Cue.SKIP),
        ("我就不说名字了", Cue.SKIP),
        ("电话也不留了", Cue.SKIP),
        ("材料过两天再拍", Cue.SKIP),
        ("照片明儿再给你发", Cue.SKIP),
        ("上一步", Cue.BACK),
        ("返回", Cue.BACK),
        ("不知道", Cue.DONT_KNOW),
        ("这个说不准", Cue.DONT_KNOW),
        ("忘了", Cue.DONT_KNOW),
        ("没有", Cue.NONE),
        ("都没有。", Cue.NONE),
        ("都不是", Cue.NONE),
        ("上次没填完的继续", Cue.RESUME),
        ("接着填", Cue.RESUME),
        ("继续", Cue.RESUME),
        ("改 学校", Cue.CHANGE),
        ("名字写错了", Cue.CHANGE),
        ("不是三中，是二中", Cue.CHANGE),
        ("应该是苏日娜", Cue.CHANGE),
        ("要多少钱", Cue.QUESTION),
        ("能办吗", Cue.QUESTION),
        ("什么时候发？", Cue.QUESTION),
        ("他请了三天病假", Cue.NOT_DROPOUT),
        ("转学到呼市了", Cue.NOT_DROPOUT),
        ("住院了", Cue.NOT_DROPOUT),
        ("先不办，打听打听", Cue.JUST_ASKING),
        ("我就是问问", Cue.JUST_ASKING),
    ],
)
def test_cue_is_found(text: str, cue: Cue) -> None:
    assert cue in find_cues(text)


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("没请假，就是不来了", Cue.NOT_DROPOUT),
        ("没有转学", Cue.NOT_DROPOUT),
        ("没写错", Cue.CHANGE),
        ("改天再说", Cue.CHANGE),
        ("妈妈改嫁了", Cue.CHANGE),
        ("孩子返回学校了", Cue.BACK),
        ("没有低保，有残疾证", Cue.NONE),
        ("苏日娜", Cue.QUESTION),
        ("我想继续上学", Cue.RESUME),
        ("家里四口人", Cue.SKIP),
        ("名字不对", Cue.SKIP),
        ("过两天开学", Cue.SKIP),
    ],
)
def test_cue_is_not_imagined(text: str, cue: Cue) -> None:
    assert cue not in find_cues(text)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("2", 2),
        ("２", 2),
        ("②", 2),
        ("2️⃣", 2),
        ("第二个", 2),
        ("选3", 3),
        ("我选第三个", 3),
        ("二", 2),
        ("两", 2),
        ("3.", 3),
        ("(1)", 1),
        ("就第一个吧", 1),
        ("选项2", None),
        ("0", None),
        ("二中", None),
        ("三年级", None),
        ("2号楼", None),
        ("12岁", None),
        ("13948123456", None),
        ("", None),
        ("五口人", None),
    ],
)
def test_choice(text: str, choice: int | None) -> None:
    assert find_choice(text) == choice


NAMES = ("child_name", "person_name", "applicant_name")


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("改 学校", ("school",)),
        ("学校填错了", ("school",)),
        ("电话不对", ("phone",)),
        ("名字打错了，应该是苏日娜", NAMES),
        ("孩子的名字写错了", ("child_name",)),
        ("家长电话写错了", ("guardian_phone",)),
        ("学校和年级都填错了", ("school", "grade")),
        ("身份证号码错了", ("id_number",)),
        ("收入改成两万", ("annual_income",)),
        ("要改一下家里人口", ("household_size",)),
        ("应该是苏木小学", ()),
        ("学校是二中", ()),
        ("你好", ()),
    ],
)
def test_slots_to_change(text: str, slots: tuple[str, ...]) -> None:
    assert find_change_slots(text) == slots


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("是", Intent.AFFIRM),
        ("对对", Intent.AFFIRM),
        ("嗯呐", Intent.AFFIRM),
        ("中！", Intent.AFFIRM),
        ("好的呀", Intent.AFFIRM),
        ("是这么个事", Intent.AFFIRM),
        ("OK", Intent.AFFIRM),
        ("👍", Intent.AFFIRM),
        ("都对，交上去吧", Intent.AFFIRM),
        ("没错 报吧", Intent.AFFIRM),
        ("不是。", Intent.DENY),
        ("不行", Intent.DENY),
        ("取消", Intent.CANCEL),
        ("算了吧", Intent.CANCEL),
        ("不办了", Intent.CANCEL),
        ("轉人工", Intent.TALK_TO_HUMAN),
        ("谢谢啦", Intent.THANK),
        ("再见", Intent.GOODBYE),
        ("您好！", Intent.GREET),
        ("赛白努", Intent.GREET),
        ("怎么用？", Intent.HELP),
        ("TD", Intent.STOP_REMINDERS),
        ("别再发了", Intent.STOP_REMINDERS),
        ("对，不办了", None),
        ("苏日娜", None),
        ("是不是要户口本", None),
        ("好好学习普通话", None),
        ("", None),
    ],
)
def test_settled_utterance(text: str, intent: Intent | None) -> None:
    assert settled(text) is intent
