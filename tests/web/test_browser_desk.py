"""The desk in a real browser: changes arrive by themselves, and the keyboard is enough."""

import asyncio
from contextlib import suppress

from playwright.async_api import Browser, Error, Page, Route, expect

from bot.handlers.dispatch import handle
from bot.rights.actor import Actor
from flows import commands as c
from storage.kinds import RecordKind, Role
from tests.web.conftest import PASSWORD, FakeService, add_officer, add_record
from tests.web.test_browser import browser, pytestmark, site

__all__ = ["browser", "pytestmark", "site"]

D1, D2 = "D26-0000-013", "D26-0000-026"
SOON = 12_000  # milliseconds; a page asks every 5 seconds


async def at_the_desk(browser: Browser, site: str, width: int = 1366, height: int = 768) -> Page:
    page = await (await browser.new_context(viewport={"width": width, "height": height})).new_page()
    await page.goto(f"{site}/desk")
    await page.fill("[name=name]", "王芳")
    await page.fill("[name=password]", PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await page.wait_for_load_state("load")
    return page


async def note(service: FakeService, reference: str, text: str) -> None:
    async with service.db.write() as uow:
        officer = await uow.officers.by_name("王芳")
        assert officer is not None
        command = c.AddNote(reference, text=text)
        await handle(uow, command, Actor.officer(officer), service.now())


async def test_a_case_page_shows_what_others_did_and_keeps_what_is_typed(
    browser: Browser, site: str, service: FakeService
) -> None:
    await add_officer(service, "王芳")
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    page = await at_the_desk(browser, site)
    await page.get_by_role("link", name=D1).click()
    await page.wait_for_load_state("load")
    await page.keyboard.press("n")
    await page.keyboard.type("我正在写")
    await note(service, D1, "另一位同事写的")
    await expect(page.locator("#events")).to_contain_text("另一位同事写的", timeout=SOON)
    await expect(page.locator("#pulse")).to_contain_text("刚刚有更新")
    assert await page.locator("details[open] textarea[name=text]:focus").input_value() == "我正在写"


async def test_a_leaders_menu_stands_in_one_line_of_an_old_screen(
    browser: Browser, site: str, service: FakeService
) -> None:
    await add_officer(service, "王芳", role=Role.ADMIN)
    page = await at_the_desk(browser, site)
    tops = await page.locator(".bar nav > *").evaluate_all(
        "links => links.map(link => Math.round(link.getBoundingClientRect().top))"
    )
    assert len(tops) > 10 and len(set(tops)) == 1
    await page.get_by_text("资料和日志").click()
    await page.get_by_role("link", name="查日志").click()
    await expect(page.locator("h1")).to_contain_text("日志")


async def test_the_list_hears_of_a_change(
    browser: Browser, site: str, service: FakeService
) -> None:
    await add_officer(service, "王芳")
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    page = await at_the_desk(browser, site)
    await add_record(service, D2, RecordKind.DROPOUT_CASE, status="reported")
    await note(service, D2, "新的")
    await expect(page.get_by_role("link", name=D2)).to_be_visible(timeout=SOON)


async def test_the_keyboard_walks_the_list_and_opens_a_case(
    browser: Browser, site: str, service: FakeService
) -> None:
    await add_officer(service, "王芳")
    for reference in (D1, D2):
        await add_record(service, reference, RecordKind.DROPOUT_CASE, status="reported")
    page = await at_the_desk(browser, site)
    second = await page.locator(".work td:first-child a").nth(1).inner_text()
    for key in ("j", "j", "Enter"):
        await page.keyboard.press(key)
    await expect(page).to_have_url(f"{site}/desk/records/{second}")
    await page.keyboard.press("b")
    await expect(page.get_by_role("searchbox")).to_be_visible()
    await page.keyboard.press("/")
    await page.keyboard.type(D1)
    await page.keyboard.press("Enter")
    await expect(page.locator(".work tbody tr")).to_have_count(1)


async def test_the_list_fits_a_phone(browser: Browser, site: str, service: FakeService) -> None:
    await add_officer(service, "王芳")
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    page = await at_the_desk(browser, site, 390, 844)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_on_a_phone_what_is_to_be_done_stands_above_the_file(
    browser: Browser, site: str, service: FakeService
) -> None:
    await add_officer(service, "王芳")
    await add_record(service, "A26-0000-018")
    page = await at_the_desk(browser, site, 390, 844)
    await page.get_by_role("link", name="A26-0000-018").click()
    await expect(page.locator("#form-accept[open]")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    parts = ("#head", ".todo", ".slots", ".talk", "#events")
    tops = [
        await page.locator(part).evaluate("it => it.getBoundingClientRect().top") for part in parts
    ]
    assert tops == sorted(tops)


async def slowly(route: Route) -> None:
    """The line is slow: the answer takes half a second."""
    await asyncio.sleep(0.5)
    with suppress(Error):  # of a request that was given up
        await route.continue_()


async def test_a_second_click_does_not_send_the_form_again(
    browser: Browser, site: str, service: FakeService
) -> None:
    await add_officer(service, "王芳")
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    page = await at_the_desk(browser, site)
    await page.goto(f"{site}/desk/records/{D1}")
    form = page.locator("#form-note form")
    await page.locator("#form-note summary").click()
    await form.locator("textarea").fill("去过了")
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    await page.route("**/note", slowly)
    await form.locator("button").scroll_into_view_if_needed()
    button = await form.locator("button").bounding_box()
    assert button is not None
    for _ in range(2):
        await page.mouse.click(button["x"] + 5, button["y"] + 5)
        await asyncio.sleep(0.1)
    await expect(page.locator("[role=status].done")).to_contain_text("已经办好")
    assert len(sent) == 1
    await expect(page).to_have_url(f"{site}/desk/records/{D1}")  # and is not said again
    await page.reload()
    await expect(page.locator("[role=status].done")).to_have_count(0)
    await expect(page.locator("#events")).to_contain_text("去过了")
    await expect(page.locator("#events b", has_text="备注")).to_have_count(1)


async def test_a_printed_case_is_the_file_without_the_forms(
    browser: Browser, site: str, service: FakeService
) -> None:
    await add_officer(service, "王芳")
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported", child_name="娜仁")
    page = await at_the_desk(browser, site)
    await page.goto(f"{site}/desk/records/{D1}")
    await expect(page.locator(".on-paper")).to_be_hidden()
    await page.emulate_media(media="print")
    await expect(page.locator(".todo")).to_be_hidden()
    await expect(page.locator(".bar")).to_be_hidden()
    await expect(page.get_by_text("娜仁").first).to_be_visible()
    await expect(page.locator(".on-paper")).to_contain_text("王芳")
    await expect(page.locator(".on-paper")).to_contain_text("2026-11-23 10:00")
    await expect(page.get_by_text("去办", exact=True)).to_be_hidden()
    await expect(page.get_by_text("有写得不对的")).to_be_hidden()
    assert await page.locator(".talk").evaluate("it => getComputedStyle(it).maxHeight") == "none"


async def test_a_page_that_answers_a_form_has_an_address_to_come_back_to(
    browser: Browser, site: str, service: FakeService
) -> None:
    await add_officer(service, "王芳")
    await add_record(service, D1, RecordKind.DROPOUT_CASE, status="reported")
    page = await at_the_desk(browser, site)
    await page.goto(f"{site}/desk/records/{D1}")
    form = page.locator("#form-return")
    await form.locator("summary").click()
    await form.locator("[name=school]").fill("旗二中")
    await form.locator("[name=on]").fill("2036-11-23")
    await form.locator("form button").click()
    await expect(page.locator("[role=alert]")).to_contain_text("没有办成")
    assert await form.locator("[name=school]").input_value() == "旗二中"
    await expect(page).to_have_url(f"{site}/desk/records/{D1}")
    await page.reload()
    await expect(page.locator("#head")).to_contain_text(D1)
