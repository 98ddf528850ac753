"""The static check finds what is missing, and finds nothing in what we ship."""

from pathlib import Path

import pytest

from flows import lint, words


def test_what_we_ship_is_complete() -> None:
    assert lint.check() == []


@pytest.mark.parametrize(
    "key", ["dropout.school", "common.introduction", "status.dropout_case.closed"]
)
def test_a_missing_sentence_is_named(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {k: v for k, v in words.texts().items() if k != key}
    monkeypatch.setattr(lint, "texts", lambda: kept)
    assert lint.check() == [f"texts/zh.yaml 里缺一句话：{key}"]


def test_a_translation_must_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mn.yaml").write_text("aid: {school: 'x {wrong}', nowhere: 'y'}\n", "utf-8")
    monkeypatch.setattr(lint, "HERE", tmp_path)
    found = lint.check()
    assert any("aid.school" in line and "花括号" in line for line in found)
    assert any("aid.nowhere" in line for line in found)


def test_rendering_never_fails_for_want_of_a_value() -> None:
    from flows.say import Say

    assert words.render(Say("summary.line", {"label": "学校"})).startswith("· 学校")
    assert words.render(Say("no.such.key")) != ""
