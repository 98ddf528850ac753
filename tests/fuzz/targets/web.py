"""What stands in addresses and forms: cursors, moments, numbers of people."""

from datetime import UTC, date

from litestar.exceptions import ValidationException

from bot.cases import references
from bot.channels.telegram_in import domestic
from bot.rights import masking
from bot.web.api.query import moment_of
from nlu import contacts
from nlu.normalize import clean
from nlu.types import Context
from storage import paging
from storage.errors import BadCursor
from tests.fuzz.sentences import ODD
from tests.fuzz.targets.base import Target, words
from tests.fuzz.targets.language import MOMENTS, check_entity


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


TARGETS = (
    Target("cursors", _cursor, _cursors, 0.05),
    Target("since", _since, _moments, 0.02),
    Target("identity", _identity, _people, 0.03, longest=900),
)
