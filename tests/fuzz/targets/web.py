"""What stands in addresses and forms: cursors, moments, numbers of people."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from litestar.exceptions import PermissionDeniedException, ValidationException

from bot.cases import references
from bot.channels.telegram_in import domestic
from bot.clock import at_local, local_day
from bot.errors import Refused
from bot.login.second_factor import step_of
from bot.reports.scope import is_month, month_bounds
from bot.rights import masking
from bot.web.api.life import _decoded
from bot.web.api.query import moment_of
from bot.web.changes.form import day as form_day
from bot.web.desk.incidents import moment_of as moment_in_form
from bot.web.desk.training import _seats
from bot.web.door.addresses import masked
from bot.web.door.origin import check as check_origin
from bot.web.door.session_life import device_of
from bot.web.numbers import row_number
from nlu import contacts
from nlu.normalize import clean
from nlu.types import Context
from storage import paging
from storage.errors import BadCursor
from tests.fuzz.sentences import ODD
from tests.fuzz.targets.base import Target, words
from tests.fuzz.targets.language import MOMENTS, check_entity

_LEFT_OUT = dict.fromkeys(map(ord, "\t\r\n"))
"""What stands for nothing in an address."""

SITE: Any = SimpleNamespace(public_url="https://yulu.example")


def _cursor(content: bytes) -> None:
    said = words(content)[:400]
    for read in (paging.id_of, paging.moment_of):
        try:
            read(said)
        except BadCursor:
            continue


def _since(content: bytes) -> None:
    said = words(content)[:40]
    try:
        moment = moment_of(said)
    except ValidationException:
        return
    assert moment is not None
    moment.astimezone(UTC)  # as the database will


def _identity(content: bytes) -> None:
    said = words(content)
    for slot in (None, "phone", "id_number", "guardian_phone"):
        plain = clean(said)
        for entity in contacts.find(plain, Context(MOMENTS[0], slot)):
            check_entity(entity, plain)
            if entity.entity == "id_number" and entity.valid:
                date(int(str(entity.value)[6:10]), int(str(entity.value)[10:12]), 1)
    contacts.id_is_valid(said)
    contacts.phone_is_valid(said)
    domestic(said)
    reference = references.normalize(said)
    assert reference is None or references.normalize(reference) == reference
    masking.masked_text(masking.masked_ids(said))


def _forms(content: bytes) -> None:
    """What stands in a field of a form, a header or an address: read, or refused in words."""
    said = words(content)[:400]
    found: datetime | date | None
    for read in (moment_in_form, form_day):
        try:
            found = read({"x": said}, "x")
        except Refused as refused:
            assert refused.reason
        else:
            _reckoned(found)
    if is_month(said):
        month_bounds(said)
    for read_one in (_seats, _decoded):
        try:
            read_one(said)
        except Refused as refused:
            assert refused.reason
    row_number(said)
    masked(said)
    assert len(device_of(said)) < 40
    _second_factor(said)
    _from_elsewhere(said)


def _reckoned(found: datetime | date | None) -> None:
    if isinstance(found, datetime):
        local_day(found + timedelta(days=3660)), local_day(found - timedelta(days=3660))
    elif found is not None:
        at_local(found + timedelta(days=3660), time.min), at_local(found, time.min)


def _second_factor(said: str) -> None:
    """A code as it was typed, from any alphabet."""
    step = step_of("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", said, MOMENTS[0], None)
    assert step is None or (len(said) == 6 and said.isdecimal())


def _from_elsewhere(said: str) -> None:
    headers = {b"origin": said.encode("latin-1", "replace"), b"host": b"yulu.example"}
    try:
        check_origin(SITE, headers)
    except PermissionDeniedException:
        return
    assert "yulu.example" in said.translate(_LEFT_OUT)


def _cursors() -> list[bytes]:
    made = [paging.to_cursor(7), paging.to_cursor("2026-11-23T02:00:00+00:00", 2, 9)]
    return [one.encode() for one in (*made, "W10", "WzFd", "e30", "", "=", "5Lit")]


def _moments() -> list[bytes]:
    said = b"2026-11-23 2026-11-23T10:00:00+08:00 20261123T100000Z 2026-W48-1 0001-01-01"
    return [*said.split(), b"2026-11-23 10:00", b"9999-12-31T23:59:59-23:59"]


def _people() -> list[bytes]:
    said = [
        "13947820000",
        "+86 139 4782 0000",
        "0482-4123456",
        "身份证15010220120307222X",
        "一三九四七八二〇〇〇〇",
        "电话是139",
        "A26-4830-215",
    ]
    return [one.encode() for one in (*said, *ODD)]


def _fields() -> list[bytes]:
    said = (
        *("2026-11-23", "2026-11-26T09:30", "0001-01-01", "9999-12-31T23:59", "9999-12", "2026-11"),
        *(
            "https://yulu.example",
            "http://[::1",
            "null",
            "Mozilla/5.0 (Linux; Android 14) Chrome/1",
        ),
        *(
            "fe80::1%eth0",
            "::ffff:1.2.3.4",
            "10.0.0.1",
            "123456",
            "１２３４５６",
            "aGVsbG8=",
            "学习",
        ),
        "000000001999999999999999",
    )
    return [one.encode() for one in said]


TARGETS = (
    Target("forms", _forms, _fields, 0.04, longest=600),
    Target("cursors", _cursor, _cursors, 0.05),
    Target("since", _since, _moments, 0.02),
    Target("identity", _identity, _people, 0.03, longest=900),
)
