"""The real service and a real browser: a parent files a whole application, an officer sees it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.config import NAMED_VARIABLES
from tests.web.test_browser import CHROMIUM

ROOT = Path(__file__).parent.parent.parent
START_WORDS = re.compile(r"(http://[\d.:]+)/desk.*?用户名 +(\S+).*?密码 +(\S+)\n", re.DOTALL)
Look = Callable[[Page, str], Awaitable[None]]
"""Called with the page and the name of the moment."""


@dataclass(frozen=True)
class Service:
    """A running service: its address and the first login it printed."""

    url: str
    officer: str
    password: str


@contextmanager
def running_service(data: Path) -> Iterator[Service]:
    """The service as `make run` starts it, on a free port, with its data in `data`."""
    surroundings = {k: v for k, v in os.environ.items() if k not in NAMED_VARIABLES}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", "--data", str(data), "--port", "0"],
        cwd=ROOT,
        env={**surroundings, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    printed = ""
    try:
        while not (found := START_WORDS.search(printed)):
            line = process.stdout.readline()
            assert line, printed
            printed += line
        yield Service(*found.groups())
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        await browser.close()


async def open_page(
    browser: Browser, errors: list[str], width: int, height: int, scale: float = 1
) -> Page:
    """A page of a new visitor with a touch screen; `errors` collects its console's complaints."""
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=True,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        device_scale_factor=scale,
    )
    page = await context.new_page()
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return page


class Parent:
    """A parent at the chat page, who waits for each answer and looks at it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.last = page.locator(".theirs:not(.waiting)").last

    async def hears(self, words: str) -> None:
        """The newest answer holds these words."""
        await expect(self.last.locator(".bubble")).to_contain_text(words, timeout=20_000)
        await fits(self.page)

    async def says(self, text: str, answer: str) -> None:
        """Type and send; the answer holds these words."""
        await self.page.fill("#text", text)
        await self.page.get_by_role("button", name="发送").tap()
        await self.hears(answer)

    async def taps(self, title: str, answer: str) -> None:
        """Tap a choice; the answer holds these words."""
        await self.last.get_by_role("button", name=title, exact=True).tap()
        await self.hears(answer)

    async def shows(self, photo: Path, answer: str) -> None:
        """Pick a photo, send it; the answer holds these words."""
        await self.page.set_input_files("#photos", photo)
        await expect(self.page.locator(".thumb img")).to_be_visible()
        await self.page.get_by_role("button", name="发送").tap()
        await self.hears(answer)


async def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    wide = await page.evaluate(
        "() => [...document.querySelectorAll('html, body, main, section, .bubble, .choice')]"
        ".filter(e => e.scrollWidth > e.clientWidth + 1"
        " || e.getBoundingClientRect().right > innerWidth + 1).map(e => e.className || e.tagName)"
    )
    assert wide == []


async def nothing(_page: Page, _moment: str) -> None:
    """Look at nothing: the test only checks."""


async def file_an_application(page: Page, url: str, photo: Path, look: Look = nothing) -> str:
    """A mother applies for her daughter by taps, typing and a photo; the reference number."""
    parent = Parent(page)
    await page.goto(url)
    await parent.hears("您想办哪件事")
    await look(page, "start")
    await parent.taps("申请学生资助", "您是家长或监护人")
    await parent.taps("同意", "孩子叫什么名字")
    await parent.says("苏日娜今年14岁，在旗二中上初二", "家在哪里")
    await parent.says("科右中旗好腰苏木镇", "家里有下面这些情况吗")
    await look(page, "choices")
    await parent.says("低保户，她爸还有残疾证", "几口人")
    await parent.says("五口", "一年大概挣多少")
    await parent.says("两万左右", "您叫什么名字")
    await parent.says("乌云", "什么人")
    await parent.taps("妈妈", "手机号")
    await parent.says("13900000000", "身份证号")
    await parent.taps("跳过这一项", "拍照")
    await parent.shows(photo, "收到了")
    await look(page, "photo")
    await parent.taps("没有了，往下走", "请看看对不对")
    await look(page, "summary")
    await parent.taps("对，交上去", "编号")
    await look(page, "filed")
    reference = re.search(r"A\d\d-\d{4}-\d{3}", await parent.last.inner_text())
    assert reference
    return reference[0]


async def see_the_record(page: Page, service: Service, reference: str, look: Look) -> None:
    """The first officer logs in, finds the record in the list and opens it."""
    await page.goto(f"{service.url}/desk")
    await page.get_by_label("用户名").fill(service.officer)
    await page.get_by_label("密码").fill(service.password)
    await page.get_by_role("button", name="登录").tap()
    await expect(page.get_by_role("link", name=reference)).to_be_visible()
    await fits(page)
    await look(page, "list")
    await page.get_by_role("link", name=reference).tap()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("苏日娜")
    await fits(page)
    await look(page, "record")


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A photo as a phone makes it."""
    from PIL import Image

    path = tmp_path / "户口簿.jpg"
    Image.effect_noise((1200, 900), 40).convert("RGB").save(path, "JPEG", quality=80)
    return path


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed (apt install chromium)")
async def test_a_parent_files_with_a_photo_and_the_officer_sees_it(
    tmp_path: Path, paper: Path
) -> None:
    errors: list[str] = []
    with running_service(tmp_path / "data") as service:
        async with chromium() as browser:
            phone = await open_page(browser, errors, 390, 844)
            reference = await file_an_application(phone, service.url, paper)
            await phone.set_viewport_size({"width": 320, "height": 568})
            await phone.reload()
            await Parent(phone).hears(reference)
            await fits(phone)
            desk = await open_page(browser, errors, 390, 844)
            await see_the_record(desk, service, reference, nothing)
            await expect(desk.locator(".slots")).to_contain_text("初中二年级")
            await desk.locator(".paper img").scroll_into_view_if_needed()  # loaded when seen
            await expect(desk.locator(".paper img")).to_have_js_property("naturalWidth", 1200)
            await desk.set_viewport_size({"width": 320, "height": 568})
            await fits(desk)
    assert errors == []
