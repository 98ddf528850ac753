"""What an officer may choose as a password, and how passwords are kept and compared."""

import statistics
import time

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError

from bot.errors import Refused
from bot.login import passwords

GOOD = (
    "骆驼 搪瓷 二十七 柳条",
    "correct horse battery staple",
    "sain-baina-uu-7391",
    "k7#mQz!02pWx",
)


@pytest.mark.parametrize("password", GOOD)
def test_long_and_unusual_is_enough(password: str) -> None:
    passwords.check_chosen(password, "王芳")


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short-one",
        "x" * 201,
        "111111111111",
        "abababababab",
        "123412341234",
        "123456789012",
        "abcdefghijklm",
        "qwertyuiopas",
        "1qaz2wsx3edc",
        "password1234",
        "Password!!!!",
        "1234567admin",
        "adminadmin12",
        "woaini1314520",
        "neimenggu2026",
        "wangfangfang2026",
    ],
)
def test_what_is_guessed_first_is_refused_in_words(password: str) -> None:
    with pytest.raises(Refused) as refused:
        passwords.check_chosen(password, "wangfangfang")
    assert "密码" in refused.value.reason


def test_nobody_asks_for_signs_and_capitals() -> None:
    passwords.check_chosen("dalailamulunge", "王芳")


def test_what_we_make_up_is_always_good_and_never_the_same() -> None:
    made = {passwords.new_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        passwords.check_chosen(password, "王芳")


def test_the_parameters_are_those_of_the_rfc() -> None:
    found = extract_parameters(passwords.hasher().hash("x"))
    assert str(found.type) == "Type.ID"
    assert (found.memory_cost, found.time_cost, found.parallelism) == (65536, 3, 4)


def test_the_hash_of_nobody_costs_as_much_as_any_and_opens_nothing() -> None:
    nobody, ours = (
        extract_parameters(passwords.NOBODY),
        extract_parameters(passwords.hasher().hash("x")),
    )
    assert (nobody.memory_cost, nobody.time_cost, nobody.parallelism, nobody.type) == (
        (ours.memory_cost, ours.time_cost, ours.parallelism, ours.type)
    )
    with pytest.raises(VerifyMismatchError):  # and not InvalidHash, which would be quick
        passwords.hasher().verify(passwords.NOBODY, "x")


async def test_an_unknown_name_takes_as_long_as_a_wrong_password() -> None:
    real = passwords.hasher().hash("right")

    async def median(password_hash: str | None) -> float:
        spans = []
        for _ in range(5):
            begun = time.process_time()
            assert not await passwords.is_right(password_hash, "wrong")
            spans.append(time.process_time() - begun)
        return statistics.median(spans)

    unknown, wrong = await median(None), await median(real)
    assert 0.5 < unknown / wrong < 2


def test_a_weaker_hash_is_outdated() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x")
    assert passwords.is_outdated(weak)
    assert not passwords.is_outdated(passwords.hasher().hash("x"))
