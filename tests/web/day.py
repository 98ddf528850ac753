"""A whole installation with a clock of its own, and officers who work at its desk in a browser."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, expect

from bot.clock import at_local
from bot.config import Config
from bot.sending.outbox import Sender
from bot.service.app import App, build
from bot.service.serving import QuietServer, listen
from bot.web.server import create_server
from storage.kinds import Role
from tests.web.conftest import PASSWORD

SIZE = (1366, 768)
Look = Callable[[Page, str], Awaitable[None]]
"""Called with the page and the name of the moment."""


async def nothing(_page: Page, _moment: str) -> None:
    """Look at nothing: the test only checks."""


class Clock:
    """The moment everybody in the installation believes in."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Each look at the clock takes a little, so that what happened later is later."""
        self.moment += timedelta(milliseconds=5)
        return self.moment

    def go_to(self, day: date, hour: int = 9) -> None:
        """The office opens on a later day."""
        self.moment = at_local(day, time(hour))


@asynccontextmanager
async def installation(data: Path, clock: Clock) -> AsyncIterator[tuple[App, str]]:
    """The service with its real intake and engine on a port of its own, and its address."""
    app = await build(Config(data_dir=data), now=clock)
    await asyncio.to_thread(app.engine.load)
    socket = listen("127.0.0.1", 0)
    server = QuietServer(create_server(app))
    stop = asyncio.Event()
    sender = Sender(app.db, app.channels, app.now, attempts=3, poll_seconds=0.2)
    app.intake.on_replies = sender.ring
    loops = [server.serve(sockets=[socket]), app.intake.work_forever(stop), sender.run(stop)]
    tasks = [asyncio.create_task(loop) for loop in loops]
    await server.ready.wait()
    try:
        yield app, f"http://127.0.0.1:{socket.getsockname()[1]}"
    finally:
        stop.set()
        server.should_exit = server.force_exit = True
        await asyncio.gather(*tasks)
        await app.close()


async def employ(app: App, name: str, region: str, role: Role = Role.OFFICER) -> None:
    """An account; the password of all is PASSWORD."""
    from argon2 import PasswordHasher

    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    async with app.db.write() as uow:
        await uow.officers.add(
            name=name,
            role=role,
            region_code=region,
            now=app.now(),
            password_hash=cheap.hash(PASSWORD),
        )


class Desk:
    """An officer at the desk in a browser of their own, who fills in forms as they stand."""

    def __init__(self, page: Page, site: str, name: str, look: Look) -> None:
        self.page = page
        self.site = site
        self.name = name
        self.look = look

    @classmethod
    async def of(
        cls,
        browser: Browser,
        site: str,
        name: str,
        look: Look = nothing,
        size: tuple[int, int] = SIZE,
    ) -> "Desk":
        """Signed in, at the list."""
        width, height = size
        context = await browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        desk = cls(await context.new_page(), site, name, look)
        await desk.goes_to("/desk")
        return desk

    async def goes_to(self, path: str) -> None:
        """Open a page of the desk; after some days one has to sign in again."""
        await self.page.goto(f"{self.site}{path}")
        if not self.page.url.startswith(f"{self.site}/desk/login"):
            return
        await self.page.get_by_label("用户名").fill(self.name)
        await self.page.get_by_label("密码").fill(PASSWORD)
        await self.page.get_by_role("button", name="登录").click()
        await self.page.wait_for_url(f"{self.site}/desk")
        if path != "/desk":
            await self.page.goto(f"{self.site}{path}")

    async def opens(self, reference: str) -> None:
        """Find the record in the list of the whole place and open it."""
        await self.goes_to("/desk?view=all&closed=1")
        await self.fits()
        await self.page.get_by_role("link", name=reference).first.click()
        await expect(self.page.locator("#head h1")).to_contain_text(reference)
        await self.fits()

    async def follows_the_notice(self, reference: str) -> None:
        """Open the record from the news at the head of the page."""
        await self.goes_to("/desk")
        news = self.page.locator("#notices")
        await news.locator("summary").click()
        await self.look(self.page, "notices")
        await news.locator(f"a[href$='{reference}']").first.click()
        await expect(self.page.locator("#head h1")).to_contain_text(reference)

    async def does(self, form: str, **answers: str | bool) -> None:
        """Open the form, fill it in, send it; the page says that it is done."""
        change = self.page.locator(f"#form-{form}")
        title = (await change.locator("form button").last.text_content() or "").strip()
        if await change.get_attribute("open") is None:
            await change.locator("summary").first.click()
        for name, answer in answers.items():
            await _fill(change.locator(f"[name={name}]"), answer)
        await self.look(self.page, f"{form}-form")
        await change.locator("form button").last.click()
        await self.is_told(f"已经办好：{title}。")
        await self.look(self.page, form)

    async def is_told(self, words: str) -> None:
        """What the page says about the last step; nothing runs off the screen."""
        await expect(self.page.locator("[role=status].done")).to_contain_text(words)
        await self.fits()

    async def sees(self, where: str, *words: str) -> None:
        """A part of the page holds these words."""
        for each in words:
            await expect(self.page.locator(where)).to_contain_text(each)

    async def has_no(self, form: str) -> None:
        """The change is not offered to this officer now."""
        await expect(self.page.locator(f"#form-{form}")).to_have_count(0)

    async def fits(self) -> None:
        """Nobody has to scroll sideways."""
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await self.page.evaluate(wide) <= 0


async def _fill(field: Locator, answer: str | bool) -> None:
    if answer is True:
        await field.check()
    elif await field.evaluate("it => it.tagName") == "SELECT":
        words = await field.locator("option").all_inner_texts()
        named = [each for each in words if each.strip().startswith(f"{answer}（")]
        await (field.select_option(label=named) if named else field.select_option(str(answer)))
    else:
        await field.fill(str(answer))
