"""From a stored message and a remembered state to what the dialogue hears."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from bot.channels.base import Inbound
from bot.rights.masking import masked_ids
from flows.engine import expecting
from flows.heard import Heard, HeardFile
from flows.state import State
from flows.talk import Press
from nlu.leaving import not_gone
from nlu.moments import parse_moment
from nlu.relations import of_speaker
from nlu.types import Context, Engine, Entity, Intent, Understanding

STORED = TypeAdapter(Inbound)
LONGEST = 4000  # characters; what is beyond is kept in the inbox but not understood
REMINDS = re.compile(r"提醒(?:我|一下|俺|咱)*|记着|叫我|喊我|到时候|请|帮我|麻烦|设个?|闹钟")
EDGES = "，,。.！!？? 、:：的我在要把给"


def context_of(state: State, inbound: Inbound, home: str | None) -> Context:
    """What helps to read this message: its own time, the open question, the person's place."""
    asked = expecting(state, inbound.edit_of)
    return Context(inbound.sent_at, asked.slot if asked else None, state.home or home)


def merge(messages: Sequence[Inbound]) -> Inbound:
    """The messages of an album as one: all files, the captions one below the other."""
    first = messages[0]
    files = tuple(file for message in messages for file in message.files)
    text = "\n".join(message.text for message in messages if message.text)
    return replace(first, files=files, text=text)


def hear(engine: Engine, inbound: Inbound, context: Context) -> Heard:
    """Understand a message; slow, so call it in a thread and outside any transaction."""
    press = inbound.value or (inbound.text if Press.read(inbound.text) else None)
    text = "" if press else inbound.text[:LONGEST]
    understood = engine.understand(text, context) if text.strip() else nothing(text)
    moment, topic = _reminder(text, understood, context)
    return Heard(
        understood=_with_answer(understood, moment, topic, context),
        at=inbound.sent_at,
        external_id=inbound.external_id,
        press=press,
        files=tuple(HeardFile(file.attachment, file.mime) for file in inbound.files),
        phone=inbound.phone,
        location=inbound.location,
        edit_of=inbound.edit_of,
        moment=moment,
        moment_topic=topic,
        unsupported=inbound.unsupported,
    )


def to_keep(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A stored message once it is understood: of an identity number only the tail stays."""
    return {**payload, "text": masked_ids(str(payload.get("text") or ""))} if payload else {}


def words_of(heard: Heard) -> str:
    """A message for an officer to read: what was said, pressed, shared or shown on the map."""
    said = [masked_ids(heard.text)]
    if heard.phone:
        said.append(f"电话：{heard.phone}")
    if heard.location:
        said.append("位置：{:.5f}，{:.5f}".format(*heard.location))
    return "\n".join(part for part in said if part)


def nothing(text: str) -> Understanding:
    """No words at all."""
    return Understanding(text, Intent.OUT_OF_SCOPE, 0.0)


def _reminder(
    text: str, understood: Understanding, context: Context
) -> tuple[datetime | None, str]:
    """The time a person wants to be reminded at, and of what, when that is the matter."""
    if understood.intent is not Intent.SET_REMINDER and context.expecting != "remind_at":
        return None, ""
    return parse_moment(text, context.now), _topic(text) or _behind(text, context)


def _topic(text: str) -> str:
    """What follows the word for reminding: 下个月三号上午提醒我〔交户口本〕."""
    parts = REMINDS.split(text)
    topic = parts[-1].strip(EDGES) if len(parts) > 1 else ""
    return topic if len(topic) >= 2 else ""


def _behind(text: str, context: Context) -> str:
    """后天上午九点，〔开家长会〕: the time alone was asked for, and more was said."""
    if context.expecting != "remind_at":
        return ""
    time, _, more = text.replace(",", "，").partition("，")
    is_matter = parse_moment(time, context.now) is not None
    more = more.strip(EDGES)
    return more if is_matter and parse_moment(more, context.now) is None else ""


def _with_answer(
    understood: Understanding, moment: datetime | None, topic: str, context: Context
) -> Understanding:
    """What flows ask for beside the entities of the language: who I am, a reminder's answers."""
    text = understood.text
    is_asked = context.expecting == "absent_since"
    if is_asked or understood.intent is Intent.REPORT_DROPOUT:
        understood = replace(understood, entities=not_gone(text, understood.entities, is_asked))
    relation = None if context.expecting == "relation" else of_speaker(text)
    extra: tuple[Entity, ...] = (relation,) if relation else ()
    if context.expecting == "remind_at" and moment is not None:
        extra += (Entity("remind_at", moment.isoformat(), 0, len(text)),)
        extra += (Entity("reminder_text", topic, 0, len(text)),) if topic else ()
    elif context.expecting == "reminder_text" and text.strip():
        extra += (Entity("reminder_text", text.strip(), 0, len(text), weak=True),)
    return replace(understood, entities=(*understood.entities, *extra)) if extra else understood
