"""`make audit` tells holes, no holes and "nobody could be asked" apart; asks a stand-in here."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.test_architecture import ROOT

pytestmark = pytest.mark.slow

HASH = "--hash=sha256:" + "0" * 64
HOLE = {
    "id": "GHSA-0000-0000-0000",
    "summary": "a hole",
    "details": "a hole",
    "aliases": [],
    "published": "2026-01-01T00:00:00Z",
    "affected": [
        {
            "package": {"name": "six", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.0"}]}],
        }
    ],
}


class Osv(BaseHTTPRequestHandler):
    """A database of holes that knows one."""

    def do_POST(self) -> None:
        """The holes of one package."""
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        holes = [HOLE] if asked["package"]["name"] == "six" else []
        content = json.dumps({"vulns": holes} if holes else {}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def osv() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Osv)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
    server.shutdown()


def audit(folder: Path, lines: str, url: str) -> subprocess.CompletedProcess[str]:
    lock = folder / "some.lock"
    lock.write_text(lines, "utf-8")
    words = [sys.executable, str(ROOT / "scripts/audit.py"), str(lock), "-s", "osv"]
    words += ["--osv-url", url, "--cache-dir", str(folder / "cache")]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_a_known_hole_is_named_and_ends_with_1(tmp_path: Path, osv: str) -> None:
    done = audit(tmp_path, f"six==1.16.0 {HASH}\nidna==3.7 {HASH}\n", osv)
    assert done.returncode == 1, done.stderr
    assert "six 1.16.0: GHSA-0000-0000-0000 → 2.0" in done.stdout and "漏洞" in done.stdout
    assert "idna" not in done.stdout


def test_no_hole_ends_with_0(tmp_path: Path, osv: str) -> None:
    done = audit(tmp_path, f"idna==3.7 {HASH}\n", osv)
    assert done.returncode == 0, done.stderr
    assert "没有已知的漏洞" in done.stdout and "NOT CHECKED" not in done.stdout


def test_without_a_network_it_says_that_nothing_was_checked(tmp_path: Path) -> None:
    done = audit(tmp_path, f"idna==3.7 {HASH}\n", "http://127.0.0.1:9/v1/query")
    assert done.returncode == 0, done.stderr
    assert "没有检查" in done.stdout and "NOT CHECKED" in done.stdout
    assert "没有已知的漏洞" not in done.stdout


def test_a_lock_without_hashes_is_an_error(tmp_path: Path, osv: str) -> None:
    assert audit(tmp_path, "idna==3.7\n", osv).returncode == 2
