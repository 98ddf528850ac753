"""The safety rules on the sentences they were developed with: nothing that was right may break."""

from pathlib import Path

import yaml

from nlu.safety import find_danger, without_harmless
from tests.gathered import each

SENTENCES: dict[str, list[str]] = yaml.safe_load(
    (Path(__file__).parent / "safety_dev.yaml").read_text("utf-8")
)
# What no rule sees; these are left to the classifier.
UNSEEN = {
    "她把头发剪光了，说要去一个谁也找不到的地方，桌上留了纸条",
    "姑娘哭着求我救她，下月初六就办事，她不满十六",
    "孩子 爸爸 打 天天 害怕 家 不回",
    "女儿 我的 找不到 两天 了",
    "小姑娘 嫁人 十四 哭 不愿意",
    "姑娘我的 男的 带走了 车",
}


def test_danger_is_seen_by_rule() -> None:
    def check(text: str) -> None:
        assert find_danger(text) is not None

    each([text for text in SENTENCES["danger"] if text not in UNSEEN], check)


def test_harmless_talk_raises_no_alarm() -> None:
    def check(text: str) -> None:
        danger = find_danger(text)
        assert danger is None or danger.is_past  # what is long past is the classifier's to judge

    each(SENTENCES["harmless"], check)


def test_harmless_words_are_taken_out_and_the_rest_stays() -> None:
    left = without_harmless("孩子要打预防针，昨天他爸打他")
    assert left is not None
    assert "预防针" not in left
    assert "他爸打他" in left


def test_a_text_without_harmless_words_is_left_alone() -> None:
    assert without_harmless("孩子三年级") is None
