"""What any record takes, by the JSON API: an application hears the same words as a case."""

from typing import Any

import pytest

from bot.handlers.transitions import TABLES
from flows import commands as c
from storage.kinds import RecordKind
from tests.web.conftest import Client, FakeService, add_officer, add_record, bearer
from tests.web.test_api import A1, D1

APPLICATION = f"/api/v1/applications/{A1}"


async def _post(client: Client, token: str, path: str, **body: Any) -> tuple[int, Any]:
    answer = await client.post(path, json=body, headers=bearer(token))
    return answer.status_code, answer.json()


async def test_an_application_is_talked_about_and_handed_back(
    client: Client, service: FakeService
) -> None:
    officer, token = await add_officer(service, "乌云")
    record = await add_record(service, A1)
    status, shown = await _post(client, token, f"{APPLICATION}/note", text="问过班主任")
    assert (status, shown["events"][-1]["action"]) == (200, "note")
    status, shown = await _post(client, token, f"{APPLICATION}/assign", officer="乌云")
    assert (status, shown["assigned_to"]) == (200, "乌云")
    assert (await _post(client, token, f"{APPLICATION}/reply", text="材料收到了"))[0] == 200
    async with service.db.read() as uow:
        assert record.conversation_id is not None
        talk = await uow.conversations.get(record.conversation_id)
        assert talk is not None and talk.officer_id == officer.id
    assert (await _post(client, token, f"{APPLICATION}/hand-back"))[0] == 200
    async with service.db.read() as uow:
        talk = await uow.conversations.get(record.conversation_id)
        assert talk is not None and talk.officer_id is None


async def test_an_application_climbs_and_a_rejected_one_is_opened_again(
    client: Client, service: FakeService
) -> None:
    _, token = await add_officer(service, "乌云")
    await add_officer(service, "盟里", region="152200")
    await add_record(service, A1)
    climbed = [await _post(client, token, f"{APPLICATION}/escalate", reason="急") for _ in "12"]
    assert [shown["assigned_to"] for _, shown in climbed] == ["乌云", "盟里"]
    assert (await _post(client, token, f"{APPLICATION}/reject", reason="不符合"))[0] == 200
    status, shown = await _post(client, token, f"{APPLICATION}/reopen", reason="有新证明")
    assert (status, shown["status"]) == (200, "under_review")


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("note", {"text": "看过"}),
        ("reply", {"text": "您好"}),
        ("assign", {}),
        ("escalate", {"reason": "急"}),
        ("hand-back", {}),
    ],
)
async def test_whoever_is_slower_hears_so(
    client: Client, service: FakeService, command: str, body: dict[str, Any]
) -> None:
    _, token = await add_officer(service, "乌云")
    await add_record(service, A1)
    answer = await client.post(
        f"{APPLICATION}/{command}", json={**body, "expected_version": 99}, headers=bearer(token)
    )
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_case_has_no_door_under_applications(client: Client, service: FakeService) -> None:
    _, token = await add_officer(service, "乌云")
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    path = f"/api/v1/applications/{D1}/note"
    assert (await _post(client, token, path, text="看过"))[0] == 404


async def test_the_description_has_what_each_kind_takes(client: Client) -> None:
    paths = (await client.get("/api/v1/openapi.json")).json()["paths"]
    for name in ("note", "reply", "assign", "escalate", "reopen", "hand-back", "transfer"):
        for kind in ("cases", "applications"):
            said = paths[f"/api/v1/{kind}/{{ref}}/{name}"]["post"]
            assert said["description"] and "409" in said["responses"]
    assert c.AddNote in TABLES[RecordKind.TRAINING_REGISTRATION]
    assert "/api/v1/registrations/{ref}/note" in paths
    assert "/api/v1/registrations/{ref}/assign" not in paths
