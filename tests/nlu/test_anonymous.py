"""What officers see of a sentence that was not understood names nobody and no place."""

from datetime import UTC, datetime

import pytest

from nlu.anonymous import LONGEST, anonymous, natural, says_something
from nlu.intent_names import chinese, intent_names
from nlu.types import Context, Intent

AT = Context(datetime(2026, 11, 23, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("我家乌日娜上小学三年级想要点补助", "我家〔姓名〕上小学三年级想要点补助"),
        ("王小明他爸13948123456说孩子不念了", "〔姓名〕他爸〔电话〕说孩子不念了"),
        ("我叫斯琴高娃，身份证152222201801011234", "我叫〔姓名〕，身份证〔证件号〕"),
        ("A26-0000-013这个办到哪了", "〔编号〕这个办到哪了"),
        ("他叔张建国拉他去工地干活", "他叔〔姓名〕拉他去工地干活"),
        ("杨树沟村赵德才家没人", "〔地方〕〔姓名〕家没人"),
        ("住高力板镇，在高力板中心小学念书", "住〔地方〕，在〔学校〕念书"),
        ("和布和说不让去", "和〔姓名〕说不让去"),
        ("微信号wxid_ab12cd加我", "微信号〔号码〕加我"),
        ("一三九四八一二三四五六打这个", "〔电话〕打这个"),
        ("赵老师收费不合理", "〔姓名〕收费不合理"),
        ("那个什么助学金还有没有啊", "那个什么助学金还有没有啊"),
        ("我要报名学普通话", "我要报名学普通话"),
        ("今天天气咋样", "今天天气咋样"),
    ],
)
def test_people_and_places_become_their_kind(said: str, kept: str) -> None:
    assert anonymous(said, AT, {}) == kept


def test_what_the_conversation_knows_is_masked_too() -> None:
    known = {"小石头": "姓名", "红星小学": "学校"}
    assert anonymous("小石头在红星小学不去了", AT, known) == "〔姓名〕在〔学校〕不去了"


def test_the_persons_own_spelling_is_kept_and_a_long_story_is_cut() -> None:
    assert anonymous("想給孩子申請住学金", AT, {}) == "想給孩子申請住学金"
    assert len(anonymous("孩子不念了" * 200, AT, {})) == LONGEST


def test_a_masked_sentence_can_be_said_naturally_and_always_alike() -> None:
    spoken = natural("〔姓名〕在〔学校〕不去了，打〔电话〕")
    assert "〔" not in spoken
    assert spoken.endswith("不去了，打13800000000")
    assert natural("〔姓名〕在〔学校〕不去了，打〔电话〕") == spoken


@pytest.mark.parametrize(
    ("masked", "says"), [("〔姓名〕", False), ("〔电话〕？", False), ("咋办", True)]
)
def test_nothing_but_masks_says_nothing(masked: str, says: bool) -> None:
    assert says_something(masked) is says


def test_every_intent_has_a_name_and_says_when_it_is_meant() -> None:
    assert set(intent_names()) == set(Intent)
    assert all(known.about and known.group in ("办事", "说话") for known in intent_names().values())
    assert chinese("apply_aid") == "申请资助"
    assert chinese("nlu_fallback") == "nlu_fallback"
