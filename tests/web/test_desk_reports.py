"""Reports at the desk: each number opens its rows, nothing of another place is shown."""

import re
from datetime import date
from html import unescape

import pytest

from bot.handlers.dispatch import handle
from bot.rights.actor import Actor
from flows import commands as c
from storage.kinds import RecordKind, Role
from tests.web.conftest import OTHER_BANNER, Client, FakeService, add_record
from tests.web.test_desk import desk_of

MONTH = "from=2026-11&to=2026-11"


async def filed(service: FakeService) -> None:
    await add_record(service, "A26-0001-0001", stage="primary")
    await add_record(service, "A26-0001-0002", status="paid")
    await add_record(service, "A26-0001-0003", region=OTHER_BANNER)
    await add_record(service, "D26-0001-0001", RecordKind.DROPOUT_CASE, status="reported")


async def test_every_report_has_a_card_with_a_picture(client: Client, service: FakeService) -> None:
    await desk_of(client, service)
    await filed(service)
    page = (await client.get("/desk/reports")).text
    names = set(re.findall(r'href="/desk/reports/(\w+)\?', page))
    assert {"aid", "reaction"} <= names
    pictures = re.findall(r'<img class="chart" src="([^"]+)"', page)
    assert len(pictures) == len(names)
    for address in pictures:
        picture = await client.get(unescape(address))
        assert picture.headers["content-type"].startswith("image/svg+xml")
        assert picture.text.startswith("<svg") and "</desc>" in picture.text
    assert (await client.get("/desk/reports/secrets/picture.svg")).status_code == 404


async def test_every_number_opens_as_many_rows(client: Client, service: FakeService) -> None:
    await desk_of(client, service, Role.ADMIN, "150000")
    await filed(service)
    for name in re.findall(r"/desk/reports/(\w+)\?", (await client.get("/desk/reports")).text):
        page = (await client.get(f"/desk/reports/{name}?{MONTH}")).text
        links = re.findall(r'<td[^>]*><a href="([^"]+)">([\d,]+)</a>', page)
        for address, number in links:
            rows = (await client.get(unescape(address))).text
            assert rows.count("<tr class=") == int(number), (name, address)


async def test_a_region_shows_only_itself(client: Client, service: FakeService) -> None:
    await desk_of(client, service)
    await filed(service)
    page = (await client.get(f"/desk/reports/aid?{MONTH}")).text
    assert "科尔沁右翼中旗（本级）" in page
    rows = (await client.get(f"/desk/reports/rows?kind=aid_application&{MONTH}")).text
    assert "A26-0001-0001" in rows and "A26-0001-0003" not in rows
    elsewhere = await client.get(f"/desk/reports/aid?region={OTHER_BANNER}")
    assert elsewhere.status_code == 422
    assert "不归您管" in elsewhere.text
    rows = (await client.get(f"/desk/reports/rows?region={OTHER_BANNER}")).text
    assert "A26-0001-0003" not in rows


async def test_rows_are_audited_reads(client: Client, service: FakeService) -> None:
    await desk_of(client, service)
    await filed(service)
    await client.get(f"/desk/reports/rows?kind=dropout_case&{MONTH}")
    async with service.db.read() as uow:
        assert [entry.action for entry in await uow.audit.of("D26-0001-0001")] == ["list"]


@pytest.mark.parametrize("path", ["/desk/reports", "/desk/reports/aid", "/desk/reports/rows"])
async def test_reports_are_behind_the_login(client: Client, path: str) -> None:
    response = await client.get(path, follow_redirects=False)
    assert response.headers.get("location", "").startswith("/desk/login")


async def test_odd_addresses_are_answered_in_words(client: Client, service: FakeService) -> None:
    await desk_of(client, service)
    assert (await client.get("/desk/reports/secrets")).status_code == 404
    odd = await client.get("/desk/reports/rows?from=x&stage=%3Cb%3E&ladder=9&level=y")
    assert odd.status_code in (400, 409, 422)
    fine = await client.get("/desk/reports/rows?stage=%3Cb%3E&ladder=9&level=y&status=z&session=1")
    assert fine.status_code == 200
    assert "<b>" not in fine.text.split("<h1>")[1].split("</h1>")[0]


async def test_what_was_done_opens_the_records_it_was_done_to(
    client: Client, service: FakeService
) -> None:
    officer_id = await desk_of(client, service)
    await filed(service)
    await add_record(service, "D26-0001-0002", RecordKind.DROPOUT_CASE, status="reported")
    async with service.db.write() as uow:
        officer = await uow.officers.get(officer_id)
        assert officer is not None
        by = Actor.officer(officer)
        for on in (date(2026, 11, 10), date(2026, 11, 20)):
            visit = c.LogVisit("D26-0001-0001", None, "上门", "妈妈", "再想想", on)
            await handle(uow, visit, by, service.now())
        await handle(uow, c.Escalate("D26-0001-0002", None, "急"), by, service.now())
    page = (await client.get(f"/desk/reports/monthly?{MONTH}")).text
    [visits] = re.findall(r'<a href="([^"]+fact=visit[^"]*)">2</a>', page)
    rows = (await client.get(unescape(visits))).text
    assert "D26-0001-0001" in rows and "D26-0001-0002" not in rows and "可能有几次" in rows
    page = (await client.get(f"/desk/reports/climbing?{MONTH}")).text
    [climbs] = re.findall(r'<a href="([^"]+act=escalate.officer[^"]*)">1</a>', page)
    rows = (await client.get(unescape(climbs))).text
    assert "D26-0001-0002" in rows and "D26-0001-0001" not in rows
    before = unescape(climbs).replace("2026-11", "2026-10")
    assert "D26-0001-0002" not in (await client.get(before)).text


async def test_a_question_opens_its_days_and_says_why_nobody_is_shown(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service)
    asked = ("aid", "id_number")
    async with service.db.write() as uow:
        await uow.questions.count(date(2026, 11, 3), {asked: 5}, {asked: 2})
        await uow.questions.count(date(2026, 11, 9), {asked: 1}, {})
        await uow.questions.count(date(2026, 10, 9), {asked: 8}, {})
    page = (await client.get(f"/desk/reports/questions?{MONTH}")).text
    assert "谁也看不到是谁" in page
    address = re.findall(r'<a href="([^"]+)">4</a>', page)[0]
    days = (await client.get(unescape(address))).text
    assert re.findall(r'<th scope="row">([\d-]+)</th>', days) == ["2026-11-03", "2026-11-09"]
    assert "谁也看不到是谁" in days and ">8<" not in days
    assert (await client.get("/desk/reports/questions/days?question=x.y")).status_code == 404


async def test_the_sum_opens_all_its_lines(client: Client, service: FakeService) -> None:
    await desk_of(client, service, Role.ADMIN, "150000")
    await filed(service)
    page = (await client.get(f"/desk/reports/aid?{MONTH}")).text
    [line] = re.findall(r'<th scope="row">合计</th>(.*?)</tr>', page, re.DOTALL)[:1]
    address = re.findall(r'<a href="([^"]+)">3</a>', line)[0]
    rows = (await client.get(unescape(address))).text
    assert rows.count("<tr class=") == 3
