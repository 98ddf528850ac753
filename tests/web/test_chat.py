"""The parents' chat: the page, sending once, photos, live answers, one browser not another's."""

import asyncio
from io import BytesIO

from PIL import Image

from bot.channels.base import Button
from bot.channels.webchat import WebChat, address_of
from bot.web import live
from tests.web.conftest import Client, FakeService, form_token

JSON = {"accept": "application/json"}


def photo(color: str = "red") -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), color).save(out, "JPEG")
    return out.getvalue()


async def open_page(client: Client) -> dict[str, str]:
    """The headers of a browser that has opened the page."""
    page = await client.get("/")
    assert page.status_code == 200
    return {**JSON, "x-csrftoken": form_token(page.text)}


async def say(client: Client, headers: dict[str, str], text: str, id: str = "0123456789") -> int:
    form = {"id": id, "text": text}
    answer = await client.post("/chat/messages", data=form, headers=headers, files={"no": b""})
    return answer.status_code


async def test_the_page_says_that_it_is_a_machine_and_names_110(client: Client) -> None:
    page = (await client.get("/")).text
    assert "育路 · 智能助手" in page
    assert "机器人" in page
    assert 'href="tel:110"' in page


async def test_the_ticket_is_a_cookie_no_script_can_read(client: Client) -> None:
    cookies = (await client.get("/")).headers.get_list("set-cookie")
    ticket = next(cookie for cookie in cookies if cookie.startswith("yulu_chat="))
    assert "HttpOnly" in ticket
    assert "SameSite=lax" in ticket
    assert int(ticket.split("Max-Age=")[1].split(";")[0]) >= 30 * 24 * 3600


async def test_what_was_said_is_still_there_when_the_page_is_opened_again(
    client: Client, service: FakeService
) -> None:
    service.intake.buttons = (Button("申请助学金", "!flow=aid"),)
    assert await say(client, await open_page(client), "我想申请助学金") == 202
    page = (await client.get("/")).text
    assert "我想申请助学金" in page
    assert "听到：我想申请助学金" in page
    assert 'value="!flow=aid"' in page


async def test_the_same_message_twice_is_one(client: Client, service: FakeService) -> None:
    headers = await open_page(client)
    assert await say(client, headers, "你好") == 202
    assert await say(client, headers, "你好") == 202
    assert len(service.intake.heard) == 1


async def test_two_browsers_may_use_the_same_id(client: Client, service: FakeService) -> None:
    await say(client, await open_page(client), "一")
    client.cookies.clear()
    await say(client, await open_page(client), "二")
    assert [heard.text for heard in service.intake.heard] == ["一", "二"]
    assert len({heard.address for heard in service.intake.heard}) == 2


async def test_a_press_keeps_the_title_as_own_words(client: Client, service: FakeService) -> None:
    service.intake.buttons = (Button("申请助学金", "!flow=aid"),)
    headers = await open_page(client)
    await say(client, headers, "你好")
    form = {"id": "press-0001", "value": "!flow=aid"}
    await client.post("/chat/messages", data=form, headers=headers, files={"no": b""})
    assert service.intake.heard[-1].value == "!flow=aid"
    assert service.intake.heard[-1].text == "申请助学金"
    page = (await client.get("/")).text
    assert page.count('value="!flow=aid"') == 1, "only the open question has buttons"


async def test_the_invisible_start_shows_no_bubble(client: Client, service: FakeService) -> None:
    headers = await open_page(client)
    form = {"id": "start-0001", "value": "!cmd=start"}
    await client.post("/chat/messages", data=form, headers=headers, files={"no": b""})
    assert (service.intake.heard[0].text, service.intake.heard[0].value) == ("", "!cmd=start")
    assert 'class="said mine"' not in (await client.get("/")).text


async def test_without_the_form_token_nothing_is_taken(
    client: Client, service: FakeService
) -> None:
    await open_page(client)
    assert await say(client, JSON, "你好") == 403
    assert service.intake.heard == []


async def test_a_page_that_outlived_its_token_gets_a_new_one(client: Client) -> None:
    await open_page(client)
    client.cookies.delete("yulu_form")
    token = (await client.get("/chat/token")).text.strip()
    assert await say(client, {**JSON, "x-csrftoken": token}, "你好") == 202


async def test_html_in_a_message_stays_text(client: Client) -> None:
    nasty = '<script>alert("x")</script><img src=x onerror=alert(1)>'
    await say(client, await open_page(client), nasty)
    page = (await client.get("/")).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page


async def test_several_photos_are_one_turn(client: Client, service: FakeService) -> None:
    headers = await open_page(client)
    files = [("photos", ("a.jpg", photo())), ("photos", ("b.jpg", photo("blue")))]
    form = {"id": "album-0001", "text": "户口本"}
    answer = await client.post("/chat/messages", data=form, headers=headers, files=files)
    assert answer.status_code == 202
    [heard] = service.intake.heard
    assert len(heard.files) == 2
    assert heard.text == "户口本"


async def test_own_photo_comes_back_to_nobody_else(client: Client, service: FakeService) -> None:
    headers = await open_page(client)
    form = {"id": "photo-0001"}
    files = {"photos": ("a.jpg", photo())}
    await client.post("/chat/messages", data=form, headers=headers, files=files)
    path = f"/chat/files/{service.intake.heard[0].files[0].attachment}"
    own = await client.get(path)
    assert (own.status_code, own.headers["content-type"]) == (200, "image/jpeg")
    client.cookies.clear()
    await open_page(client)
    assert (await client.get(path)).status_code == 404


async def test_a_file_that_is_no_picture_is_refused_in_words(
    client: Client, service: FakeService
) -> None:
    headers = await open_page(client)
    files = [("photos", ("a.jpg", photo())), ("photos", ("b.jpg", b"MZ not a picture"))]
    form = {"id": "album-0002"}
    answer = await client.post("/chat/messages", data=form, headers=headers, files=files)
    assert answer.status_code == 422
    assert "拍一张照片" in answer.json()["reason"]
    assert service.intake.heard == []
    async with service.db.read() as uow:
        assert await uow.attachments.get(1) is None, "an album comes whole or not at all"


async def test_an_empty_or_endless_message_is_refused(client: Client) -> None:
    headers = await open_page(client)
    assert await say(client, headers, "   ") == 422
    assert await say(client, headers, "长" * 10_001) == 422
    assert await say(client, headers, "好", id="bad id!!") == 422


async def test_a_flood_is_slowed_down_and_forgiven(client: Client, service: FakeService) -> None:
    headers = await open_page(client)
    codes = [await say(client, headers, "喂", id=f"flood-{n:04}") for n in range(42)]
    assert codes[39:] == [202, 429, 429]
    named = {caller.partition(" ")[0]: limit.attempts for caller, limit in service.intake.counted}
    assert named == {"chat": 40, "chats": 300}, "other processes count them too"
    service.wait(minutes=2)
    assert await say(client, headers, "喂", id="flood-9999") == 202


async def test_each_photo_counts_as_a_message(client: Client) -> None:
    headers = await open_page(client)
    content = b"%PDF-1.4" + bytes(300)
    found = []
    for number in range(5):
        form = {"id": f"album-{number:04}", "text": "", "value": ""}
        files = [("photos", (f"{each}.pdf", content, "application/pdf")) for each in range(9)]
        answer = await client.post("/chat/messages", data=form, headers=headers, files=files)
        found.append(answer.status_code)
    assert found == [202] * 4 + [429]


async def test_forgetting_gives_the_next_person_an_empty_page(client: Client) -> None:
    headers = await open_page(client)
    await say(client, headers, "我的秘密")
    form = {"_csrf_token": headers["x-csrftoken"]}
    gone = await client.post("/chat/forget", data=form, follow_redirects=False)
    assert gone.status_code == 303
    assert "我的秘密" not in (await client.get("/")).text


async def test_without_script_the_form_comes_back_to_the_page(client: Client) -> None:
    token = form_token((await client.get("/")).text)
    form = {"_csrf_token": token, "id": "plain-0001", "text": "你好"}
    answer = await client.post(
        "/chat/messages", data=form, files={"photos": ("", b"")}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/#end")


async def test_answers_since_a_message_come_as_pieces_of_the_page(client: Client) -> None:
    headers = await open_page(client)
    await say(client, headers, "你好")
    [item] = (await client.get("/chat/news?after=0")).json()
    assert "听到：你好" in item["html"]
    assert (await client.get(f"/chat/news?after={item['id']}")).json() == []


async def test_what_is_not_due_yet_is_not_shown(client: Client, service: FakeService) -> None:
    headers = await open_page(client)
    await say(client, headers, "你好")
    talk = address_of(client.cookies["yulu_chat"])
    async with service.db.write() as uow:
        conversation = await uow.conversations.find("web", talk)
        assert conversation is not None
        later = service.now().replace(hour=20)
        await uow.outbox.add(conversation.id, "明天的提醒", [], {}, service.now(), due_at=later)
    assert "明天的提醒" not in (await client.get("/")).text
    assert "明天的提醒" not in (await client.get("/chat/news?after=0")).text
    service.wait(hours=18)
    assert await say(client, headers, "还在吗", id="second-message") == 202
    newest = (await client.get("/chat/news?after=0")).json()[-1]["id"]
    late = (await client.get(f"/chat/news?after={newest}")).json()
    assert ["明天的提醒" in item["html"] for item in late] == [True]


async def test_the_stream_begins_after_the_last_message_and_pushes_new_ones(
    client: Client, service: FakeService
) -> None:
    headers = await open_page(client)
    await say(client, headers, "旧的")
    live_address = address_of(client.cookies["yulu_chat"])
    [old] = (await client.get("/chat/news?after=0")).json()
    stream = live.stream(client.app, client.app.state["site"], live_address, old["id"])
    assert (await anext(stream)).comment == "ready"
    coming = asyncio.create_task(anext(stream))
    await asyncio.sleep(0)
    await say(client, headers, "新的", id="second-message")
    message = await asyncio.wait_for(coming, 5)
    assert (message.event, message.id) == ("said", old["id"] + 1)
    assert "听到：新的" in str(message.data)
    await stream.aclose()
    assert service.webchat.listeners(live_address) == 0


async def test_the_stream_is_for_browsers_with_a_ticket(client: Client) -> None:
    assert (await client.get("/chat/events")).status_code == 401


async def test_sending_wakes_the_pages_of_that_address_only() -> None:
    channel = WebChat()
    with channel.listening("a") as mine, channel.listening("b") as other:
        channel.ring("a")
        assert mine.is_set()
        assert not other.is_set()
    assert channel.listeners("a") == 0
