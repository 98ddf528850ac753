"""No page of the desk or the chat has a serious fault for people who see, hear or move little."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from litestar import Litestar
from playwright.async_api import Browser, Page

from bot.reports.all import REPORTS
from bot.web.server import create_server
from storage.kinds import RecordKind, Role
from tests.service.support import session
from tests.web.conftest import PASSWORD, FakeService, add_officer, add_record
from tests.web.test_browser import CHROMIUM, browser, open_chat, site
from tests.web.test_desk_sentences import put

__all__ = ["browser", "site"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed (apt install chromium)"),
]

CUT = """() => [...document.querySelectorAll(".scroll, .who small")]
    .filter(it => it.scrollWidth > it.clientWidth).map(it => it.innerText.slice(0, 60))"""
"""What of a page on an office's screen runs off its place."""
HIGH = """() => { const tops = [...document.querySelectorAll(".bar nav > *")]
    .map(it => it.getBoundingClientRect().top);
    return tops.length ? Math.max(...tops) - Math.min(...tops) : 0 }"""
"""How far down the menu of the desk goes on; a second line is some 40 pixels lower."""
A1, D1, E1 = "A26-0000-013", "D26-0000-013", "E26-0000-018"
FRAGMENTS = frozenset({"/desk/notices", "/desk/pulse"})
"""Pieces that a page fetches into itself."""


def desk_pages(app: Litestar) -> list[str]:
    """Every page of the desk that has no parameter in its address, also those added later."""
    paths = {
        route.path
        for route in app.routes
        if route.path.startswith("/desk") and "{" not in route.path
        if "GET" in getattr(route, "methods", ())
    }
    return sorted(paths - FRAGMENTS)


async def serious_faults(page: Page) -> list[str]:
    """What axe-core finds serious or critical, with the first element of each."""
    result: Any = await Axe().run(page)
    return [
        f"{page.url}: {fault['id']} {[node['html'][:120] for node in fault['nodes'][:3]]}"
        for fault in result.response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
async def test_no_page_of_the_desk_has_a_serious_fault(
    browser: Browser, site: str, service: FakeService, width: int, height: int
) -> None:
    boss, _ = await add_officer(service, "主管", Role.ADMIN)
    await put(service, "那个钱咋整")
    await add_record(service, A1, id_number="152222201801011234", hardship=["dibao"])
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported", reason="other")
    await add_record(service, E1, RecordKind.ESCALATION, status="open", type="emergency")
    await session(service.db, "S26-0019-0000", starts_on=service.now().date())
    async with service.db.write() as uow:
        await uow.notices.add(boss.id, A1, "新的申请", service.now())
    page = await (await browser.new_context(viewport={"width": width, "height": height})).new_page()
    await page.goto(f"{site}/desk/login")
    faults = await serious_faults(page)
    await page.fill("[name=name]", "主管")
    await page.fill("[name=password]", PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await page.wait_for_url(f"{site}/desk")
    records = [f"/desk/records/{reference}" for reference in (A1, D1, E1)]
    reports = [f"/desk/reports/{name}" for name in REPORTS]
    lists = ["/desk/audit?action=read", "/desk/reports/rows?kind=dropout_case"]
    own_data = [
        f"/desk/records/{A1}/correcting?field=hardship",
        f"/desk/requests/copy?reference={D1}",
        "/desk/reports/questions/days?question=aid.age",
    ]
    lists += own_data
    pages = [*desk_pages(create_server(service)), *records, *reports, *lists]
    assert len(pages) > 10
    for path in pages:
        await page.goto(f"{site}{path}")
        for hidden in await page.locator("details").all():
            await hidden.evaluate("element => element.open = true")
        faults += await serious_faults(page)
        if width > 1000:
            faults += await page.evaluate(CUT)
            assert await page.evaluate(HIGH) < 20
    assert faults == []


async def test_the_chat_has_no_serious_fault(
    browser: Browser, site: str, service: FakeService
) -> None:
    page = await open_chat(browser, site)
    await page.fill("#text", "我想问问补助")
    await page.get_by_role("button", name="发送").click()
    await page.locator(".mine .bubble").wait_for()
    assert await serious_faults(page) == []
