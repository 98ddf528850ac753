"""The tables made at training answer exactly as jieba and pypinyin, from which they are made."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nlu.dictionary import is_person, seen, tokenizer
from nlu.tables import kept, making
from nlu.tables.kept import tables
from nlu.tables.keys import Keys, number, numbered

HERE = Path(__file__).parent
HAN = range(0x3400, 0xA000)


def _sentences() -> Iterator[str]:
    for name in ("fresh_dev.jsonl", "entities_dev.jsonl", "emergencies.jsonl"):
        for line in (HERE / name).read_text("utf-8").splitlines():
            yield json.loads(line)["text"]


def _han(text: str) -> str:
    return "".join(character for character in text if ord(character) in HAN)


@pytest.fixture
def whole() -> None:
    tables()


def _some() -> dict[str, Any]:
    """The beginnings of the tables, quickly."""
    with np.load(kept.path_in(kept.FOLDER)) as whole:
        return {name: whole[name][:9] for name in whole.files}


@pytest.mark.slow
def test_words_are_cut_as_jieba_with_its_own_dictionary_cuts_them() -> None:
    theirs = making._tokenizer()
    ours = tokenizer()
    for sentence in (*_sentences(), "", "abc 12.5%", "𠮷野家", "x" * 50, "助学金\n贷款"):
        assert list(ours.tokenize(sentence)) == list(theirs.tokenize(sentence))


def test_words_are_as_common_as_the_dictionary_says() -> None:
    for word, count, tag in making._lines()[::7]:
        assert seen(word) == (count if count >= making.COMMON else 0)
        assert is_person(word) == (len(word) in (2, 3) and tag.startswith("nr"))


@pytest.mark.slow
def test_characters_and_phrases_are_read_as_pypinyin_reads_them() -> None:
    from pypinyin import lazy_pinyin
    from pypinyin.constants import PHRASES_DICT

    readings = tables().readings
    together = "长大重庆一重天银行行长还款还在和面"
    some = [*PHRASES_DICT][::150]
    beside = [_han(a[:2] + b + a[-1:]) for a, b in zip(some, reversed(some), strict=True)]
    for text in (together, *filter(None, map(_han, _sentences())), *filter(None, beside)):
        assert readings.of(text) == lazy_pinyin(text, v_to_u=False)
    for code in (*range(0x20, 0x3400, 7), *range(0x3400, 0x20100, 5)):
        if not 0xD800 <= code < 0xE000:
            alone = lazy_pinyin(chr(code), v_to_u=False)[0]
            assert readings.of_character(chr(code)) == alone


@pytest.mark.usefixtures("whole")
def test_what_was_kept_is_read_again_and_made_again_when_it_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(making, "made", _some)
    (tmp_path / "tables-of-older-code.npz").write_bytes(b"old")
    kept.load(tmp_path)
    (path,) = tmp_path.glob("*.npz")
    assert path == kept.path_in(tmp_path)
    assert "正在整理" in capsys.readouterr().err
    kept.load(tmp_path)
    assert capsys.readouterr().err == ""
    path.write_bytes(path.read_bytes()[:500])
    assert kept.load(tmp_path).total == tables().total
    assert "正在整理" in capsys.readouterr().err


@pytest.mark.usefixtures("whole")
def test_a_folder_that_cannot_be_written_is_survived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(making, "made", _some)
    (tmp_path / "model").write_text("a file, not a folder")
    assert kept.load(tmp_path / "model").total == tables().total
    assert "只放在内存里" in capsys.readouterr().err


def test_keys_know_their_strings_and_no_others() -> None:
    texts = ["助学金", "贷款", "一二三四五", "\ud800", "", "ab"]
    numbers, order = numbered(texts)
    keys = Keys(numbers)
    assert [keys.get(texts[place]) for place in order] == list(range(len(texts)))
    asked = [*texts, "助学", "一二三四五六", "￿￿￿￿"]
    assert keys.places(asked) == [keys.get(text) for text in asked]
    assert Keys(numbers[:0]).places(["助学", "一二三四五"]) == [None, None]
    assert keys.get("助学") is None
    assert "贷款" in keys
    assert "一二三四五六" not in keys
    assert len(keys) == 6


def test_a_nought_at_the_end_is_no_nothing() -> None:
    assert len({number(text) for text in ("a", "a\0", "a\0\0", "\0a", "", "\0")}) == 6


def test_two_strings_with_one_number_are_refused() -> None:
    with pytest.raises(ValueError, match="same number"):
        numbered(["a", "b", "a"])
