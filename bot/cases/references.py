"""Reference numbers fit to be read over the phone: A26-4830-215, with a digit against slips."""

import re
import secrets
import unicodedata
from datetime import datetime

from stdnum import luhn

from bot.clock import SHANGHAI
from storage.kinds import EscalationType, RecordKind

LETTERS: dict[RecordKind, str] = {
    RecordKind.AID_APPLICATION: "A",
    RecordKind.DROPOUT_CASE: "D",
    RecordKind.TRAINING_REGISTRATION: "T",
    RecordKind.ESCALATION: "E",
}
_SHAPE = re.compile(r"([ADTE])(\d{2})(\d{4})(\d{3})")


def new_reference(kind: RecordKind, type: EscalationType | None = None, *, now: datetime) -> str:
    """A fresh reference of the kind; random, so that nobody can guess or count records."""
    return _number(LETTERS[kind], now)


def session_reference(now: datetime) -> str:
    """A fresh reference of a training session."""
    return _number("S", now)


def _number(letter: str, now: datetime) -> str:
    year = f"{now.astimezone(SHANGHAI):%y}"
    digits = year + f"{secrets.randbelow(1_000_000):06d}"
    number = digits[2:] + str(luhn.calc_check_digit(digits))
    return f"{letter}{year}-{number[:4]}-{number[4:]}"


def normalize(text: str) -> str | None:
    """The canonical form of a reference as somebody wrote it, or None when it cannot be one."""
    plain = re.sub(r"[\s\-_—–·.]", "", unicodedata.normalize("NFKC", text)).upper()
    match = _SHAPE.fullmatch(plain)
    if match is None or not luhn.is_valid("".join(match.groups()[1:])):
        return None
    letter, year, head, tail = match.groups()
    return f"{letter}{year}-{head}-{tail}"
