"""Lists of families and the campaigns for them: one a banner, half of them stopped soon."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from nlu.sounds import sound
from storage.db import Database
from storage.keys import Keyring
from storage.models.outreach import OutreachList, OutreachRow
from tests.autumn.families import chunks

WORDS_FROM = date(2026, 9, 1)
"""Since when the words of the campaigns may be used."""
SHARE = 0.2
LEAST = 3
_MOST_DAYS = 75
_LEFT = 3
_GIVEN = "安白昌达恩芳刚海杰凯兰明宁鹏强荣山涛伟欣勇志春东飞光红军丽梅琴松文雪云泽"
_SOUNDS = list({sound(char): char for char in _GIVEN}.values())


@dataclass(frozen=True)
class Mailing:
    """A list, and the campaign of the same number for those of it who have not applied."""

    id: int
    banner: str
    families: tuple[int, ...]
    begins: date
    stops: date | None


def make_mailings(
    banners: Mapping[int, str], seed: int, first: date, last: date
) -> dict[int, Mailing]:
    """One for each banner in which enough families live; none when the time is too short."""
    rng = Random(seed * 7919)
    found: list[tuple[date, str, tuple[int, ...], date | None]] = []
    early, late = max(first + timedelta(days=1), WORDS_FROM), last - timedelta(days=_LEFT)
    for banner in sorted(set(banners.values())):
        there = [family for family, home in banners.items() if home == banner]
        many = max(LEAST, round(len(there) * SHARE))
        if len(there) < many or late < early:
            continue
        begins = early + timedelta(days=rng.randrange(min((late - early).days + 1, _MOST_DAYS)))
        stops = begins + timedelta(days=rng.randrange(1, 4)) if rng.random() < 0.5 else None
        found.append((begins, banner, tuple(sorted(rng.sample(there, many))), stops))
    found.sort(key=lambda one: one[:2])
    return {
        id: Mailing(id, banner, families, begins, stops)
        for id, (begins, banner, families, stops) in enumerate(found, 1)
    }


def phone_of(family: int) -> str:
    """The number of a family, of its own."""
    return f"139{family:08d}"


async def settle_lists(db: Database, mailings: Mapping[int, Mailing], at: datetime) -> None:
    """The lists as they were imported and compared, before anything happens."""
    rows = [row for mailing in mailings.values() for row in _rows(db.keyring, mailing, at)]
    async with db.write() as uow:
        if mailings:
            lists = [_list(mailing, at) for mailing in mailings.values()]
            await uow.session.execute(insert(OutreachList), lists)
        for some in chunks(rows):
            await uow.session.execute(insert(OutreachRow), list(some))


def _list(mailing: Mailing, at: datetime) -> dict[str, Any]:
    title = {"kind": "dibao", "title": f"名单{mailing.id}", "file_name": "名单.csv"}
    until = date(at.year + 1, 12, 31)
    return {
        "id": mailing.id,
        "region_code": mailing.banner,
        "imported_at": at,
        "until": until,
        **title,
    }


def _rows(keyring: Keyring, mailing: Mailing, at: datetime) -> Iterator[dict[str, Any]]:
    for number, family in enumerate(mailing.families, 1):
        phone, name = phone_of(family), _name(family)
        yield {
            "list_id": mailing.id,
            "number": number,
            "identity": f"{family:064d}",
            "name": name,
            "name_key": sound(name),
            "region_code": mailing.banner,
            "phone": phone,
            "phone_hash": keyring.blind(phone),
            "compared_at": at,
            "applied": "none",
            "enrolled": "none",
            "dropped": "none",
        }


def _name(family: int) -> str:
    """A name that sounds like no other family's."""
    base = len(_SOUNDS)
    return "王" + "".join(_SOUNDS[family // base**place % base] for place in range(3))
