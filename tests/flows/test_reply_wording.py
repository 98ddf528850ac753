"""Short words as replies to a reminder; what is a wish of its own is none."""

import pytest

from flows.replying.meaning import as_answer
from flows.replying.wording import Answer, answers_in
from storage.kinds import ReminderKind as K


def meant(text: str, kind: K) -> Answer | None:
    """The first answer to a reminder of this kind."""
    return next((a for said in answers_in(text) if (a := as_answer(said, kind))), None)


@pytest.mark.parametrize(
    ("kind", "answer", "words"),
    [
        (
            K.DOCUMENTS,
            "handed_in",
            "已交 交过了 送去了 早就交了 材料已经送到学校了 都交齐了 上午给老师了",
        ),
        (
            K.DOCUMENTS,
            "later",
            "明天交 过两天再说 周五交 下周一送过去 回头再说 等有空 10号交 改天吧",
        ),
        (K.DOCUMENTS, "ok", "好的 知道了 收到 嗯嗯 好的谢谢"),
        (K.DOCUMENTS, "stop", "别再发 不要发了 别发了 不用再提醒我了 别再给我发了"),
        (K.SESSION, "not_going", "不去了 去不成 去不了了 我来不了 没空去 不想去了"),
        (
            K.SESSION,
            "other_time",
            "换个时间 能改天吗 换个班行吗 有没有别的时间 时间不合适",
        ),
        (K.SESSION, "going", "去 会去 我去 一定去 能去"),
        (K.PLACE, "going", "要 去 我要 我要这个名额 好 行 给我留着 我要去"),
        (K.PLACE, "not_going", "不去 不去了 不要了 算了 不要这个名额"),
        (K.ATTENDANCE, "went", "去了 我去了 去上了 去过了 去了，挺好"),
        (K.ATTENDANCE, "missed", "没去 没去成 有事没去 没有 没时间去"),
        (K.OWN, "done", "办了 已办 办完了 弄好了 搞定了 打过了"),
        (
            K.OWN,
            "again",
            "过一小时再提醒 过一会儿再提醒我 等会儿再叫我 半小时以后再提醒",
        ),
        (K.CAMPAIGN, "declined", "不用了 不需要"),
        (K.CAMPAIGN, "apply", "我要申请 想申请"),
        (K.WINDOW, "done", "已经申请了 报过了"),
    ],
)
def test_words_and_what_they_answer(kind: K, answer: str, words: str) -> None:
    heard = {text: meant(text, kind) for text in words.split()}
    assert heard == dict.fromkeys(heard, Answer(answer))


@pytest.mark.parametrize(
    "text",
    [
        "孩子不去上学了",
        "没去上学",
        "还差哪些材料？",
        "怎么交",
        "我想学普通话",
        "他爸打他，没去学校",
        "补助什么时候发",
        "材料交给谁",
        "你们这个能不能帮我查一下我家的申请到哪一步了",
        "",
    ],
)
def test_wishes_of_their_own(text: str) -> None:
    assert list(answers_in(text)) == []
