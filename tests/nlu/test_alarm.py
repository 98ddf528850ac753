"""Rules and classifier raise the alarm together."""

from datetime import UTC, datetime

import pytest

from nlu.safety import find_danger
from nlu.types import Classified, Context, Intent
from nlu.understand import LocalEngine

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


class Guess:
    """A classifier that is so sure of danger in every sentence."""

    def __init__(self, danger: float) -> None:
        self.danger = danger

    def classify(self, text: str) -> Classified:
        pairs = [(Intent.REPORT_EMERGENCY, self.danger), (Intent.COMPLAIN, 1 - self.danger)]
        return Classified(tuple(sorted(pairs, key=lambda pair: -pair[1])))


def is_alarm(text: str, danger: float, expecting: str | None = None) -> bool:
    return LocalEngine(Guess(danger)).understand(text, Context(NOW, expecting=expecting)).emergency


def test_a_likely_second_guess_calls_a_human() -> None:
    text = "小家伙冻得发紫没人理会"
    assert find_danger(text) is None
    assert is_alarm(text, 0.4)
    assert not is_alarm(text, 0.3)


def test_an_answer_is_no_cry_for_help_unless_the_classifier_is_sure() -> None:
    text = "班里的人老笑话他穿得破"
    assert is_alarm(text, 0.6)
    assert not is_alarm(text, 0.6, "reason")
    assert is_alarm(text, 0.98, "reason")


def test_a_scrap_of_a_sentence_is_no_cry_for_help() -> None:
    assert not is_alarm("她奶奶", 0.92)


def test_a_name_that_was_asked_for_is_none_either() -> None:
    assert not is_alarm("她爸在外头干活呢，叫包青山", 0.99, "guardian_name")


@pytest.mark.parametrize(
    "text", ["小学的时候老师打过我手板，想想挺感谢", "前两年他爸打他，后来他爸没了，跟奶奶过"]
)
def test_what_is_long_past_needs_the_classifiers_word(text: str) -> None:
    danger = find_danger(text)
    assert danger is not None
    assert danger.is_past
    assert not is_alarm(text, 0.01)
    assert is_alarm(text, 0.2)


@pytest.mark.parametrize("text", ["以前他爸打他，现在还打", "小时候挨打，现在不想活了", "他爸打他"])
def test_what_goes_on_is_danger_whatever_the_classifier_says(text: str) -> None:
    assert is_alarm(text, 0.0)


def test_danger_only_in_harmless_words_is_taken_back() -> None:
    class Startled:
        """A classifier that starts at one word."""

        def classify(self, text: str) -> Classified:
            sure = 0.9 if "靶" in text else 0.1
            return Guess(sure).classify(text)

    read = LocalEngine(Startled()).understand("我儿子想去当兵因为打靶挺准", Context(NOW))
    assert not read.emergency
    assert read.intent is Intent.COMPLAIN


def test_scraps_left_when_the_harmless_words_are_gone_are_no_danger() -> None:
    read = LocalEngine(Guess(0.99)).understand("我女儿被一中录取了", Context(NOW))
    assert not read.emergency


def test_six_characters_may_say_it_all_when_the_classifier_is_certain() -> None:
    assert is_alarm("有人抱着弟弟走", 0.96)
    assert not is_alarm("有人抱着弟弟走", 0.9)
    assert not is_alarm("有人抱着弟弟走", 0.96, "reason")
