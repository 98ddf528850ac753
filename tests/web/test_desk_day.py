"""Days of real work in a real browser, from the village to the second officer's approval.

A child who left school, across two banners; and an application with one blurred photo.
"""

import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.service.app import App
from storage.kinds import Role
from tests.web.day import SIZE, Clock, Desk, Look, employ, installation, nothing
from tests.web.test_browser import browser, pytestmark
from tests.web.test_whole_application import Parent, file_an_application, open_page, paper

__all__ = ["browser", "paper", "pytestmark"]

HERE, NEXT = "152222", "152221"  # 科尔沁右翼中旗 and its neighbour 科尔沁右翼前旗
REPORT = (
    "好腰苏木镇查干嘎查初二学生巴图，14岁，旗二中，11月9日起未到校，"
    "原因厌学，家长巴特尔13947820001，上报人王书记"
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def place(tmp_path: Path, clock: Clock) -> AsyncIterator[tuple[App, str]]:
    """Two banners with an officer each and a supervisor in the second."""
    async with installation(tmp_path / "data", clock) as (app, site):
        await employ(app, "苏和", HERE)
        await employ(app, "王芳", HERE)
        await employ(app, "赵主管", HERE, Role.SUPERVISOR)
        await employ(app, "李强", NEXT)
        await employ(app, "白主管", NEXT, Role.SUPERVISOR)
        yield app, site


async def report_from_the_village(page: Page, site: str) -> str:
    """A secretary writes one line in the chat; the number of the case."""
    secretary = Parent(page)
    await page.goto(site)
    await secretary.hears("您想办哪件事")
    await secretary.says(REPORT, "巴图")
    await secretary.says("后面的都不填了", "对不对")
    await secretary.says("对", "编号")
    found = re.search(r"D\d\d-\d{4}-\d{3}", await secretary.last.inner_text())
    assert found
    return found[0]


async def assign(desk: Desk, reference: str, name: str) -> None:
    """The supervisor gives the case to somebody else than the one it went to by itself."""
    await desk.opens(reference)
    await desk.does("assign", officer=name)
    await desk.sees("#head", name)


async def begin_the_case(desk: Desk, reference: str) -> None:
    """Looked at, verified, two people named."""
    await desk.opens(reference)
    await desk.sees("#head", "巴图", "已登记", "好腰苏木镇")
    await desk.does("verify", identity=True, roll=True, whereabouts="在家里，跟着大人放羊")
    await desk.sees("#child", "是失学", "跟着大人放羊")
    await desk.does("responsible", side="school", name="张老师", phone="13848220001")
    await desk.does("responsible", side="village", name="王书记", phone="13847900000")
    await desk.sees("#responsible", "张老师", "王书记")
    await expect(desk.page.locator("#responsible")).not_to_contain_text("还没有定")


async def visit_twice(desk: Desk, clock: Clock, reference: str) -> None:
    """Nobody is persuaded on the first visit."""
    first = "孩子说数学跟不上，不想去了"
    await desk.does("visit", method="上门", who="张老师", met="孩子和奶奶", result=first)
    clock.go_to(date(2026, 11, 25))
    await desk.opens(reference)
    second = "要搬到前旗姥姥家，愿意在那边上学"
    await desk.does("visit", method="几家一起上门", who="张老师", met="爸爸", result=second)
    await desk.sees("#visits", "2 次", first, second)


async def hand_over(sender: Desk, receiver: Desk, reference: str) -> None:
    """The neighbour is asked, sees the file before answering, and takes it."""
    await sender.does("transfer", to=f"place:{NEXT}", reason="孩子搬到科右前旗姥姥家")
    await sender.sees(".taken", "科尔沁右翼前旗", "接下以前，还由 王芳 负责")
    await receiver.follows_the_notice(reference)
    await receiver.sees("#visits", "2 次")
    await receiver.has_no("visit")
    await receiver.does("accept-transfer")
    await receiver.sees("#head", "李强", "科尔沁右翼前旗")
    await receiver.sees("#events", "转交", "孩子搬到科右前旗姥姥家")
    answer = await sender.page.goto(f"{sender.site}/desk/records/{reference}")
    assert answer is not None and answer.status == 404
    await sender.page.goto(f"{sender.site}/desk")
    await sender.sees(".notices", reference, "李强")


async def back_at_school(desk: Desk, clock: Clock, reference: str) -> None:
    """The return, then the days that are looked at."""
    clock.go_to(date(2026, 11, 30))
    await desk.opens(reference)
    await desk.does("return", placement="transfer_in", school="科右前旗二中", on="2026-11-30")
    await desk.sees("#placement", "科右前旗二中")
    for day in (1, 2, 3):
        clock.go_to(date(2026, 12, day))
        await desk.opens(reference)
        await desk.does("attendance", present="no" if day == 2 else "yes")
    await desk.sees("#monitoring", "查过 3 天，到校 2 天，没到 1 天")


async def close_by_four_eyes(asking: Desk, approving: Desk, reference: str) -> None:
    """One asks, another agrees; the one who asked cannot."""
    await asking.does("request-close", code="returned", note="连着到校，家里也放心")
    await asking.has_no("approve-close")
    await approving.opens(reference)
    await approving.does("approve-close", note="看过到校记录")
    await approving.sees("#head", "已办结", "办结原因")
    await approving.sees("#events", "申请办结", "同意办结", "白主管", "登记复学", "王芳")


async def whole_case(
    browser: Browser,
    clock: Clock,
    site: str,
    look: Look = nothing,
    size: tuple[int, int] = SIZE,
) -> None:
    """The life of one dropout case, as five people see it."""
    errors: list[str] = []
    village = await open_page(browser, errors, 390, 844)
    reference = await report_from_the_village(village, site)
    head = await Desk.of(browser, site, "赵主管", look, size)
    await assign(head, reference, "王芳")
    here = await Desk.of(browser, site, "王芳", look, size)
    await begin_the_case(here, reference)
    await visit_twice(here, clock, reference)
    there = await Desk.of(browser, site, "李强", look, size)
    await hand_over(here, there, reference)
    await back_at_school(there, clock, reference)
    second = await Desk.of(browser, site, "白主管", look, size)
    await close_by_four_eyes(there, second, reference)
    await look(village, "village")
    assert errors == []


async def test_a_child_is_brought_back_by_two_banners(
    browser: Browser, clock: Clock, place: tuple[App, str]
) -> None:
    await whole_case(browser, clock, place[1])


async def send_back_one_photo(desk: Desk, reference: str) -> None:
    """The officer finds one photo that cannot be read, and only that one goes back."""
    await desk.opens(reference)
    line = desk.page.locator(".checklist > li:has(img)").first
    await line.locator("summary").click()
    await line.get_by_label("看不清").check()
    await desk.look(desk.page, "send-back-form")
    await line.get_by_role("button", name="退回").click()
    await desk.is_told("已经办好：退回补正。")
    await desk.sees("#head", "待补正", "等家里重新发")
    await desk.look(desk.page, "send-back")


async def recognise(desk: Desk, parent: Parent, clock: Clock, reference: str) -> None:
    """Accepted, levelled, published for five working days, approved."""
    await desk.opens(reference)
    await desk.does("accept")
    await parent.hears("受理了，学校开始审核")
    await desk.does("level", level="special", reason="低保户")
    await desk.does("publish", place="学校公告栏")
    await parent.hears("认定为“特别困难”")
    await parent.hears("11月30日")
    clock.go_to(date(2026, 12, 1))
    await desk.opens(reference)
    await desk.does("approve")
    await desk.sees("#head", "已通过")
    await parent.hears("好消息")
    await desk.sees("#events", "退回补正", "公示", "认定通过")


async def whole_application(
    browser: Browser,
    clock: Clock,
    site: str,
    photo: Path,
    look: Look = nothing,
    size: tuple[int, int] = SIZE,
) -> None:
    """One application, as a mother and her officer see it."""
    errors: list[str] = []
    phone = await open_page(browser, errors, 390, 844)
    parent = Parent(phone)
    reference = await file_an_application(phone, site, photo)
    desk = await Desk.of(browser, site, "王芳", look, size)
    await send_back_one_photo(desk, reference)
    await parent.hears("有一张要重新拍")
    await look(phone, "phone-sent-back")
    await parent.shows(photo, "还差：户口簿")
    await look(phone, "phone-again")
    await recognise(desk, parent, clock, reference)
    await look(phone, "phone-end")
    assert errors == []


async def test_one_blurred_photo_goes_back_and_the_family_is_recognised(
    browser: Browser, clock: Clock, place: tuple[App, str], paper: Path
) -> None:
    clock.go_to(date(2026, 11, 23))
    await whole_application(browser, clock, place[1], paper)
