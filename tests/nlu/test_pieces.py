"""The sub-word cut: most probable pieces, unknown characters, and the way to and from a file."""

import pytest

from nlu.classify.pieces import LONGEST, Pieces

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")


def _pieces(words: dict[str, float]) -> Pieces:
    texts = (*SPECIAL, *words)
    scores = (0.0, 0.0, 0.0, 0.0, *words.values())
    return Pieces(texts, scores, {"Ａ": "a"}, begin=0, pad=1, end=2, unknown=3, prefix="")


ONE = _pieces(
    {"\u2581": -3.0, "助": -5.0, "学": -5.0, "金": -5.0, "助学": -6.0, "学金": -4.0, "a": -2.0}
)


def _cut(pieces: Pieces, text: str) -> list[str]:
    return [pieces.texts[i] for i in pieces.segment(text)]


def test_the_most_probable_cut_wins() -> None:
    assert _cut(ONE, "助学金") == ["\u2581", "助", "学金"]


def test_a_character_nobody_knows_is_unknown_and_the_rest_is_read() -> None:
    assert _cut(ONE, "助X学") == ["\u2581", "助", "<unk>", "学"]


def test_characters_are_folded_first() -> None:
    assert _cut(ONE, "Ａ") == ["\u2581", "a"]


@pytest.mark.parametrize("text", ["", " ", "\n", "😀" * 500, "助学金" * 2000])
def test_any_text_gives_marks_and_at_most_so_many(text: str) -> None:
    ids = ONE.ids(text)
    assert ids[0] == 0 and ids[-1] == 2
    assert 2 <= len(ids) <= LONGEST


def test_a_vocabulary_survives_its_file() -> None:
    assert Pieces.from_json(ONE.to_json()) == ONE
