"""Setting up a second factor in a real browser: the picture is drawn, no rule of it broken."""

import pyotp
from playwright.async_api import Browser, expect

from tests.web.conftest import PASSWORD, FakeService, add_officer
from tests.web.test_browser import browser, pytestmark, site
from tests.web.test_browser_accessible import serious_faults
from tests.web.test_second_factor import secret_of

__all__ = ["browser", "pytestmark", "site"]


async def test_an_officer_sets_it_up_and_signs_in_with_it(
    browser: Browser, site: str, service: FakeService
) -> None:
    officer, _ = await add_officer(service, "王芳")
    page = await (await browser.new_context(viewport={"width": 390, "height": 844})).new_page()
    broken: list[str] = []
    page.on("console", lambda line: broken.append(line.text) if line.type == "error" else None)

    async def password() -> None:
        await page.goto(f"{site}/desk/login")
        await page.get_by_label("用户名").fill("王芳")
        await page.get_by_label("密码").fill(PASSWORD)
        await page.get_by_role("button", name="登录").click()

    def shown(secret: str) -> str:
        return pyotp.TOTP(secret).at(int(service.now().timestamp()))

    await password()
    await page.get_by_role("link", name="王芳").click()
    await page.get_by_role("link", name="去设置").click()
    await page.get_by_role("button", name="开始设置").click()
    picture = page.get_by_role("img", name="给验证码软件扫的图")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 200
    faults = await serious_faults(page)
    secret = await secret_of(service, officer.id)
    await page.get_by_label("验证码").fill(shown(secret))
    await page.get_by_role("button", name="确定").click()
    await expect(page.locator(".recovery code")).to_have_count(10)
    faults += await serious_faults(page)
    await page.get_by_role("link", name="抄好了").click()
    await page.get_by_role("button", name="退出").click()
    service.wait(minutes=1)
    await password()
    await expect(page.get_by_label("验证码")).to_be_focused()
    faults += await serious_faults(page)
    wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    await page.get_by_label("验证码").fill(shown(secret))
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{site}/desk")
    assert (faults, broken, wide) == ([], [], False)
