"""How long Chinese lines are folded for a terminal."""

import pytest

from bot.channels.console import folded


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("", [""]),
        ("您好", ["您好"]),
        ("您叫什么名字", ["您叫什么", "名字"]),
        ("您叫什么，名字", ["您叫什么，", "名字"]),  # no line begins with a comma
        ("· 夜校十二月开课", ["· 夜校十", "二月开课"]),  # a bullet stays with its words
    ],
)
def test_no_word_is_lost_and_no_line_begins_with_a_comma(line: str, pieces: list[str]) -> None:
    assert folded(line, 8) == pieces
