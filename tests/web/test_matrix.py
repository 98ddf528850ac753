"""Who may do what: every role x place x kind x action gets one answer, whichever door is taken.

The doors are the desk's form, the JSON API, the handler, `may`, and the messenger's lines.
Each change names a version that never was: who may make it hears "somebody was faster" and nothing
changes, who may not hears why; a line names no version and is undone. The table below is written
by hand, not read from the code.
"""

from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from bot.cases.references import new_reference
from bot.channels.base import Inbound
from bot.errors import Conflict, NotAllowed, NotFound, ServiceError
from bot.handlers.dispatch import handle
from bot.handlers.transitions import TABLES
from bot.officers.chat import LineRefused, answer_line
from bot.officers.lines import read_line
from bot.rights.access import Right, may
from bot.rights.actor import Actor
from bot.web.changes.offered import CHANGES
from flows import commands as c
from storage.kinds import RecordKind, Role
from storage.models.officer import Officer
from storage.models.training import Registration
from tests.web.conftest import Client, FakeService, add_officer, add_record, bearer, form_token
from tests.web.test_chat import photo
from tests.web.test_desk import sign_in

pytestmark = pytest.mark.slow

AID, DROPOUT = RecordKind.AID_APPLICATION, RecordKind.DROPOUT_CASE
ESCALATION, REGISTRATION = RecordKind.ESCALATION, RecordKind.TRAINING_REGISTRATION
CLERK, OFFICER, SUPERVISOR, ADMIN = Role.CLERK, Role.OFFICER, Role.SUPERVISOR, Role.ADMIN
NEVER = 999  # a version that no record has

PLACES = {
    "own": "152222",
    "below": "152222103201",
    "above": "152200",
    "neighbour": "152221",
    "none": None,
}
STATUS = {AID: "submitted", DROPOUT: "reported", ESCALATION: "open", REGISTRATION: "booked"}
PATHS = {AID: "applications", DROPOUT: "cases", ESCALATION: "cases", REGISTRATION: "registrations"}
LETTERS = {AID: "A", DROPOUT: "D", ESCALATION: "E", REGISTRATION: "T"}

LEAST: dict[str, Role] = {
    **dict.fromkeys(("reply", "hand-back", "note", "visit", "attendance", "papers"), CLERK),
    **dict.fromkeys(
        ("assign", "escalate", "transfer", "snooze", "request-close", "reopen"), OFFICER
    ),
    "decline-close": OFFICER,
    **dict.fromkeys(("correct", "refuse-correction", "correct-payment"), OFFICER),
    **dict.fromkeys(("ask", "accept-transfer", "reject-transfer"), OFFICER),
    **dict.fromkeys(("verify", "responsible", "plan", "return", "duplicate"), OFFICER),
    **dict.fromkeys(("accept", "return-for-correction", "accept-document", "reject"), OFFICER),
    **dict.fromkeys(("level", "publish", "object", "settle-objection", "approve", "pay"), OFFICER),
    **dict.fromkeys(("give-place", "mark-attendance"), OFFICER),
    **dict.fromkeys(("approve-close", "supervise", "lift-supervision"), SUPERVISOR),
}
TYPED: dict[str, dict[str, str]] = {
    "reply": {"text": "您好"},
    "note": {"text": "去过了"},
    "ask": {"text": "孩子多大了？"},
    "supervise": {"demand": "尽快办", "until": "2026-12-20"},
    "visit": {"method": "上门", "result": "同意回校"},
    "attendance": {"present": "yes"},
    "mark-attendance": {"present": "yes"},
    "papers": {"document": "other"},
    "verify": {"identity": "yes", "roll": "yes", "whereabouts": "在家"},
    "responsible": {"side": "school", "name": "白老师"},
    "plan": {"measures": "申请补助", "deadline": "2026-12-20"},
    "duplicate": {"of": "D26-9999-999"},
    "return-for-correction": {"document": "id_card", "reason": "看不清"},
    "accept-document": {"document": "id_card"},
    "level": {"level": "special"},
    "object": {"text": "有异议"},
    "settle-objection": {"finding": "属实"},
    "pay": {"paid_on": "2026-11-20", "amount": "750", "programme": "寄宿生", "period": "2026秋"},
    "correct": {"field": "age", "value": "9", "note": "看了户口本"},
    "transfer": {"to": "region:152221", "reason": "搬走了"},
    "snooze": {"until": "2026-11-27", "reason": "等开学"},
    "request-close": {"code": "resolved"},
    **{
        n: {"reason": "情况变了"}
        for n in (
            "escalate",
            "reopen",
            "decline-close",
            "reject",
            "reject-transfer",
            "lift-supervision",
            "refuse-correction",
            "correct-payment",
        )
    },
}
BODIES: dict[str, dict[str, Any]] = {
    "attendance": {"present": True},
    "papers": {"document": "evidence", "content": b64encode(photo("red")).decode()},
    "verify": {"identity": True, "roll": True, "whereabouts": "在家"},
    "transfer": {"region": "152221", "reason": "搬走了"},
    "pay": {"paid_on": "2026-11-20", "amount": "750", "programme": "寄宿生", "period": "2026秋"},
}
LINES = {
    "assign": "接单 {ref}",
    "reply": "回复 {ref} 您好",
    "hand-back": "交还 {ref}",
    "note": "备注 {ref} 去过了",
    "visit": "家访记录 {ref} 上门 奶奶 同意回校",
    "reject-transfer": "不接 {ref} 情况变了",
    "request-close": "申请销号 {ref} 重复",
    "approve-close": "同意销号 {ref}",
    "decline-close": "不同意销号 {ref} 还没有查",
}
"""What an officer writes in the messenger for a change."""

SECRETS = {
    "id_number": (OFFICER, (AID,)),
    "hardship": (OFFICER, (AID,)),
    "reason": (OFFICER, (DROPOUT,)),
    "reporter": (SUPERVISOR, (DROPOUT,)),
}
SECRET_ANSWERS: dict[RecordKind, dict[str, Any]] = {
    AID: {"id_number": "152222201801011234", "hardship": ["serious_illness"]},
    DROPOUT: {"reason": "illness_disability"},
}
STATUSES: dict[type[Any], int] = {NotFound: 404, NotAllowed: 403, Conflict: 409}
RANK = [CLERK, OFFICER, SUPERVISOR, ADMIN]


@dataclass(frozen=True)
class Cell:
    """One role before one record."""

    role: Role
    place: str
    kind: RecordKind

    @property
    def reference(self) -> str:
        """The record of this place and kind."""
        return f"{LETTERS[self.kind]}26-000{list(PLACES).index(self.place)}-013"

    def expected(self, least: Role, allowed: int) -> int:
        """Unseen records do not exist; seen ones are for those with the role."""
        seen = self.place in ("own", "below") or (self.place == "none" and self.role is ADMIN)
        if not seen:
            return 404
        return allowed if RANK.index(self.role) >= RANK.index(least) else 403


CELLS = [Cell(role, place, kind) for role in RANK for place in PLACES for kind in RecordKind]


@dataclass
class Doors:
    """One officer with a signed-in browser, a token and the service itself."""

    service: FakeService
    officer: Officer
    token: str
    client: Client
    csrf: str

    async def desk(self, path: str, **form: str) -> int:
        """A form of the desk."""
        data = {"_csrf_token": self.csrf, **form}
        answer = await self.client.post(f"/desk/records/{path}", data=data, follow_redirects=False)
        return answer.status_code

    async def api(self, path: str, body: dict[str, Any] | None = None) -> int:
        """A GET, or a POST with a body."""
        url, headers = f"/api/v1/{path}", bearer(self.token)
        if body is None:
            return (await self.client.get(url, headers=headers)).status_code
        return (await self.client.post(url, json=body, headers=headers)).status_code

    async def handler(self, command: c.Command) -> int:
        """The handler itself, in the statuses of HTTP; nothing is kept."""
        try:
            async with self.service.db.write() as uow:
                await handle(uow, command, Actor.officer(self.officer), self.service.now())
                await uow.session.rollback()
        except ServiceError as error:
            return STATUSES.get(type(error), 422)
        return 200

    async def messenger(self, written: str, reference: str) -> int:
        """A line in the officer's chat, in the statuses of HTTP; nothing is kept."""
        text = written.format(ref=new_reference(DROPOUT, now=self.service.now()))
        line = read_line(text)
        assert line is not None and not line.is_broken
        line = replace(line, reference=reference)  # those of this table have no check digit
        inbound = Inbound("telegram", "1", "1", self.service.now(), text)
        try:
            async with self.service.db.write() as uow:
                await answer_line(uow, self.officer, line, inbound, self.service.now())
                await uow.session.rollback()
        except LineRefused as refused:
            return STATUSES.get(type(refused.__cause__), 422)
        return 200


@pytest.fixture
async def doors(service: FakeService, server: Litestar) -> AsyncIterator[dict[Role, Doors]]:
    """An officer of each role in one banner, and a record of each kind in each place."""
    for cell in CELLS[: len(PLACES) * len(RecordKind)]:
        await _file(service, cell)
    found: dict[Role, Doors] = {}
    async with AsyncExitStack() as stack:
        for role in RANK:
            officer, token = await add_officer(service, f"officer-{role}", role)
            client = await stack.enter_async_context(AsyncTestClient(server))
            assert await sign_in(client, officer.name) == 303
            csrf = form_token((await client.get("/desk")).text)
            found[role] = Doors(service, officer, token, client, csrf)
        yield found


async def _file(service: FakeService, cell: Cell) -> None:
    region, status = PLACES[cell.place], STATUS[cell.kind]
    if cell.kind is REGISTRATION:
        async with service.db.write() as uow:
            at = service.now()
            common: dict[str, Any] = {"opened_at": at, "updated_at": at, "slots": {}}
            row = Registration(reference=cell.reference, kind=cell.kind, status=status, **common)
            row.region_code = region
            await uow.records.add(row)
        return
    secrets = SECRET_ANSWERS.get(cell.kind, {})
    type_ = "human" if cell.kind is ESCALATION else None
    await add_record(
        service, cell.reference, cell.kind, region=region, status=status, type=type_, **secrets
    )


def changes(kind: RecordKind) -> Iterator[tuple[str, type[c.OfficerCommand]]]:
    """The forms of the desk that make sense for a kind."""
    for change in CHANGES:
        if change.command in TABLES[kind]:
            yield change.name, change.command


def test_every_form_of_the_desk_is_in_the_table() -> None:
    assert {change.name for change in CHANGES} == set(LEAST)


@pytest.mark.parametrize("role", RANK, ids=str)
async def test_every_change_has_one_answer_by_every_door(
    doors: dict[Role, Doors], role: Role
) -> None:
    """A test for each role, as all of them in one would keep a single worker busy for minutes."""
    wrong: list[str] = []
    door = doors[role]
    routes = {route.path for route in door.client.app.routes}
    forms = {change.name: change for change in CHANGES}
    for cell in [cell for cell in CELLS if cell.role is role]:
        ref = cell.reference
        record = await _record(door, ref)
        for name, command in changes(cell.kind):
            typed = TYPED.get(name, {})
            expected = cell.expected(LEAST[name], 409)
            built = forms[name].build(ref, NEVER, typed)
            answers = {
                "handler": await door.handler(built),
                "desk": await door.desk(f"{ref}/{name}", version=str(NEVER), **typed),
            }
            path = f"{PATHS[cell.kind]}/{ref}/{name}"
            if f"/api/v1/{PATHS[cell.kind]}/{{ref:str}}/{name}" in routes:
                body = {**BODIES.get(name, typed), "expected_version": NEVER}
                answers["api"] = await door.api(path, body)
            if set(answers.values()) != {expected} or (
                may(door.officer, command, record) != (expected == 409)
            ):
                wrong.append(f"{cell.role} {cell.place} {cell.kind} {name} {expected}: {answers}")
    assert wrong == []


async def test_every_line_of_the_messenger_has_the_same_answer(doors: dict[Role, Doors]) -> None:
    wrong: list[str] = []
    for cell in CELLS:
        for name, _ in changes(cell.kind):
            if name not in LINES:
                continue
            expected = cell.expected(LEAST[name], 200)
            answer = await doors[cell.role].messenger(LINES[name], cell.reference)
            # what the state of the record does not allow is refused for another reason
            if (200 if answer in (200, 422) else answer) != expected:
                wrong.append(f"{cell.role} {cell.place} {cell.kind} {name} {expected}: {answer}")
    assert wrong == []


async def test_every_read_and_every_secret_has_one_answer_by_every_door(
    doors: dict[Role, Doors],
) -> None:
    wrong: list[str] = []
    for cell in CELLS:
        door, ref, path = doors[cell.role], cell.reference, PATHS[cell.kind]
        record = await _record(door, ref)
        page = await door.client.get(f"/desk/records/{ref}", follow_redirects=False)
        read = {page.status_code, await door.api(f"{path}/{ref}")}
        expected = cell.expected(CLERK, 200)
        if read != {expected} or may(door.officer, Right.READ, record) != (expected == 200):
            wrong.append(f"{cell} read {expected}: {read}")
        for field, (least, kinds) in SECRETS.items():
            if cell.kind not in kinds:
                continue
            expected = cell.expected(least, 200)
            asked = {"field": field, "purpose": "核对"}
            answers = {
                await door.desk(f"{ref}/reveal", **asked),
                await door.api(f"{path}/{ref}/reveal", asked),
                await door.handler(c.Reveal(ref, None, field, "核对")),
            }
            if answers != {expected}:
                wrong.append(f"{cell} reveal {field} {expected}: {answers}")
    assert wrong == []


@pytest.mark.parametrize(
    ("paths", "least"),
    [
        (("/api/v1/people",), OFFICER),
        (("/api/v1/audit", "/desk/audit"), SUPERVISOR),
        (("/desk/sentences",), SUPERVISOR),
        (("/desk/parked",), SUPERVISOR),
        (("/desk/logins", "/desk/running"), ADMIN),
        (("/desk/me", "/desk/link", "/desk/factor"), CLERK),
        (("/desk", "/desk/trainings", "/api/v1/cases", "/api/v1/sessions"), CLERK),
    ],
)
async def test_every_list_is_for_those_with_the_role(
    doors: dict[Role, Doors], paths: tuple[str, ...], least: Role
) -> None:
    for role in RANK:
        expected = 200 if RANK.index(role) >= RANK.index(least) else 403
        for path in paths:
            answer = await doors[role].client.get(path, headers=bearer(doors[role].token))
            assert (role, path, answer.status_code) == (role, path, expected)


async def _record(door: Doors, reference: str) -> Any:
    async with door.service.db.read() as uow:
        return await uow.records.get(reference)
