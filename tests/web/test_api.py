"""The JSON API: tokens, scope, filters, documents, commands, versions, problems."""

from typing import Any

import pytest
from sqlalchemy import Engine, event

from storage.kinds import RecordKind, Role
from tests.web.conftest import (
    BANNER,
    OTHER_BANNER,
    Client,
    FakeService,
    add_officer,
    add_record,
    bearer,
)

A1, A2, D1, E1 = "A26-0000-013", "A26-0000-026", "D26-0000-013", "E26-0000-013"


async def get(client: Client, token: str, path: str) -> dict[str, Any]:
    answer = await client.get(f"/api/v1{path}", headers=bearer(token))
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


@pytest.mark.parametrize("headers", [{}, bearer("nonsense"), {"authorization": "Basic abc"}])
async def test_without_a_token_nothing_is_said(client: Client, headers: dict[str, str]) -> None:
    for path in ("/cases", f"/cases/{D1}", "/sessions", "/people", "/audit", "/reminders"):
        answer = await client.get(f"/api/v1{path}", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_switched_off_account_has_no_access(client: Client, service: FakeService) -> None:
    officer, token = await add_officer(service, "乌云")
    async with service.db.write() as uow:
        row = await uow.officers.get(officer.id)
        assert row is not None
        row.active = False
    assert (await client.get("/api/v1/cases", headers=bearer(token))).status_code == 401


async def test_guessing_tokens_is_slowed_down(client: Client, service: FakeService) -> None:
    codes = [
        (await client.get("/api/v1/cases", headers=bearer(f"guess-{n}"))).status_code
        for n in range(61)
    ]
    assert codes[-2:] == [401, 429]
    service.wait(minutes=2)
    assert (await client.get("/api/v1/cases", headers=bearer("again"))).status_code == 401


async def test_officers_see_their_region_only(client: Client, service: FakeService) -> None:
    _, token = await add_officer(service, "乌云", region=BANNER)
    _, other = await add_officer(service, "斯琴", region=OTHER_BANNER)
    _, whole = await add_officer(service, "巴图", Role.ADMIN, "150000")
    await add_record(service, A1)
    assert [r["reference"] for r in (await get(client, token, "/applications"))["items"]] == [A1]
    assert (await get(client, other, "/applications"))["items"] == []
    assert len((await get(client, whole, "/applications"))["items"]) == 1
    hidden = await client.get(f"/api/v1/applications/{A1}", headers=bearer(other))
    assert hidden.status_code == 404
    note = await client.post(f"/api/v1/cases/{A1}/note", json={"text": "x"}, headers=bearer(other))
    assert note.status_code == 404


async def test_a_record_has_the_shape_of_the_contract(client: Client, service: FakeService) -> None:
    _, token = await add_officer(service, "乌云")
    await add_record(service, A1, id_number="152222201501010014", grade="初中二年级")
    await add_record(
        service, E1, RecordKind.ESCALATION, status="open", type="complaint", detail="没发钱"
    )
    document = await get(client, token, f"/applications/{A1}")
    assert set(document) >= {
        *("reference", "kind", "status", "version", "region", "opened_at", "updated_at"),
        *("due_at", "assigned_to", "fields", "events"),
    }
    assert document["kind"] == "aid_application"
    assert "type" not in document
    assert document["region"]["code"].startswith("152222")
    assert document["region"]["path"][-1] == document["region"]["name"]
    assert document["fields"]["id_number"].endswith("0014")
    assert "15222220150101" not in str(document)
    escalation = await get(client, token, f"/cases/{E1}")
    assert (escalation["kind"], escalation["type"]) == ("escalation", "complaint")


async def test_a_record_is_found_under_its_own_kind_only(
    client: Client, service: FakeService
) -> None:
    _, token = await add_officer(service, "乌云")
    await add_record(service, A1)
    assert (await client.get(f"/api/v1/cases/{A1}", headers=bearer(token))).status_code == 404
    loose = A1.replace("-", "").lower()
    assert (await get(client, token, f"/applications/{loose}"))["reference"] == A1


async def test_every_read_is_in_the_audit_log(client: Client, service: FakeService) -> None:
    officer, token = await add_officer(service, "乌云", Role.SUPERVISOR)
    await add_record(service, A1)
    await get(client, token, f"/applications/{A1}")
    await get(client, token, "/applications")
    async with service.db.read() as uow:
        entries = await uow.audit.of(A1)
    assert [(e.actor_id, e.action) for e in entries] == [
        (officer.id, "read"),
        (officer.id, "list"),
    ]
    log = await get(client, token, f"/audit?reference={A1}")
    assert [entry["action"] for entry in log["items"]] == ["list", "read"]


async def test_the_reads_of_a_list_are_written_down_at_once(
    client: Client, service: FakeService
) -> None:
    _, token = await add_officer(service, "乌云")
    for reference in (A1, A2):
        await add_record(service, reference)
    written: list[str] = []

    def see(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO audit"):
            written.append(statement)

    event.listen(Engine, "before_cursor_execute", see)
    try:
        assert len((await get(client, token, "/applications"))["items"]) == 2
    finally:
        event.remove(Engine, "before_cursor_execute", see)
    assert len(written) == 1


async def test_filters_narrow_the_list(client: Client, service: FakeService) -> None:
    officer, token = await add_officer(service, "乌云")
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    await add_record(service, E1, RecordKind.ESCALATION, status="open", type="human")
    async with service.db.write() as uow:
        row = await uow.records.get(D1, lock=True)
        assert row is not None
        row.assigned_to_id = officer.id
        row.due_at = service.now()
    service.wait(hours=1)

    async def found(query: str) -> list[str]:
        page = await get(client, token, f"/cases?{query}")
        return [item["reference"] for item in page["items"]]

    assert await found("") == [E1, D1]
    assert await found("kind=escalation") == [E1]
    assert await found("type=human") == [E1]
    assert await found("type=emergency") == []
    assert await found("status=reported") == [D1]
    assert await found("assigned_to=me") == [D1]
    assert await found("assigned_to=%E4%B9%8C%E4%BA%91") == [D1]
    assert await found("assigned_to=nobody") == []
    assert await found("overdue=true") == [D1]
    assert await found(f"reference={E1}") == [E1]
    assert await found(f"region={OTHER_BANNER}") == []
    assert await found("region=152200") == [E1, D1]
    assert await found("kind=aid_application") == []
    assert await found("updated_since=2027-01-01") == []
    assert await found("updated_since=2026-11-23T09:00:00") == [E1, D1]
    assert await found("updated_since=2026-11-23T10:00:01+08:00") == []


async def test_pages_follow_each_other_without_gap(client: Client, service: FakeService) -> None:
    _, token = await add_officer(service, "乌云")
    for number in range(5):
        await add_record(service, f"A26-0000-1{number:02}")
        service.wait(minutes=1)
    await add_record(service, A2, region=OTHER_BANNER)
    seen, cursor = [], ""
    for _ in range(4):
        page = await get(client, token, f"/applications?limit=2{cursor}")
        seen += [item["reference"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == [f"A26-0000-1{number:02}" for number in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=0", 422),
        ("limit=x", 422),
        ("limit=201", 422),
        ("cursor=garbage", 404),
        ("region=abc", 422),
        ("kind=king", 422),
        ("overdue=maybe", 422),
        ("updated_since=yesterday", 422),
    ],
)
async def test_a_bad_filter_gets_a_problem(
    client: Client, service: FakeService, query: str, status: int
) -> None:
    _, token = await add_officer(service, "乌云")
    answer = await client.get(f"/api/v1/cases?{query}", headers=bearer(token))
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


async def test_a_note_and_the_version_rule(client: Client, service: FakeService) -> None:
    _, token = await add_officer(service, "乌云")
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    version = (await get(client, token, f"/cases/{D1}"))["version"]
    url = f"/api/v1/cases/{D1}/note"
    body = {"text": "打过电话", "expected_version": version}
    first = await client.post(url, json=body, headers=bearer(token))
    assert first.status_code == 200, first.text
    event = first.json()["events"][-1]
    assert (event["action"], event["detail"], event["actor"]) == (
        "note",
        {"text": "打过电话"},
        "乌云",
    )
    late = await client.post(url, json=body, headers=bearer(token))
    assert late.status_code == 409
    assert late.headers["content-type"] == "application/problem+json"


async def test_a_record_is_given_to_an_officer_by_id_or_name(
    client: Client, service: FakeService
) -> None:
    officer, token = await add_officer(service, "乌云")
    await add_officer(service, "斯琴")
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    url = f"/api/v1/cases/{D1}/assign"
    for given, name in (("斯琴", "斯琴"), (officer.id, "乌云")):
        answer = await client.post(url, json={"officer": given}, headers=bearer(token))
        assert answer.json()["assigned_to"] == name
    unknown = await client.post(url, json={"officer": "没有这个人"}, headers=bearer(token))
    assert unknown.status_code == 422
    assert "没有这位工作人员" in unknown.json()["detail"]


async def test_a_reply_reaches_the_outbox(client: Client, service: FakeService) -> None:
    _, token = await add_officer(service, "王芳")
    await add_record(service, E1, RecordKind.ESCALATION, status="open", type="human")
    body = {"text": "我是旗教育局的", "hand_back": True}
    answer = await client.post(f"/api/v1/cases/{E1}/reply", json=body, headers=bearer(token))
    assert answer.status_code == 200, answer.text
    async with service.db.read() as uow:
        record = await uow.records.get(E1)
        assert record is not None
        assert record.conversation_id is not None
        queued = await uow.outbox.unsent(record.conversation_id)
    assert "我是旗教育局的" in queued[0].text
    assert len(queued) == 2, "and the bot says that it is back"


@pytest.mark.parametrize(
    ("command", "body", "status"),
    [
        ("note", {}, 422),
        ("note", {"text": "x", "surprise": 1}, 422),
        ("note", {"text": 5}, 422),
        ("note", [], 422),
        ("visit", {"on": "2026-02-31"}, 422),
        ("visit", {"on": "2099-01-01", "result": "x"}, 422),
        ("approve-close", {}, 403),
        ("request-close", {"code": ""}, 422),
        ("assign", {"officer": 999}, 422),
        ("return", {"on": 5}, 422),
    ],
)
async def test_what_the_rules_refuse_gets_a_problem(
    client: Client, service: FakeService, command: str, body: Any, status: int
) -> None:
    _, token = await add_officer(service, "乌云")
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    url = f"/api/v1/cases/{D1}/{command}"
    answer = await client.post(url, json=body, headers=bearer(token))
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_that_is_not_json_is_a_bad_request(
    client: Client, service: FakeService
) -> None:
    _, token = await add_officer(service, "乌云")
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    headers = {**bearer(token), "content-type": "application/json"}
    answer = await client.post(f"/api/v1/cases/{D1}/note", content="{", headers=headers)
    assert answer.status_code == 400


async def test_an_application_goes_its_way(client: Client, service: FakeService) -> None:
    _, token = await add_officer(service, "乌云")
    await add_record(service, A1)

    async def post(command: str, **body: Any) -> str:
        url = f"/api/v1/applications/{A1}/{command}"
        answer = await client.post(url, json=body, headers=bearer(token))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["status"])

    assert await post("return-for-correction", document="户口簿", reason="看不清") == "returned"
    assert await post("accept") == "under_review"
    assert await post("level", level="special", reason="低保") == "under_review"
    assert await post("publish") == "published"
    service.wait(days=8)
    assert await post("approve") == "approved"
    paid = {"paid_on": "2026-12-01", "amount": "625", "programme": "生活补助", "period": "2026年秋"}
    assert await post("pay", **paid) == "paid"
    again = await client.post(
        f"/api/v1/applications/{A1}/reject", json={"reason": "x"}, headers=bearer(token)
    )
    assert again.status_code == 422


async def test_people_and_audit_need_their_role(client: Client, service: FakeService) -> None:
    _, clerk = await add_officer(service, "小李", Role.CLERK)
    _, officer = await add_officer(service, "乌云")
    assert (await client.get("/api/v1/people", headers=bearer(clerk))).status_code == 403
    assert (await client.get("/api/v1/audit", headers=bearer(officer))).status_code == 403
    async with service.db.write() as uow:
        talk = await uow.conversations.get_or_create("web", "p", service.now())
        person = await uow.people.get(talk.person_id)
        assert person is not None
        person.home_region = BANNER
        uow.people.set_phone(person, "13812345678")
    [shown] = (await get(client, officer, "/people"))["items"]
    assert shown["phone"] == "138****5678"


async def test_reminders_are_listed(client: Client, service: FakeService) -> None:
    _, token = await add_officer(service, "乌云")
    async with service.db.write() as uow:
        talk = await uow.conversations.get_or_create("web", "p", service.now())
        person = await uow.people.get(talk.person_id)
        assert person is not None
        person.home_region = BANNER
        await uow.reminders.add(
            "own", person.id, talk.id, service.now(), "交户口本", dedupe_key="r1"
        )
    service.wait(minutes=1)
    [shown] = (await get(client, token, "/reminders?kind=own&overdue=true"))["items"]
    assert (shown["text"], shown["status"]) == ("交户口本", "waiting")
    for nothing in ("kind=session", "status=fired", f"reference={A1}"):
        assert (await get(client, token, f"/reminders?{nothing}"))["items"] == []


async def test_the_description_names_every_route_and_its_errors(client: Client) -> None:
    answer = await client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    paths = answer.json()["paths"]
    for command in ("assign", "note", "visit", "reply", "escalate", "return"):
        assert f"/api/v1/cases/{{ref}}/{command}" in paths
    for kind in ("applications", "cases", "registrations", "sessions"):
        assert f"/api/v1/{kind}" in paths
        assert f"/api/v1/{kind}/{{ref}}" in paths
    note = paths["/api/v1/cases/{ref}/note"]["post"]
    assert {"200", "400", "401", "403", "404", "409", "422"} <= set(note["responses"])
    for status in ("400", "401", "404", "409", "422"):
        assert list(note["responses"][status]["content"]) == ["application/problem+json"]
    body = answer.json()["components"]["schemas"]["NoteChange"]
    assert body["additionalProperties"] is False
    assert all(path.startswith("/api/v1/") for path in paths)


async def test_a_covered_answer_is_revealed_with_a_purpose(
    client: Client, service: FakeService
) -> None:
    number = "152222201801011234"
    await add_record(service, A1, id_number=number, hardship=["serious_illness"])
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    _, token = await add_officer(service, "甲")
    _, clerk = await add_officer(service, "录入", Role.CLERK)
    _, boss = await add_officer(service, "主管", Role.SUPERVISOR)
    assert (await get(client, token, f"/applications/{A1}"))["fields"]["id_number"] == "1234"
    shown = await get(client, clerk, f"/applications/{A1}")
    assert shown["fields"]["hardship"] == ["covered"]

    async def reveal(token: str, path: str, **data: Any) -> Any:
        return await client.post(f"/api/v1{path}/reveal", json=data, headers=bearer(token))

    answer = await reveal(token, f"/applications/{A1}", field="id_number", purpose="核对")
    assert answer.json() == {"reference": A1, "field": "id_number", "value": number}
    asked = {"field": "id_number", "purpose": "核对"}
    assert (await reveal(clerk, f"/applications/{A1}", **asked)).status_code == 403
    assert (await reveal(token, f"/cases/{A1}", **asked)).status_code == 404
    assert (await reveal(token, f"/applications/{A1}", field="id_number")).status_code == 422
    who = {"field": "reporter", "purpose": "请他带路"}
    assert (await reveal(token, f"/cases/{D1}", **who)).status_code == 403
    assert (await reveal(boss, f"/cases/{D1}", **who)).json()["value"] is None
