"""The smaller rooms of the desk: link code, notices, parked messages, training sessions."""

from datetime import date

import pytest

from bot.web.desk.training import session_values
from bot.workers.tick import tick_between
from flows.commands import AnswerReminder
from storage.kinds import Role
from storage.repositories.trainings import TrainingQuery
from tests.service import support as s
from tests.web.conftest import BANNER, OTHER_BANNER, Client, FakeService, add_officer
from tests.web.test_desk import desk_of, post, sign_in


async def test_a_link_code_ties_a_chat_once(client: Client, service: FakeService) -> None:
    officer_id = await desk_of(client, service)
    page = (await post(client, "/desk/link")).text
    code = page.split("绑定 ")[1].split("<")[0].strip()
    assert code.isdecimal()
    async with service.db.read() as uow:
        officer = await uow.officers.by_link_code(code, service.now())
        assert officer is not None
        assert officer.id == officer_id


async def test_notices_are_shown_until_they_are_seen(client: Client, service: FakeService) -> None:
    officer_id = await desk_of(client, service)
    async with service.db.write() as uow:
        notice = await uow.notices.add(officer_id, None, "有新的申请", service.now())
    assert "有新的申请" in (await client.get("/desk")).text
    await post(client, "/desk/notices", last=str(notice.id))
    assert "有新的申请" not in (await client.get("/desk")).text


async def park(service: FakeService, text: str) -> int:
    async with service.db.write() as uow:
        talk = await uow.conversations.get_or_create("rest", "p", service.now())
        now = service.now()
        await uow.inbox.accept(talk.id, "rest", "x1", {"text": text}, now, now, now)
        row = await uow.inbox.by_external("rest", "x1")
        assert row is not None
        await uow.inbox.park(row, now, "ValueError: broken")
        return row.id


async def test_parked_messages_can_be_tried_again(client: Client, service: FakeService) -> None:
    await desk_of(client, service, Role.ADMIN, "150000")
    inbox_id = await park(service, "我的补助呢")
    assert "我的补助呢" in (await client.get("/desk/parked")).text
    assert (await post(client, f"/desk/parked/{inbox_id}", do="again")).status_code == 303
    async with service.db.read() as uow:
        row = await uow.inbox.get(inbox_id)
        assert row is not None
        assert (row.status, row.attempts) == ("new", 0)
    assert (await post(client, f"/desk/parked/{inbox_id}", do="settle")).status_code == 404


async def test_parked_messages_are_for_supervisors_of_the_place(
    client: Client, service: FakeService
) -> None:
    await park(service, "我的补助呢")
    await desk_of(client, service)
    assert (await client.get("/desk/parked")).status_code == 403
    await add_officer(service, "主管", Role.SUPERVISOR)
    await sign_in(client, "主管")
    page = await client.get("/desk/parked")
    assert page.status_code == 200
    assert "我的补助呢" not in page.text


SESSION = {"title": "普通话基础班", "region": BANNER, "starts_on": "2026-12-01", "seats": "30"}


async def test_a_session_can_be_added_once(client: Client, service: FakeService) -> None:
    await desk_of(client, service)
    for _ in range(2):
        assert (await post(client, "/desk/trainings", **SESSION)).status_code == 303
    page = (await client.get("/desk/trainings")).text
    assert page.count("<b>普通话基础班</b>") == 1
    assert "0 / 30" in page


async def test_what_people_say_of_a_class_that_was_is_counted(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service)
    who = await s.person(service.db)
    course = await s.session(service.db, starts_on=date(2026, 11, 24), region_code=BANNER)
    await s.book(service.db, who.actor, course)
    service.wait(days=4)
    await tick_between(service.db, s.NOW, service.now())
    async with service.db.read() as uow:
        rows = await uow.reminders.of_person(who.person_id)
    (asked,) = [row for row in rows if row.kind == "attendance" and row.status == "fired"]
    await s.do(service.db, AnswerReminder(asked.id, "went"), who.actor, service.now())
    page = (await client.get("/desk/trainings")).text
    assert "最近开过的班" in page and "不作数" in page
    assert '<td data-label="本人说去了">1</td>' in page


async def test_more_seats_are_offered_to_those_who_wait(
    client: Client, service: FakeService
) -> None:
    await desk_of(client, service)
    form = {**SESSION, "seats": "1"}
    await post(client, "/desk/trainings", **form)
    async with service.db.read() as uow:
        (course,) = await uow.trainings.search(TrainingQuery())
    people = [await s.person(service.db, f"p{number}") for number in range(2)]
    for who in people:
        await s.book(service.db, who.actor, course.reference)
    assert "排队 1 人" in (await client.get("/desk/trainings")).text
    await post(client, "/desk/trainings", **{**form, "seats": "2"})
    async with service.db.read() as uow:
        rows = await uow.reminders.of_person(people[1].person_id)
    assert [row.kind for row in rows] == ["place"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "请填名称"),
        ({"region": "999999"}, "没有这个地区代码"),
        ({"region": OTHER_BANNER}, "不归您管"),
        ({"starts_on": "2月31日"}, "日期请这样写"),
        ({"ends_on": "2026-11-01"}, "结束日期不能比开始日期早"),
        ({"seats": "-1"}, "名额要写一个大于 0 的整数"),
        ({"seats": "0"}, "名额要写一个大于 0 的整数"),
        ({"venue": "长" * 201}, "地点太长了"),
    ],
)
async def test_a_wrong_session_is_refused_in_words(
    client: Client, service: FakeService, wrong: dict[str, str], said: str
) -> None:
    await desk_of(client, service)
    answer = await post(client, "/desk/trainings", **{**SESSION, **wrong})
    assert answer.status_code == 422
    assert said in answer.text


def test_session_values_keep_every_plain_field() -> None:
    from storage.models.officer import Officer

    officer = Officer(region_code=BANNER)
    values = session_values({**SESSION, "fee": "免费", "phone": "0482-4123456"}, officer)
    assert (values["fee"], values["phone"], values["seats"]) == ("免费", "0482-4123456", 30)
