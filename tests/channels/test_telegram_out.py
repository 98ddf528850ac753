"""How messages look in Telegram, checked against the rules of the Bot API by teremok."""

from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import SendMessage
from aiogram.types import InlineKeyboardMarkup, ReplyKeyboardMarkup
from teremok import MockBot

from bot.channels.base import Away, Button, Gone, Outbound
from bot.channels.telegram_out import in_rows, keyboard, send, split

CALL = SendMessage(chat_id=7, text="x")


class FailingBot:
    """A bot whose every call fails in one way."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def send_message(self, *_: Any, **__: Any) -> Any:
        raise self._error


class BreakingBot(MockBot):
    """A bot that loses the connection once, after so many messages."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._after = after
        self.lengths: list[int] = []

    async def send_message(self, *args: Any, **more: Any) -> Any:
        if len(self.lengths) == self._after:
            self._after = -1
            raise TelegramNetworkError(CALL, "down")
        self.lengths.append(len(args[1]))
        return await super().send_message(*args, **more)


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
        (TypeError("an error without words, over which aiogram trips"), None),
        (AttributeError("a success without a message"), None),
        (OSError("no route"), None),
        (TelegramUnauthorizedError(CALL, "Unauthorized"), None),
        (TelegramNotFound(CALL, "Not Found"), None),
    ],
)
async def test_what_is_wrong_with_telegram_makes_everybody_wait(
    error: Exception, after: float | None
) -> None:
    bot: Any = FailingBot(error)
    with pytest.raises(Away) as away:
        await send(bot, Outbound("7", "您好"))
    assert away.value.after == after
    assert away.value.certain is not isinstance(
        error, TelegramServerError | TypeError | AttributeError
    )


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


@pytest.mark.parametrize(
    "error",
    [
        TelegramBadRequest(CALL, "Bad Request: message is too long"),
        TelegramEntityTooLarge(CALL, "Request Entity Too Large"),
    ],
)
async def test_a_mistake_of_ours_is_not_hidden(error: Exception) -> None:
    bot: Any = FailingBot(error)
    with pytest.raises(type(error)):
        await send(bot, Outbound("7", "您好"))


async def test_a_long_message_goes_on_where_it_broke_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.telegram_out.BETWEEN_PIECES", 0)
    bot: Any = BreakingBot(after=1)
    begun: dict[int, int] = {}
    message = Outbound("7", "一" * 5000, outbox_id=3)
    with pytest.raises(Away):
        await send(bot, message, begun)
    await send(bot, message, begun)
    assert bot.lengths == [4096, 904]
    assert begun == {}
