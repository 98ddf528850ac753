"""A busy day: families talk, officers work, lists come in and ledgers go out, and things break."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.masked.needles import ROOT, needles, said_in
from tests.masked.serve import FAULT

REST = "rest-token-of-a-busy-day"
NAME, LATIN, PHONE, ID = "苏日娜格日乐", "Batzorig Tumen", "13948127531", "152222201801017536"
SCHOOL, VILLAGE = "高力板中心小学", "好腰苏木镇巴彦敖包嘎查三组门牌七号"
NOTE = f"{NAME}的爸爸在包头打工，电话{PHONE}，身份证{ID}，{SCHOOL}，{VILLAGE}，{LATIN}"
PAPER = b"%PDF-1.4\n" + NOTE.encode() + bytes(2 << 20)
"""Larger than what an upload may be and wait in memory."""
HEADS = "姓名,身份证号,学校,年级,地区,监护人,电话"
LIST = f"{HEADS}\n{NAME},{ID},{SCHOOL},二年级,高力板镇,{LATIN},{PHONE}\n"
SCRIPTS = sorted((ROOT / "tests" / "conversations").glob("*.yaml"))
_ADDRESS = re.compile(r'(?:href|action|src|hx-get|hx-post)="([^"]*)"')
_TOKEN = re.compile(r'name="_csrf_token" value="([^"]+)"')


@dataclass
class Day:
    """The service from outside: its pages, what it answered with, and what must not leak."""

    http: httpx.AsyncClient
    sought: set[str] = field(
        default_factory=lambda: {*needles((NOTE, NAME, SCHOOL, VILLAGE)), LATIN}
    )
    addresses: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    filed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sought |= {*needles((NOTE, NAME, SCHOOL, VILLAGE)), LATIN}

    async def says(self, sender: str, text: str) -> list[dict[str, Any]]:
        """A message through the chat of other programs."""
        self.sought |= needles((text,))
        body = {"sender": sender, "message": text}
        bearer = {"authorization": f"Bearer {REST}"}
        answer = await self.http.post("/webhooks/rest/webhook", json=body, headers=bearer)
        found: list[dict[str, Any]] = answer.json() if answer.status_code == 200 else []
        self.filed += re.findall(r"[ADTE]26-\d{4}-\d{3}", str(found))
        return found

    async def plays(self, script: Mapping[str, Any], sender: str) -> None:
        """A golden conversation."""
        self.sought |= needles(said_in(script.get("records", [])))
        for turn in script["turns"]:
            text = turn.get("user") or turn.get("press")
            if isinstance(text, str):
                await self.says(f"{sender} {turn.get('who', '')}", text)

    async def posts(self, path: str, files: Any = None, **form: str) -> httpx.Response:
        """A form of the desk."""
        page = (await self.http.get("/desk")).text
        found = _TOKEN.search(page) or _TOKEN.search((await self.http.get("/desk/login")).text)
        data = {"_csrf_token": found[1] if found else "", **form}
        answer = await self.http.post(path, data=data, files=files)
        return self._seen(answer)

    async def opens(self, path: str) -> httpx.Response:
        """A page of the desk; every address in it is noted."""
        return self._seen(await self.http.get(path, follow_redirects=True))

    def _seen(self, answer: httpx.Response) -> httpx.Response:
        self.addresses.append(str(answer.url))
        self.addresses += [str(each.url) for each in answer.history]
        self.addresses.append(answer.headers.get("location", ""))
        self.names.append(answer.headers.get("content-disposition", ""))
        if "html" in answer.headers.get("content-type", ""):
            self.addresses += re.findall(
                r'(?:href|action|src|hx-get|hx-post)="([^"]*)"', answer.text
            )
        return answer


@asynccontextmanager
async def service(data: Path, **more: str) -> AsyncIterator[Day]:
    """The real service as a process of its own; all it writes goes to files in `data`."""
    with (data / "stderr").open("wb") as told, (data / "stdout").open("wb") as shown:
        port = _free_port()
        surroundings = {
            **os.environ,
            "REST_CHANNEL_TOKEN": REST,
            "YULU__LOG__LEVEL": "debug",
            "YULU__WORKERS__TICK_SECONDS": "1",
            "YULU__SECURITY__REQUESTS_A_MINUTE": "100000",
            "TMPDIR": str(data / "tmp"),
            **more,
        }
        command = (sys.executable, "-m", "tests.masked.serve", "run")
        process = await asyncio.create_subprocess_exec(
            *(*command, "--data", str(data / "var"), "--port", str(port)),
            cwd=ROOT,
            env=surroundings,
            stdout=shown,
            stderr=told,
        )
        try:
            base = f"http://127.0.0.1:{port}"
            async with httpx.AsyncClient(base_url=base, timeout=30) as http:
                await _ready(http)
                yield Day(http)
        finally:
            process.send_signal(signal.SIGTERM)
            await process.wait()


async def play(day: Day, officer: str, password: str, token: str) -> None:
    """All of it."""
    await _talks(day, SCRIPTS[::17])
    await _faults(day)
    for tried in (f"{NAME}{PHONE}", password):
        await day.posts("/desk/login", name=officer, password=tried)
    await _desk(day)
    await _papers(day)
    await _programs(day, token)
    await asyncio.sleep(2.5)  # ticks, sends and what breaks in them


async def _talks(day: Day, scripts: Sequence[Path]) -> None:
    for path in scripts:
        await day.plays(yaml.safe_load(path.read_text("utf-8")), path.stem)


async def _faults(day: Day) -> None:
    for sender in ("broken", "again"):
        await day.says(sender, f"{FAULT}：{NOTE}")
    page = await day.http.get("/")
    found = _TOKEN.search(page.text)
    if found:
        form = {"_csrf_token": found[1], "text": NOTE, "id": "a" * 32, "value": ""}
        paper = ("photos", (f"{NAME}.pdf", PAPER, "application/pdf"))
        answer = day._seen(await day.http.post("/chat/messages", data=form, files=[paper]))
        assert answer.is_success or answer.is_redirect, answer.status_code


async def _desk(day: Day) -> None:
    for path in ("/desk", "/desk?view=all&closed=1", "/desk/requests", "/desk/sentences"):
        await day.opens(path)
    kinds = {reference[0]: reference for reference in sorted(set(day.filed))}
    for reference in kinds.values():  # only some kinds have a reporter to reveal
        await day.opens(f"/desk/records/{reference}")
        for name, form in (
            ("note", {"text": NOTE}),
            ("reply", {"text": NOTE}),
            ("level", {"level": NOTE}),
            ("no-such-form", {"text": NOTE}),
        ):
            await day.posts(f"/desk/records/{reference}/{name}", version="1", **form)
        await day.posts(f"/desk/records/{reference}/reveal", field="reporter", purpose=NOTE)
        form = {"reference": reference, "checked": NOTE, "format": "docx"}
        await day.posts("/desk/requests/copy/file", **form)
    for sought in (NAME, PHONE, f"{FAULT}{NAME}"):
        await day.posts("/desk/find", view="all", q=sought)
        await day.opens((day.addresses[-1] or "/desk").replace("&amp;", "&"))
    await day.opens("/desk/audit")


async def _papers(day: Day) -> None:
    sheet = {"file": ("名单.csv", LIST.encode(), "text/csv")}
    for kind in ("people", "officers", "sessions"):
        await day.posts(f"/desk/import/{kind}", files=sheet)
    more = {"kind": "dibao", "title": "低保名单", "until": "2027-01-01", "region": "152222"}
    await day.posts("/desk/outreach", files=sheet, **more)
    for path in ("/desk/outreach", "/desk/reports", "/desk/outreach/1"):
        await day.opens(path)
    for kept in ("xlsx", "docx"):
        await day.opens(f"/desk/ledgers/children/file?month=2026-11&format={kept}&full=1")
    for reference in [each for each in sorted(set(day.filed)) if each.startswith("A")][:2]:
        await day.opens(f"/desk/records/{reference}/form/docx?full=1")


async def _programs(day: Day, token: str) -> None:
    bearer = {"authorization": f"Bearer {token}"}
    for path in ("applications", "cases", "people", "audit", "cases/D26-0000-013", NAME):
        await day.http.get(f"/api/v1/{path}", headers=bearer)
    for reference in sorted(set(day.filed))[:5]:
        kind = "applications" if reference.startswith("A") else "cases"
        for body in ({"text": NOTE, "expected_version": 1}, {"text": {"name": NAME}}, NOTE):
            path = f"/api/v1/{kind}/{reference}/note"
            await day.http.post(path, headers=bearer, json=body)


async def _ready(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                if (await http.get("/health")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.2)


def _free_port() -> int:
    import socket

    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port
