"""Names, schools and school years."""

import pytest

from nlu.classify import training
from nlu.name_cues import CUES
from nlu.names import name_key
from nlu.normalize import clean
from tests.nlu.reading import only, read, values


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("孩子叫苏日娜", ["苏日娜"]),
        ("苏日娜三天没来了", ["苏日娜"]),
        ("学生王小明", ["王小明"]),
        ("我们村的小军", ["小军"]),
        ("女儿其其格今年九岁", ["其其格"]),
        ("她叫乌兰图雅", ["乌兰图雅"]),
        ("王小明、李军、苏日娜三个孩子都没来", ["王小明", "李军", "苏日娜"]),
        ("额尔敦其木格十四岁", ["额尔敦其木格"]),
        ("李军没来上学", ["李军"]),
        ("叫陈小花", ["陈小花"]),
        ("孩子名字是包文龙，上初二", ["包文龙"]),
        ("有个叫阿拉坦的孩子", ["阿拉坦"]),
        ("名字打错了，应该是苏日娜", ["苏日娜"]),
        ("不叫苏日娜，叫苏日纳", ["苏日纳"]),
        ("孩子王磊，14岁，初二", ["王磊"]),
        ("姓名：王小红", ["王小红"]),
        ("陳小紅今年十歲", ["陳小紅"]),
        ("我是娜仁花她妈", ["娜仁花"]),
        ("有个孩子叫阿古拉，才13岁", ["阿古拉"]),
        ("王芳和李强都没来", ["王芳", "李强"]),
        ("他叫照日格巴雅尔，跟着打工", ["照日格巴雅尔"]),
        ("老大李强高一，老二李梅小学五年级", ["李强", "李梅"]),
        ("报两个：一是包金山15岁初三，二是陈小丽13岁初一", ["包金山", "陈小丽"]),
    ],
)
def test_children(text: str, names: list[str]) -> None:
    assert values(text, "child_name") == names


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("我叫王芳", "王芳", "self"),
        ("我是乌兰图雅", "乌兰图雅", "self"),
        ("他爸叫巴特尔", "巴特尔", "guardian"),
        ("家长李国强", "李国强", "guardian"),
        ("监护人特木尔", "特木尔", "guardian"),
        ("我叫李娜想学普通话", "李娜", "self"),
        ("白音孟克的爸爸叫孟和", "孟和", "guardian"),
        ("联系人：王海", "王海", "self"),
    ],
)
def test_grown_people(text: str, name: str, role: str) -> None:
    found = only(text, "person_name")
    assert (found.value, found.role) == (name, role)


@pytest.mark.parametrize(
    "text",
    [
        "我是孩子妈妈",
        "村里有个女孩不上学",
        "我是村干部",
        "孩子不上学",
        "马上开学了",
        "高中没上",
        "我家孩子在二中",
        "给女儿申请助学金",
        "孩子想上学",
        "学生情况",
        "我是家长",
        "周三没来",
        "安全问题",
        "我女儿上三年级",
        "叫什么名字",
        "王老师让我来的",
        "我是班主任王老师",
        "请问叫人工",
        "孩子结婚了",
        "我是老百姓",
        "于是没去",
        "助学金什么时候发",
        "好的谢谢",
        "改 学校",
        "一是家里穷，二是路太远不去了",
    ],
)
def test_no_name(text: str) -> None:
    assert values(text, "child_name") + values(text, "person_name") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("其其格", "琪琪格"),
        ("额尔登", "额尔敦"),
        ("苏日娜", "苏日纳"),
        ("那日苏", "纳日苏"),
        ("巴音", "白彦"),
    ],
)
def test_names_that_sound_alike_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_other_names_have_other_keys() -> None:
    assert name_key("苏日娜") != name_key("乌日娜")
    assert name_key("王小明") != name_key("王小红")


@pytest.mark.parametrize(
    ("text", "schools"),
    [
        ("孩子在二中上学", ["二中"]),
        ("科右中旗二中", ["科右中旗二中"]),
        ("我要投诉二中乱收费", ["二中"]),
        ("读巴彦呼舒第一小学", ["巴彦呼舒第一小学"]),
        ("在好腰苏木中心校念三年级", ["好腰苏木中心校"]),
        ("读的是蒙古族中学", ["蒙古族中学"]),
        ("上职业高中", ["职业高中"]),
        ("考上了内蒙古大学", ["内蒙古大学"]),
        ("红太阳幼儿园", ["红太阳幼儿园"]),
        ("在内蒙古农业大学读大二", ["内蒙古农业大学"]),
        ("不是三中是二中", ["二中"]),
        ("转到二中了，不在三中读了", ["二中"]),
        ("把学校从三中改成二中", ["二中"]),
        ("乌兰浩特市第十三中学", ["乌兰浩特市第十三中学"]),
        ("孩子上小学", []),
        ("我们学校", []),
        ("附近有学校吗", []),
        ("初二中途不念了", []),
        ("家里三小子", []),
        ("三小时", []),
        ("不去学校", []),
        ("没上大学", []),
        ("一小部分", []),
        ("孩子小学毕业", []),
    ],
)
def test_schools(text: str, schools: list[str]) -> None:
    assert values(text, "school") == schools


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("七年级", "初中一年级"),
        ("初一", "初中一年级"),
        ("九年级", "初中三年级"),
        ("初三", "初中三年级"),
        ("大班", "幼儿园大班"),
        ("学前班", "幼儿园大班"),
        ("小班", "幼儿园小班"),
        ("高二", "高中二年级"),
        ("职高二年级", "中职二年级"),
        ("中专二年级", "中职二年级"),
        ("大三", "大学三年级"),
        ("小学三年级", "小学三年级"),
        ("三年级", "小学三年级"),
        ("6年级", "小学六年级"),
        ("一年级二班", "小学一年级"),
        ("三年二班", "小学三年级"),
        ("初二(3)班", "初中二年级"),
        ("上小学", "小学"),
        ("念初中", "初中"),
        ("读高中", "高中"),
        ("上技校", "中职"),
        ("上幼儿园", "幼儿园"),
        ("本科", "大学"),
        ("上三年纪了", "小学三年级"),
    ],
)
def test_school_years(text: str, grade: str) -> None:
    assert values(text, "grade") == [grade]


@pytest.mark.parametrize(
    "text",
    ["大年初一", "高一点", "大一些", "比他大三岁", "班主任", "正月初三", "十三年纪", "三年纪小"],
)
def test_no_school_year(text: str) -> None:
    assert values(text, "grade") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("给我家苏日拉申请", ["苏日拉"]),
        ("孙女苏日那不上学了", ["苏日那"]),
        ("我孙子额尔登尼不念了", ["额尔登尼"]),
        ("昨天去了宝音家", ["宝音"]),
        ("宝音已经回学校了", ["宝音"]),
        ("上次登记的王建军找到了", ["王建军"]),
        ("高二学生布和于昨日离校", ["布和"]),
        ("孩子叫娜布其 不是娜木其", ["娜布其"]),
        ("赵小强，13岁，初一", ["赵小强"]),
        ("巴雅尔拉", []),
        ("名额都给关系户了", []),
        ("名字写反了", []),
    ],
)
def test_where_names_begin_and_end(text: str, names: list[str]) -> None:
    assert values(text, "child_name") == names


def test_a_learner_is_no_child() -> None:
    assert only("普通话培训报名 姓名萨仁花", "person_name").role == "self"
    assert values("我名字写错了，我叫乌云花", "person_name", "relation") == ["乌云花"]


@pytest.mark.parametrize(
    ("text", "schools"),
    [
        ("孙子在六户镇中心小学念五年级", ["六户镇中心小学"]),
        ("家在科右中旗好腰苏木镇，好腰苏木中学的", ["好腰苏木中学"]),
        ("孙子宝音蒙古族中学念初二", ["蒙古族中学"]),
        ("巴图已经回学校了", []),
        ("今天回学校了", []),
        ("学校开了一份学校证明", []),
        ("某小学乱收费", []),
        ("特教学校收不收", []),
        ("考上内师大了", ["内师大"]),
        ("老二李梅小学五年级在中心小学", ["中心小学"]),
        ("老二宁城小学的", ["宁城小学"]),
    ],
)
def test_where_schools_begin_and_end(text: str, schools: list[str]) -> None:
    assert values(text, "school") == schools


@pytest.mark.parametrize(
    ("text", "name"),
    [("我姓李，李建国", "李建国"), ("姓白，叫白音那", "白音那"), ("李建国，镇里的", "李建国")],
)
def test_a_surname_said_first_is_not_the_name(text: str, name: str) -> None:
    assert values(text, "person_name", expecting="reporter_name") == [name]


@pytest.mark.parametrize(
    ("slot", "text", "name"),
    [
        ("child_name", "就是我自己，包立军", "包立军"),
        ("applicant_name", "写我就行，张志强", "张志强"),
        ("reporter_name", "我是班主任赵磊", "赵磊"),
        ("guardian_name", "我就是她妈，王秀梅", "王秀梅"),
        ("guardian_name", "他的爸爸朝鲁叫", "朝鲁"),
        ("person_name", "敖登名字是", "敖登"),
    ],
)
def test_the_name_in_an_answer(slot: str, text: str, name: str) -> None:
    kind = "child_name" if slot == "child_name" else "person_name"
    assert [e.value for e in read(text, slot) if e.entity == kind] == [name]


@pytest.mark.parametrize("text", ["我自己", "我就是他妈", "大人都不在家，叫啥不知道"])
def test_an_answer_without_a_name(text: str) -> None:
    assert not [e for e in read(text, "guardian_name") if e.entity == "person_name"]


def test_no_cue_is_found_without_a_character_it_needs() -> None:
    texts = [(clean(e.text), frozenset(clean(e.text))) for e in training.read()[::6]]
    passed_over = [
        (text, pattern.pattern)
        for needs, pattern, _, _ in CUES
        for text, said in texts
        if needs and needs.isdisjoint(said) and pattern.search(text)
    ]
    assert passed_over == []
