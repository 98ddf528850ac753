"""What each kind of Telegram update means."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.telegram_in import FileToFetch, Heard, InGroup, LeftGroup, Reach, domestic, read
from tests.channels import updates

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def heard(**content: Any) -> Heard:
    meaning = read(updates.message(**content), NOW)
    assert isinstance(meaning, Heard)
    return meaning


def test_text_carries_its_own_time_and_id() -> None:
    inbound = heard(text=" 昨天就没来 ").inbound
    assert inbound.text == "昨天就没来"
    assert inbound.external_id == f"{updates.CHAT}:41"
    assert inbound.address == str(updates.CHAT)
    assert inbound.sent_at == updates.SENT_AT
    assert inbound.sender_name == "乌兰 图雅"
    assert inbound.edit_of is None
    assert inbound.unsupported is None


@pytest.mark.parametrize(
    ("text", "value", "left"),
    [
        ("/start", "!cmd=start", ""),
        ("/start from_poster", "!cmd=start", ""),
        ("/help@yulu_bot", "!cmd=help", ""),
        ("/进度", None, "/进度"),
        ("/cancel", None, "cancel"),
        ("24/7", None, "24/7"),
    ],
)
def test_commands_are_values(text: str, value: str | None, left: str) -> None:
    inbound = heard(text=text).inbound
    assert (inbound.value, inbound.text) == (value, left)


def test_press_is_a_value_with_the_time_of_its_arrival() -> None:
    meaning = read(updates.callback("!grade=7", "abc"), NOW)
    assert isinstance(meaning, Heard)
    assert meaning.inbound.value == "!grade=7"
    assert meaning.inbound.text == ""
    assert meaning.inbound.external_id == "callback:abc"
    assert meaning.inbound.sent_at == NOW
    assert meaning.callback == "abc"


def test_press_without_data_is_nothing() -> None:
    bare = updates.update(
        "callback_query",
        {"id": "1", "from": updates.PERSON, "chat_instance": "1", "game_short_name": "g"},
    )
    assert read(bare, NOW) is None


def test_edit_names_the_message_it_replaces() -> None:
    body = updates.message_body(text="苏日娜", edit_date=updates.SENT + 60)
    meaning = read(updates.update("edited_message", body), NOW)
    assert isinstance(meaning, Heard)
    assert meaning.inbound.edit_of == f"{updates.CHAT}:41"
    assert meaning.inbound.external_id == f"{updates.CHAT}:41:e{updates.SENT + 60}"
    assert meaning.inbound.sent_at == updates.SENT_AT


def test_largest_photo_is_fetched_with_caption_and_album() -> None:
    sizes = [
        updates.photo_size("big", 1280, 960),
        updates.photo_size("small", 90, 67),
        updates.photo_size("middle", 320, 240),
    ]
    meaning = heard(photo=sizes, caption="户口本", media_group_id="g7")
    assert meaning.file == FileToFetch("big", "照片.jpg", 1000)
    assert meaning.inbound.text == "户口本"
    assert meaning.inbound.album == "g7"
    assert meaning.inbound.unsupported is None


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (
            {"document": {"file_id": "f", "file_unique_id": "u", "file_name": "低保证.pdf"}},
            "低保证.pdf",
        ),
        ({"document": {"file_id": "f", "file_unique_id": "u"}}, "文件"),
        ({"voice": {"file_id": "f", "file_unique_id": "u", "duration": 3}}, "语音.ogg"),
        ({"audio": {"file_id": "f", "file_unique_id": "u", "duration": 3}}, "录音"),
    ],
)
def test_documents_and_voices_are_fetched(content: dict[str, Any], name: str) -> None:
    meaning = heard(**content)
    assert meaning.file is not None
    assert (meaning.file.id, meaning.file.name) == ("f", name)
    assert meaning.inbound.unsupported is None


def test_shared_contact_gives_a_domestic_number() -> None:
    inbound = heard(contact={"phone_number": "+86 139-4812-3456", "first_name": "乌兰"}).inbound
    assert inbound.phone == "13948123456"
    assert inbound.unsupported is None


@pytest.mark.parametrize(
    ("number", "expected"),
    [("8613948123456", "13948123456"), ("13948123456", "13948123456"), ("+1 202 555", "1202555")],
)
def test_domestic_numbers(number: str, expected: str) -> None:
    assert domestic(number) == expected


def test_location_keeps_both_numbers() -> None:
    inbound = heard(location={"latitude": 45.05, "longitude": 121.47}).inbound
    assert inbound.location == (45.05, 121.47)
    assert inbound.unsupported is None


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (
            {
                "sticker": {
                    "file_id": "f",
                    "file_unique_id": "u",
                    "type": "regular",
                    "width": 1,
                    "height": 1,
                    "is_animated": False,
                    "is_video": False,
                }
            },
            "sticker",
        ),
        (
            {
                "video": {
                    "file_id": "f",
                    "file_unique_id": "u",
                    "width": 1,
                    "height": 1,
                    "duration": 1,
                }
            },
            "video",
        ),
        ({"dice": {"emoji": "🎲", "value": 3}}, "dice"),
        ({}, "unknown"),
    ],
)
def test_what_cannot_be_read_is_said_to_be_so(content: dict[str, Any], kind: str) -> None:
    meaning = heard(**content)
    assert meaning.inbound.unsupported == kind
    assert meaning.file is None


@pytest.mark.parametrize(("status", "gone"), [("kicked", True), ("member", False)])
def test_blocking_and_coming_back(status: str, gone: bool) -> None:
    assert read(updates.membership(status), NOW) == Reach(str(updates.CHAT), gone)


def test_groups_are_kept_apart() -> None:
    topic = {"message_thread_id": 5, "is_topic_message": True}
    said = read(updates.message(chat_type="supergroup", text="接单 ", **topic), NOW)
    assert isinstance(said, InGroup)
    assert (said.who, said.thread, said.text) == (updates.CHAT, 5, "接单")
    assert read(updates.membership("member", "supergroup"), NOW) == InGroup(updates.CHAT)
    assert read(updates.membership("left", "supergroup"), NOW) == LeftGroup(updates.CHAT)


def test_a_press_in_a_group_is_not_an_answer() -> None:
    body = {
        "id": "1",
        "from": updates.PERSON,
        "chat_instance": "1",
        "data": "yes",
        "message": updates.message_body("group", text="?"),
    }
    pressed = read(updates.update("callback_query", body), NOW)
    assert isinstance(pressed, InGroup)
    assert (pressed.value, pressed.callback) == ("yes", "1")


def test_other_updates_are_nothing() -> None:
    body = {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": True}
    body |= {"is_anonymous": True, "type": "regular", "allows_multiple_answers": False}
    body |= {"allows_revoting": False, "members_only": False}
    assert read(updates.update("poll", body), NOW) is None
