"""What is kept of the speaker, told to them on request (个人信息保护法 art. 45).

Shown are their own records and the form under way, never what others said of the same child.
"""

import re
from collections.abc import Iterator

from flows.commands import ShowMyData
from flows.ports import RecordView
from flows.say import Say
from flows.state import Item
from flows.summing_up import answer_lines, summary_lines
from flows.talk import Talk
from storage.kinds import RecordKind

FLOW_OF = {
    RecordKind.AID_APPLICATION: "aid",
    RecordKind.DROPOUT_CASE: "dropout",
    RecordKind.TRAINING_REGISTRATION: "training",
    RecordKind.ESCALATION: "escalation",
}
MOST_SHOWN = 10
SEES = re.compile(
    "(?:看看?|看一下|查看|查一下|给我看|知道).{0,8}(?:存|记|留|填|写).{0,6}(?:什么|啥|哪些|东西|信息|资料|内容)"
    "|(?:存|记|留)(?:了|着|下)?(?:我|咱|俺).{0,4}(?:什么|啥|哪些)"
    "|(?:看看?|查看|看一下|查一?下?)(?:一下)?我的?(?:个人)?(?:信息|资料|数据)"
    "|我的?(?:个人)?(?:信息|资料|数据).{0,3}(?:看看|看一下|查看)"
    "|(?:存|记|留)了?我(?:啥|什么|哪些)"
    "|^我的?(?:个人)?(?:信息|资料|数据)[。！？!?]?$"
    "|一份我的?(?:个人)?(?:信息|资料|数据)"
    "|我的?(?:个人)?(?:信息|资料|数据).{0,4}(?:一份|复印|打印)"
)
CHANGES = re.compile("删|撤|改|错|别人|政策|材料")


async def shown_mine(talk: Talk) -> bool:
    """ "你们存了我什么"."""
    text = talk.heard.text
    if talk.heard.press is not None or not SEES.search(text) or CHANGES.search(text):
        return False
    talk.stand_aside()
    lines = list(_about_me(talk))
    for record in (await talk.lookup.my_records())[:MOST_SHOWN]:
        lines += _of_record(talk, record)
    frame = talk.frame
    if frame is not None and any(item.slots for item in frame.items):
        lines.append(Say("my_data.form", {"title": Say(f"{frame.flow}.title")}))
        lines += summary_lines(talk.flow_of(frame), frame)
    talk.do(ShowMyData())
    talk.say(Say("my_data.all", {"lines": lines}) if lines else Say("my_data.nothing"))
    return True


def _about_me(talk: Talk) -> Iterator[Say]:
    for key, value in (("name", talk.me.name), ("phone", talk.me.phone)):
        if value:
            label = Say(f"my_data.{key}")
            yield Say("summary.line", {"label": label, "value": value})


def _of_record(talk: Talk, record: RecordView) -> Iterator[Say]:
    yield Say("my_data.record", {"title": record.title, "reference": record.reference})
    flow = talk.flows.by_name[FLOW_OF[record.kind]]
    yield from answer_lines(flow, Item(slots=dict(record.answers)))
