"""The page of a dropout case tells the child's file: next step, people, plan, visits, the same."""

import re
from typing import Any

from bot.web.changes.offered import BY_NAME
from bot.web.record.life import FORMS
from bot.words import sentences
from nlu.names import name_key
from storage.kinds import RecordKind
from tests.web.conftest import OTHER_BANNER, Client, FakeService, add_record
from tests.web.test_desk import A1, D1, desk_of, post
from tests.web.test_record_persuading import facts, opened, picture, send

D2 = "D26-0000-026"


async def page_of(client: Client, path: str) -> str:
    return (await client.get(path)).text


def part(page: str, section: str) -> str:
    """One section of the page."""
    return page.split(f'id="{section}"', 1)[1].split("</section>", 1)[0]


async def test_the_next_step_is_said_in_one_sentence(client: Client, service: FakeService) -> None:
    path = await opened(client, service)
    page = await page_of(client, path)
    assert "核实孩子的身份、学籍和去向" in page and 'href="#form-verify"' in page
    assert re.findall(r'id="form-(\S+)" +open', page) == ["verify"]
    look = {"identity": "yes", "roll": "yes", "whereabouts": "在家"}
    await post(client, f"{path}/verify", **look)
    assert "两位劝返责任人" in await page_of(client, path)
    for side, name in (("school", "李老师"), ("village", "巴图")):
        await post(client, f"{path}/responsible", side=side, name=name)
    page = await page_of(client, path)
    assert "请李老师、巴图在11月26日以前去孩子家里看一看。" in page
    service.wait(days=5)
    assert "请李老师、巴图马上去孩子家里看一看。本来11月26日就该办好。" in await page_of(
        client, path
    )


async def test_people_and_plan(client: Client, service: FakeService) -> None:
    path = await opened(client, service)
    assert "还没有定" in part(await page_of(client, path), "responsible")
    await post(
        client,
        f"{path}/responsible",
        side="school",
        name="李老师",
        post="班主任",
        phone="13948000001",
    )
    people = part(await page_of(client, path), "responsible")
    assert "李老师（班主任）" in people and "tel:13948000001" in people
    assert people.count("还没有定") == 1
    for measures in ("先办助学金", "送教上门"):
        await post(
            client, f"{path}/plan", measures=measures, resource_aid="yes", deadline="2026-12-20"
        )
    plan = part(await page_of(client, path), "plan")
    assert plan.index("送教上门") < plan.index("以前的 1 版") < plan.index("先办助学金")
    assert "用得上：资助" in plan


async def test_visits_with_photo_and_correction(client: Client, service: FakeService) -> None:
    path = await opened(client, service)
    visit = {"method": "上门", "met": "邻居", "result": "家里没人"}
    await send(client, f"{path}/visit", "a.jpg", picture(), **visit)
    (first,) = await facts(service)
    right = {"method": "上门", "met": "奶奶", "result": "奶奶在家", "corrects": str(first.id)}
    await post(client, f"{path}/visit", **right)
    visits = part(await page_of(client, path), "visits")
    assert "劝返记录 <small>1 次" in visits
    assert "已经由第 2 条更正" in visits and "更正第 1 条" in visits
    assert f"/desk/files/{first.detail['files'][0]}" in visits


async def test_back_and_watched(client: Client, service: FakeService) -> None:
    path = await opened(client, service)
    assert 'id="placement"' not in await page_of(client, path)
    await post(client, f"{path}/return", placement="vocational", school="旗职校", on="2026-11-16")
    for day in (18, 19, 20):
        await post(client, f"{path}/attendance", present="no", on=f"2026-11-{day}", note="说病了")
    page = await page_of(client, path)
    assert "旗职校" in part(page, "placement")
    assert "连着 3 天没到校" in part(page, "monitoring") and "说病了" in part(page, "monitoring")
    await post(client, f"{path}/reopen", reason="又去打工了")
    assert "1 次" in part(await page_of(client, path), "child")


async def test_the_same_child_is_offered_and_taken(client: Client, service: FakeService) -> None:
    await desk_of(client, service)
    told: dict[str, Any] = {"age": 14, "school": "巴彦呼舒三中", "child_name": "巴特尔"}
    for reference, region in ((D1, "152222"), (D2, "152222"), ("D26-0000-039", OTHER_BANNER)):
        await add_record(
            service, reference, RecordKind.DROPOUT_CASE, status="reported", region=region, **told
        )
        async with service.db.write() as uow:
            row = await uow.records.get(reference)
            assert row is not None
            row.name_key = name_key("巴特尔")
    page = await page_of(client, f"/desk/records/{D1}")
    same = part(page, "duplicates")
    assert D2 in same and "同名、年龄相近、同一所学校、同一个旗县" in same
    assert "D26-0000-039" not in same, "it lies in another banner"
    answer = await post(client, f"/desk/records/{D1}/duplicate", of=D2)
    assert answer.status_code == 303
    async with service.db.read() as uow:
        row = await uow.records.get(D1)
        assert row is not None and (row.closing_code, row.linked_to) == ("duplicate", D2)


def test_every_next_step_has_its_form_and_its_words() -> None:
    words = {key.removeprefix("next.") for key in sentences() if key.startswith("next.")}
    steps = words - {"by", "late", "open", "nobody", "second"}
    assert set(FORMS) == steps
    assert set(FORMS.values()) <= set(BY_NAME)


async def test_an_application_has_no_childs_file(client: Client, service: FakeService) -> None:
    await desk_of(client, service)
    await add_record(service, A1)
    page = await page_of(client, f"/desk/records/{A1}")
    assert 'id="visits"' not in page and 'id="next-step"' not in page
