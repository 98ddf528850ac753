"""Runs the autumn in a process that is killed again and again, and started again each time."""

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

from tests.autumn.run import Plan
from tests.autumn.script import LOCAL, local_at

_MOST_WAIT = 0.06
"""Seconds after a moment within which the process is killed: anywhere in what it does next."""


def run_and_kill(folder: Path, plan: Plan, kills: int, say: Callable[[str], None]) -> int:
    """Let it come to its end in spite of that; how often it was killed."""
    rng = Random(plan.seed)
    start = local_at(plan.first, 0)
    minutes = ((plan.last - plan.first).days + 1) * 24 * 60
    moments = sorted(rng.sample(range(60, minutes - 24 * 60), kills))
    killed = 0
    for minute in moments:
        if not _until(folder, plan, f"{start + timedelta(minutes=minute):%Y-%m-%dT%H:%M}", rng):
            break
        killed += 1
        at = (start + timedelta(minutes=minute)).astimezone(LOCAL)
        say(f"第 {killed} 次，演练到 {at:%m-%d %H:%M}")
    _until(folder, plan, "9999", rng)
    return killed


def _until(folder: Path, plan: Plan, moment: str, rng: Random) -> bool:
    """Start it, and kill it soon after it says the moment; False when it ended before."""
    command = (
        *(sys.executable, "-m", "tests.autumn.child", str(folder), str(plan.families)),
        *(str(plan.seed), plan.first.isoformat(), plan.last.isoformat()),
    )
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if line >= moment:
                    time.sleep(rng.uniform(0, _MOST_WAIT))
                    process.kill()
                    return True
        finally:
            process.kill()
    if process.returncode:
        raise RuntimeError("the run failed, it said why above")
    return False
