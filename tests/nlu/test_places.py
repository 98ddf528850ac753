"""The division table and the places that texts name."""

import pytest

from nlu.divisions import table
from nlu.regions import lookup, near, resolve, within
from tests.nlu.reading import only, values


def test_the_table_is_whole() -> None:
    levels = [row.level for row in table().rows.values()]
    assert levels.count(2) == 12
    counties = [c for c, r in table().rows.items() if r.level == 3]
    assert len(counties) == 103 + 5  # banners, and the zones of the statistics list
    assert levels.count(5) == 14_592
    assert levels.count(4) >= 1033
    assert all(row.parent in table().rows for code, row in table().rows.items() if row.parent)


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("科右中", "科尔沁右翼中旗", "152222"),
        ("在科右中旗", "科尔沁右翼中旗", "152222"),
        ("兴安盟科右中旗", "科尔沁右翼中旗", "152222"),
        ("通辽的", "通辽市", "150500"),
        ("锡盟东乌旗", "东乌珠穆沁旗", "152525"),
        ("莫旗", "莫力达瓦达斡尔族自治旗", "150722"),
        ("呼和浩特市赛罕区", "赛罕区", "150105"),
        ("在康巴什住", "康巴什区", "150603"),
        ("科右中旗好腰苏木镇", "好腰苏木镇", "152222105"),
        ("科右中旗高力板", "高力板镇", "152222101"),
        ("我们在扎旗音德尔镇", "音德尔镇", "152223100"),
        ("额尔古纳市奇乾乡", "奇乾乡", "150784204"),
        ("阿旗 天山镇", "天山镇", "150421100"),
        ("科右中旗的，在代钦他拉苏木", "代钦塔拉苏木", "152222206"),
        ("科右中旗突列毛都镇", "吐列毛都镇", "152222102"),
        ("好要苏木镇", "好腰苏木镇", "152222105"),
        ("科右中旗吐列毛杜镇", "吐列毛都镇", "152222102"),
        ("巴彦呼舒苏木", "巴彦呼舒镇", "152222100"),
        ("科右中旗好腰苏木镇查申套卜嘎查", "查申套卜嘎查", "152222105205"),
        ("達茂旗", "达尔罕茂明安联合旗", "150223"),
    ],
)
def test_the_deepest_unit(text: str, name: str, code: str) -> None:
    found = only(text, "region")
    assert (found.value, found.code, found.path[-1]) == (name, code, name)
    assert found.path[0] == "内蒙古自治区"


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("鄂旗", "内蒙古自治区/鄂尔多斯市/鄂托克旗"),
        ("鄂旗", "内蒙古自治区/呼伦贝尔市/鄂伦春自治旗"),
        ("中旗", "内蒙古自治区/兴安盟/科尔沁右翼中旗"),
        ("西旗", "内蒙古自治区/锡林郭勒盟/西乌珠穆沁旗"),
        ("巴音呼硕镇", "内蒙古自治区/兴安盟/科尔沁右翼中旗/巴彦呼舒镇"),
    ],
)
def test_an_ambiguous_place_is_asked_back(text: str, one: str) -> None:
    found = only(text, "region")
    assert found.code is None
    assert found.value == text
    assert one in found.candidates
    assert len(found.candidates) == len(found.candidate_codes) > 1


@pytest.mark.parametrize(
    ("text", "home", "code"),
    [
        ("中旗", "152222", "152222"),
        ("巴音呼硕镇", "152222", "152222100"),
        ("左旗", "150421", "150422"),
        ("四海嘎查", "152222", "152222200203"),
    ],
)
def test_home_breaks_ties(text: str, home: str, code: str) -> None:
    found = only(text, "region", home=home)
    assert found.code is not None
    assert within(found.code, home) or found.code == code


@pytest.mark.parametrize(
    "text", ["新农村建设", "农村户口", "下乡的时候", "我们村的孩子", "这个镇", "家乡好", "城镇"]
)
def test_words_that_are_no_place(text: str) -> None:
    assert values(text, "region") == []


def test_a_denied_place_is_left_out() -> None:
    assert values("不是扎赉特旗，是突泉县", "region") == ["突泉县"]


def test_an_answer_may_be_short_or_misspelt() -> None:
    assert only("高力板", "region", "region").code == "152222101"
    assert only("代钦他拉", "region", "region", "152222").code == "152222206"
    assert [region.name for region in resolve("好腰苏木")] == ["好腰苏木镇"]
    assert resolve("随便说说") == ()


def test_lookup_and_neighbours() -> None:
    town = lookup("152222105")
    assert town is not None
    assert town.path == ("内蒙古自治区", "兴安盟", "科尔沁右翼中旗", "好腰苏木镇")
    assert lookup("999999") is None
    around = [region.code for region in near("152222105")]
    assert around[0] == "152222105"
    assert around.index("152222100") < around.index("152222") < around.index("152224")
    assert near("999999") == ()


def test_a_village_lies_within_its_banner() -> None:
    village = only("科右中旗好腰苏木镇查申套卜嘎查", "region").code
    assert village is not None
    assert within(village, "152222105")
    assert within(village, "152200")
    assert not within(village, "152224")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("家在科右中旗好腰苏木镇，好腰苏木中学的", ["好腰苏木镇"]),
        ("会说鄂温克语吗", []),
        ("达斡尔话有没有", []),
        ("是林西不是林东", ["林西县"]),
    ],
)
def test_peoples_schools_and_corrections(text: str, places: list[str]) -> None:
    assert values(text, "region") == places


def test_a_place_named_again_beside_a_school_is_where_it_was_named_alone() -> None:
    text = "在巴彦呼舒第三中学念书，家在科右中旗巴彦呼舒镇，就是科右中旗巴彦呼舒镇"
    place = only(text, "region")
    assert place.value == "巴彦呼舒镇"
    assert place.start == text.index("科右中旗")
