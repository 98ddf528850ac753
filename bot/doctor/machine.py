"""The machine: Python, packages, folders, room, clock."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bot.config import Config
from bot.doctor.finding import Finding, fault, watch, well
from bot.watch.snapshot import disk_of

LOCK = Path(__file__).parents[2] / "requirements.lock"
OLDEST, NEWEST = (3, 11), (3, 13)
GUESSABLE = {
    "TELEGRAM_WEBHOOK_SECRET": ("telegram", "webhook_secret"),
    "REST_CHANNEL_TOKEN": ("rest", "token"),
    "METRICS_TOKEN": ("metrics", "token"),
    "RASA_TOKEN": ("nlu", "rasa_token"),
}
"""What the operator makes up, and a stranger may try."""

LONG = 20
FULL, TIGHT = 500 << 20, 5 << 30
_PINNED = re.compile(r"^([A-Za-z0-9_.\-]+)==([^\s;\\]+)", re.MULTILINE)


def python(running: tuple[int, int] = sys.version_info[:2]) -> Finding:
    """Whether this Python is one that the tests were run on."""
    said = ".".join(map(str, running))
    if OLDEST <= running <= NEWEST:
        return well("Python", said)
    return fault(
        "Python", f"版本是 {said}", "要 3.11、3.12 或 3.13：装好以后 make clean，再 make run。"
    )


def packages(lock: Path = LOCK) -> Finding:
    """Whether what is installed is what the lock names."""
    if not lock.is_file():
        return watch("软件包", "找不到 requirements.lock", "请在完整的程序目录里运行。")
    wanted: dict[str, set[str]] = {}
    for name, pinned in _PINNED.findall(lock.read_text("utf-8")):
        wanted.setdefault(name, set()).add(pinned)
    text = lock.read_text("utf-8")
    other = [name for name, some in wanted.items() if _differs(name, some, text)]
    if not other:
        return well("软件包", f"{len(wanted)} 个，和锁定的版本一样")
    some = "、".join(other[:5])
    return fault("软件包", f"有 {len(other)} 个不对：{some}", "运行 make setup 重新安装。")


def _differs(name: str, wanted: set[str], text: str) -> bool:
    try:
        return version(name) not in wanted
    except PackageNotFoundError:
        return f"{name}=={next(iter(wanted))} ;" not in text  # else for other systems


def folders(config: Config) -> Iterator[Finding]:
    """Whether the data folder is ours alone, and has room."""
    folder = config.data_dir
    if not folder.is_dir():
        yield watch(
            "数据目录", f"{folder} 还没有", "第一次 make run 会建好；换过目录就用 --data 指出。"
        )
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield fault(
            "数据目录", f"{folder} 不能写", f"用运行服务的那个用户来运行，或 chown {folder}。"
        )
    elif folder.stat().st_mode & 0o077:
        yield watch("数据目录", f"{folder} 别的用户也能进", f"运行 chmod 700 {folder}。")
    else:
        yield well("数据目录", f"{folder}，只有本用户能进")
    if folder.is_dir() and os.geteuid() == 0 and folder.stat().st_uid != 0:
        said = "这条命令是用 root 运行的，数据是服务的用户的"
        yield watch("用户", said, "装成系统服务的，用 sudo yulu doctor，别的命令也一样。")
    yield _room(disk_of(folder).free)


def _room(free: int) -> Finding:
    said = f"还剩 {free / (1 << 30):.1f} GB"
    if free < FULL:
        return fault("磁盘", said, "马上腾地方：满了以后消息存不下来。")
    if free < TIGHT:
        return watch("磁盘", said, "请腾地方，或者换大一点的盘。")
    return well("磁盘", said)


def key_file(config: Config) -> Finding:
    """Whether the keys are there and only ours to read; whether they fit, the database tells."""
    if config.keys.key.get_secret_value():
        return well("密钥", "在环境变量 YULU_KEY 里")
    path = config.key_file
    if not path.is_file():
        if (config.data_dir / "yulu.db").exists() or config.database.url.get_secret_value():
            return fault("密钥", f"{path} 不见了", "从备份里找回来；没有它，记录打不开。")
        return well("密钥", "第一次启动时生成")
    if path.stat().st_mode & 0o077:
        return fault(
            "密钥", f"{path} 别的用户也能读", f"运行 chmod 600 {path}，再考虑 keys rotate。"
        )
    return well("密钥", f"{path}，只有本用户能读")


def secrets(config: Config) -> Iterator[Finding]:
    """Whether what opens a door is long enough that nobody tries it out."""
    short = [
        name
        for name, (section, key) in GUESSABLE.items()
        if 0 < _length(config, section, key) < LONG
    ]
    if short:
        said = f"{'、'.join(short)} 太短，不到 {LONG} 个字"
        yield watch("令牌", said, "换成 openssl rand -hex 32 给的，再重启。")


def _length(config: Config, section: str, key: str) -> int:
    return len(getattr(getattr(config, section), key).get_secret_value())


def clock(now: datetime) -> Finding:
    """Whether the clock is set by the network, where this machine can say so; the zone is told."""
    zone = now.astimezone().utcoffset() or timedelta(0)
    said = "北京时间" if zone == timedelta(hours=8) else f"时区 UTC{zone.total_seconds() / 3600:+g}"
    tool = shutil.which("timedatectl")
    if tool is None:
        return well("时钟", f"{said}（提醒总按北京时间）")
    asked = [tool, "show", "--property=NTPSynchronized", "--value"]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, timeout=5)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return well("时钟", said)
    if told.stdout.strip() == "no":
        return watch("时钟", f"{said}，没有和网络对时", "运行 timedatectl set-ntp true。")
    return well("时钟", said)
