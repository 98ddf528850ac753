"""The pages in a real browser: a parent taps and types, an officer answers, live."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.channels.base import Button
from bot.service.serving import QuietServer, listen
from bot.web.server import create_server
from storage.kinds import RecordKind, Role
from tests.web.conftest import PASSWORD, FakeService, add_officer, add_record
from tests.web.test_chat import photo
from tests.web.test_desk_sentences import put, row_of

CHROMIUM = next(
    (path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()),
    shutil.which("google-chrome") or "",
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed (apt install chromium)"),
]


@pytest.fixture
async def site(service: FakeService) -> AsyncIterator[str]:
    """The server on a port of its own."""
    socket = listen("127.0.0.1", 0)
    server = QuietServer(create_server(service))
    serving = asyncio.create_task(server.serve(sockets=[socket]))
    await server.ready.wait()
    yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    server.should_exit = server.force_exit = True
    await serving


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield chromium
        await chromium.close()


async def open_chat(browser: Browser, site: str, width: int = 390, height: int = 844) -> Page:
    context = await browser.new_context(viewport={"width": width, "height": height})
    page = await context.new_page()
    await page.goto(site)
    await expect(page.locator(".theirs:not(.waiting)")).to_have_count(1)
    return page


async def test_the_bot_greets_first_and_choices_can_be_tapped(
    browser: Browser, site: str, service: FakeService
) -> None:
    service.intake.buttons = (Button("申请助学金", "!start=apply_aid"),)
    page = await open_chat(browser, site)
    await expect(page.locator(".mine")).to_have_count(0)
    await page.get_by_role("button", name="申请助学金").click()
    await expect(page.locator(".mine .bubble")).to_have_text("申请助学金")
    await expect(page.locator(".theirs:not(.waiting)")).to_have_count(2)
    assert service.intake.heard[-1].value == "!start=apply_aid"
    await expect(page.get_by_role("button", name="申请助学金")).to_have_count(1)


async def test_the_talk_is_there_again_after_the_page_was_closed(
    browser: Browser, site: str
) -> None:
    page = await open_chat(browser, site)
    await page.fill("#text", "我想问问补助")
    await page.keyboard.press("Enter")
    await expect(page.locator(".mine .bubble")).to_have_text("我想问问补助")
    await expect(page.locator(".theirs:not(.waiting)")).to_have_count(2)
    again = await page.context.new_page()
    await page.close()
    await again.goto(site)
    await expect(again.locator(".mine .bubble")).to_have_text("我想问问补助")
    await expect(again.locator(".theirs")).to_have_count(2)


async def test_photos_are_shown_before_they_are_sent_and_can_be_taken_out(
    browser: Browser, site: str, service: FakeService, tmp_path: Path
) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (tmp_path / name).write_bytes(photo(("red", "blue", "green")[ord(name[0]) - 97]))
    page = await open_chat(browser, site)
    await page.set_input_files("#photos", [tmp_path / "a.jpg", tmp_path / "b.jpg"])
    await page.set_input_files("#photos", [tmp_path / "c.jpg"])
    await expect(page.locator(".thumb")).to_have_count(3)
    await page.get_by_label("不发这张").first.click()
    await page.get_by_role("button", name="发送").click()
    await expect(page.locator(".mine .state")).to_have_text("已发送")
    assert len(service.intake.heard[-1].files) == 2
    await expect(page.locator(".thumb")).to_have_count(0)


async def test_a_message_survives_a_dead_network_and_is_sent_once(
    browser: Browser, site: str, service: FakeService
) -> None:
    page = await open_chat(browser, site)
    await page.route("**/chat/messages", lambda route: route.abort())
    await page.fill("#text", "信号不好")
    await page.get_by_role("button", name="发送").click()
    again = page.get_by_role("button", name="重新发送")
    await expect(again).to_be_visible(timeout=15_000)
    assert [heard.text for heard in service.intake.heard] == [""]
    await page.unroute("**/chat/messages")
    await again.click()
    await expect(page.locator(".mine .state")).to_have_text("已发送")
    assert [heard.text for heard in service.intake.heard] == ["", "信号不好"]


@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 844), (1280, 800)])
async def test_nothing_runs_out_of_the_screen(
    browser: Browser, site: str, service: FakeService, width: int, height: int
) -> None:
    service.intake.buttons = tuple(Button(f"第{n}个比较长的选项", f"!pick={n}") for n in range(6))
    page = await open_chat(browser, site, width, height)
    await page.fill("#text", "很长的话" * 60 + "https://example.org/" + "x" * 80)
    await page.get_by_role("button", name="发送").click()
    await expect(page.locator(".theirs:not(.waiting)")).to_have_count(2)
    size = await page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert size[0] <= size[1]
    for name in ("发送", "更多"):
        box = await page.get_by_text(name, exact=True).bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height
    sizes = await page.evaluate(
        "() => [...document.querySelectorAll('.bubble, .choice, textarea')]"
        ".map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 18
    taps = await page.evaluate(
        "() => [...document.querySelectorAll('.choice, .send, .tool')]"
        ".map(e => e.getBoundingClientRect().height)"
    )
    assert min(taps) >= 48


async def test_an_officers_reply_appears_on_the_open_page(
    browser: Browser, site: str, service: FakeService
) -> None:
    parent = await open_chat(browser, site)
    address = service.intake.heard[0].address
    await add_officer(service, "王芳")
    await add_record(
        service, "E26-0000-018", RecordKind.ESCALATION, status="open", type="human", address=address
    )
    desk = await (await browser.new_context()).new_page()
    errors: list[str] = []
    desk.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    await desk.goto(f"{site}/desk")
    await desk.fill("[name=name]", "王芳")
    await desk.fill("[name=password]", PASSWORD)
    await desk.get_by_role("button", name="登录").click()
    await desk.get_by_role("link", name="E26-0000-018").click()
    await desk.fill("textarea[name=text] >> nth=0", "您好，我是旗教育局的王芳")
    await desk.get_by_role("button", name="回复对方").click()
    await expect(desk.get_by_role("status")).to_have_text("已经办好：回复对方。")
    await expect(parent.locator(".theirs .bubble").last).to_contain_text("我是旗教育局的王芳")
    assert errors == []


async def test_the_desk_list_narrows_without_a_new_page(
    browser: Browser, site: str, service: FakeService
) -> None:
    await add_officer(service, "王芳")
    await add_record(service, "A26-0000-018")
    page = await (await browser.new_context()).new_page()
    await page.goto(f"{site}/desk")
    await page.fill("[name=name]", "王芳")
    await page.fill("[name=password]", PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_role("link", name="A26-0000-018")).to_be_visible()
    await page.wait_for_load_state("load")  # htmx listens only then
    await page.select_option("[name=kind]", "dropout_case")
    await expect(page.locator("#list")).to_contain_text("没有符合条件的记录")
    await page.select_option("[name=kind]", "aid_application")
    await expect(page.get_by_role("link", name="A26-0000-018")).to_be_visible()
    await page.get_by_role("link", name="已提交").click()
    await expect(page.get_by_role("link", name="A26-0000-018")).to_be_visible()


async def test_sentences_are_judged_with_one_key_each(
    browser: Browser, site: str, service: FakeService
) -> None:
    await add_officer(service, "王芳", Role.SUPERVISOR)
    two = [put(service, words) for words in ("那个钱咋整", "哦哦哦")]
    first, second = [await each for each in two]
    page = await (await browser.new_context(viewport={"width": 390, "height": 844})).new_page()
    await page.goto(f"{site}/desk")
    await page.fill("[name=name]", "王芳")
    await page.fill("[name=password]", PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await page.get_by_role("link", name="没听懂的话").click()
    await expect(page.locator(".sentence")).to_have_count(2)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await page.keyboard.press("2")
    await expect(page.locator(".sentence")).to_have_count(1)
    await page.keyboard.press("0")
    await expect(page.locator(".empty")).to_be_visible()
    judged = [await row_of(service, id) for id in (first, second)]
    assert [(row.status, row.label) for row in judged] == [
        ("labelled", "ask_policy"),
        ("dropped", None),
    ]
