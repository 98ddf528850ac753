"""What may be said to the families of a list: checked in the file, and with every blank filled."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from flows.policy import campaigns
from flows.policy.campaigns import Template, faults, filled, load_campaigns, offered, unfilled
from flows.policy.loader import HERE
from storage.kinds import Audience

GOOD = "您好，我是{place}的智能助手，不是真人。学校有一件事，可以问{问谁}，办不办由您定。"


def template(text: str = GOOD) -> Template:
    return Template(
        id="x",
        title="一件事",
        audiences=(Audience.ALL,),
        effective_from=date(2026, 9, 1),
        effective_to=date(2026, 12, 31),
        review_by=date(2026, 11, 1),
        text=text,
    )


def written(folder: Path, *changes: dict[str, object]) -> list[str]:
    """What the check says of a file with these templates."""
    own = yaml.safe_load(template().model_dump_json())
    rows = {"campaigns": [{**own, **change} for change in changes]}
    (folder / "campaigns.yaml").write_text(yaml.safe_dump(rows, allow_unicode=True), "utf-8")
    load_campaigns.cache_clear()
    return list(campaigns.check(folder))


def test_the_file_that_is_delivered_is_in_order_and_reads_aloud_quickly() -> None:
    load_campaigns.cache_clear()
    assert list(campaigns.check()) == []
    for one in load_campaigns(HERE):
        assert len(one.text) <= 120 and one.to_fill


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (GOOD.replace("智能助手", "老师"), "智能助手"),
        (GOOD.replace("，不是真人", ""), "不是真人"),
        (GOOD.replace("办不办由您定", "请来"), "由家里定"),
        (GOOD.replace("一件事", "困难补助的事"), "困难"),
        (GOOD.replace("一件事", "低保的事"), "低保"),
        (GOOD.replace("一件事", "八百元的事"), "钱数"),
        (GOOD.replace("一件事", "1250 元的事"), "钱数"),
        (GOOD.replace("学校有", "不来就违法，学校有"), "违法"),
        (GOOD + "{", "花括号"),
    ],
)
def test_what_must_not_be_said(text: str, why: str) -> None:
    assert any(why in fault for fault in faults(text))


def test_blanks_are_the_officers_and_the_place_is_the_systems() -> None:
    one = template()
    assert one.to_fill == ["问谁"]
    assert filled(one, {"问谁": "白老师", "place": "别处"}) == GOOD.replace("{问谁}", "白老师")
    assert list(unfilled(one, {"问谁": "白老师"})) == []
    assert list(unfilled(one, {})) == ["请填“问谁”"]
    assert "太长" in next(unfilled(one, {"问谁": "老师" * 20}))


def test_a_template_is_offered_in_its_time_only(tmp_path: Path) -> None:
    assert written(tmp_path, {}) == []
    for day, many in (
        ((2026, 8, 31), 0),
        ((2026, 9, 1), 1),
        ((2026, 12, 31), 1),
        ((2027, 1, 1), 0),
    ):
        assert len(offered(date(*day), tmp_path)) == many
    assert "复核" in next(campaigns.overdue(date(2026, 11, 2), tmp_path))
    assert list(campaigns.overdue(date(2026, 10, 31), tmp_path)) == []


def test_what_is_wrong_with_a_file_is_said_in_words(tmp_path: Path) -> None:
    assert "两次" in written(tmp_path, {}, {})[0]
    assert "没有人能填" in written(tmp_path, {"text": GOOD.replace("问谁", "who")})[0]
    assert "早" in written(tmp_path, {"effective_to": "2026-08-01"})[0]
    assert "写得不对" in written(tmp_path, {"audiences": []})[0]
    assert "贫" in written(tmp_path, {"text": GOOD.replace("一件事", "扶贫的事")})[0]
