"""A dropout case's life through the JSON API, and that the description tells the truth of it."""

import base64
from typing import Any

import pytest

from storage.kinds import RecordKind, Role
from tests.web.conftest import Client, FakeService, add_officer, add_record, bearer
from tests.web.test_api import A1, D1, E1, get
from tests.web.test_record_persuading import picture

LOOK: dict[str, Any] = {"identity": True, "roll": True, "whereabouts": "在家"}


async def opened(service: FakeService, role: Role = Role.OFFICER) -> str:
    """A case; a token of an officer of its banner."""
    _, token = await add_officer(service, "乌云", role)
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported", age=14)
    return token


async def change(client: Client, token: str, command: str, ref: str = D1, **body: Any) -> Any:
    path = f"/api/v1/cases/{ref}/{command}"
    return await client.post(path, json=body, headers=bearer(token))


async def done(client: Client, token: str, command: str, **body: Any) -> dict[str, Any]:
    """The record after a change that must be allowed."""
    answer = await change(client, token, command, **body)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def test_the_file_of_a_child(client: Client, service: FakeService) -> None:
    token = await opened(service)
    empty = (await get(client, token, f"/cases/{D1}"))["child_file"]
    assert (empty["verified"], empty["responsible"], empty["visits"]) == (None, [], [])
    assert "核实" in empty["next_step"]
    assert (await done(client, token, "verify", **LOOK))["status"] == "verified"
    named = {"side": "school", "name": "李老师", "post": "班主任", "phone": "13948000001"}
    await done(client, token, "responsible", **named)
    await done(client, token, "responsible", side="village", officer="乌云")
    plan = {"measures": "送教", "resources": ["study"], "deadline": "2026-12-20"}
    assert (await done(client, token, "plan", **plan))["status"] == "persuading"
    visit = await done(client, token, "visit", method="上门", met="奶奶", who="李老师")
    first = visit["child_file"]["visits"][0]["id"]
    await done(client, token, "visit", method="上门", met="母亲", corrects=first)
    back = await done(client, token, "return", placement="vocational", school="旗职校")
    assert back["status"] == "placed"
    last = await done(client, token, "attendance", present=True)
    file = last["child_file"]
    assert [one["name"] for one in file["responsible"]] == ["李老师", "乌云"]
    assert [one["officer"] for one in file["responsible"]] == [None, "乌云"]
    assert (file["plan"]["version"], file["plan"]["deadline"]) == (1, "2026-12-20")
    assert [one["corrected_by"] is None for one in file["visits"]] == [False, True]
    assert file["placement"]["code"] == "vocational"
    assert (file["attendance"]["present"], file["attendance"]["next_on"]) == (1, "2026-11-24")
    lists = await get(client, token, "/cases")
    assert "child_file" not in lists["items"][0]


async def test_let_off_with_its_paper(client: Client, service: FakeService) -> None:
    token = await opened(service)
    leave = {"placement": "leave", "until": "2027-03-01"}
    refused = await change(client, token, "return", **leave)
    assert refused.status_code == 422 and "批准文件" in refused.text
    content = base64.b64encode(picture()).decode()
    await done(client, token, "papers", document="approval", name="批文.jpg", content=content)
    document = await done(client, token, "return", **leave)
    assert document["child_file"]["placement"]["until"] == "2027-03-01"
    assert document["child_file"]["attendance"] is None


@pytest.mark.parametrize(
    ("command", "body", "status"),
    [
        ("verify", {**LOOK, "roll": False}, 422),
        ("verify", {**LOOK, "is_dropout": False}, 422),
        ("verify", {**LOOK, "code": "excluded"}, 422),
        ("responsible", {"side": "school"}, 422),
        ("responsible", {"side": "province", "name": "甲"}, 422),
        ("plan", {"measures": "x", "deadline": "2020-01-01"}, 422),
        ("plan", {"measures": "x", "deadline": "2027-01-01", "resources": ["gold"]}, 422),
        ("attendance", {"present": True}, 422),
        ("duplicate", {"of": D1}, 422),
        ("duplicate", {"of": A1}, 422),
        ("papers", {"document": "evidence", "content": "QUJD"}, 422),
        ("papers", {"document": "evidence", "content": "QUJ"}, 422),
        ("papers", {"document": "evidence", "content": "///="}, 422),
        ("visit", {"corrects": 999}, 422),
        ("visit", {"next_on": 0}, 422),
        ("visit", {"next_on": "0"}, 422),
        ("visit", {"corrects": "1"}, 422),
        ("verify", {**LOOK, "roll": 1}, 422),
        ("verify", {**LOOK, "expected_version": "1"}, 422),
        ("verify", {**LOOK, "expected_version": 99}, 409),
    ],
)
async def test_refused_in_words(
    client: Client, service: FakeService, command: str, body: dict[str, Any], status: int
) -> None:
    token = await opened(service)
    await add_record(service, A1)
    answer = await change(client, token, command, **body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_what_is_no_dropout_case_has_no_such_life(
    client: Client, service: FakeService
) -> None:
    token = await opened(service)
    await add_record(service, E1, RecordKind.ESCALATION, status="open", type="human")
    answer = await change(client, token, "verify", ref=E1, **LOOK)
    assert answer.status_code == 422 and "转办事项" in answer.text
    assert "child_file" not in await get(client, token, f"/cases/{E1}")
    assert (await change(client, token, "verify", ref="D26-9999-999", **LOOK)).status_code == 404


async def test_a_clerk_logs_but_does_not_decide(client: Client, service: FakeService) -> None:
    token = await opened(service, Role.CLERK)
    assert (await change(client, token, "visit", method="上门")).status_code == 200
    assert (await change(client, token, "verify", **LOOK)).status_code == 403


async def test_the_description_names_the_file_and_its_commands(client: Client) -> None:
    document = (await client.get("/api/v1/openapi.json")).json()
    schemas = document["components"]["schemas"]
    for command in ("verify", "responsible", "plan", "attendance", "duplicate", "papers"):
        assert f"/api/v1/cases/{{ref}}/{command}" in document["paths"]
    assert "child_file" in schemas["RecordDocument"]["properties"]
    assert "child_file" not in schemas["RecordDocument"]["required"]
    assert set(schemas["VerifyChange"]["required"]) == {"identity", "roll", "whereabouts"}
