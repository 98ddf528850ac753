"""The desk page where a supervisor says what a sentence meant."""

from datetime import date
from pathlib import Path

import pytest

from nlu.classify.training import read
from nlu.types import Intent
from storage.kinds import Role
from storage.models.misheard import Misheard
from storage.repositories.misheard import NOWHERE, Heard
from tests.web.conftest import (
    BANNER,
    OTHER_BANNER,
    Client,
    FakeService,
    add_officer,
)
from tests.web.test_desk import desk_of, post, sign_in

PAGE = "/desk/sentences"


async def put(
    service: FakeService, text: str, region: str = BANNER, reason: str = "not_understood"
) -> int:
    """A sentence on the list."""
    heard = Heard(text, reason, "apply_aid", 0.31, "ask_policy")
    async with service.db.write() as uow:
        await uow.misheard.note(heard, region, date(2026, 11, 23))
        rows = await uow.misheard.page("waiting", "150000", True, limit=100)
        return next(row.id for row in rows if row.text == text)


async def row_of(service: FakeService, id: int) -> Misheard:
    async with service.db.read() as uow:
        row = await uow.misheard.get(id)
        assert row is not None
        return row


def learned(service: FakeService) -> list[tuple[str, str]]:
    folder = service.config.learned_file.parent
    return [(example.text, str(example.intent)) for example in read(folder)]


async def test_a_sentence_gets_its_intent_and_training_can_read_it(
    client: Client, service: FakeService
) -> None:
    officer_id = await desk_of(client, service, Role.SUPERVISOR)
    id = await put(service, "〔姓名〕那个[钱]咋整")
    page = (await client.get(PAGE)).text
    assert "〔姓名〕那个[钱]咋整" in page
    assert "31%" in page
    assert (await post(client, f"{PAGE}/{id}", intent="ask_policy")).status_code == 303
    row = await row_of(service, id)
    assert (row.status, row.label, row.decided_by_id) == ("labelled", "ask_policy", officer_id)
    [(sentence, intent)] = learned(service)
    assert intent == "ask_policy"
    assert sentence.endswith("那个［钱］咋整")
    assert "〔" not in sentence
    assert "〔姓名〕那个" not in (await client.get(PAGE)).text
    assert "〔姓名〕那个" in (await client.get(f"{PAGE}?show=labelled")).text


async def test_every_decision_is_audited(client: Client, service: FakeService) -> None:
    officer_id = await desk_of(client, service, Role.SUPERVISOR)
    one, two = await put(service, "那个钱咋整"), await put(service, "哦哦哦")
    await post(client, f"{PAGE}/{one}", intent="ask_policy")
    await post(client, f"{PAGE}/{one}", do="back")
    await post(client, f"{PAGE}/{two}", do="drop")
    async with service.db.read() as uow:
        entries, _ = await uow.audit.page(actor_id=officer_id)
    told = [(entry.action, (entry.detail or {}).get("sentence")) for entry in entries[:3]]
    assert told == [("drop_sentence", two), ("unlabel_sentence", one), ("label_sentence", one)]
    assert {entry.region_code for entry in entries[:3]} == {BANNER}


async def test_what_is_dropped_loses_its_words(client: Client, service: FakeService) -> None:
    await desk_of(client, service, Role.SUPERVISOR)
    id = await put(service, "哦哦哦")
    await post(client, f"{PAGE}/{id}", do="drop")
    row = await row_of(service, id)
    assert (row.status, row.text, row.label) == ("dropped", "", None)
    assert not service.config.learned_file.exists()


async def test_an_intent_taken_back_is_learned_no_more(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service, Role.SUPERVISOR)
    id = await put(service, "那个钱咋整")
    await post(client, f"{PAGE}/{id}", intent="ask_policy")
    assert learned(service) == [("那个钱咋整", "ask_policy")]
    await post(client, f"{PAGE}/{id}", do="back")
    assert learned(service) == []
    assert (await row_of(service, id)).status == "waiting"


async def test_all_27_intents_can_be_given_and_nothing_else(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service, Role.SUPERVISOR)
    id = await put(service, "那个钱咋整")
    page = (await client.get(PAGE)).text
    assert all(f'value="{intent}"' in page for intent in Intent)
    assert (await post(client, f"{PAGE}/{id}", intent="nlu_fallback")).status_code == 422
    assert (await row_of(service, id)).status == "waiting"


async def test_the_likeliest_intents_come_first(client: Client, service: FakeService) -> None:
    await desk_of(client, service, Role.SUPERVISOR)
    await put(service, "那个钱咋整", reason="corrected")
    quick = (await client.get(PAGE)).text.split('class="quick"')[1].split("</div>")[0]
    offered = [part.split('"')[0] for part in quick.split('name="intent" value="')[1:]]
    assert offered == ["ask_policy", "apply_aid", "out_of_scope"]


async def test_only_supervisors_of_the_place_decide(client: Client, service: FakeService) -> None:
    mine, theirs = await put(service, "甲甲甲"), await put(service, "乙乙乙", OTHER_BANNER)
    nowhere = await put(service, "丙丙丙", NOWHERE)
    await desk_of(client, service)
    assert (await client.get(PAGE)).status_code == 403
    assert (await post(client, f"{PAGE}/{mine}", intent="greet")).status_code == 403
    await add_officer(service, "主管", Role.SUPERVISOR)
    await sign_in(client, "主管")
    page = (await client.get(PAGE)).text
    assert ("甲甲甲" in page, "乙乙乙" in page, "丙丙丙" in page) == (True, False, False)
    for id in (theirs, nowhere, 9999):
        assert (await post(client, f"{PAGE}/{id}", intent="greet")).status_code == 404
    await add_officer(service, "全区", Role.ADMIN, "150000")
    await sign_in(client, "全区")
    assert (await post(client, f"{PAGE}/{nowhere}", intent="greet")).status_code == 303


async def test_a_decision_needs_the_forms_token(client: Client, service: FakeService) -> None:
    await desk_of(client, service, Role.SUPERVISOR)
    id = await put(service, "那个钱咋整")
    answer = await client.post(f"{PAGE}/{id}", data={"intent": "greet"}, follow_redirects=False)
    assert answer.status_code == 403
    assert (await row_of(service, id)).status == "waiting"


@pytest.mark.parametrize("status", ["labelled", "dropped"])
async def test_a_decision_is_made_once(
    client: Client, service: FakeService, status: str, tmp_path: Path
) -> None:
    await desk_of(client, service, Role.SUPERVISOR)
    id = await put(service, "那个钱咋整")
    first = {"intent": "greet"} if status == "labelled" else {"do": "drop"}
    await post(client, f"{PAGE}/{id}", **first)
    assert (await post(client, f"{PAGE}/{id}", intent="thank")).status_code == 404
    assert (await row_of(service, id)).status == status
