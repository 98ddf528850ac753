"""Passwords: the ones we make up, what an officer may choose, and how they are kept."""

import asyncio
import re
import secrets
from functools import cache
from typing import TYPE_CHECKING

from bot.errors import Refused

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 12
LONGEST = 200
FEWEST_LETTERS = 5

NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5IGF0IGFsbA$mYc4xyPPJyRBGUwrQv0ZP0G8T3Tz0H2Ik0rJYx0kq2s"
)
"""The hash of no password: an unknown name must take as long as a wrong password."""

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else
_ROWS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
)
_USUAL = frozenset(
    word
    for line in (
        "password passw0rd p@ssword p@ssw0rd admin administrator root user test guest welcome",
        "letmein iloveyou woaini woaini1314 5201314 1314520 monkey dragon login master qwerty abc",
        "asdf zxcvbn yulu neimenggu neimeng jiaoyu jiaoyuju xuexiao laoshi huhehaote chifeng",
        "tongliao xingan baotou hulunbeier ordos eerduosi admin888 a123456 aa123456 woaizhongguo",
        "zhongguo china",
    )
    for word in line.split()
)
"""What people take first; written by us, not a list of leaked passwords."""


def new_password() -> str:
    """16 characters in groups, easy to copy from a screen: about 79 bits."""
    letters = [secrets.choice(_LETTERS) for _ in range(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))


def check_chosen(password: str, name: str) -> None:
    """Raise Refused with the reason for a password that is soon guessed; no rules of signs."""
    if len(password) < SHORTEST:
        raise Refused(f"密码太短了，至少要 {SHORTEST} 个字。可以用几个不相干的词连起来。")
    if len(password) > LONGEST:
        raise Refused(f"密码太长了，最多 {LONGEST} 个字。")
    if is_usual(password, name):
        raise Refused("这个密码太好猜了。请换一个，可以用几个不相干的词连起来。")


def is_usual(password: str, name: str = "") -> bool:
    """Whether a password is among the first that somebody tries."""
    plain = password.lower()
    core = re.sub(r"[\W_\d]+$|^[\W_\d]+", "", plain)
    if len(set(plain)) < FEWEST_LETTERS or _is_repeated(plain) or core in _USUAL:
        return True
    if len(core) <= 2 or (len(name) > 1 and core == name.lower()):
        return True
    return any(plain in row or plain in row[::-1] for row in _ROWS) or _is_usual_twice(core)


def _is_repeated(plain: str) -> bool:
    """A short piece over and over: abcabcabcabc."""
    return any(
        plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, len(plain) // 2 + 1)
    )


def _is_usual_twice(core: str) -> bool:
    """Two of the usual words side by side: adminadmin1, passwordadmin."""
    return any(core[:at] in _USUAL and core[at:].strip("@_-. ") in _USUAL for at in range(3, 14))


@cache
def hasher() -> "PasswordHasher":
    """argon2id with the second recommendation of RFC 9106: 64 MB, three passes, four lanes."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)


async def hashed(password: str) -> str:
    """The argon2 hash of a password, computed in a thread because it is slow on purpose."""
    return await asyncio.to_thread(hasher().hash, password)


async def is_right(password_hash: str | None, password: str) -> bool:
    """Whether this is the password; takes as long when there is none to compare with."""
    return await asyncio.to_thread(_matches, password_hash or NOBODY, password[:LONGEST])


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made with other parameters than ours."""
    return hasher().check_needs_rehash(password_hash)


def _matches(password_hash: str, password: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return hasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
