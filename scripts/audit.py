"""Are holes known in what we depend on? Asks with pip-audit for every locked package, by its hash.

Ends with 1 when there is one, with 0 when there is none, and with 0 and a plain "not checked" when
nobody could be asked: without a network nothing can be known, and nothing is broken either. What
else goes wrong (a lock without hashes, a broken line) ends with 2.
"""

import json
import subprocess
import sys
from typing import Any

LOCKS = ("requirements.lock", "requirements-dev.lock")
AWAY = (
    "ConnectionError",
    "ConnectTimeout",
    "ReadTimeout",
    "ProxyError",
    "SSLError",
    "HTTPError",
    "ServiceError",
    "Max retries exceeded",
    "timed out",
)
"""What pip-audit's complaint holds when the service cannot be reached or is out of order."""


def main(arguments: list[str]) -> int:
    """Ask, say what was found in both languages, return the exit status."""
    locks = [word for word in arguments if word.endswith((".lock", ".txt"))] or list(LOCKS)
    more = [word for word in arguments if word not in locks]
    command = [sys.executable, "-m", "pip_audit", "--progress-spinner", "off", "--disable-pip"]
    command += ["--require-hashes", "--format", "json", "--timeout", "15", *more]
    for lock in locks:
        command += ["-r", lock]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        packages = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError):
        return _nobody_answered(asked.stderr)
    return _told(packages, locks)


def _told(packages: list[dict[str, Any]], locks: list[str]) -> int:
    found = [
        f"  {one['name']} {one['version']}: {hole['id']} → {', '.join(hole['fix_versions']) or '?'}"
        for one in packages
        for hole in one.get("vulns", ())
    ]
    if found:
        print(f"有 {len(found)} 个已知的漏洞 / {len(found)} known vulnerabilities:")
        print("\n".join(found))
        return 1
    print(
        f"{len(packages)} 个软件包，没有已知的漏洞 / no known vulnerability in {', '.join(locks)}"
    )
    return 0


def _nobody_answered(complaint: str) -> int:
    if any(word in complaint for word in AWAY):
        print(
            "没有检查：连不上漏洞数据库，请在有网的机器上再试 / NOT CHECKED: no network", flush=True
        )
        return 0
    print(complaint.strip()[-2000:], file=sys.stderr)
    print("检查没有做成 / the audit itself failed", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
