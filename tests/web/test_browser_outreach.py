"""Lists in a real browser: compared while one looks, noted, a campaign watched and stopped."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.handlers.dispatch import handle
from bot.rights.actor import Actor
from bot.workers.reminders import fire_due
from flows import commands as c
from storage.kinds import Role
from tests.service.lists import CHILD, csv_of
from tests.web.conftest import FakeService, add_officer
from tests.web.test_browser import browser, pytestmark, site
from tests.web.test_browser_accessible import serious_faults
from tests.web.test_browser_desk import at_the_desk
from tests.web.test_outreach_campaigns import PHONES, family

__all__ = ["browser", "pytestmark", "site"]

SOON = 12_000  # milliseconds
SIZES = [(1366, 768), (390, 844)]
NAMES = ["娜仁", "巴特尔", "哈斯", "牧仁", "斯琴", "高娃", "萨仁", "图雅", "朝鲁", "白音"]


def roster(many: int) -> bytes:
    """A list of so many children, two of whose families can be written to."""
    phones = [*PHONES, *("" for _ in range(many - len(PHONES)))]
    child = {**CHILD, "id_number": "", "birth": "2016"}
    return csv_of(
        *(
            {**child, "name": NAMES[n % 10], "guardian": f"{NAMES[n // 10 % 10]}{n}", "phone": p}
            for n, p in enumerate(phones)
        )
    )


async def take_in(page: Page, site: str, file: Path) -> None:
    """Import a file and stay until its rows are compared."""
    await page.goto(f"{site}/desk/outreach")
    await page.get_by_label("是什么名单").select_option("dibao")
    await page.get_by_label("选文件").set_input_files(file)
    await page.get_by_role("button", name="导入").click()
    await page.get_by_role("link", name="打开这份名单").click()
    await expect(page.locator("#comparing progress")).to_have_attribute("max", "700")
    await expect(page.locator("#comparing")).to_have_count(0, timeout=SOON)


async def write(page: Page) -> None:
    """A campaign's draft."""
    await page.get_by_text("学校有一件事，请家里来问").click()
    form = page.locator("details[open]", has=page.get_by_role("button", name="写好"))
    await form.get_by_label("问谁").fill("白老师")
    await form.get_by_role("button", name="写好").click()
    await expect(page.get_by_role("heading", name="2 个人会收到")).to_be_visible()


async def is_in_order(page: Page, width: int) -> None:
    """Nothing hangs over the edge, and nothing serious keeps anybody from reading it."""
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert await serious_faults(page) == []


async def one_goes_out(service: FakeService) -> None:
    """Both messages fall due, and a sender has taken one of them."""
    service.wait(hours=2)
    await fire_due(service.db, service.now())
    async with service.db.write() as uow:
        (message,) = await uow.outbox.claim_due(service.now(), timedelta(0), limit=1)
        await uow.outbox.mark_sent(message.id, None, service.now())


@pytest.fixture
async def families(service: FakeService, tmp_path: Path) -> Path:
    """Two that can be written to, and the file they are listed in with many others."""
    await add_officer(service, "王芳", Role.SUPERVISOR)
    for phone in PHONES:
        await family(service, phone)
    (tmp_path / "名单.csv").write_bytes(roster(700))
    return tmp_path / "名单.csv"


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_a_list_is_compared_while_one_looks_and_a_visit_noted(
    browser: Browser, site: str, families: Path, width: int, height: int
) -> None:
    page = await at_the_desk(browser, site, width, height)
    await take_in(page, site, families)
    await expect(page.locator(".legend").first).to_contain_text("没申请 700（100%）")
    await is_in_order(page, width)
    first = page.locator(".work tbody tr").first
    await first.get_by_text("记结果").click()
    await first.get_by_role("button", name="已走访").click()
    await expect(page.locator(".work tbody tr").first).to_contain_text("已走访")


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_a_campaign_is_watched_and_stopped(
    browser: Browser, site: str, service: FakeService, families: Path, width: int, height: int
) -> None:
    boss, _ = await add_officer(service, "白主任", Role.SUPERVISOR)
    page = await at_the_desk(browser, site, width, height)
    await take_in(page, site, families)
    await write(page)
    await is_in_order(page, width)
    await expect(page.get_by_text("这是您写的，请另一位主管批准")).to_be_visible()
    async with service.db.write() as uow:
        await handle(uow, c.ApproveCampaign(1), Actor.officer(boss), service.now())
    await page.reload()
    await page.get_by_role("button", name="开始发").click()
    await expect(page.locator("#progress")).to_contain_text("正在发")
    await one_goes_out(service)
    sent = page.locator("#progress .facts div", has_text="发到了")
    await expect(sent).to_contain_text("1", timeout=SOON)
    await page.get_by_label("为什么停").fill("话没写好")
    await page.get_by_role("button", name="马上停").click()
    await expect(page.locator("#progress")).to_contain_text("已停止")
    await is_in_order(page, width)
    async with service.db.write() as uow:
        assert await uow.outbox.claim_due(service.now(), timedelta(minutes=1)) == []
