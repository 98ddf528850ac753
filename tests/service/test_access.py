"""Officers reach records by role and region only, and every read leaves a trace."""

import pytest

from bot.errors import NotFound
from bot.rights.access import access_record, has_role, may_see
from storage.db import Database
from storage.kinds import Role
from tests.service import support as s


@pytest.mark.parametrize(
    ("region", "role", "place", "expected"),
    [
        (s.BANNER, Role.CLERK, s.VILLAGE, True),
        (s.TOWN, Role.OFFICER, s.BANNER, False),
        ("152221", Role.ADMIN, s.BANNER, False),
        ("152221", Role.ADMIN, None, True),
        ("152221", Role.SUPERVISOR, None, False),
        ("150000", Role.OFFICER, None, True),
    ],
)
async def test_who_may_see(
    db: Database, region: str, role: Role, place: str | None, expected: bool
) -> None:
    officer = await s.officer(db, "甲", role, region)
    record = await s.record(db, await s.dropout(db, (await s.person(db)).actor, place))
    assert may_see(officer, record) is expected


async def test_every_read_is_audited(any_db: Database) -> None:
    officer = await s.officer(any_db, "甲")
    stranger = await s.officer(any_db, "乙", region="152221")
    reference = await s.dropout(any_db, (await s.person(any_db)).actor)
    async with any_db.write() as uow:
        record = await access_record(uow, officer, reference.lower().replace("-", ""), s.NOW)
        assert record.reference == reference
        with pytest.raises(NotFound):
            await access_record(uow, stranger, reference, s.NOW)
        with pytest.raises(NotFound):
            await access_record(uow, officer, "D26-9999-999", s.NOW)
    async with any_db.read() as uow:
        entry = (await uow.audit.of(reference))[-1]
    assert (entry.action, entry.actor_id, entry.region_code) == ("read", officer.id, s.BANNER)


@pytest.mark.parametrize(
    ("role", "least", "expected"),
    [
        ("clerk", Role.CLERK, True),
        ("clerk", Role.OFFICER, False),
        (Role.ADMIN, Role.SUPERVISOR, True),
        (None, Role.CLERK, False),
    ],
)
def test_roles_include_lower_ones(role: str | None, least: Role, expected: bool) -> None:
    assert has_role(role, least) is expected
