"""A group becomes the work group of an officer's unit by one line, and ends by another."""

from datetime import datetime

from bot.handlers.acting import Acting
from bot.rights.actor import Actor
from bot.rights.territory import place_name
from bot.words import render
from storage.db import Database
from storage.kinds import Role

TIE = "绑定工作群"
UNTIE = "解绑工作群"
_MAY = frozenset({Role.SUPERVISOR, Role.ADMIN})


async def tie(db: Database, by: Actor, chat: int, has_topics: bool, now: datetime) -> str:
    """The group hears of the unit's cases from now on; the words for the group."""
    if by.role not in _MAY or by.region is None or by.id is None:
        return render("group.not_you")
    if not has_topics:
        return render("group.no_topics")
    async with db.write() as uow:
        row = await uow.groups.tie(chat, by.region, by.id, await uow.audit.newest(), now)
        await Acting(uow, by, now).audit("tie_group", group=row.id)
    return render("group.tied", place=place_name(by.region) or by.region)


async def untie(db: Database, by: Actor, chat: int, now: datetime) -> str:
    """The group hears nothing more; the words for the group."""
    if by.role not in _MAY:
        return render("group.not_you")
    async with db.write() as uow:
        row = await uow.groups.of_chat(chat)
        if row is not None and row.ended_at is None:
            row.ended_at = now
            await Acting(uow, by, now).audit("untie_group", group=row.id)
    return render("group.untied")
