"""Plays a golden conversation through the real service: intake, understanding, turn, outbox.

Every turn reads the state back from the database, so whatever does not survive storage fails here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.channels.base import Inbound, InboundFile
from bot.config import Config
from bot.turns.intake import ALBUM_SETTLES, Intake
from bot.workers.tick import tick_between
from nlu.types import Context, Cue, Engine, Entity, Intent, Understanding
from storage.db import Database
from storage.models.message import OutboxMessage

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday 10:00 in Hohhot
CHANNEL = "rest"


@dataclass
class Told:
    """An engine that hears what the script says it hears, and otherwise understands by itself."""

    engine: Engine
    next: dict[str, Any] | None = None

    def understand(self, text: str, context: Context) -> Understanding:
        """The scripted understanding, once, or the real one."""
        script, self.next = self.next, None
        if script is None:
            return self.engine.understand(text, context)
        entities = tuple(
            Entity(e.pop("entity"), e.pop("value"), 0, 0, **e) for e in script.get("entities", [])
        )
        return Understanding(
            text,
            Intent(script.get("intent", "out_of_scope")),
            script.get("confidence", 0.95),
            ranking=tuple((Intent(name), share) for name, share in script.get("ranking", [])),
            entities=entities,
            cues=frozenset(Cue(cue) for cue in script.get("cues", [])),
            emergency=script.get("emergency", False),
        )


@dataclass
class Clock:
    """A clock that moves only when told."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Player:
    """One or more people talking to one service."""

    db: Database
    engine: Engine
    clock: Clock = field(default_factory=Clock)
    sent: int = 0
    on_step: Callable[[str], None] = lambda _: None

    def __post_init__(self) -> None:
        self.told = Told(self.engine)
        self.intake = Intake(self.db, self.told, Config(), self.clock, lambda s: self.on_step(s))

    async def say(self, turn: dict[str, Any], who: str = "u1") -> list[OutboxMessage]:
        """Send one scripted message and return the bot's answers."""
        if "passes" in turn:
            return await self._let_pass(timedelta(**turn["passes"]), who)
        self.clock.at += timedelta(**turn.get("later", {"seconds": 5}))
        self.told.next = turn.get("heard")
        inbounds = [await self._next({**turn, **part}, who) for part in turn.get("burst", [{}])]
        for inbound in inbounds:
            await self.intake.accept(inbound)
        if turn.get("album"):
            self.clock.at += ALBUM_SETTLES
        return [reply for inbound in inbounds for reply in await self.intake.answer(inbound)]

    async def _let_pass(self, span: timedelta, who: str) -> list[OutboxMessage]:
        """Do all work that falls due in this time; what the person is told without asking."""
        start, self.clock.at = self.clock.at, self.clock.at + span
        async with self.db.write() as uow:
            talk = await uow.conversations.get_or_create(CHANNEL, who, start)
            before = [row.id for row in await uow.outbox.latest(talk.id, start, 1)]
        await tick_between(self.db, start, self.clock.at)
        async with self.db.read() as uow:
            return await uow.outbox.after(talk.id, max(before, default=0), self.clock.at)

    async def _under(self, title: str, who: str) -> str | None:
        """The payload of the newest button with this title, shown to somebody."""
        async with self.db.write() as uow:
            talk = await uow.conversations.get_or_create(CHANNEL, who, self.clock.at)
            for message in await uow.outbox.latest(talk.id, self.clock.at, 50):
                for button in message.buttons:
                    if button["title"] == title:
                        return str(button["payload"])
        raise AssertionError(f"no button {title!r} was ever shown")

    async def _next(self, turn: dict[str, Any], who: str) -> Inbound:
        self.sent += 1
        return await self._inbound(turn, who)

    async def _inbound(self, turn: dict[str, Any], who: str) -> Inbound:
        press = turn.get("press")
        if press is not None and press.startswith("@"):
            press = await self._under(press.removeprefix("@"), who)
        base = Inbound(CHANNEL, who, turn.get("id", f"{who}-{self.sent}"), self.clock.at)
        photos = turn.get("photos", 0)
        files = tuple([await self._photo(turn, who, n) for n in range(photos)])
        edit = turn.get("edit")
        return replace(
            base,
            text=str(turn.get("user", "")),
            value=press,
            files=files,
            edit_of=f"{who}-{edit}" if isinstance(edit, int) else edit,
            phone=turn.get("contact"),
            unsupported=turn.get("unsupported"),
            role=turn.get("role"),
            album=turn.get("album"),
        )

    async def _photo(self, turn: dict[str, Any], who: str, number: int) -> InboundFile:
        mime = turn.get("mime", "image/jpeg")
        async with self.db.write() as uow:
            conversation = await uow.conversations.get_or_create(CHANNEL, who, self.clock.at)
            row = await uow.attachments.add(
                sha256=f"{self.sent:032d}{number:032d}",
                mime=mime,
                size=1000,
                path="none",
                name="photo.jpg",
                created_at=self.clock.at,
                person_id=conversation.person_id,
            )
            return InboundFile(row.id, mime, "photo.jpg")


def load(path: Path) -> dict[str, Any]:
    """One script."""
    script: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return script


def check(turn: dict[str, Any], answers: list[OutboxMessage], where: str) -> None:
    """Compare the answers with what the script expects of them."""
    text = "\n".join(answer.text for answer in answers)
    merged: dict[str, Any] = {}
    for answer in answers:
        merged.update(answer.custom)
    shown = f"{where}: {turn.get('user', turn.get('press'))!r} -> {text!r} {merged}"
    for words in _listed(turn.get("says")):
        assert words in text, f"not said: {words!r} in {shown}"
    for words in _listed(turn.get("never")):
        assert words not in text, f"said: {words!r} in {shown}"
    for key in ("flow", "asks", "invalid", "answered", "cancelled", "reminders", "deleted"):
        if key in turn:
            assert merged.get(key) == turn[key], f"{key} is not {turn[key]!r} in {shown}"
    if "throughout" in turn:
        flows = {answer.custom.get("flow") for answer in answers}
        assert flows == {turn["throughout"]}, f"flows {flows} in {shown}"
    if "buttons" in turn:
        titles = [button["title"] for answer in answers for button in answer.buttons]
        missing = set(_listed(turn["buttons"])) - set(titles)
        assert not missing, f"no buttons {missing} among {titles} in {shown}"
    _check_filed(turn, [f for a in answers for f in a.custom.get("filed", [])], shown)


def _check_filed(turn: dict[str, Any], filed: list[dict[str, Any]], shown: str) -> None:
    if "files" in turn:
        kinds = [one["kind"] for one in filed]
        assert kinds == _listed(turn["files"]), f"filed {kinds} in {shown}"
    if "linked" in turn:
        linked = [one.get("linked", False) for one in filed]
        assert linked == _listed(turn["linked"]), f"linked {linked} in {shown}"


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
