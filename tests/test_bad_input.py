"""Bad input at every slot of the contract: a kind, specific answer each time, and nothing lost."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from flows.all import FLOWS
from flows.state import Asked, Frame, Item, State
from flows.words import texts
from storage.db import Database
from storage.kinds import RecordKind
from storage.models.message import OutboxMessage
from storage.repositories.record_query import RecordQuery
from tests.conversation import CHANNEL, START, Player
from tests.engine import engine
from tests.test_conversations import prepare

PLACE = {
    "code": "152222105",
    "name": "好腰苏木镇",
    "path": ["内蒙古自治区", "兴安盟", "科尔沁右翼中旗", "好腰苏木镇"],
}
SESSION = {
    "title": "中旗夜校",
    "mode": "线下",
    "level": "零起点",
    "region_code": "152222",
    "venue": "文化馆",
    "schedule": "周一到周五晚上7点",
    "seats": 9,
    "starts_on": "2026-12-02",
}
FILLED: dict[str, Any] = {
    "consent": True,
    "applicant_name": "乌云",
    "relation": "mother",
    "phone": "13947820000",
    "child_name": "苏日娜",
    "age": 14,
    "grade": "初中二年级",
    "school": "旗二中",
    "region": PLACE,
    "hardship": ["dibao"],
    "household_size": 5,
    "annual_income": 20000,
    "absent_since": "2026-10-08",
    "reason": "poverty",
    "person_name": "乌兰",
    "purpose": "work",
    "current_level": "none",
    "available_time": "weekday_evening",
    "session": "S26-0000-001",
    "detail": "补助没收到",
}
STICKER = "<sticker>"
EVERYWHERE = (
    "",
    "啊" * 10_000,
    "😀😀👍",
    "'; DROP TABLE people; --",
    "<script>alert(1)</script>",
    STICKER,
)
WORDS_ARE_WELCOME = frozenset({"whereabouts", "detail"})  # any words are an answer there


@dataclass(frozen=True)
class Slot:
    """A question, an answer it takes, and what nobody should get away with."""

    flow: str
    slot: str
    good: str
    bad: tuple[str, ...] = ()
    filled: dict[str, Any] = field(default_factory=dict)


TABLE = (
    Slot("aid", "consent", "同意", ("13947820000", "二中")),
    Slot("aid", "child_name", "苏日娜", ("12345", "a")),
    Slot("aid", "grade", "初二", ("99年级", "二十年级")),
    Slot("aid", "age", "14", ("30", "三十岁", "0", "一千")),
    Slot("aid", "school", "旗二中", ("...",)),
    Slot("aid", "region", "科右中旗好腰苏木镇", ("月球", "内蒙古", "兴安盟")),
    Slot("aid", "hardship", "低保", ("挺好的呀",)),
    Slot("aid", "household_size", "5", ("0", "一百口人", "很多")),
    Slot("aid", "annual_income", "两万", ("好多", "99999999999")),
    Slot("aid", "applicant_name", "乌云", ("12345",)),
    Slot("aid", "relation", "妈妈", ("认识的",)),
    Slot("aid", "phone", "13947820000", ("0482-41", "1394782", "139478200001", "12345678901")),
    Slot("aid", "id_number", "跳过", ("150102201203072223", "15010220120307", "1501022012023100")),
    Slot("aid", "documents", "没有了", ()),
    Slot("dropout", "child_name", "巴图", ("12345",)),
    Slot("dropout", "region", "科右中旗好腰苏木镇", ("月球", "内蒙古")),
    Slot("dropout", "school", "旗二中", ("...",)),
    Slot("dropout", "grade", "初二", ("99年级",)),
    Slot("dropout", "age", "14", ("30", "三十岁", "0", "100")),
    Slot(
        "dropout",
        "absent_since",
        "十月八号",
        ("2月31日", "明年三月一号", "2030-01-01", "1990年1月1日"),
    ),
    Slot("dropout", "reason", "家里困难", ("就那样",)),
    Slot("dropout", "whereabouts", "在家放羊", ("...",)),
    Slot("dropout", "guardian_name", "巴特尔", ("12345",)),
    Slot("dropout", "guardian_phone", "13947820001", ("0482-41", "1394782")),
    Slot("dropout", "reporter_name", "白音", ("12345",)),
    Slot("dropout", "phone", "13947820002", ("0482-41", "1394782")),
    Slot("training", "region", "科右中旗", ("月球", "内蒙古")),
    Slot("training", "purpose", "打工用", ("就那样",)),
    Slot("training", "current_level", "会一点", ("蓝色的",)),
    Slot("training", "available_time", "晚上", ("那会儿",)),
    Slot("training", "person_name", "乌兰", ("12345",)),
    Slot("training", "age", "35", ("200", "0", "三百岁")),
    Slot("training", "session", "第一个", ("第九个", "那个班")),
    Slot("training", "phone", "13947820003", ("0482-41", "1394782")),
    Slot("escalation", "detail", "补助没收到，老师也不知道", ("...", "不知道")),
    Slot("escalation", "region", "科右中旗", ("月球", "内蒙古")),
    Slot("escalation", "phone", "13947820004", ("0482-41", "1394782")),
)


def state_at(slot: Slot) -> State:
    """A conversation that asks for the slot and knows everything else."""
    steps = FLOWS.by_name[slot.flow].steps
    others = [step for step in steps if step.slot != slot.slot]
    slots = {s.slot: FILLED[s.slot] for s in others if s.slot in FILLED and not s.optional}
    skipped = [s.slot for s in others if s.optional]
    frame = Frame(
        flow=slot.flow,
        items=[Item(slots=slots, skipped=skipped)],
        asked=Asked(slot=slot.slot),
    )
    return State(stack=[frame], introduced=True)


async def put(db: Database, who: str, state: State) -> None:
    async with db.write() as uow:
        conversation = await uow.conversations.get_or_create(CHANNEL, who, START)
        conversation.state = state.model_dump(mode="json")


async def remembered(db: Database, who: str) -> State:
    async with db.read() as uow:
        conversation = await uow.conversations.get_or_create(CHANNEL, who, START)
        return State.model_validate(conversation.state)


async def filed(db: Database) -> int:
    async with db.read() as uow:
        pages = [
            await uow.records.page(RecordQuery(kinds=(kind,), limit=10)) for kind in RecordKind
        ]
        return sum(len(rows) for rows, _ in pages)


async def faults_of(db: Database, player: Player, slot: Slot, bad: str, who: str) -> list[str]:
    """What is wrong with the bot's handling of one bad answer; nothing, when all is well."""
    before = state_at(slot)
    await put(db, who, before)
    turn = {"unsupported": "sticker"} if bad == STICKER else {"user": bad}
    answers = await player.say(turn, who)
    after = await remembered(db, who)
    shown = f"{bad[:30]!r} -> {' / '.join(a.text for a in answers)[:200]!r}"
    if is_kept(slot, after):
        welcome = slot.slot in WORDS_ARE_WELCOME
        return [] if welcome else [f"kept {after.stack[-1].items[0].slots[slot.slot]!r}: {shown}"]
    faults = [f"{fault}: {shown}" for fault in unkind(slot, answers)]
    if not after.stack or after.stack[0].items[0].slots != before.stack[0].items[0].slots:
        faults.append(f"answers lost: {shown}")
    good = await player.say({"user": slot.good}, who)
    custom = merged(good)
    if custom.get("invalid") or custom.get("asks") == slot.slot:
        faults.append(f"stuck after {slot.good!r}: {good[-1].text[:80]!r} {shown}")
    return faults


def is_kept(slot: Slot, state: State) -> bool:
    return bool(state.stack) and state.stack[-1].items[0].slots.get(slot.slot) is not None


def unkind(slot: Slot, answers: list[OutboxMessage]) -> list[str]:
    """The answer must name the slot, say something of its own, and show what to send instead."""
    custom, text = merged(answers), "\n".join(answer.text for answer in answers)
    faults = []
    if custom.get("invalid") != slot.slot:
        faults.append(f"invalid is {custom.get('invalid')!r}")
    if custom.get("asks") != slot.slot:
        faults.append(f"asks {custom.get('asks')!r}")
    if texts()["slot.retry"] in text or f"{slot.slot}." in text:
        faults.append("no sentence of its own")
    if not any(sign in text for sign in ("比如", "这样写", "“", "18位")):
        faults.append("no example")
    return faults


def merged(answers: list[OutboxMessage]) -> dict[str, Any]:
    custom: dict[str, Any] = {}
    for answer in answers:
        custom.update(answer.custom)
    return custom


@pytest.mark.slow
@pytest.mark.parametrize("slot", TABLE, ids=lambda slot: f"{slot.flow}-{slot.slot}")
async def test_bad_input(slot: Slot, db: Database) -> None:
    player = Player(db, engine())
    await prepare(db, [dict(SESSION)])
    faults: list[str] = []
    for number, bad in enumerate((*EVERYWHERE, *slot.bad)):
        faults += await faults_of(db, player, slot, bad, f"u{number}")
    assert not faults, "\n".join(faults)
    assert await filed(db) == 0


def test_every_slot_is_tried() -> None:
    contract = ("aid", "dropout", "training")
    asked = {(name, step.slot) for name in contract for step in FLOWS.by_name[name].steps}
    assert asked <= {(slot.flow, slot.slot) for slot in TABLE}
