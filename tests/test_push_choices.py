"""The buttons under a push: at most three and one that ends it, short, and each leads somewhere."""

import pytest

from bot.pushes.choices import choices
from flows.replying.meaning import ACCEPTED
from flows.replying.wording import Answer
from flows.talk import Press
from storage.kinds import ReminderKind
from storage.models.reminder import Reminder


def row(number: int, kind: ReminderKind) -> Reminder:
    return Reminder(id=number, kind=kind)


@pytest.mark.parametrize("kind", ReminderKind)
def test_every_button_is_a_press_that_its_kind_takes(kind: ReminderKind) -> None:
    shown = choices([row(123456789012, kind)])
    assert 2 <= len(shown) <= 4
    for button in shown:
        press = Press.read(button["payload"])
        assert press is not None and press.what == "reply"
        assert Answer(press.slot or "") in ACCEPTED[kind]
        assert len(button["payload"].encode()) <= 64 and 1 < len(button["title"]) <= 8


def test_only_pushes_can_be_ended() -> None:
    ends = {
        kind: "别再发" in [b["title"] for b in choices([row(1, kind)])] for kind in ReminderKind
    }
    assert [kind for kind, may in ends.items() if not may] == [ReminderKind.OWN, ReminderKind.PLACE]


def test_several_things_have_one_button_each() -> None:
    kinds = (ReminderKind.DOCUMENTS, ReminderKind.SESSION, ReminderKind.DOCUMENTS)
    shown = choices([row(number, kind) for number, kind in enumerate(kinds, 1)])
    assert [(b["title"], b["payload"]) for b in shown] == [
        ("材料已交", "!reply.handed_in=1.3"),
        ("上课会去", "!reply.going=2"),
        ("别再发", "!reply.stop=1.2.3"),
    ]


def test_on_a_shared_phone_they_name_nothing() -> None:
    shown = choices([row(7, ReminderKind.DOCUMENTS)], is_shared=True)
    assert [b["title"] for b in shown] == ["知道了", "别再发"]
    own = choices([row(7, ReminderKind.OWN)], is_shared=True)
    assert [b["title"] for b in own] == ["办好了", "过一小时再提醒"]
