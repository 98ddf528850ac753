"""Canned replies: what a record knows is filled in, what it does not know stays to be seen."""

from pathlib import Path

import pytest

from flows.policy.replies import blanks, check, fill, load_replies
from storage.kinds import RecordKind

ROW = "replies: [{{id: {id}, title: 标题, kinds: [{kind}], text: '{text}'}}]"


def test_the_file_is_good_and_every_kind_has_one() -> None:
    assert list(check()) == []
    assert {kind for reply in load_replies() for kind in reply.kinds} == set(RecordKind)


def test_unknown_blanks_stay() -> None:
    text = fill("{name}，{reference}，{哪天}去，{school}", {"name": "小军", "school": ""})
    assert text == "小军，{reference}，{哪天}去，{school}"
    assert blanks(text) == ["reference", "哪天", "school"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"text": "您好，{nmae}在吗"}, "{nmae} 没有人能填"),
        ({"text": "您好，{}在不在"}, "没有人能填"),
        ({"text": "您好，{name在不在"}, "没有成对"),
        ({"kind": "complaint"}, "写得不对"),
        ({"text": "短"}, "写得不对"),
    ],
)
def test_what_the_check_finds(tmp_path: Path, row: dict[str, str], why: str) -> None:
    good = {"id": "a", "kind": "escalation", "text": "您好，{name}在吗"}
    (tmp_path / "replies.yaml").write_text(ROW.format(**{**good, **row}), "utf-8")
    assert any(why in sentence for sentence in check(tmp_path))
