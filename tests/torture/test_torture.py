"""The torture in small: a few deaths and other trouble on each database, nothing may be wrong.

How fast the machine is decides which talk a death interrupts, so what is asked here is only what
must hold however it goes. `make torture` does it at length.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from storage.models.conversation import Conversation
from storage.models.message import InboxMessage, OutboxMessage
from tests.channels.telegram_standin import Taken
from tests.torture.__main__ import torture
from tests.torture.oracle import Evidence, judge
from tests.torture.people import Told
from tests.torture.plan import POINTS, Death, Disturbance, mishaps
from tests.torture.process import TurnedClock
from tests.torture.report import is_good, lines
from tests.torture.run import Order
from tests.torture.scripts import SCRIPTS, SHORT, Talk, talks
from tests.torture.telegram import BadTelegram
from tests.torture.traces import Archive, Trace

KILLS = 4
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
async def test_nothing_is_lost_doubled_or_half_done(database: str, tmp_path: Path) -> None:
    order = Order(seed=7, kills=KILLS, senders=3, scripts=SHORT)
    outcome = await torture(order, database, tmp_path)
    assert is_good(outcome), "\n".join(lines(order, outcome))
    assert outcome.kills.total() == KILLS
    assert outcome.verdict.messages >= 16


def test_a_seed_always_gives_the_same_trouble_and_every_point_its_turn() -> None:
    def plan(seed: int) -> list[Death | Disturbance]:
        return list(mishaps(seed, 200, 1, ("lock",)))

    assert plan(1) == plan(1) != plan(2)
    assert {each.point for each in plan(1) if isinstance(each, Death)} == {*POINTS, None}
    assert list(islice(talks(1, ("rest",)), 50)) == list(islice(talks(1, ("rest",)), 50))


class Case:
    """Two talks of one script; the first is the model, the second is damaged by the test."""

    def __init__(self) -> None:
        self.telegram = BadTelegram(TurnedClock())
        self.told, self.traces = [], {}
        for number in range(2):
            talk = Talk(number, "telegram", SCRIPTS[0], "", calm=number == 0)
            told = Told(talk, acknowledged=2)
            self.told.append(told)
            self.traces["telegram", talk.address] = self._trace(talk)
        self.damaged = self.traces["telegram", self.told[1].talk.address]

    def _trace(self, talk: Talk) -> Trace:
        chat = Conversation(id=talk.number, person_id=talk.number, state={})
        trace = Trace(chat)
        for number, text in enumerate(talk.said(), 1):
            row = InboxMessage(id=number, payload={"text": text}, status="handled")
            out = OutboxMessage(id=number, in_reply_to=number, text=f"答{number}", status="sent")
            out.custom, out.due_at = {}, NOW
            trace.inbox.append(row)
            trace.outbox.append(out)
            self.arrive(talk, out.text, 100.0)
        return trace

    def arrive(self, talk: Talk, text: str, at: float) -> None:
        chat = int(talk.address)
        self.telegram._heard.setdefault(chat, []).append(Taken(at, chat, text, is_answered=True))

    def judge(self, *disturbed: tuple[float, float, str]) -> dict[str, int]:
        archive = Archive(self.traces, {}, {})
        evidence = Evidence(archive, self.told, self.telegram, list(disturbed), NOW)
        verdict = judge(evidence)
        self.sent_twice = verdict.sent_twice
        return {kind: count for kind, count in verdict.wrong.items() if count}


@pytest.fixture
def case() -> Iterator[Case]:
    yield Case()


def test_the_oracle_has_nothing_against_what_is_right(case: Case) -> None:
    assert case.judge() == {}


def test_the_oracle_misses_what_is_lost(case: Case) -> None:
    del case.damaged.inbox[1], case.damaged.outbox[1]
    wrong = case.judge()
    assert wrong.pop("lost") >= 2
    assert set(wrong) <= {"out of order"}, "Telegram got what nobody knows of"


def test_the_oracle_sees_what_is_doubled_and_out_of_order(case: Case) -> None:
    again = OutboxMessage(id=9, in_reply_to=1, text="答1", status="sent", custom={}, due_at=NOW)
    case.damaged.outbox.append(again)
    wrong = case.judge()
    assert wrong["doubled"] == 1
    assert wrong["out of order"] >= 1


def test_the_oracle_sees_what_was_given_up_or_is_still_held(case: Case) -> None:
    case.damaged.inbox[0].status = "parked"
    case.damaged.inbox[1].leased_until = NOW
    assert case.judge() == {"parked or failed": 1, "held": 1}


def test_a_send_may_come_twice_only_for_a_reason(case: Case) -> None:
    talk = case.told[1].talk
    case.arrive(talk, "答2", 110.0)
    assert case.judge() == {"sent twice without a reason": 1}
    assert case.judge((50.0, 60.0, "too early")) == {"sent twice without a reason": 1}
    assert case.judge((105.0, 106.0, "killed")) == {}
    assert case.sent_twice == {"killed": 1}
