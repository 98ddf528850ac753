"""Judges every message of the simulated autumn by a model of its own, in plain Python.

It knows the script of the world and what left the outbox, and nothing of the gate: what each rule
means is written here a second time, on purpose.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.autumn.script import DAY, LOCAL, PAPERS, Act, Session, World
from tests.autumn.sent import Message, Told

WEEKLY = 3
UNDATED = 2
DATED = frozenset({"publication", "session", "session_soon", "place", "attendance"})
NEUTRAL = frozenset({"documents", "publication", "decision"})
WINDOWS = {  # first and last day, whether for families with a child in its last year, what it says
    "recognition": (date(2026, 9, 1), date(2026, 10, 31), False, "家庭经济困难学生认定"),
    "loans": (date(2026, 7, 15), date(2026, 9, 30), True, "生源地助学贷款"),
    "college_awards": (date(2026, 10, 1), date(2026, 11, 30), True, "大学奖学金"),
}
GRADUATING = ("高中三年级", "中职三年级")
CLOCKS = {"周六 9:00-11:00": "09:00", "每晚七点": "19:00", "下午2:30-4:30": "14:30"}
RULES = (
    "夜里发的",
    "发了两次的",
    "不真实的",
    "超过每周条数的",
    "退订、停用、暂停了还发的",
    "不要这一类还发的",
    "正在说话时发的",
    "不在本人要的钟点的",
    "共用手机上说了名堂的",
    "自己的提醒没按时的",
)


@dataclass
class Application:
    """An application as the family knows it."""

    filed: datetime
    grade: str
    status: str = "submitted"
    missing: set[str] = field(default_factory=lambda: set(PAPERS))
    until: date | None = None
    is_claimed: bool = False
    is_disputed: bool = False


@dataclass
class Family:
    """What is known of a family at a moment."""

    is_on: bool = True
    muted: set[str] = field(default_factory=set)
    paused: datetime | None = None
    hour: int | None = None
    is_shared: bool = False
    is_gone: bool = False
    is_taken: bool = False
    spoke: datetime | None = None
    is_in_form: bool = False
    applications: dict[str, Application] = field(default_factory=dict)
    booked: dict[str, int] = field(default_factory=dict)
    own: dict[str, datetime] = field(default_factory=dict)
    pushed: list[datetime] = field(default_factory=list)
    promised: set[str] = field(default_factory=set)
    told: dict[tuple[str, ...], list[datetime]] = field(default_factory=lambda: defaultdict(list))


class Oracle:
    """Goes through acts and messages in the order of time; the methods are named after the acts."""

    def __init__(self, world: World) -> None:
        self.faults: dict[str, list[str]] = {rule: [] for rule in RULES}
        self.most_in_a_week = 0
        self._world = world
        self._families = {family: Family() for family in world.banners}
        self._sessions: dict[int, Session] = dict(world.sessions)
        self._running: set[int] = set()

    def judge(self, messages: Iterable[Message]) -> None:
        """Everything up to the end of the world."""
        acts = list(self._world.acts)
        place = 0
        for message in sorted(messages, key=lambda message: (message.at, message.id)):
            while place < len(acts) and acts[place].at <= message.at:
                self._learn(acts[place])
                place += 1
            self._check(message)
        for act in acts[place:]:
            self._learn(act)
        self._check_own_at_the_end()

    def _learn(self, act: Act) -> None:
        getattr(self, act.what)(act, self._families.get(act.family, Family()), **act.data)

    def file(self, act: Act, who: Family, reference: str, grade: str, hardship: Any) -> None:
        who.applications[reference] = Application(act.at, grade)

    def hand_in(self, _: Act, who: Family, reference: str, paper: str) -> None:
        who.applications[reference].missing.discard(paper)

    def says_handed_in(self, _: Act, who: Family, reference: str) -> None:
        if who.told["documents", reference]:
            who.applications[reference].is_claimed = True

    def says_tomorrow(self, _: Act, who: Family, reference: str, again: datetime) -> None:
        if who.told["documents", reference]:
            who.told["documents", reference].clear()  # it is wanted once more
            who.applications[reference].is_claimed = False
            who.promised.add(reference)

    def withdraw(self, _: Act, who: Family, reference: str) -> None:
        who.applications[reference].status = "withdrawn"

    def return_paper(self, _: Act, who: Family, reference: str, paper: str) -> None:
        self._looked(who, reference, "returned").missing.add(paper)

    def accept(self, _: Act, who: Family, reference: str) -> None:
        self._looked(who, reference, "under_review")

    def reject(self, _: Act, who: Family, reference: str) -> None:
        self._looked(who, reference, "rejected")

    def publish(self, _: Act, who: Family, reference: str, until: date) -> None:
        self._looked(who, reference, "published").until = until

    def approve(self, _: Act, who: Family, reference: str) -> None:
        self._looked(who, reference, "approved")

    def _looked(self, who: Family, reference: str, status: str) -> Application:
        found = who.applications[reference]
        found.status, found.is_claimed = status, False
        return found

    def contest(self, _: Act, who: Family, reference: str) -> None:
        who.applications[reference].is_disputed = True

    def answer_dispute(self, _: Act, who: Family, reference: str) -> None:
        found = who.applications[reference]
        found.is_disputed = found.is_claimed = False  # an officer has had it in hand

    def campaign(self, _: Act, __: Family, mailing: int) -> None:
        self._running.add(mailing)

    def stop_campaign(self, _: Act, __: Family, mailing: int) -> None:
        self._running.discard(mailing)

    def book(self, _: Act, who: Family, reference: str, session: int) -> None:
        who.booked[reference] = session

    def cancel(self, _: Act, who: Family, reference: str) -> None:
        who.booked.pop(reference)

    def move(self, _: Act, __: Family, session: int, starts_on: date) -> None:
        old = self._sessions[session]
        self._sessions[session] = Session(
            old.id, old.banner, starts_on, old.schedule, old.seats, old.days
        )

    def own(self, _: Act, who: Family, text: str, due: datetime) -> None:
        who.own[text] = due

    def switch(self, _: Act, who: Family, on: bool) -> None:
        who.is_on = on
        if on:  # all of them again
            who.muted, who.paused = set(), None

    def mute(self, _: Act, who: Family, kind: str) -> None:
        who.muted.add(kind)

    def pause(self, _: Act, who: Family, until: datetime) -> None:
        who.paused = until

    def hour(self, _: Act, who: Family, hour: int) -> None:
        who.hour = hour

    def share(self, _: Act, who: Family) -> None:
        who.is_shared = True

    def gone(self, act: Act, who: Family, gone: bool) -> None:
        who.is_gone = gone
        for text, due in list(who.own.items()):
            if not gone and due <= act.at:  # nobody heard it; it is not missed
                del who.own[text]

    def speak(self, act: Act, who: Family, form: bool) -> None:
        who.spoke, who.is_in_form = act.at, form

    def officer(self, _: Act, who: Family, on: bool) -> None:
        who.is_taken = on

    def _fault(self, rule: str, message: Message, why: str = "") -> None:
        self.faults[rule].append(
            f"{message.at.astimezone(LOCAL):%m-%d %H:%M} {message.family} {why}"
        )

    def _check(self, message: Message) -> None:
        who = self._families[message.family]
        pushes = [told for told in message.told if told.kind != "own"]
        if not message.told:
            self._fault("不真实的", message, "没有提醒")
        if pushes:
            self._check_push(message, who, pushes)
        for told in message.told:
            self._check_once(message, who, told)
            why = self._untrue(message, who, told)
            if why:
                self._fault("不真实的", message, f"{told.kind} {told.reference}：{why}")
        if who.is_gone:
            self._fault("退订、停用、暂停了还发的", message, "停用")

    def _check_push(self, message: Message, who: Family, pushes: Sequence[Told]) -> None:
        local, kinds = message.at.astimezone(LOCAL), {told.kind for told in pushes}
        if not 8 <= local.hour < 21:
            self._fault("夜里发的", message)
        if not who.is_on or (who.paused is not None and message.at < who.paused):
            self._fault("退订、停用、暂停了还发的", message)
        if kinds & who.muted:
            self._fault("不要这一类还发的", message, str(kinds))
        if who.hour not in (None, local.hour) and not kinds <= DATED:
            self._fault("不在本人要的钟点的", message, f"{who.hour} {kinds}")
        self._check_peace(message, who, pushes)
        secret = any(told.kind in NEUTRAL and told.reference in message.text for told in pushes)
        if who.is_shared and secret and kinds <= NEUTRAL:
            self._fault("共用手机上说了名堂的", message)

    def _check_peace(self, message: Message, who: Family, pushes: Sequence[Told]) -> None:
        """Nobody is interrupted, or written to too often; what was promised for a day is free."""
        promised = {t.reference for t in pushes if t.kind == "documents"} & who.promised
        kinds = {told.kind for told in pushes if told.reference not in promised}
        who.promised -= promised
        silence = timedelta(minutes=60 if who.is_in_form else 10)
        if who.is_taken or (who.spoke is not None and message.at < who.spoke + silence):
            self._fault("正在说话时发的", message, str(kinds))
        who.pushed = [at for at in who.pushed if at > message.at - 7 * DAY] + [message.at]
        self.most_in_a_week = max(self.most_in_a_week, len(who.pushed))
        if kinds and len(who.pushed) > (WEEKLY if kinds & DATED else UNDATED):
            self._fault("超过每周条数的", message, f"{len(who.pushed)} {kinds}")

    def _check_once(self, message: Message, who: Family, told: Told) -> None:
        subject = told.reference or told.about or ""
        before = who.told[told.kind, subject]
        same = who.told[told.kind, subject, message.text if told.kind != "own" else ""]
        before.append(message.at)
        same.append(message.at)
        if told.kind == "own":
            return
        if told.kind == "campaign":
            too_soon = len(before) > 1
        elif told.kind == "documents":
            too_soon = len(before) > 1 and before[-1] - before[-2] < 2 * DAY
        else:
            too_soon = len(same) > 1
        if too_soon:
            self._fault("发了两次的", message, f"{told.kind} {subject}")

    def _untrue(self, message: Message, who: Family, told: Told) -> str:
        """Why it is not true at this moment; nothing when it is."""
        return str(getattr(self, f"_untrue_{told.kind}")(message, who, told))

    def _untrue_own(self, message: Message, who: Family, _: Told) -> str:
        meant = [text for text in who.own if text in message.text]
        for text in meant:
            due = who.own.pop(text)
            late = message.at - due
            if late < timedelta():
                return "太早"
            if late > timedelta(minutes=70) and not who.is_gone:
                self._fault("自己的提醒没按时的", message, f"晚了 {late}")
        return "" if meant else "没有这件事，或者说过了"

    def _untrue_documents(self, message: Message, who: Family, told: Told) -> str:
        found = who.applications.get(told.reference)
        if found is None or found.status not in ("submitted", "returned"):
            return "不缺了"
        if found.is_claimed or found.is_disputed:
            return "说了已交" if found.is_claimed else "正有争议"
        if not found.missing:
            return "材料齐了"
        if who.is_shared:
            return ""
        after = message.text.partition(f"{told.reference} 还差材料：")[2].partition("。")[0]
        named = set(after.split("、"))
        return "" if named == {PAPERS[key] for key in found.missing} else f"说的是 {after}"

    def _untrue_publication(self, message: Message, who: Family, told: Told) -> str:
        found = who.applications.get(told.reference)
        if found is None or found.status != "published" or found.until is None:
            return "没在公示"
        if message.at.astimezone(LOCAL).date() > found.until:
            return "公示完了"
        day = f"公示到{found.until.month}月{found.until.day}日"
        return "" if who.is_shared or day in message.text else "日子不对"

    def _untrue_decision(self, _: Message, who: Family, told: Told) -> str:
        found = who.applications.get(told.reference)
        if found is None or found.status != "rejected":
            return "没有这个结果"
        return "正有争议" if found.is_disputed else ""

    def _untrue_campaign(self, message: Message, who: Family, told: Told) -> str:
        number = int((told.about or "").partition(":")[2])
        if number not in self._running:
            return "没在发"
        if message.family not in self._world.mailings[number].families:
            return "不在名单上"
        if any(found.status != "withdrawn" for found in who.applications.values()):
            return "已经申请了"
        return "" if "学校有一件事和您家有关" in message.text else "说的不对"

    def _place_of(self, who: Family, told: Told) -> Session | None:
        number = who.booked.get(told.reference)
        return None if number is None else self._sessions[number]

    def _untrue_session(self, message: Message, who: Family, told: Told) -> str:
        session = self._place_of(who, told)
        if session is None:
            return "没有报名"
        today, day = message.at.astimezone(LOCAL).date(), session.starts_on
        if not day - DAY <= today <= day:
            return f"开课是 {day}"
        said = f"{day.month}月{day.day}日“{session.title}”开课"
        return "" if said in message.text else "说的日子不对"

    def _untrue_session_soon(self, message: Message, who: Family, told: Told) -> str:
        session = self._place_of(who, told)
        if session is None:
            return "没有报名"
        clock, local = CLOCKS.get(session.schedule, ""), message.at.astimezone(LOCAL)
        if local.date() != session.starts_on or f"{local:%H:%M}" >= clock:
            return f"开课是 {session.starts_on} {clock}"
        return "" if f"今天{clock}“{session.title}”开课" in message.text else "说的时间不对"

    def _untrue_attendance(self, message: Message, who: Family, told: Told) -> str:
        session = self._place_of(who, told)
        if session is None:
            return "没有报名"
        last = session.starts_on + DAY * session.days
        if message.at.astimezone(LOCAL).date() <= last:
            return f"上完是 {last}"
        is_right = session.title in message.text and f"{last.month}月{last.day}日" in message.text
        return "" if is_right else "说的不对"

    def _untrue_place(self, message: Message, who: Family, told: Told) -> str:
        session = self._place_of(who, told)
        if session is None or session.seats is None:
            return "没有排队"
        is_over = message.at.astimezone(LOCAL).date() > session.starts_on
        return "已经开课" if is_over or session.title not in message.text else ""

    def _untrue_window(self, message: Message, who: Family, told: Told) -> str:
        first, last, is_for_graduates, words = WINDOWS[(told.about or "").split(":")[1]]
        if not first <= message.at.astimezone(LOCAL).date() <= last:
            return "不在时间里"
        if message.family in self._world.cadres:
            return "是干部"
        mine = [a for a in who.applications.values() if a.status != "withdrawn"]
        applied = [a for a in mine if a.filed.astimezone(LOCAL).date() >= first - 31 * DAY]
        if applied and words != WINDOWS["loans"][3]:
            return "已经申请了"
        if is_for_graduates and not any(a.grade in GRADUATING for a in who.applications.values()):
            return "没有要升学的孩子"
        day = f"{last.month}月{last.day}日"
        return "" if words in message.text and day in message.text else "说的不对"

    def _check_own_at_the_end(self) -> None:
        last = self._world.until - timedelta(hours=2)
        for family, who in self._families.items():
            for text, due in who.own.items():
                if due < last and not who.is_gone:
                    rule = self.faults["自己的提醒没按时的"]
                    rule.append(f"{family} {text} {due}")


def count_by_kind(messages: Iterable[Message]) -> Counter[str]:
    """How many reminders of each kind were told."""
    return Counter(told.kind for message in messages for told in message.told)
