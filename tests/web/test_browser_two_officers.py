"""Two officers on one case: the second sees what the first did, and loses nothing typed."""

import pytest
from playwright.async_api import Browser, Page, expect

from storage.kinds import RecordKind
from tests.web.conftest import PASSWORD, FakeService, add_officer, add_record
from tests.web.test_browser import CHROMIUM, browser, site

__all__ = ["browser", "site"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed (apt install chromium)"),
]

D1 = "D26-0000-013"


async def at_the_case(browser: Browser, site: str, name: str) -> Page:
    page = await (await browser.new_context()).new_page()
    await page.goto(f"{site}/desk")
    await page.fill("[name=name]", name)
    await page.fill("[name=password]", PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await page.wait_for_url(f"{site}/desk")
    await page.goto(f"{site}/desk/records/{D1}")
    return page


async def note(page: Page, words: str) -> None:
    form = page.locator(f'form[action="/desk/records/{D1}/note"]')
    await form.evaluate("form => form.closest('details').open = true")
    await form.locator("textarea").fill(words)
    await form.get_by_role("button").click()


async def test_the_second_officer_sees_what_changed_and_loses_nothing(
    browser: Browser, site: str, service: FakeService
) -> None:
    await add_officer(service, "王芳")
    await add_officer(service, "乌云")
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    first = await at_the_case(browser, site, "王芳")
    second = await at_the_case(browser, site, "乌云")
    await note(first, "奶奶说下周回来")
    await expect(first.locator("p.done")).to_contain_text("已经办好")
    await note(second, "我明天上门，写了很久的话")
    await expect(second.get_by_role("alert")).to_contain_text("别人刚改过")
    await expect(second.locator(".news")).to_contain_text("奶奶说下周回来")
    await expect(second.locator(".news")).to_contain_text("王芳")
    typed = second.locator(f'form[action="/desk/records/{D1}/note"] textarea')
    await expect(typed).to_have_value("我明天上门，写了很久的话")
    await second.locator(f'form[action="/desk/records/{D1}/note"]').get_by_role("button").click()
    await expect(second.locator("p.done")).to_contain_text("已经办好")
    async with service.db.read() as uow:
        notes = [entry.detail for entry in await uow.audit.of(D1) if entry.action == "note"]
    assert notes == [{"text": "奶奶说下周回来"}, {"text": "我明天上门，写了很久的话"}]
