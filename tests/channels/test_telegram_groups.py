"""Work groups on Telegram, over a mocked Bot API."""

from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.methods import CloseForumTopic, CreateForumTopic, SendMessage
from aiogram.types import ForumTopic
from teremok import MockBot

from bot.channels.base import Gone
from bot.channels.telegram_groups import TelegramBoard
from bot.groups.board import ThreadGone

CHAT = -1001


class Api(MockBot):
    """Answers as Telegram does, or with the failure it is told."""

    failure: Exception | None = None
    asked: list[Any]

    async def __call__(self, method: Any, request_timeout: int | None = None) -> Any:
        self.asked = [*getattr(self, "asked", []), method]
        if self.failure is not None:
            raise self.failure
        if isinstance(method, CreateForumTopic):
            return ForumTopic(message_thread_id=5, name=method.name, icon_color=0)
        return await super().__call__(method, request_timeout)


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def board(api: Api) -> TelegramBoard:
    async def bot() -> Api:
        return api

    return TelegramBoard(bot)


async def test_a_topic_is_opened_and_written_in(api: Api, board: TelegramBoard) -> None:
    thread = await board.open(CHAT, "D26-4830-215 " * 20)
    await board.post(CHAT, thread, "接单了", [{"title": "看", "payload": "!officer.look=D"}])
    opened, sent = api.asked
    assert isinstance(opened, CreateForumTopic) and len(opened.name) == 128
    assert isinstance(sent, SendMessage) and sent.message_thread_id == 5
    assert sent.reply_markup is not None


async def test_what_went_wrong_is_told_apart(api: Api, board: TelegramBoard) -> None:
    method = SendMessage(chat_id=CHAT, text="?")
    api.failure = TelegramBadRequest(method, "Bad Request: message thread not found")
    with pytest.raises(ThreadGone):
        await board.post(CHAT, 5, "?", [])
    api.failure = TelegramForbiddenError(method, "Forbidden: bot was kicked")
    with pytest.raises(Gone):
        await board.post(CHAT, 5, "?", [])
    api.failure = TelegramBadRequest(method, "Bad Request: TOPIC_NOT_MODIFIED")
    await board.close(CHAT, 5)
    assert isinstance(api.asked[-1], CloseForumTopic)
