"""What a measurement needs of the machine: one core, and the memory that processes hold."""

import os
from collections.abc import Iterator
from pathlib import Path

_PROCESSES = Path("/proc")


def pin() -> int | None:
    """Keep this process and its children on one core and say which; None where nobody can."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return core


def load() -> float | None:
    """How many processes wanted a core in the last minute, ours included; None where unknown."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def resident(pid: int, processes: Path = _PROCESSES) -> float | None:
    """Resident memory in MB of a process and all its descendants; None where unknown."""
    sizes = [_size(processes / str(one)) for one in family(pid, processes)]
    known = [size for size in sizes if size is not None]
    return sum(known) / 1024 if known else None


def family(pid: int, processes: Path = _PROCESSES) -> tuple[int, ...]:
    """A process and all its descendants."""
    return (pid, *_descendants(pid, processes))


def _size(folder: Path) -> int | None:
    try:
        lines = (folder / "status").read_text("utf-8").splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(found[0]) if found else None


def _descendants(pid: int, processes: Path) -> Iterator[int]:
    parents = dict(_parents(processes))
    for child, parent in parents.items():
        while parent not in (0, pid) and parent in parents:
            parent = parents[parent]
        if parent == pid:
            yield child


def _parents(processes: Path) -> Iterator[tuple[int, int]]:
    for stat in processes.glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text("utf-8", errors="replace").rpartition(")")[2]
        except OSError:  # it ended meanwhile
            continue
        yield int(stat.parent.name), int(after_name.split()[1])
