"""Who may do what to lists and campaigns: every role x place gets one answer at every door."""

from typing import Any

import pytest

from bot.handlers.acting import Acting
from bot.rights.access import Action, Right, may
from bot.rights.actor import Actor
from bot.spreadsheets.lists import Heading, list_rows, take_list
from flows import commands as c
from storage.kinds import Audience, ListKind, Role, VisitState
from storage.models.outreach import Campaign
from tests.service.lists import CHILD, csv_of
from tests.web.conftest import FakeService, add_officer
from tests.web.test_matrix import CLERK, NEVER, OFFICER, RANK, SUPERVISOR, Doors, doors
from tests.web.test_outreach import PATH

__all__ = ["doors"]

pytestmark = pytest.mark.slow

SEEN = {"own": True, "below": True, "neighbour": False}
REGIONS = {"own": "152222", "below": "152222101", "neighbour": "152221"}
PLACES = list(SEEN)

FORMS: dict[str, tuple[Role, int, dict[str, str]]] = {
    "rows/{id}/note": (OFFICER, 303, {"state": "visited"}),
    "rows/{id}/match": (OFFICER, 422, {"target": "A26-0000-013", "same": "yes"}),
    "{id}/again": (OFFICER, 303, {}),
    "{id}/drop": (SUPERVISOR, 422, {"reason": ""}),
    "{id}/campaigns": (OFFICER, 422, {"template": "none", "audience": "all"}),
    "campaigns/{id}/try": (OFFICER, 409, {"version": str(NEVER)}),
    "campaigns/{id}/approve": (SUPERVISOR, 409, {"version": str(NEVER)}),
    "campaigns/{id}/start": (OFFICER, 409, {"version": str(NEVER)}),
    "campaigns/{id}/stop": (OFFICER, 409, {"version": str(NEVER), "reason": "x"}),
}
"""The least role, what one hears who may, and what is typed; written by hand."""

PAGES: dict[str, Role] = {
    "{id}": CLERK,
    "rows/{id}": CLERK,
    "{id}/visits": OFFICER,
    "{id}/visits?full=1": SUPERVISOR,
    "campaigns/{id}": OFFICER,
    "campaigns/{id}/progress": OFFICER,
}
RIGHTS: dict[Action, Role] = {
    Right.OUTREACH: CLERK,
    Right.OUTREACH_NAMES: OFFICER,
    Right.OUTREACH_PHONES: SUPERVISOR,
}


def commands(id: int) -> dict[str, c.OutreachCommand]:
    """The command behind each form."""
    return {
        "rows/{id}/note": c.NoteOutreach(id, VisitState.VISITED),
        "rows/{id}/match": c.JudgeMatch(id, "A26-0000-013", True),
        "{id}/again": c.CompareAgain(id),
        "{id}/drop": c.DropList(id, ""),
        "{id}/campaigns": c.DraftCampaign(id, "none", {}, Audience.ALL),
        "campaigns/{id}/try": c.TryCampaign(id, NEVER),
        "campaigns/{id}/approve": c.ApproveCampaign(id, NEVER),
        "campaigns/{id}/start": c.StartCampaign(id, NEVER),
        "campaigns/{id}/stop": c.StopCampaign(id, NEVER, "x"),
    }


async def fill(service: FakeService) -> None:
    """A list, its one row and its campaign in each place, all with the place's number."""
    for number, region in enumerate(REGIONS.values(), start=1):
        by, _ = await add_officer(service, f"importer-{number}", Role.SUPERVISOR, region)
        async with service.db.write() as uow:
            turn = Acting(uow, Actor.officer(by), service.now())
            heading = Heading(ListKind.DIBAO, f"名单{number}", region)
            child = {**CHILD, "region": ""}
            await take_list(turn, list_rows(csv_of(child)), heading)
            draft: dict[str, Any] = {"status": "draft", "audience": "all", "template": "visit"}
            draft |= {"text": "您好", "created_by_id": by.id, "created_at": service.now()}
            await uow.campaigns.add(Campaign(list_id=number, region_code=region, **draft))


def expected(door: Doors, place: str, least: Role, allowed: int) -> int:
    if not SEEN[place]:
        return 404
    return allowed if RANK.index(Role(door.officer.role)) >= RANK.index(least) else 403


async def test_every_form_has_one_answer_by_every_door(doors: dict[Role, Doors]) -> None:
    await fill(doors[CLERK].service)
    wrong: list[str] = []
    for role, door in doors.items():
        for id, place in enumerate(PLACES, start=1):
            built = commands(id)
            assert set(built) == set(FORMS)
            for form, (least, allowed, typed) in FORMS.items():
                data = {"_csrf_token": door.csrf, **typed}
                url = f"{PATH}/{form.format(id=id)}"
                desk = await door.client.post(url, data=data, follow_redirects=False)
                handled = await door.handler(built[form])
                want = expected(door, place, least, allowed)
                answers = (desk.status_code, 303 if handled == 200 else handled)
                if answers != (want, want):
                    wrong.append(f"{role} {place} {form} {want}: {answers}")
                if SEEN[place] and may(door.officer, type(built[form])) != (want == allowed):
                    wrong.append(f"{role} {form} may")
    assert wrong == []


async def test_every_page_is_for_those_with_the_role(doors: dict[Role, Doors]) -> None:
    await fill(doors[CLERK].service)
    wrong: list[str] = []
    for role, door in doors.items():
        for id, place in enumerate(PLACES, start=1):
            for page, least in PAGES.items():
                answer = await door.client.get(f"{PATH}/{page.format(id=id)}")
                want = expected(door, place, least, 200)
                if answer.status_code != want:
                    wrong.append(f"{role} {place} {page} {want}: {answer.status_code}")
        data = {"_csrf_token": door.csrf, "kind": "dibao"}
        files = {"file": ("a.csv", csv_of(CHILD), "text/csv")}
        sent = await door.client.post(PATH, data=data, files=files)
        if sent.status_code != expected(door, "own", SUPERVISOR, 200):
            wrong.append(f"{role} import: {sent.status_code}")
        for right, least in RIGHTS.items():
            if may(door.officer, right) != (RANK.index(role) >= RANK.index(least)):
                wrong.append(f"{role} {right}")
    assert wrong == []


async def test_a_list_of_the_league_shows_its_part_only(doors: dict[Role, Doors]) -> None:
    service = doors[CLERK].service
    by, _ = await add_officer(service, "盟里", Role.SUPERVISOR, "152200")
    rows = csv_of({**CHILD, "region": "高力板镇"}, {**CHILD, "name": "娜仁", "region": "突泉县"})
    async with service.db.write() as uow:
        turn = Acting(uow, Actor.officer(by), service.now())
        await take_list(turn, list_rows(rows), Heading(ListKind.DIBAO, "全盟", "152200"))
    door = doors[SUPERVISOR]
    page = (await door.client.get(f"{PATH}/1")).text
    assert "苏日娜" in page and "娜仁" not in page
    assert (await door.client.get(f"{PATH}/rows/2")).status_code == 404
    refused = {"_csrf_token": door.csrf, "reason": "x"}
    answer = await door.client.post(f"{PATH}/1/drop", data=refused, follow_redirects=False)
    assert answer.status_code == 404
    assert await door.handler(c.NoteOutreach(2, VisitState.VISITED)) == 404
