"""What channels, buttons and the database hand over: bodies, updates, payloads, stored states."""

import json
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from bot.cases.references import normalize
from bot.channels import rest, telegram_in
from bot.channels.base import Button, Outbound
from bot.channels.telegram_out import LONGEST_TEXT, in_rows, split
from bot.clock import local_day
from bot.officers.buttons import numbered, pressed_line
from bot.officers.lines import read_line
from bot.turns.hearing import STORED, to_keep
from flows.state import State
from flows.talk import Press
from nlu import days
from nlu.types import Context
from tests.fuzz.bending import bent_json
from tests.fuzz.sentences import ODD, talks
from tests.fuzz.targets.base import Target, json_of, words

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


def _rest(content: bytes) -> None:
    try:
        call = rest.read(json_of(content), NOW)
    except rest.BadMessage:
        return
    stored = json.loads(json.dumps(STORED.dump_python(call.inbound, mode="json")))
    assert STORED.validate_python(stored) == call.inbound
    assert len(call.inbound.external_id) <= 200
    to_keep(stored)
    _relative(call.inbound.sent_at)


def _telegram(content: bytes) -> None:
    from aiogram.types import Update

    try:
        update = Update.model_validate(json_of(content))
    except ValueError:
        return
    meaning = telegram_in.read(update, NOW)
    if isinstance(meaning, telegram_in.Heard):
        json.dumps(STORED.dump_python(meaning.inbound, mode="json"))
        assert meaning.inbound.sent_at.tzinfo is not None
        _relative(meaning.inbound.sent_at)


def _relative(sent_at: datetime) -> None:
    """Days are counted from the moment, back and forth."""
    local_day(sent_at)
    context = Context(sent_at, "absent_since")
    for said in ("三年前的昨天", "明年九月一号", "上周一"):
        days.find(said, context)


def _payloads(content: bytes) -> None:
    said = words(content)
    press = Press.read(said)
    assert press is None or (press.what and len(press.value) <= 40)
    line = pressed_line(said)
    assert line is None or line.is_broken == (line.reference is None)
    rest.is_payload(said)
    numbered(said, [{"payload": said}] * 3)


def _lines(content: bytes) -> None:
    said = words(content)
    for in_dialogue in (True, False):
        line = read_line(said, in_dialogue)
        if line is not None and line.reference is not None:
            assert normalize(line.reference) == line.reference


def _state(content: bytes) -> None:
    try:
        state = State.model_validate(json_of(content))
    except ValidationError:
        return
    kept = json.loads(json.dumps(state.model_dump(mode="json")))
    assert State.model_validate(kept).model_dump(mode="json") == kept


def _stored(content: bytes) -> None:
    try:
        inbound = STORED.validate_python(json_of(content))
    except ValueError:
        return
    STORED.dump_python(inbound, mode="json")


def _outgoing(content: bytes) -> None:
    """Any words of an officer must fit into Telegram's messages, with nothing lost."""
    said = words(content)
    pieces = split(said)
    assert pieces and all(0 < len(p.encode("utf-16-le")) <= 2 * LONGEST_TEXT for p in pieces)
    assert "".join("".join(pieces).split()) in ("".join(said.split()), "…")
    buttons = tuple(Button(word[:60], "!cmd=menu") for word in said.split()[:9])
    assert [b for row in in_rows(buttons) for b in row] == list(buttons)
    Outbound("1", said, buttons)


def _bodies() -> list[bytes]:
    metadata = {"message_id": "m1", "role": "parent", "sent_at": "2026-11-23T10:00:00+08:00"}
    said = [line for talk in talks()[:40] for line in talk[:2]]
    found: list[dict[str, Any]] = [
        {"sender": "u1", "message": line, "metadata": metadata} for line in (*said, *ODD)
    ]
    found += [{"sender": "u1", "message": "!confirm=yes"}, {"sender": "u", "metadata": None}]
    return [json.dumps(body, ensure_ascii=False).encode() for body in found]


def _updates() -> list[bytes]:
    from tests.channels import updates  # Telegram's types take seconds to import

    place = {"latitude": 45.06, "longitude": 121.48}
    contact = {"phone_number": "+8613947820000", "first_name": "乌兰"}
    content: list[dict[str, Any]] = [
        {"text": "你好"},
        {"text": "/start@yulu_bot x"},
        {"contact": contact},
        {"location": place},
        {
            "caption": "户口本",
            "photo": [updates.photo_size("a", 90, 90), updates.photo_size("b", 9, 9)],
        },
        {"voice": {"file_id": "v", "file_unique_id": "w", "duration": 3}, "media_group_id": "7"},
        {"dice": {"emoji": "🎲", "value": 3}},
    ]
    found = [updates.message_body(**one) for one in content]
    whole: list[dict[str, Any]] = [{"update_id": 1, "message": body} for body in found]
    whole.append({"update_id": 2, "edited_message": {**found[0], "edit_date": updates.SENT + 9}})
    pressed = {"id": "9", "from": updates.PERSON, "chat_instance": "1", "data": "!confirm=yes"}
    whole.append({"update_id": 3, "callback_query": {**pressed, "message": found[0]}})
    return [json.dumps(body, ensure_ascii=False).encode() for body in whole]


def _pressed() -> list[bytes]:
    return [
        *(said.encode() for said in ODD),
        b"!aid.hardship=dibao",
        b"!change.child_name=1",
        b"!line.take=D26-4830-215",
        b"!reply.class=12",
    ]


def _officers() -> list[bytes]:
    said = [
        "接单 D26-4830-215",
        "回复 您好，收到了",
        "家访记录 d26 4830 215 上门 见到奶奶 孩子在家",
        "看 Ａ２６—４８３０—２１５",
        "不接",
        "帮助",
    ]
    return [one.encode() for one in (*said, "转派D26-4830-215王芳", "同意销号：T26-0000-000", *ODD)]


def _states() -> list[bytes]:
    frame = {
        "flow": "aid",
        "items": [{"slots": {"age": 7, "region": {"code": "1", "path": ["a"]}}}],
    }
    asked = {**frame, "asked": {"slot": "age", "item": 0}, "marks": {"x": [1]}, "history": []}
    draft = {"saved_at": "2026-11-23T02:00:00Z", "frame": frame}
    emergency = {"reference": "E26-0000-013", "at": "2026-11-23T02:00:00Z", "slots": {}}
    said = [{"external_id": "a", "flow": "aid", "slot": None}]
    whole = {"stack": [asked], "drafts": [draft], "emergency": emergency, "said_before": said}
    return [json.dumps(one).encode() for one in ({}, {"stack": [frame]}, whole)]


def _inbounds() -> list[bytes]:
    one = {
        "channel": "rest",
        "address": "u1",
        "external_id": "1",
        "sent_at": "2026-11-23T02:00:00Z",
    }
    files = [{"attachment": 1, "mime": "image/jpeg"}]
    return [
        json.dumps({**one, "text": "你好"}).encode(),
        json.dumps({**one, "files": files}).encode(),
    ]


TARGETS = (
    Target("rest", _rest, _bodies, 0.08, damage=bent_json),
    Target("telegram", _telegram, _updates, 0.04, damage=bent_json),
    Target("payloads", _payloads, _pressed, 0.1),
    Target("officer_lines", _lines, _officers, 0.1),
    Target("state", _state, _states, 0.06, damage=bent_json),
    Target("stored", _stored, _inbounds, 0.06, damage=bent_json),
    Target("outgoing", _outgoing, _officers, 0.03),
)
