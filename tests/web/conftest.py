"""The HTTP side on a real SQLite database, with a fake intake that answers what the test says."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from litestar import Litestar
from litestar.testing import AsyncTestClient
from pydantic import SecretStr

from bot.channels.base import Button, Inbound
from bot.channels.webchat import WebChat
from bot.config import Config, Rest, Security, Web
from bot.files import FileStore
from bot.login import passwords
from bot.login.throttle import Limit
from bot.watch.watch import Watch
from bot.web.server import create_server
from bot.web.site import Site
from storage.db import Database
from storage.kinds import RecordKind, Role
from storage.models.application import Application
from storage.models.case import Case
from storage.models.officer import Officer
from storage.models.record import Record

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
REST_TOKEN = "rest-token-of-the-tests"
BANNER = "152222"
OTHER_BANNER = "150422"
PASSWORD = "sain-baina-uu-7391"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

Client = AsyncTestClient[Litestar]


class FakeIntake:
    """Stores messages as the real one does and answers each with `reply`."""

    def __init__(self, db: Database, now: Callable[[], datetime]) -> None:
        self.db = db
        self.now = now
        self.heard: list[Inbound] = []
        self.counted: list[tuple[str, Limit]] = []
        self.buttons: tuple[Button, ...] = ()
        self.custom: dict[str, Any] = {}
        self.before: Callable[[Inbound], Awaitable[None]] | None = None

    async def accept(self, inbound: Inbound, counted: Sequence[tuple[str, Limit]] = ()) -> bool:
        """Store the message and queue the answer in one go."""
        self.counted.extend(counted)
        async with self.db.write() as uow:
            talk = await uow.conversations.get_or_create(
                inbound.channel, inbound.address, self.now()
            )
            new = await uow.inbox.accept(
                talk.id,
                inbound.channel,
                inbound.external_id,
                {**asdict(inbound), "sent_at": inbound.sent_at.isoformat()},
                inbound.sent_at,
                self.now(),
                self.now(),
            )
            if not new:
                return False
            self.heard.append(inbound)
            row = await uow.inbox.by_external(inbound.channel, inbound.external_id)
            assert row is not None
            await uow.outbox.add(
                talk.id,
                f"听到：{inbound.value or inbound.text}",
                [asdict(button) for button in self.buttons],
                self.custom,
                self.now(),
                in_reply_to=row.id,
            )
            await uow.inbox.mark_handled(row, self.now())
        return True

    async def settle(self, inbound: Inbound) -> int:
        """Accept; the answer is in the outbox when this returns."""
        if self.before is not None:
            await self.before(inbound)
        await self.accept(inbound)
        return 1


@dataclass
class FakeService:
    """What `bot.service.app.App` offers to HTTP."""

    config: Config
    db: Database
    files: FileStore
    webchat: WebChat = field(default_factory=WebChat)
    telegram: Any = None
    moment: datetime = NOW
    is_ready: bool = True

    def __post_init__(self) -> None:
        self.intake = FakeIntake(self.db, self.now)
        self.watch = Watch(self.db, self.config, ("web",), self.now)

    def now(self) -> datetime:
        """The clock of the test."""
        return self.moment

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**span)


@pytest.fixture
def service(tmp_path: Path, db: Database) -> FakeService:
    config = Config(
        data_dir=tmp_path,
        web=Web(),
        rest=Rest(token=SecretStr(REST_TOKEN)),
        security=Security(session_hours=24 * 365, idle_minutes=60 * 24 * 365),
    )
    return FakeService(config, db, FileStore(tmp_path / "files", db.keyring, max_bytes=1 << 20))


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is slow on purpose; the real parameters are looked at in test_passwords.py."""
    monkeypatch.setattr(passwords, "hasher", lambda: CHEAP)


@pytest.fixture(scope="session")
def servers() -> dict[tuple[bytes, bool], Litestar]:
    """The servers built so far, by what of a service is fixed when its server is built."""
    return {}


@pytest.fixture
def server(service: FakeService, servers: dict[tuple[bytes, bool], Litestar]) -> Litestar:
    """The server of this test's service; its routes were built once, as that takes long."""
    site = Site(service)
    fixed = site.secret("any"), site.https
    if fixed not in servers:
        servers[fixed] = create_server(service)
    servers[fixed].state["site"] = site
    return servers[fixed]


@pytest.fixture
async def client(server: Litestar) -> AsyncIterator[Client]:
    async with AsyncTestClient(server, raise_server_exceptions=False) as client:
        yield client


async def add_officer(
    service: FakeService, name: str, role: Role = Role.OFFICER, region: str = BANNER
) -> tuple[Officer, str]:
    """An officer with a token; the password of all is PASSWORD."""
    async with service.db.write() as uow:
        officer = await uow.officers.add(
            name=name,
            role=role,
            region_code=region,
            now=service.now(),
            password_hash=CHEAP.hash(PASSWORD),
        )
        return officer, await uow.officers.add_token(officer.id, "test")


async def add_record(
    service: FakeService,
    reference: str,
    kind: RecordKind = RecordKind.AID_APPLICATION,
    *,
    region: str | None = BANNER,
    status: str = "submitted",
    type: str | None = None,
    address: str | None = None,
    **slots: Any,
) -> Record:
    """A filed record of somebody who talks to us in the web chat."""
    async with service.db.write() as uow:
        talk = await uow.conversations.get_or_create(
            "web", address or f"a-{reference}", service.now()
        )
        common: dict[str, Any] = {
            "reference": reference,
            "kind": kind,
            "status": status,
            "region_code": region,
            "person_id": talk.person_id,
            "conversation_id": talk.id,
            "slots": {"child_name": "苏日娜", **slots},
            "opened_at": service.now(),
            "updated_at": service.now(),
        }
        row: Application | Case
        if kind is RecordKind.AID_APPLICATION:
            row = Application(**common)
        else:
            row = Case(**common, type=type)
        await uow.records.add(row)
        return row


def bearer(token: str) -> dict[str, str]:
    """The header of an officer's program."""
    return {"authorization": f"Bearer {token}"}


def form_token(html: str) -> str:
    """The token that a page's forms carry."""
    return html.split('name="_csrf_token" value="', 1)[1].split('"', 1)[0]
