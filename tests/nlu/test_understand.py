"""The whole reading of a text: danger before all, settled answers, classifier, entities, cues."""

from datetime import UTC, datetime

import pytest

from nlu import understand
from nlu.types import Classified, Context, Cue, Entity, Intent
from nlu.understand import LocalEngine, make_engine

CONTEXT = Context(now=datetime(2026, 11, 23, 2, tzinfo=UTC))


class Guess:
    """A classifier that always says the same and remembers what it was asked."""

    def __init__(self, *ranking: tuple[Intent, float]) -> None:
        self.ranking = ranking
        self.asked: list[str] = []

    def classify(self, text: str) -> Classified:
        self.asked.append(text)
        return Classified(self.ranking)


class Broken:
    """A classifier that fails."""

    def classify(self, text: str) -> Classified:
        raise RuntimeError(text)


def engine(guess: Guess | None = None) -> LocalEngine:
    return LocalEngine(guess or Guess((Intent.APPLY_AID, 0.8), (Intent.ASK_POLICY, 0.1)))


def test_the_classifier_decides_on_a_sentence() -> None:
    read = engine().understand("我想给苏日娜申请助学金", CONTEXT)
    assert (read.intent, read.confidence) == (Intent.APPLY_AID, 0.8)
    assert read.ranking[1] == (Intent.ASK_POLICY, 0.1)
    assert ("child_name", "苏日娜") in [(found.entity, found.value) for found in read.entities]
    assert not read.emergency


def test_danger_comes_before_the_classifier() -> None:
    guess = Guess((Intent.APPLY_AID, 1.0))
    read = engine(guess).understand("给孩子申请助学金，他爸天天打他", CONTEXT)
    assert read.intent is Intent.REPORT_EMERGENCY
    assert read.emergency
    assert "打" in read.keyword
    assert read.confidence > 0.9
    assert guess.asked == []


def test_a_short_answer_is_settled_by_rule() -> None:
    guess = Guess((Intent.OUT_OF_SCOPE, 0.4))
    assert engine(guess).understand("嗯呐", CONTEXT).intent is Intent.AFFIRM
    assert guess.asked == []


def test_cues_choice_and_slots_are_read_beside_the_intent() -> None:
    read = engine().understand("学校填错了", CONTEXT)
    assert Cue.CHANGE in read.cues
    assert read.change_slots == ("school",)
    assert engine().understand("第二个", CONTEXT).choice == 2


@pytest.mark.parametrize("text", ["", "   ", "\n", "。。。", "\u200b"])
def test_nothing_said_is_out_of_scope(text: str) -> None:
    read = engine().understand(text, CONTEXT)
    assert (read.intent, read.confidence) == (Intent.OUT_OF_SCOPE, 1.0)
    assert read.entities == ()
    assert read.text == text


def test_a_bare_number_is_no_intent() -> None:
    read = engine().understand("13948123456", CONTEXT)
    assert read.intent is Intent.OUT_OF_SCOPE
    assert [found.entity for found in read.entities] == ["phone"]


@pytest.mark.parametrize("text", ["/delete_my_data", "／delete_my_data", "//delete_my_data{}"])
def test_a_slash_forces_nothing(text: str) -> None:
    guess = Guess((Intent.OUT_OF_SCOPE, 0.4))
    assert engine(guess).understand(text, CONTEXT).intent is Intent.OUT_OF_SCOPE
    assert not guess.asked[0].startswith(("/", "／"))


@pytest.mark.parametrize(
    "text",
    ["👍🏿" * 500, "ᠮᠣᠩᠭᠣᠯ", "a" * 20_000, "\ud800", "\x00", "<b>x</b>'; DROP TABLE", "打" * 9000],
)
def test_odd_text_is_survived(text: str) -> None:
    assert engine().understand(text, CONTEXT).text == text


def test_a_failing_step_is_left_out_and_says_nothing_of_the_text(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(text: str, context: Context) -> tuple[Entity, ...]:
        raise ValueError(text)

    monkeypatch.setattr(understand, "extract", fails)
    read = LocalEngine(Broken()).understand("苏日娜的事情怎么说呢", CONTEXT)
    assert (read.intent, read.confidence) == (Intent.OUT_OF_SCOPE, 0.0)
    assert Cue.QUESTION in read.cues
    assert "ValueError" in caplog.text
    assert "苏日娜" not in caplog.text


def test_danger_is_heard_while_all_else_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(text: str) -> None:
        raise ValueError(text)

    monkeypatch.setattr(understand, "find_cues", fails)
    monkeypatch.setattr(understand, "settled", fails)
    assert LocalEngine(Broken()).understand("孩子失踪了", CONTEXT).emergency


def test_the_rasa_engine_needs_a_url() -> None:
    with pytest.raises(ValueError, match="URL"):
        make_engine("rasa")
    assert isinstance(make_engine("rasa", "http://127.0.0.1:9"), LocalEngine)


TRUTHS = """
apply_aid 我想给孩子申请助学金
apply_aid 家里是低保户，娃上初中，能给点补助不
report_dropout 我们嘎查的小军不念书了，去包头打工了
find_training 我想学普通话，哪有培训班
check_status 查一下我的申请到哪一步了
ask_policy 助学金需要什么材料
talk_to_human 我要找工作人员说话
complain 助学金一直没发，我要投诉
report_emergency 孩子被他爸打得浑身是伤
update_case 昨天去家访了，家长同意送回来
report_return 孩子已经回学校上课了
submit_document 我把户口本照片发给你
withdraw_application 我不申请助学金了，撤回来吧
cancel_registration 普通话培训我去不了，取消报名
set_reminder 下个月三号提醒我交材料
stop_reminders 别再给我发消息了
start_reminders 重新给我发提醒吧
delete_my_data 把我的个人信息删掉
switch_language 能用蒙语说吗
affirm 对，就是这样
deny 不是的，不对
greet 你好
thank 谢谢你帮忙
goodbye 再见
help 你都能干什么
cancel 不填了，取消吧
correct 名字打错了，应该是苏日娜
out_of_scope 今天天气怎么样
""".strip().splitlines()


@pytest.fixture(scope="module")
def real() -> LocalEngine:
    engine = make_engine("local")
    assert isinstance(engine, LocalEngine)
    return engine


@pytest.mark.parametrize("line", TRUTHS)
def test_the_shipped_sentences_teach_every_intent(real: LocalEngine, line: str) -> None:
    intent, text = line.split(" ", 1)
    assert real.understand(text, CONTEXT).intent == intent


class Counting:
    """A classifier that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def classify(self, text: str) -> Classified:
        self.asked.append(text)
        return Classified(((Intent.HELP, 1.0),))


@pytest.mark.parametrize("text", ["小时候挨过打", "我想给孩子申请助学金", "孩子失踪了", "是", "？"])
def test_the_classifier_is_asked_at_most_once(text: str) -> None:
    classifier = Counting()
    LocalEngine(classifier).understand(text, CONTEXT)
    assert len(classifier.asked) <= 1
