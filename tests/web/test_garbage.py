"""Garbage at every address: wrong types, broken bodies, made-up cookies; never a 500."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar

from bot.web.door.cookies import DEVICE, FORM, SESSION, TICKET
from storage.kinds import RecordKind, Role
from tests.fuzz import mutating
from tests.fuzz.sentences import ODD
from tests.web.conftest import Client, FakeService, add_officer, add_record

pytestmark = pytest.mark.slow

KNOWN = "D26-0000-013"
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
TYPES = (
    "application/json",
    "text/plain",
    "application/xml",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
    "application/json; charset=utf-16",
    "",
)
BODIES = (
    b"",
    b"{",
    b"[]",
    b"null",
    b'{"expected_version": "x"}',
    b'{"expected_version": 1e999, "text": {"a": [1]}}',
    b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--",
    b"--x\r\n\r\n",
    b"a=1&a=2&csrf=%ff%00",
    b"\xff\xfe\x00" * 50,
    b"[" * 5000,
    b"9" * 5000,
)
FILTERS = (
    "",
    "?limit=-1&cursor=%00",
    "?updated_since=0001-01-01&overdue=maybe",
    "?cursor=WzEsMiwzXQ&limit=99999999999999999999",
    "?region=%F0%9F%98%80&assigned_to=99999999999999999999",
    "?status[]=a&kind=none&q=%25%25'%22",
    "?month=2026-13&on=9999-99-99&page=-1&day=x",
)
IMPOSSIBLE = ("%F0%9F%98%80", "..%2f..", "99999999999999999999", "A26-0000-000", "%00")
LISTENS = ("live", "stream", "events", "static")
"""Parts of addresses that answer for as long as somebody listens, or are files."""


def addresses(server: Litestar, chance: random.Random) -> Iterator[str]:
    """Every address, its parameters filled in with what exists and with what cannot."""
    for route in server.routes:
        path = route.path_format
        if any(part in path for part in LISTENS):
            continue
        for value in (KNOWN, "1", chance.choice(IMPOSSIBLE)):
            filled = "/".join(value if "{" in part else part for part in path.split("/"))
            yield filled or "/"
            if "{" not in path:
                break


def cookies(chance: random.Random) -> dict[str, str]:
    """What a broken or lying browser sends along."""
    said = mutating.text("x" * 50, chance.choice(ODD), chance, 200).encode("ascii", "ignore")
    plain = "".join(chr(byte) for byte in said if 32 < byte < 127 and chr(byte) not in ';,"\\')
    return dict.fromkeys((SESSION, DEVICE, FORM, TICKET), plain)


async def test_nothing_that_is_sent_breaks_the_server(
    client: Client, server: Litestar, service: FakeService
) -> None:
    _, token = await add_officer(service, "主管", Role.SUPERVISOR, "150000")
    await add_record(service, KNOWN, RecordKind.DROPOUT_CASE, status="reported")
    chance, broken, asked = random.Random(20261126), [], 0
    for path in sorted(set(addresses(server, chance))):
        for method in ("GET", "POST", chance.choice(OTHER_METHODS)):
            kind, body = chance.choice(TYPES), chance.choice(BODIES)
            headers = {"content-type": kind, "accept": chance.choice(("*/*", "text/html", "x"))}
            if chance.random() < 0.6:
                headers["authorization"] = f"Bearer {token}"
            sent: dict[str, Any] = {"headers": headers, "cookies": cookies(chance)}
            address = path + chance.choice(FILTERS)
            answer = await client.request(method, address, content=body, **sent)
            asked += 1
            if answer.status_code >= 500 and answer.status_code != 503:
                broken.append(f"{method} {address} {kind} {body[:40]!r}: {answer.status_code}")
    assert asked > 300
    assert broken == []
