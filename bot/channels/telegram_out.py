"""How our messages look in Telegram: text in pieces that fit, buttons under the last one."""

import asyncio
from typing import TYPE_CHECKING

from bot.channels.base import Away, Button, Gone, Outbound

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import InlineKeyboardMarkup, ReplyKeyboardMarkup

LONGEST_TEXT = 4096
"""Telegram's limit for one message, in UTF-16 code units."""

LONGEST_PAYLOAD = 64
"""Telegram's limit for callback_data, in bytes."""

ROW_WIDTH = 16
"""Han characters that fit side by side on a narrow phone, counted over all buttons of a row."""


ANSWER_SECONDS = 15
"""How long Telegram may take for one piece; below what the sender gives for a whole message."""

BETWEEN_PIECES = 1.0


async def send(bot: "Bot", message: Outbound, begun: dict[int, int] | None = None) -> str:
    """Send one message, in several pieces when it is long. Raises Away or Gone.

    `begun` remembers by outbox id how many pieces of a message went before it failed.
    """
    from aiogram.exceptions import AiogramError

    begun = {} if begun is None else begun
    *firsts, last = split(message.text)
    chat = int(message.address)
    try:
        for piece in firsts[begun.get(message.outbox_id, 0) :]:
            await bot.send_message(chat, piece, request_timeout=ANSWER_SECONDS)
            begun[message.outbox_id] = begun.get(message.outbox_id, 0) + 1
            await asyncio.sleep(BETWEEN_PIECES)
        sent = await bot.send_message(
            chat, last, reply_markup=keyboard(message), request_timeout=ANSWER_SECONDS
        )
        external_id = f"{message.address}:{sent.message_id}"
    except (AiogramError, OSError, TypeError, AttributeError) as error:
        raise meaning(error) from error
    begun.pop(message.outbox_id, None)
    return external_id


def meaning(error: Exception) -> Exception:
    """What a failure says of the channel or the person; the failure itself if of the message."""
    from aiogram import exceptions

    name = type(error).__name__
    match error:
        case exceptions.TelegramRetryAfter():
            return Away(error.retry_after, "Telegram asks to wait")
        case exceptions.TelegramForbiddenError():
            return Gone(error.message)
        case exceptions.TelegramBadRequest() | exceptions.TelegramNotFound() if (
            "chat not found" in error.message.lower()
        ):
            return Gone(error.message)
        case (
            exceptions.TelegramBadRequest()
            | exceptions.TelegramEntityTooLarge()
            | exceptions.TelegramMigrateToChat()
        ):
            return error
        case (
            exceptions.TelegramServerError()
            | exceptions.ClientDecodeError()
            | TypeError()  # aiogram trips over an error without words,
            | AttributeError()  # we over a success without a message
        ):
            return Away(None, name, certain=False)
        case _:  # the network, or a token that Telegram does not take: no message can go
            return Away(None, name)


def split(text: str, limit: int = LONGEST_TEXT) -> list[str]:
    """The text in pieces of at most `limit` UTF-16 units, cut at line ends where possible."""
    pieces = []
    rest = text
    while _units(rest) > limit:
        cut = _fitting(rest, limit)
        newline = rest.rfind("\n", cut // 2, cut)
        cut = newline + 1 if newline > 0 else cut
        pieces.append(rest[:cut].rstrip("\n"))
        rest = rest[cut:]
    return [*pieces, rest or "…"] if rest or not pieces else pieces


def keyboard(message: Outbound) -> "InlineKeyboardMarkup | ReplyKeyboardMarkup | None":
    """Buttons as an inline keyboard; a key to share the own number where a phone is asked."""
    from aiogram.types import (
        InlineKeyboardButton,
        InlineKeyboardMarkup,
        KeyboardButton,
        ReplyKeyboardMarkup,
    )

    if message.buttons:
        rows = [
            [InlineKeyboardButton(text=b.title, callback_data=b.payload) for b in row]
            for row in in_rows(message.buttons)
        ]
        return InlineKeyboardMarkup(inline_keyboard=rows)
    if message.custom.get("asks") == "phone":
        share = KeyboardButton(text="发送我的手机号", request_contact=True)
        return ReplyKeyboardMarkup(keyboard=[[share]], resize_keyboard=True, one_time_keyboard=True)
    return None


def in_rows(buttons: tuple[Button, ...]) -> list[list[Button]]:
    """Short titles share a row, long ones have their own; a payload over 64 bytes is a mistake."""
    rows: list[list[Button]] = []
    for button in buttons:
        if len(button.payload.encode()) > LONGEST_PAYLOAD:
            raise ValueError(f"payload of more than {LONGEST_PAYLOAD} bytes: {button.payload!r}")
        last = rows[-1] if rows else []
        width = sum(len(other.title) + 2 for other in [*last, button])
        if last and len(last) < 3 and width <= ROW_WIDTH:
            last.append(button)
        else:
            rows.append([button])
    return rows


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _fitting(text: str, limit: int) -> int:
    """How many characters from the start fit into `limit` units."""
    used = 0
    for index, letter in enumerate(text):
        used += 2 if ord(letter) > 0xFFFF else 1
        if used > limit:
            return index
    return len(text)
