"""What a Telegram update means for us: Update -> a message, a blocked bot, a group, or nothing.

Pure reading; imports aiogram for types only, because importing it takes seconds.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.channels.base import Inbound
from bot.days import YEARS

if TYPE_CHECKING:
    from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update

NAME = "telegram"
ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
COMMANDS = {"start": "!cmd=start", "help": "!cmd=help"}

_COMMAND = re.compile(r"/(?P<name>[a-z]+)(@\w+)?(\s|$)", re.IGNORECASE)
_PRIVATE = "private"


@dataclass(frozen=True)
class FileToFetch:
    """A file that waits on Telegram's server; `size` in bytes when Telegram says it."""

    id: str
    name: str
    size: int | None = None


@dataclass(frozen=True)
class Heard:
    """A message of a person; `file` is still to be fetched, `callback` still to be answered."""

    inbound: Inbound
    file: FileToFetch | None = None
    callback: str | None = None


@dataclass(frozen=True)
class Reach:
    """The person blocked the bot, or came back."""

    address: str
    gone: bool


@dataclass(frozen=True)
class InGroup:
    """Somebody wrote or pressed a button in a group, where the bot does not talk of children.

    `who` is also the number of their private chat; `thread` the topic, None outside of topics.
    """

    chat_id: int
    external_id: str = ""
    sent_at: datetime | None = None
    who: int | None = None
    thread: int | None = None
    text: str = ""
    value: str | None = None
    callback: str | None = None
    has_topics: bool = False


@dataclass(frozen=True)
class LeftGroup:
    """The bot was taken out of a group."""

    chat_id: int


Meaning = Heard | Reach | InGroup | LeftGroup | None


def read(update: "Update", now: datetime) -> Meaning:
    """What this update means; None when it is nothing for us."""
    if update.callback_query is not None:
        return _press(update.callback_query, now)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    if update.edited_message is not None:
        return _message(update.edited_message, now, edited=True)
    if update.message is not None:
        return _message(update.message, now)
    return None


def _press(query: "CallbackQuery", now: datetime) -> Meaning:
    """A pressed button carries no time of its own: it counts as pressed when it arrives."""
    if query.message is None or query.data is None:
        return None
    if query.message.chat.type != _PRIVATE:
        return InGroup(
            query.message.chat.id,
            external_id=f"callback:{query.id}",
            sent_at=now,
            who=query.from_user.id,
            value=query.data,
            callback=query.id,
        )
    inbound = Inbound(
        channel=NAME,
        address=str(query.message.chat.id),
        external_id=f"callback:{query.id}",
        sent_at=now,
        value=query.data,
        sender_name=query.from_user.full_name,
    )
    return Heard(inbound, callback=query.id)


def _membership(change: "ChatMemberUpdated") -> Meaning:
    status = change.new_chat_member.status
    if change.chat.type == _PRIVATE:
        return Reach(str(change.chat.id), gone=status == "kicked")
    if status in ("left", "kicked"):
        return LeftGroup(change.chat.id)
    return InGroup(change.chat.id) if status in ("member", "administrator") else None


def _message(message: "Message", now: datetime, *, edited: bool = False) -> Meaning:
    if message.chat.type != _PRIVATE:
        return None if edited else _in_group(message, now)
    own_id = f"{message.chat.id}:{message.message_id}"
    file, unsupported = _file_of(message)
    content = _content(message)
    if not content and file is None and unsupported is None:
        unsupported = "unknown"
    inbound = Inbound(
        channel=NAME,
        address=str(message.chat.id),
        external_id=f"{own_id}:e{_seconds(message.edit_date)}" if edited else own_id,
        sent_at=_moment(message.date, now),
        text=content.text,
        value=content.value,
        phone=content.phone,
        location=content.location,
        edit_of=own_id if edited else None,
        album=message.media_group_id,
        sender_name=message.from_user.full_name if message.from_user else None,
        unsupported=unsupported,
    )
    return Heard(inbound, file)


def _moment(sent: datetime, now: datetime) -> datetime:
    """When it was sent; a moment with which nobody can reckon is taken for now."""
    if sent.tzinfo is None or sent.year not in YEARS:
        return now
    return sent.astimezone(UTC)


def _in_group(message: "Message", now: datetime) -> InGroup:
    return InGroup(
        message.chat.id,
        external_id=f"{message.chat.id}:{message.message_id}",
        sent_at=_moment(message.date, now),
        who=message.from_user.id if message.from_user else None,
        thread=message.message_thread_id if message.is_topic_message else None,
        text=(message.text or message.caption or "").strip(),
        has_topics=bool(message.chat.is_forum),
    )


@dataclass(frozen=True)
class _Content:
    """The readable part of a message."""

    text: str = ""
    value: str | None = None
    phone: str | None = None
    location: tuple[float, float] | None = field(default=None)

    def __bool__(self) -> bool:
        return self != _Content()


def _content(message: "Message") -> _Content:
    text = (message.text or message.caption or "").strip()
    if command := _COMMAND.match(text):
        value = COMMANDS.get(command["name"].lower())
        return _Content(text="" if value else text.removeprefix("/"), value=value)
    contact, place = message.contact, message.location
    return _Content(
        text=text,
        phone=domestic(contact.phone_number) if contact else None,
        location=(place.latitude, place.longitude) if place else None,
    )


def _file_of(message: "Message") -> tuple[FileToFetch | None, str | None]:
    """The file to fetch, or what kind of thing it is that we cannot read."""
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return FileToFetch(largest.file_id, "照片.jpg", largest.file_size), None
    if document := message.document:
        name = document.file_name or "文件"
        return FileToFetch(document.file_id, name, document.file_size), None
    if voice := message.voice:
        return FileToFetch(voice.file_id, "语音.ogg", voice.file_size), None
    if audio := message.audio:
        return FileToFetch(audio.file_id, audio.file_name or "录音", audio.file_size), None
    for kind in ("sticker", "video", "video_note", "animation", "dice", "poll"):
        if getattr(message, kind, None) is not None:
            return None, kind
    return None, None


def domestic(number: str) -> str:
    """A mainland mobile number as people write it: 11 digits without the country code."""
    digits = re.sub(r"\D", "", number)
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def _seconds(moment: "datetime | int | None") -> int:
    return int(moment.timestamp()) if isinstance(moment, datetime) else int(moment or 0)
