"""How messages look in Telegram, checked against the rules of the Bot API by teremok."""

from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import SendMessage
from aiogram.types import InlineKeyboardMarkup, ReplyKeyboardMarkup
from teremok import MockBot

from bot.channels.base import Button, Gone, Outbound, Retry
from bot.channels.telegram_out import in_rows, keyboard, send, split

CALL = SendMessage(chat_id=7, text="x")


class FailingBot:
    """A bot whose every call fails in one way."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def send_message(self, *_: Any, **__: Any) -> Any:
        raise self._error


def test_short_text_is_one_piece_and_long_text_is_cut_at_a_line_end() -> None:
    assert split("您好") == ["您好"]
    long = "\n".join(["一" * 99] * 60)
    pieces = split(long)
    assert len(pieces) == 2
    assert all(len(piece) <= 4096 for piece in pieces)
    assert "\n".join(pieces) == long


def test_cutting_counts_utf16_and_loses_nothing() -> None:
    text = "😀" * 5000
    pieces = split(text)
    assert "".join(pieces) == text
    assert all(len(piece.encode("utf-16-le")) // 2 <= 4096 for piece in pieces)


def test_empty_text_is_still_a_message() -> None:
    assert split("") == ["…"]


def test_short_buttons_share_a_row_and_long_ones_do_not() -> None:
    titles = ["是", "不是", "改一下", "我想先问问别的事情再说", "人工"]
    rows = in_rows(tuple(Button(title, title[:1]) for title in titles))
    assert [[b.title for b in row] for row in rows] == [titles[:3], titles[3:4], titles[4:]]


def test_payload_beyond_the_limit_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        in_rows((Button("好", "x" * 65),))


def test_buttons_become_an_inline_keyboard() -> None:
    markup = keyboard(Outbound("7", "确认吗？", (Button("确认", "!confirm=yes"),)))
    assert isinstance(markup, InlineKeyboardMarkup)
    assert markup.inline_keyboard[0][0].callback_data == "!confirm=yes"


def test_a_phone_question_offers_to_share_the_number() -> None:
    markup = keyboard(Outbound("7", "电话是多少？", custom={"asks": "phone"}))
    assert isinstance(markup, ReplyKeyboardMarkup)
    assert markup.keyboard[0][0].request_contact is True
    assert keyboard(Outbound("7", "叫什么名字？", custom={"asks": "child_name"})) is None


async def test_long_message_passes_the_rules_with_buttons_under_the_last_piece() -> None:
    bot = MockBot()
    message = Outbound("7", "一" * 5000, (Button("好", "ok"),))
    sent = await send(bot, message)
    calls = [call for call in bot.requests.all if isinstance(call, SendMessage)]
    assert [len(call.text) for call in calls] == [4096, 904]
    assert [call.reply_markup is not None for call in calls] == [False, True]
    assert sent.startswith("7:")


@pytest.mark.parametrize(
    ("error", "after"),
    [
        (TelegramRetryAfter(CALL, "Too Many Requests", 17), 17),
        (TelegramNetworkError(CALL, "down"), None),
        (TelegramServerError(CALL, "bad gateway"), None),
        (OSError("no route"), None),
    ],
)
async def test_what_passes_is_tried_again(error: Exception, after: float | None) -> None:
    bot: Any = FailingBot(error)
    with pytest.raises(Retry) as retry:
        await send(bot, Outbound("7", "您好"))
    assert retry.value.after == after


@pytest.mark.parametrize(
    "error",
    [
        TelegramForbiddenError(CALL, "Forbidden: bot was blocked by the user"),
        TelegramBadRequest(CALL, "Bad Request: chat not found"),
    ],
)
async def test_who_cannot_be_reached_is_gone(error: Exception) -> None:
    bot: Any = FailingBot(error)
    with pytest.raises(Gone):
        await send(bot, Outbound("7", "您好"))


async def test_a_mistake_of_ours_is_not_hidden() -> None:
    bot: Any = FailingBot(TelegramBadRequest(CALL, "Bad Request: message is too long"))
    with pytest.raises(TelegramBadRequest):
        await send(bot, Outbound("7", "您好"))
