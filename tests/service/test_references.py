"""Reference numbers survive being read over the phone."""

from datetime import UTC, datetime

import pytest

from bot.cases.references import new_reference, normalize
from storage.kinds import RecordKind

NOW = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)  # 2027 in Shanghai


@pytest.mark.parametrize(
    ("kind", "letter"),
    [
        (RecordKind.AID_APPLICATION, "A"),
        (RecordKind.DROPOUT_CASE, "D"),
        (RecordKind.TRAINING_REGISTRATION, "T"),
        (RecordKind.ESCALATION, "E"),
    ],
)
def test_the_letter_and_the_local_year(kind: RecordKind, letter: str) -> None:
    reference = new_reference(kind, now=NOW)
    assert reference.startswith(f"{letter}27-")
    assert normalize(reference) == reference


def test_written_in_many_ways() -> None:
    reference = new_reference(RecordKind.AID_APPLICATION, now=NOW)
    plain = reference.replace("-", "").lower()
    for written in (plain, f" {reference} ", reference.replace("-", " — "), f"ａ{plain[1:]}"):
        assert normalize(written) == reference


def test_one_wrong_digit_is_noticed() -> None:
    reference = new_reference(RecordKind.DROPOUT_CASE, now=NOW)
    for place in (1, 4, 6, 9, 11):
        wrong = reference[:place] + str((int(reference[place]) + 1) % 10) + reference[place + 1 :]
        assert normalize(wrong) is None


@pytest.mark.parametrize("text", ["", "你好", "B26-4830-215", "A26-4830", "A26-4830-2155"])
def test_what_is_no_reference(text: str) -> None:
    assert normalize(text) is None
