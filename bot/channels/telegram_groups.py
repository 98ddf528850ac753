"""Work groups on Telegram: topics of a supergroup that the bot administers."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from bot.channels import telegram_out
from bot.channels.base import Button, Outbound
from bot.groups.board import ThreadGone

if TYPE_CHECKING:
    from aiogram import Bot

Result = TypeVar("Result")
_SECONDS = 15
_LOST = ("thread not found", "topic_deleted", "topic_id_invalid")
_ALREADY = ("topic_not_modified", "topic_closed")


class TelegramBoard:
    """A `bot.groups.board.Board`; `bot` opens the client at its first use."""

    def __init__(self, bot: "Callable[[], Awaitable[Bot]]") -> None:
        self._bot = bot

    async def open(self, chat: int, title: str) -> int:
        """A new topic; its number."""
        bot = await self._bot()
        topic = await _asked(bot.create_forum_topic(chat, title[:128], request_timeout=_SECONDS))
        return topic.message_thread_id

    async def post(
        self, chat: int, thread: int, text: str, buttons: Sequence[dict[str, Any]]
    ) -> None:
        """Write in a topic. Raises ThreadGone."""
        shown = tuple(Button(each["title"], each["payload"]) for each in buttons)
        message = Outbound(str(chat), telegram_out.split(text)[0], shown)
        bot = await self._bot()
        await _asked(
            bot.send_message(
                chat,
                message.text,
                message_thread_id=thread,
                reply_markup=telegram_out.keyboard(message),
                request_timeout=_SECONDS,
            )
        )

    async def close(self, chat: int, thread: int) -> None:
        """Nobody writes there any more. Raises ThreadGone."""
        bot = await self._bot()
        with suppress(_Already):
            await _asked(bot.close_forum_topic(chat, thread, request_timeout=_SECONDS))

    async def reopen(self, chat: int, thread: int) -> None:
        """The topic is in use again. Raises ThreadGone."""
        bot = await self._bot()
        with suppress(_Already):
            await _asked(bot.reopen_forum_topic(chat, thread, request_timeout=_SECONDS))


class _Already(Exception):
    """It is so already."""


async def _asked(call: Awaitable[Result]) -> Result:
    """The answer. Raises what a failure says of the topic, the group or Telegram."""
    from aiogram.exceptions import AiogramError, TelegramBadRequest

    try:
        return await call
    except TelegramBadRequest as error:
        said = error.message.lower()
        if any(word in said for word in _LOST):
            raise ThreadGone from error
        if any(word in said for word in _ALREADY):
            raise _Already from error
        raise telegram_out.meaning(error) from error
    except (AiogramError, OSError) as error:
        raise telegram_out.meaning(error) from error
