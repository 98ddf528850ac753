"""Who may do what to the ledger of faults: every role x place has one answer at every door."""

from typing import Any

import pytest

from bot.cases import rectifying
from bot.errors import ServiceError
from bot.rights.access import Right, may
from storage.kinds import Role
from tests.web.conftest import FakeService, add_officer, bearer
from tests.web.test_matrix import (
    CLERK,
    NEVER,
    OFFICER,
    RANK,
    STATUSES,
    SUPERVISOR,
    Doors,
    doors,
)
from tests.web.test_rectifications import FAULT, PATH

__all__ = ["doors"]

pytestmark = pytest.mark.slow

REGIONS = {"own": "152222", "below": "152222101", "neighbour": "152221", "above": "152200"}
SEEN = ("own", "below")
STEPS: dict[str, tuple[Role, dict[str, str]]] = {
    "progress": (OFFICER, {"evidence": "补了十份"}),
    "close": (SUPERVISOR, {}),
}
"""The least role for a step and what is typed; written by hand."""
RIGHTS = {Right.RECTIFY: OFFICER, Right.CLOSE_RECTIFICATION: SUPERVISOR}


async def fill(service: FakeService) -> dict[str, int]:
    """A fault in each place; their numbers."""
    found: dict[str, int] = {}
    for place, region in REGIONS.items():
        by, _ = await add_officer(service, f"inspector-{place}", Role.SUPERVISOR, region)
        async with service.db.write() as uow:
            told = {**FAULT, "region": region}
            found[place] = (await rectifying.enter(uow, by, told, service.now())).id
    return found


def expected(door: Doors, place: str, least: Role, allowed: int) -> int:
    if place not in SEEN:
        return 404
    return allowed if RANK.index(Role(door.officer.role)) >= RANK.index(least) else 403


async def itself(door: Doors, name: str, id: int, typed: dict[str, str]) -> int:
    """What the function behind both doors says."""
    asked, now = rectifying.Asked(id, NEVER), door.service.now()
    try:
        async with door.service.db.write() as uow:
            if name == "close":
                await rectifying.close(uow, door.officer, asked, now)
            else:
                await rectifying.progress(uow, door.officer, asked, typed, now)
    except ServiceError as error:
        return STATUSES.get(type(error), 422)
    return 200


async def test_every_step_has_one_answer_by_every_door(doors: dict[Role, Doors]) -> None:
    ids = await fill(doors[CLERK].service)
    wrong: list[str] = []
    for role, door in doors.items():
        for place, id in ids.items():
            for name, (least, typed) in STEPS.items():
                data = {"_csrf_token": door.csrf, "version": str(NEVER), **typed}
                desk = await door.client.post(
                    f"{PATH}/{id}/{name}", data=data, follow_redirects=False
                )
                body: dict[str, Any] = {**typed, "expected_version": NEVER}
                want = expected(door, place, least, 409)
                answers = {
                    desk.status_code,
                    await door.api(f"rectifications/{id}/{name}", body),
                    await itself(door, name, id, typed),
                }
                if answers != {want}:
                    wrong.append(f"{role} {place} {name} {want}: {answers}")
            seen = await door.api(f"rectifications/{id}")
            if seen != expected(door, place, CLERK, 200):
                wrong.append(f"{role} {place} read: {seen}")
        for right, least in RIGHTS.items():
            if may(door.officer, right) != (RANK.index(role) >= RANK.index(least)):
                wrong.append(f"{role} {right}")
    assert wrong == []


async def test_a_fault_is_entered_for_the_own_place_only(doors: dict[Role, Doors]) -> None:
    wrong: list[str] = []
    for role, door in doors.items():
        for place, region in REGIONS.items():
            fault = {**FAULT, "region": region}
            data = {"_csrf_token": door.csrf, **fault}
            desk = await door.client.post(PATH, data=data, follow_redirects=False)
            url, headers = "/api/v1/rectifications", bearer(door.token)
            api = await door.client.post(url, json=fault, headers=headers)
            allowed = (303, 201) if place in SEEN else (422, 422)
            want = (403, 403) if role is CLERK else allowed
            if (desk.status_code, api.status_code) != want:
                wrong.append(f"{role} {place}: {desk.status_code} {api.status_code}")
    assert wrong == []
