"""What is written in a work group: a line of an officer is taken, everything else is not kept.

The answer goes to the officer's own chat, because a group reads along.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.groups.tying import TIE, UNTIE, tie, untie
from bot.officers.buttons import pressed_line
from bot.officers.lines import ALONE, Line, read_line, written
from bot.rights.actor import Actor
from bot.words import render
from storage.db import Database
from storage.models.officer import Officer
from storage.uow import UnitOfWork


@dataclass(frozen=True)
class Said:
    """Something that somebody wrote or pressed in a group."""

    chat: int
    who: int | None
    thread: int | None
    text: str
    value: str | None
    has_topics: bool


@dataclass(frozen=True)
class Taken:
    """What is to be done: a `line` handled as if written in private, or `told` in the group."""

    line: str | None = None
    value: str | None = None
    told: str | None = None


async def take(db: Database, channel: str, said: Said, now: datetime) -> Taken | None:
    """What the words of a group member lead to; None when they are nothing for us."""
    async with db.read() as uow:
        officer = await _officer(uow, channel, said.who)
        if officer is None:
            is_asked = said.text.strip() in (TIE, UNTIE)
            return Taken(told=render("group.not_you")) if is_asked else None
        if said.value is not None:
            return Taken(value=said.value) if pressed_line(said.value) else None
        line = read_line(said.text, in_dialogue=True)  # colleagues talk: a word alone is no line
        if line is not None:
            return Taken(line=await _whole(uow, said, line))
    by = Actor.officer(officer)
    if said.text.strip() == TIE:
        return Taken(told=await tie(db, by, said.chat, said.has_topics, now))
    if said.text.strip() == UNTIE:
        return Taken(told=await untie(db, by, said.chat, now))
    return None


async def _officer(uow: UnitOfWork, channel: str, who: int | None) -> Officer | None:
    """The officer who tied their own chat with the bot; its number is theirs in every group."""
    talk = await uow.conversations.find(channel, str(who))
    return await uow.officers.of_conversation(talk.id) if talk is not None else None


async def _whole(uow: UnitOfWork, said: Said, line: Line) -> str:
    """The line with the number of the case whose topic it was written in."""
    if line.reference or line.is_broken or line.verb in ALONE or said.thread is None:
        return said.text
    reference = await uow.groups.in_thread(said.chat, said.thread)
    return written(line, reference) if reference else said.text
