"""Numerals, ages, money, heads, phones, identity numbers and references."""

import pytest

from nlu.numerals import parse, parse_small
from tests.nlu.reading import only, read, values


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("仨", 3),
        ("俩", 2),
        ("两千五", 2500),
        ("三四千", 3000),
        ("一万二", 12000),
        ("1.5万", 15000),
        ("十四", 14),
        ("一四", 14),
        ("二三十", 20),
        ("十三四", 13),
        ("3-4千", 3000),
        ("3万5", 35000),
        ("廿三", 23),
        ("两三万", 20000),
        ("12,000", 12000),
        ("二百五", 250),
    ],
)
def test_numbers(said: str, number: int) -> None:
    assert parse(said) == number


@pytest.mark.parametrize("said", ["", "万", "很多", "百十", "1" * 30, "😀"])
def test_no_number(said: str) -> None:
    assert parse(said) is None


def test_seven_or_eight_is_seven() -> None:
    assert parse_small("七八") == 7
    assert parse_small("七十八") == 78


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("孩子今年九岁", [9]),
        ("十四岁", [14]),
        ("一四岁", [14]),
        ("14周岁", [14]),
        ("七八岁", [7]),
        ("今年十四了", [14]),
        ("十四岁，不对，十五岁", [15]),
        ("16岁以下都行吗", []),
        ("十来岁", []),
        ("不满16岁", []),
        ("一个14岁一个12岁", [14, 12]),
        ("年龄：13", [13]),
    ],
)
def test_ages(text: str, age: list[int]) -> None:
    assert values(text, "age") == age


def test_the_age_of_a_grandparent_is_told_apart() -> None:
    assert only("他爷爷七十岁了", "age").role == "elder"


@pytest.mark.parametrize(
    ("text", "yuan", "role"),
    [
        ("年收入三万来块", 30000, "income"),
        ("一年挣三四千", 3000, "income"),
        ("一年也就两万来块", 20000, "income"),
        ("收入大概2万左右", 20000, "income"),
        ("每年收入3万元左右", 30000, "income"),
        ("两千五百块", 2500, None),
        ("1.5万元", 15000, None),
        ("交了1200元学费", 1200, None),
        ("一个月挣三千块", 3000, None),
        ("一万多块", 10000, None),
    ],
)
def test_money(text: str, yuan: int, role: str | None) -> None:
    found = only(text, "money")
    assert (found.value, found.role) == (yuan, role)


@pytest.mark.parametrize(
    ("text", "count", "role"),
    [
        ("家里五口人", 5, "household"),
        ("一家三口", 3, "household"),
        ("全家六个人", 6, "household"),
        ("三个孩子", 3, "children"),
        ("仨娃", 3, "children"),
        ("俩孩子", 2, "children"),
        ("带着仨孙子", 3, "children"),
        ("家里就一个孩子", 1, "children"),
    ],
)
def test_counts(text: str, count: int, role: str) -> None:
    found = only(text, "count")
    assert (found.value, found.role) == (count, role)


@pytest.mark.parametrize("text", ["有个孩子不上学", "第三个孩子", "村里一个孩子"])
def test_no_count(text: str) -> None:
    assert values(text, "count") == []


@pytest.mark.parametrize(
    ("text", "number", "role", "valid"),
    [
        ("电话13948123456", "13948123456", None, True),
        ("他爸电话139-4812-3456", "13948123456", "guardian", True),
        ("家长电话是15048212345", "15048212345", "guardian", True),
        ("我的手机１３９４８１２３４５６", "13948123456", "self", True),
        ("+86 139 4812 3456", "13948123456", None, True),
        ("一三九四八一二三四五六", "13948123456", None, True),
        ("幺三九四八幺二三四五六", "13948123456", None, True),
        ("电话0482-4123456", "04824123456", None, True),
        ("座机0482-41234", "048241234", None, False),
        ("我手机1394812345", "1394812345", "self", False),
        ("电话139481234567", "139481234567", None, False),
    ],
)
def test_phones(text: str, number: str, role: str | None, valid: bool) -> None:
    found = only(text, "phone")
    assert (found.value, found.role, found.valid) == (number, role, valid)


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("11010519491231002X", True),
        ("11010519491231002x", True),
        ("110105194912310021", False),
        ("110105194913310020", False),
        ("150603199001011234", True),
    ],
)
def test_identity_numbers(number: str, valid: bool) -> None:
    found = only(f"身份证{number}", "id_number")
    assert (found.value, found.valid) == (number.upper(), valid)
    assert values(f"身份证{number}", "phone") == []


def test_an_identity_number_cut_short_is_still_told() -> None:
    assert only("身份证号15222220120304", "id_number").valid is False
    assert only("15222220120304", "id_number", "id_number").valid is False


@pytest.mark.parametrize("text", ["110", "12345", "卡号6217001234567890123", "2026", "一年级二班"])
def test_digits_that_are_neither(text: str) -> None:
    assert {e.entity for e in read(text)}.isdisjoint({"phone", "id_number", "case_number"})


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("A26-4830-215办到哪了", "A26-4830-215"),
        ("编号a26-4830-215", "a26-4830-215"),
        ("T264830215怎么样了", "T264830215"),
        ("KC20261123-07", "KC20261123-07"),
        ("编号是20261123-5的申请", "20261123-5"),
    ],
)
def test_references_stay_as_written(text: str, written: str) -> None:
    assert values(text, "case_number") == [written]


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("她才十三，家里就不让念了", [13]),
        ("娃才七岁", [7]),
        ("虚岁十五", [15]),
        ("虚岁十二，周岁十一", [11]),
        ("大的十六小的十一，都在家", [16, 11]),
        ("姑娘都十五了", [15]),
        ("闺女不念书了，16了", [16]),
        ("15了，在三中念初三", [15]),
        ("15，在三中念初三", []),
        ("我六十八了，不会打字", [68]),
        ("年龄填错了，不是十是十一", [11]),
        ("岁数 错 九岁 不是 十岁 是", [10]),
        ("大的初二小的四年级", []),
        ("嫁给五十岁的人", []),
        ("收我60", []),
        ("十一放假", []),
    ],
)
def test_ages_without_their_unit(text: str, age: list[int]) -> None:
    assert values(text, "age") == age


def test_who_tells_their_own_age() -> None:
    assert only("我今年五十二，想学普通话", "age").role == "self"
    assert only("孙子今年十二", "age").role is None


@pytest.mark.parametrize(
    ("text", "yuan", "role"),
    [
        ("学校收了三百六的资料费", 360, None),
        ("彩礼都拿了十二万", 120000, None),
        ("看病拉下六万饥荒", 60000, None),
        ("说一学期补六百二十五", 625, None),
        ("报名费写的30", 30, None),
        ("说好补助1000，没到", 1000, None),
        ("贷了7000", 7000, None),
        ("费用不是300 是3000", 3000, None),
        ("我家四口人，一年三万", 30000, "income"),
        ("想申请一年一千五的补助", 1500, None),
    ],
)
def test_money_without_its_unit(text: str, yuan: int, role: str | None) -> None:
    found = only(text, "money")
    assert (found.value, found.role) == (yuan, role)


@pytest.mark.parametrize(
    "text",
    [
        "能不能一块儿办",
        "三言两语说不清",
        "养了三百只羊",
        "离旗里二百多公里",
        "校里一千多学生",
        "千万别说是我说的",
        "住3号楼1200室",
        "2015级的",
        "补助材料第25页",
    ],
)
def test_what_is_no_money(text: str) -> None:
    assert values(text, "money") == []


@pytest.mark.parametrize(
    ("text", "count"),
    [("两名学生返校", [2]), ("五名适龄儿童", [5]), ("俩口子都打工", []), ("二小子不念了", [])],
)
def test_who_is_counted(text: str, count: list[int]) -> None:
    assert values(text, "count") == count


def test_what_is_called_a_number_needs_no_figure_in_it() -> None:
    assert values("案号：NMDCBA", "case_number") == ["NMDCBA"]
