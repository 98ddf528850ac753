"""Hardship, reasons, denial, bare answers, and texts that nobody should send."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.nlu.reading import only, read, values


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("我家是低保户", ["dibao"]),
        ("爹妈都没了", ["orphan"]),
        ("单亲家庭", ["single_parent"]),
        ("孩子他爸不在了", ["single_parent"]),
        ("孩子他妈跟人跑了", ["single_parent"]),
        ("得了癌症", ["serious_illness"]),
        ("他妈做了手术", ["serious_illness"]),
        ("爸爸残疾", ["disabled_parent"]),
        ("供三个孩子上学", ["many_children"]),
        ("脱贫户", ["poverty_household"]),
        ("建档立卡户", ["poverty_household"]),
        ("监测户", ["monitored_household"]),
        ("特困供养", ["tekun"]),
        ("烈士子女", ["martyr_child"]),
        ("去年遭了雪灾", ["disaster"]),
        ("我下岗了", ["unemployment"]),
        ("不是低保户", []),
        ("没有残疾，没有低保", []),
        ("不是低保，是脱贫户", ["poverty_household"]),
        ("低保没批下来", []),
        ("他爸去打工了", []),
        ("底保户", ["dibao"]),
        ("迪保户", ["dibao"]),
    ],
)
def test_hardship(text: str, kinds: list[str]) -> None:
    assert values(text, "hardship") == kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("去打工了", "work"),
        ("不想上学", "study_aversion"),
        ("跟不上", "study_aversion"),
        ("厌学", "study_aversion"),
        ("在家放羊", "family_care"),
        ("看弟弟", "family_care"),
        ("结婚了", "early_marriage"),
        ("要嫁人", "early_marriage"),
        ("订婚了", "early_marriage"),
        ("学费交不起", "poverty"),
        ("生病了", "illness_disability"),
        ("搬走了", "migration"),
        ("跟父母去外地", "migration"),
        ("跟人打架", "delinquency"),
        ("有网瘾", "delinquency"),
    ],
)
def test_reasons(text: str, kind: str) -> None:
    assert values(text, "reason") == [kind]


ANSWERS: list[tuple[str, str, str, object]] = [
    ("age", "十四", "age", 14),
    ("age", "14", "age", 14),
    ("age", "300", "age", 300),
    ("household_size", "五口", "count", 5),
    ("household_size", "5个", "count", 5),
    ("household_size", "五", "count", 5),
    ("annual_income", "两万左右", "money", 20000),
    ("annual_income", "20000", "money", 20000),
    ("annual_income", "三四万", "money", 30000),
    ("annual_income", "一万二", "money", 12000),
    ("grade", "初二", "grade", "初中二年级"),
    ("child_name", "苏日娜", "child_name", "苏日娜"),
    ("child_name", "她叫苏日娜", "child_name", "苏日娜"),
    ("applicant_name", "叫乌兰图雅", "person_name", "乌兰图雅"),
    ("guardian_name", "巴特尔", "person_name", "巴特尔"),
    ("child_name", "欧阳小红", "child_name", "欧阳小红"),
    ("person_name", "宝音", "person_name", "宝音"),
    ("school", "二中", "school", "二中"),
    ("school", "巴镇一校", "school", "巴镇一校"),
    ("hardship", "低保", "hardship", "dibao"),
    ("reason", "放羊", "reason", "family_care"),
    ("whereabouts", " 在呼市打工 ", "whereabouts", "在呼市打工"),
    ("detail", "老师打孩子", "detail", "老师打孩子"),
    ("relation", "我是他妈", "relation", "mother"),
    ("relation", "奶奶", "relation", "grandparent"),
    ("relation", "额吉", "relation", "mother"),
    ("relation", "班主任", "relation", "teacher"),
    ("relation", "村干部", "relation", "cadre"),
    ("purpose", "考证", "purpose", "exam"),
    ("purpose", "带娃", "purpose", "child_education"),
    ("purpose", "教师资格证", "purpose", "teacher_certificate"),
    ("current_level", "一点不会", "current_level", "none"),
    ("current_level", "会一点", "current_level", "basic"),
    ("current_level", "二乙", "current_level", "psc_2b"),
    ("available_time", "周末", "available_time", "weekend"),
    ("available_time", "都行", "available_time", "any"),
    ("available_time", "晚上", "available_time", "weekday_evening"),
]


@pytest.mark.parametrize(("slot", "text", "kind", "value"), ANSWERS)
def test_a_bare_answer(slot: str, text: str, kind: str, value: object) -> None:
    assert values(text, kind, slot) == [value]


@pytest.mark.parametrize(
    ("slot", "text", "kind"),
    [
        ("child_name", "不知道", "child_name"),
        ("child_name", "为什么要问名字", "child_name"),
        ("child_name", "跳过", "child_name"),
        ("school", "不知道", "school"),
        ("school", "他爸妈在张家口打工", "school"),
        ("school", "孩子可聪明了", "school"),
        ("annual_income", "不知道", "money"),
        ("hardship", "都没有", "hardship"),
        ("region", "嗯嗯", "region"),
    ],
)
def test_what_is_no_answer(slot: str, text: str, kind: str) -> None:
    assert values(text, kind, slot) == []


@pytest.mark.parametrize(
    ("slot", "text", "value"),
    [
        ("annual_income", "一个月两千", 24000),
        ("annual_income", "在饭店打工，每个月挣两千五", 30000),
        ("annual_income", "种二十来亩地，还有点补贴，一年到头一万出头吧", 10000),
        ("annual_income", "三万，不对，去年羊卖得少，两万五", 25000),
        ("household_size", "六口，哦大姑娘嫁出去了，五口", 5),
        ("age", "12岁，不对，上个月刚过13", 13),
        ("age", "时四岁", 14),
    ],
)
def test_the_number_that_is_meant(slot: str, text: str, value: int) -> None:
    kind = {"annual_income": "money", "household_size": "count", "age": "age"}[slot]
    assert values(text, kind, slot) == [value]


def test_what_is_no_yearly_sum_or_household() -> None:
    assert values("一年干八个月，一个月三千", "money", "annual_income") == []
    assert values("就我们老两口带着孩子", "count", "household_size") == []
    assert values("按在一起过的算吗", "count", "household_size") == []
    roles = [e.role for e in read("我、他妈、俩孩子", "household_size") if e.entity == "count"]
    assert "household" not in roles


def test_a_name_may_be_followed_by_more() -> None:
    assert values("李小军，十四岁", "child_name", "child_name") == ["李小军"]
    assert values("李小军，十四岁", "age", "child_name") == [14]


def test_a_doubtful_answer_is_marked() -> None:
    assert only("巴镇一校", "school", "school").weak
    assert not only("苏日娜", "child_name", "child_name").weak
    assert only("在呼市", "whereabouts", "whereabouts").weak


def test_asked_names_carry_the_role_of_the_slot() -> None:
    assert only("巴特尔", "person_name", "guardian_name").role == "guardian"
    assert only("乌兰图雅", "person_name", "applicant_name").role == "self"


def test_a_whole_report_in_one_breath() -> None:
    text = (
        "我是科右中旗好腰苏木镇的，孩子苏日娜十四岁了，"
        "从上周一就没去二中上学，在家放羊呢，电话13948123456"
    )
    found = {e.entity: e.value for e in read(text)}
    assert found == {
        "region": "好腰苏木镇",
        "child_name": "苏日娜",
        "age": 14,
        "date": "2026-11-16",
        "school": "二中",
        "reason": "family_care",
        "phone": "13948123456",
    }
    starts = [e.start for e in read(text)]
    assert starts == sorted(starts)


ODD = [
    "",
    "\x00",
    "😀😀",
    "啊" * 10_000,
    "1" * 10_000,
    "一二三四五六七八九十" * 1000,
    "孩子" * 5000,
]
ODD += ["\ud800x", "<script>", "'; drop table", "叫" * 10_000, "年" * 10_000, "ᠮᠣᠩᠭᠣᠯ"]


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_are_read_quickly(text: str) -> None:
    begun = time.perf_counter()
    for entity in read(text):
        assert 0 <= entity.start < entity.end <= len(text)
    assert time.perf_counter() - begun < 3


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        alphabet="孩子叫苏日娜上周三号没来0123456789岁万块、，旗镇嘎查村二中年级不是 \n😀ａ",
        max_size=40,
    ),
    st.sampled_from(
        [None, "age", "region", "child_name", "absent_since", "phone", "annual_income"]
    ),
)
def test_offsets_always_lie_in_the_text(text: str, slot: str | None) -> None:
    for entity in read(text, slot):
        assert 0 <= entity.start < entity.end <= len(text)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("她爸妈在外打工，她嫌学习难，不去了", ["study_aversion"]),
        ("他妈住院了，他在家放羊，没来上课", ["family_care"]),
        ("孩子让他爸叫去放羊了，没来上课", ["family_care"]),
        ("他爸非逼他去打工，不让念了", ["work"]),
        ("在家照顾生病的奶奶，不来上学了", ["family_care"]),
        ("闺女不念书了", []),
        ("我媳妇在饭店打工，给孩子申请助学金", []),
        ("家庭经济困难学生认定怎么申请", []),
        ("我家困难，能评贫困生吗", []),
        ("孩子有残疾证，怎么申请补助", []),
        ("白天上班，晚上才能学普通话", []),
        ("线上课跟不上，退班", []),
        ("先发结婚证", []),
        ("我去喂羊了，不聊了", []),
        ("老人不让念书犯不犯法", []),
        ("不是打工去了，是生病了", ["illness_disability"]),
        ("先前说厌学，其实不是厌学，是没钱了", ["poverty"]),
        ("不打工了，孩子回来念书了", []),
        ("家里人逼她成婚，她才十五", ["early_marriage"]),
        ("念书 不爱 我的 孙子", ["study_aversion"]),
    ],
)
def test_a_reason_is_why_a_child_stays_away(text: str, kinds: list[str]) -> None:
    assert values(text, "reason") == kinds


def test_a_reason_asked_for_is_taken_as_told() -> None:
    assert values("他爸妈打工没人管", "reason", "reason") == ["work"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("他大是三级残疾", ["disabled_parent"]),
        ("建党立卡的", ["poverty_household"]),
        ("有没有工作人员", []),
        ("和父母去了外地", []),
        ("刚才说没有低保 说错了 有低保的", ["dibao"]),
    ],
)
def test_hardship_said_in_passing(text: str, kinds: list[str]) -> None:
    assert values(text, "hardship") == kinds


def test_choices_in_a_long_message() -> None:
    text = "我想学普通话，平常说话用，会一点，什么时候都行"
    assert values(text, "purpose") == ["daily_life"]
    assert values(text, "available_time") == ["any"]
