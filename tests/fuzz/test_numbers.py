"""Properties of numbers, phones, identity numbers and references, against second opinions."""

from datetime import date

import cn2an
import phonenumbers
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from stdnum.cn import ric

from bot.cases import references
from bot.rights.masking import masked_ids
from nlu.contacts import id_is_valid, phone_is_valid
from nlu.entities import extract
from nlu.numerals import parse, parse_small
from nlu.types import Context
from storage.kinds import RecordKind
from tests.conversation import START
from tests.fuzz.spelling import fullwidth, han, traditional

QUICK = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
NUMBERS = st.integers(0, 99_999_999)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def values(text: str, kind: str, expecting: str | None = None) -> list[object]:
    return [e.value for e in extract(text, Context(START, expecting)) if e.entity == kind]


@QUICK
@given(NUMBERS)
@example(10)
@example(110)
@example(10_010)
@example(20_000_002)
def test_a_number_reads_as_itself_however_it_is_written(number: int) -> None:
    for said in (str(number), f"{number:,}", han(number), cn2an.an2cn(number, "low")):
        assert parse(said) == number, said
    assert parse(cn2an.an2cn(number, "low").replace("二千", "两千")) == number


@QUICK
@given(NUMBERS)
def test_two_writers_of_numerals_agree(number: int) -> None:
    """Ours, made for the tests, and cn2an's, which `nlu.numerals` reads with."""
    other = cn2an.an2cn(number, "low")
    assert han(number) in (other, other.removeprefix("一") if other.startswith("一十") else other)


@QUICK
@given(st.integers(1, 99))
def test_small_numbers_are_no_ranges(number: int) -> None:
    assert parse_small(han(number)) == number


@QUICK
@given(st.integers(4, 22))
def test_an_age_is_the_same_in_every_script(age: int) -> None:
    for said in (f"{age}岁", f"{han(age)}岁", fullwidth(f"{age}岁"), traditional(f"{han(age)}岁")):
        for text in (f"孩子今年{said}", f"孩子今年{said}，", f" 孩子今年{said} "):
            assert values(text, "age") == [age], text


@QUICK
@given(st.integers(1, 99).map(lambda n: n * 1000))
def test_an_income_is_the_same_however_it_is_written(yuan: int) -> None:
    for said in (f"{yuan}元", f"{yuan}块", f"{han(yuan)}元", fullwidth(str(yuan)) + "元"):
        assert values(f"一年收入{said}", "money") == [yuan], said


DIGITS = st.text("0123456789", min_size=9, max_size=9)


@QUICK
@given(st.sampled_from("3456789"), DIGITS)
def test_a_mobile_is_read_however_it_is_set(second: str, rest: str) -> None:
    number = f"1{second}{rest}"
    spaced = f"{number[:3]} {number[3:7]} {number[7:]}"
    for said in (number, spaced, spaced.replace(" ", "-"), f"+86{number}", fullwidth(number)):
        assert values(f"我的电话{said}。", "phone") == [number], said
    assert phone_is_valid(number)
    assert phonenumbers.is_possible_number(phonenumbers.parse(number, "CN"))


@QUICK
@given(st.text("0123456789", min_size=5, max_size=13))
def test_no_phone_is_valid_that_a_second_library_calls_impossible(number: str) -> None:
    if phone_is_valid(number):
        assert phonenumbers.is_possible_number(phonenumbers.parse(number, "CN"))


PEOPLE = st.tuples(
    st.sampled_from(("152222", "152301", "110101")),
    st.dates(date(1930, 1, 1), date(2026, 1, 1)),
    st.integers(0, 999),
)


def number_of(place: str, born: date, order: int) -> str:
    """An identity number with its check digit, by the rule of GB 11643 written out here."""
    head = f"{place}{born:%Y%m%d}{order:03d}"
    rest = sum(int(digit) * weight for digit, weight in zip(head, WEIGHTS, strict=True)) % 11
    return head + "10X98765432"[rest]


@QUICK
@given(PEOPLE, st.integers(0, 16), st.integers(1, 9))
def test_an_identity_number_is_valid_and_no_slip_of_it_is(
    who: tuple[str, date, int], place: int, shift: int
) -> None:
    number = number_of(*who)
    assert id_is_valid(number)  # ric.is_valid would ask whether the county was there then
    slipped = str((int(number[place]) + shift) % 10)
    wrong = number[:place] + slipped + number[place + 1 :]
    assert not id_is_valid(wrong) and not ric.is_valid(wrong)
    spaced = f"{number[:6]} {number[6:14]} {number[14:]}"
    for said in (number, number.lower(), spaced, fullwidth(number)):
        assert values(f"身份证{said}", "id_number") == [number], said
    assert number not in masked_ids(f"身份证{number}，") and number[-4:] in masked_ids(number)


@QUICK
@given(st.sampled_from(RecordKind), st.integers(0, 8), st.integers(1, 9))
def test_a_reference_reads_as_itself_and_a_slip_is_noticed(
    kind: RecordKind, place: int, shift: int
) -> None:
    number = references.new_reference(kind, now=START)
    letter, year, head, tail = number[0], number[1:3], number[4:8], number[9:]
    shapes = (number, number.lower(), fullwidth(number), f"{letter} {year} {head} {tail}")
    assert {references.normalize(said) for said in shapes} == {number}
    digits = [at for at, sign in enumerate(number) if sign.isdigit()]
    at = digits[place % len(digits)]
    slipped = number[:at] + str((int(number[at]) + shift) % 10) + number[at + 1 :]
    assert references.normalize(slipped) is None
