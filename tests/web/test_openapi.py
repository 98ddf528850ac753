"""The JSON API against its own description: schemathesis asks, a running service answers.

Half of the made-up references are real ones, so that commands reach their handlers.
"""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings, strategies
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.core.failures import FailureGroup

from bot.config import Config
from bot.files import FileStore
from bot.service.serving import QuietServer, listen
from bot.web.server import create_server
from storage.db import Database
from storage.keys import Keyring
from storage.kinds import RecordKind, Role
from tests.web.conftest import FakeService, add_officer, add_record

pytestmark = pytest.mark.slow

EXAMPLES = 6
PARTS = 3
load_all_checks()
CHECKS: list[Any] = [
    schemathesis.checks.CHECKS.get_one(name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "unsupported_method",
    )
]
REAL = {
    "applications": ["A26-0000-013", "A26-0000-026"],
    "cases": ["D26-0000-013", "D26-0000-026", "E26-0000-013"],
}
REFERENCES = [None, *(reference for found in REAL.values() for reference in found)]
CASES = (("D26-0000-013", None), ("D26-0000-026", None), ("E26-0000-013", "human"))


class Running:
    """The service on a thread and a loop of its own, with some records and a token."""

    def __init__(self, folder: Path, url: str, keyring: Keyring) -> None:
        self._folder, self._url, self._keyring = folder, url, keyring
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self.address = self.token = ""

    def __enter__(self) -> "Running":
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(10)

    async def _serve(self) -> None:
        db = await Database.open(self._url, self._keyring)
        files = FileStore(self._folder / "files", db.keyring, max_bytes=1 << 20)
        service = FakeService(Config(data_dir=self._folder), db, files)
        _, self.token = await add_officer(service, "主管", Role.SUPERVISOR, "150000")
        await add_officer(service, "王芳")
        for reference in REAL["applications"]:
            await add_record(service, reference, hardship=["dibao"], id_number="152222201801011234")
        for reference, type_ in CASES:
            kind = RecordKind.ESCALATION if type_ else RecordKind.DROPOUT_CASE
            status = "open" if type_ else "reported"
            await add_record(service, reference, kind, status=status, type=type_)
        socket = listen("127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{socket.getsockname()[1]}"
        self._server = QuietServer(create_server(service))
        serving = asyncio.create_task(self._server.serve(sockets=[socket]))
        await self._server.ready.wait()
        self._ready.set()
        await serving
        await db.close()


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, keyring: Keyring
) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("openapi")
    (folder / "yulu.db").write_bytes(sqlite_template.read_bytes())
    with Running(folder, f"sqlite:///{folder / 'yulu.db'}", keyring) as found:
        yield found


@pytest.fixture(scope="module")
def api(running: Running) -> Any:
    return schemathesis.openapi.from_url(f"{running.address}/api/v1/openapi.json")


def faults(operation: Any, mode: GenerationMode, token: str) -> str:
    """What the service did otherwise than described, for a handful of requests."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode), strategies.sampled_from(REFERENCES))
    def ask(case: Case[Any], reference: str | None) -> None:
        if reference is not None and "ref" in (case.path_parameters or {}):
            case.path_parameters["ref"] = reference
        case.call_and_validate(headers={"authorization": f"Bearer {token}"}, checks=CHECKS)

    try:
        ask()
    except Unsatisfiable:
        return ""
    except FailureGroup as group:
        return "\n".join(str(fault) for fault in group.exceptions)
    return ""


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_service_does_what_its_description_says(
    api: Any, running: Running, mode: GenerationMode, part: int
) -> None:
    """In parts, as the whole would keep one worker busy long after the other is done."""
    operations = [found.ok() for found in api.get_all_operations()]
    assert len(operations) > 30
    found = {op.label: faults(op, mode, running.token) for op in operations[part::PARTS]}
    assert {label: fault for label, fault in found.items() if fault} == {}


def test_the_description_is_openapi_3_1_and_names_every_problem(running: Running) -> None:
    document = requests.get(f"{running.address}/api/v1/openapi.json", timeout=10).json()
    assert document["openapi"].startswith("3.1")
    for path, item in document["paths"].items():
        for method, operation in item.items():
            problems = {code for code in operation["responses"] if code >= "400"}
            assert {"400", "401", "403", "404", "422", "429", "500"} <= problems, (method, path)
            for code in problems:
                assert list(operation["responses"][code]["content"]) == ["application/problem+json"]
