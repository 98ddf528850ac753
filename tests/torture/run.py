"""One torture: calm talks, then the storm, then calm again, then the day of the reminders."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from sqlalchemy import func, select

from storage.db import Database
from storage.keys import Keyring
from storage.models.conversation import Conversation
from storage.models.message import OutboxMessage
from storage.models.reminder import Reminder
from tests.channels.telegram_standin import TOKEN as BOT_TOKEN
from tests.channels.telegram_standin import now
from tests.torture.homes import Home
from tests.torture.oracle import Evidence, Verdict, judge
from tests.torture.people import TOKEN, Town
from tests.torture.plan import Death, Disturbance, mishaps
from tests.torture.process import KILLED, Nursery, Process, TurnedClock
from tests.torture.scripts import SCRIPTS, Script, Talk, talks
from tests.torture.telegram import BadTelegram
from tests.torture.traces import read

CHANNELS = ("rest", "telegram")
DIES_WITHIN = 12.0
CHANNEL_SECONDS = 2.0
TURNED_SECONDS = 4.0
AFTERWARDS = 10.0
"""Seconds after a death within which a send may be repeated: until its lease is over."""

MORNING = 33.6 * 3600
"""From the evening on which all begins to the morning of the reminders."""

QUIET_WITHIN = 300.0
Say = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What is asked for; without `conversations` as many as there is time for."""

    seed: int
    kills: int
    processes: int = 1
    conversations: int | None = None
    every: float = 5.0
    senders: int = 8
    minutes: float | None = None
    """After so long nobody begins to talk any more."""

    scripts: tuple[Script, ...] = SCRIPTS

    @property
    def calm(self) -> int:
        """How many talks come before anything goes wrong."""
        return len(CHANNELS) * len(self.scripts)


@dataclass
class Outcome:
    """What happened."""

    home: str
    verdict: Verdict = field(default_factory=Verdict)
    kills: Counter[str] = field(default_factory=Counter)
    disturbances: Counter[str] = field(default_factory=Counter)
    repeated: Counter[str] = field(default_factory=Counter)
    talks: int = 0
    seconds: float = 0.0
    memory: float = 0.0
    fell: int = 0
    badly_stopped: int = 0


class Torture:
    """Everything that takes part."""

    def __init__(self, order: Order, home: Home, folder: Path, say: Say) -> None:
        self.order, self.home, self.say = order, home, say
        self.clock = TurnedClock()
        self.telegram = BadTelegram(self.clock)
        self.nursery = Nursery(folder.parent / f"{folder.name}-nursery.log")
        self.outcome = Outcome(home.name)
        self.disturbed: list[tuple[float, float, str]] = []
        self._folder = folder
        self._over = asyncio.Event()
        self._talks: Iterator[Talk] = talks(order.seed, CHANNELS, order.scripts)
        self._begun = time.monotonic()

    async def run(self) -> Outcome:
        """From the first start to the judgement."""
        await self.telegram.start()
        await self.nursery.open()
        self.home.processes += [self._process(n) for n in range(self.order.processes)]
        polls = self.order.processes == 1
        self.town = Town(self.home.processes, self.telegram, polls, self.order.seed)
        try:
            for process in self.home.processes:  # the first one makes the schema and the key
                await process.start()
                await process.ready(self.town.http)
            await asyncio.gather(*map(self.town.talk, islice(self._talks, self.order.calm)))
            self.say("平静的对话谈完了 / the calm talks are over")
            await self._storm()
            self.say("折腾完了，等它静下来 / the storm is over")
            await self._morning()
            self.outcome.memory = max(process.resident() for process in self.home.processes)
            await self._stop()
            await self._judge()
        finally:
            for process in self.home.processes:
                await process.kill()
            await self.nursery.close()
            await self.town.http.close()
            await self.telegram.stop()
        return self.outcome

    def _process(self, number: int) -> Process:
        environment = {
            "REST_CHANNEL_TOKEN": TOKEN,
            "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
            "TELEGRAM_API_BASE": self.telegram.base,
            "YULU__WORKERS__LEASE_SECONDS": "5",
            "YULU__WORKERS__TICK_SECONDS": "2",
            "YULU__WORKERS__POLL_SECONDS": "0.5",
            "YULU__TELEGRAM__A_SECOND": "1000",
            "YULU__LOG__LEVEL": "warning",
            **self.home.environment,
        }
        if self.order.processes > 1:
            environment["TELEGRAM_WEBHOOK_URL"] = "http://127.0.0.1/webhooks/telegram"
            environment["TELEGRAM_WEBHOOK_SECRET"] = TOKEN
        log = self._folder.parent / f"{self._folder.name}-{number}.log"
        return Process(self.nursery, self._folder, environment, self.clock, log)

    async def _storm(self) -> None:
        """Many talk at once, and meanwhile all that can go wrong does."""
        left = (
            None if self.order.conversations is None else self.order.conversations - self.order.calm
        )
        source = self._talks if left is None else islice(self._talks, left)
        telling = asyncio.create_task(self._progress())
        senders = [asyncio.create_task(self._talk_on(source)) for _ in range(self.order.senders)]
        if self.order.conversations is None:
            await self._go_wrong()
            self._over.set()
            await asyncio.gather(*senders)
        else:
            killing = asyncio.create_task(self._kill_regularly())
            await asyncio.gather(*senders)
            self._over.set()
            await killing
        telling.cancel()

    async def _talk_on(self, source: Iterator[Talk]) -> None:
        for talk in source:
            await self.town.talk(talk)
            if self._over.is_set() or self._is_late():
                return

    def _is_late(self) -> bool:
        limit = self.order.minutes
        return limit is not None and time.monotonic() - self._begun > limit * 60

    async def _progress(self) -> None:
        while True:
            await asyncio.sleep(10)
            seconds = time.monotonic() - self._begun
            self.say(
                f"{self.home.name} {seconds:5.0f} s：杀 {self.outcome.kills.total()} 次，"
                f"别的毛病 {self.outcome.disturbances.total()} 次，"
                f"对话 {len(self.town.told)} 个，消息 {self.town.answered} 条，"
                f"重发 {self.town.repeated.total()} 次"
            )

    async def _go_wrong(self) -> None:
        order = self.order
        of_home = tuple(self.home.troubles)
        for mishap in mishaps(order.seed, order.kills, order.processes, of_home):
            if self._is_late():
                break
            if isinstance(mishap, Death):
                await self._die(mishap)
                process = self.home.processes[mishap.process]
                await process.start()
            else:
                await self.home.processes[0].ready(self.town.http)
                await self._disturb(mishap)
        for process in self.home.processes:
            await process.ready(self.town.http)

    async def _kill_regularly(self) -> None:
        """One process every few seconds, whatever the others do."""
        order = self.order
        deaths = mishaps(order.seed, 1_000_000, order.processes, ())
        while not self._over.is_set():
            await asyncio.sleep(order.every)
            mishap = next(each for each in deaths if isinstance(each, Death))
            process = self.home.processes[mishap.process]
            await self._die(replace(mishap, seconds=0.0), within=2.0)
            await process.start()
        for process in self.home.processes:
            await process.ready(self.town.http)

    async def _die(self, death: Death, within: float = DIES_WITHIN) -> None:
        """At its point, or else at once: some points are passed seldom."""
        process, begun = self.home.processes[death.process], now()
        where = "any moment"
        if death.point is not None:
            await process.ready(self.town.http)
        await asyncio.sleep(death.seconds)
        if death.point is None:
            await process.kill()
        elif await self._dies_at(process, death, within):
            where = death.point
        self.outcome.kills[where] += 1
        self.disturbed.append((begun, now() + AFTERWARDS, "a process was killed"))

    async def _dies_at(self, process: Process, death: Death, within: float) -> bool:
        """Whether it did; else it is killed at once: some points are passed seldom."""
        end = time.monotonic() + within
        while (left := end - time.monotonic()) > 0:
            process.tell("die", death.point, death.count)
            code = await process.ended(left)
            if code == KILLED:
                return True
            if code is not None:  # the database was away when it started, or worse
                process.fell += 1
                await process.start()
        await process.kill()
        return False

    async def _disturb(self, disturbance: Disturbance) -> None:
        begun = now()
        match disturbance.kind:
            case "database":
                await self.home.troubles[disturbance.what]()
            case "channel":
                await self._annoy(disturbance.what)
            case "clock":
                await self._turn(disturbance.turn)
        self.outcome.disturbances[f"{disturbance.kind}: {disturbance.what}"] += 1
        self.disturbed.append((begun, now() + AFTERWARDS, disturbance.kind))

    async def _annoy(self, what: str) -> None:
        match what:
            case "fails":
                await self.telegram.fail(CHANNEL_SECONDS)
            case "hangs":
                await self.telegram.hang(CHANNEL_SECONDS)
            case "refuses":
                await self.telegram.refuse(CHANNEL_SECONDS)
            case "answers 429":
                self.telegram.storm(2)
                await asyncio.sleep(CHANNEL_SECONDS)
            case "answers rubbish":
                await self.telegram.babble(CHANNEL_SECONDS)

    async def _turn(self, seconds: float) -> None:
        """Forward or back, and after a while as it was."""
        for turned in (seconds, 0.0):
            self.clock.turned = turned
            for process in self.home.processes:
                process.tell("clock", self.clock.seconds)
            await asyncio.sleep(TURNED_SECONDS)

    async def _morning(self) -> None:
        """When all is quiet, the day of the reminders comes; then all must be told."""
        async with self._database() as db:
            await self._until_nothing_waits(db)
            self.clock.turned = MORNING
            for process in self.home.processes:
                process.tell("clock", self.clock.seconds)
            await self._until_nothing_waits(db)

    async def _until_nothing_waits(self, db: Database) -> None:
        end = time.monotonic() + QUIET_WITHIN
        waiting = 1
        while waiting and time.monotonic() < end:
            await asyncio.sleep(1.5)
            waiting = await self._waiting(db)

    async def _waiting(self, db: Database) -> int:
        """Reminders that are due, messages for Telegram, and sends that are not noted yet."""
        moment = self.clock.now()
        async with db.read() as uow:
            reminders = select(func.count(Reminder.id)).where(
                Reminder.status == "waiting", Reminder.due_at <= moment
            )
            sends = (
                select(func.count(OutboxMessage.id))
                .where(OutboxMessage.status == "queued", OutboxMessage.due_at <= moment)
                .join(Conversation, Conversation.id == OutboxMessage.conversation_id)
                .where(Conversation.channel == "telegram")
            )
            return sum([await uow.session.scalar(query) or 0 for query in (reminders, sends)])

    async def _stop(self) -> None:
        """All at once, as an operator does; each must end well."""
        ended = await asyncio.gather(*(process.stop() for process in self.home.processes))
        self.outcome.badly_stopped = ended.count(False)

    async def _judge(self) -> None:
        async with self._database() as db:
            archive = await read(db)
        moment = self.clock.now()
        evidence = Evidence(archive, self.town.told, self.telegram, self.disturbed, moment)
        outcome = self.outcome
        outcome.verdict = judge(evidence)
        outcome.talks, outcome.repeated = len(self.town.told), self.town.repeated
        outcome.fell = sum(process.fell for process in self.home.processes)
        outcome.seconds = time.monotonic() - self._begun

    @asynccontextmanager
    async def _database(self) -> AsyncIterator[Database]:
        keyring = Keyring.load(None, self._folder / "key")
        db = await Database.open(self.home.url, keyring)
        try:
            yield db
        finally:
            await db.close()
