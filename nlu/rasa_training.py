"""Trains the Rasa model in Rasa's own Python 3.10 environment, which cannot be ours."""

import subprocess
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).parent / "rasa"


def rasa_program(folder: Path = FOLDER) -> Path | None:
    """The `rasa` command of its own environment, or None when it is not set up."""
    program = folder / ".venv" / "bin" / "rasa"
    return program if program.exists() else None


def train_rasa(say: Callable[[str], None], folder: Path = FOLDER) -> int:
    """Run Rasa's training script; returns its exit code, or 1 with advice when it is not set up."""
    if rasa_program(folder) is None:
        say("Rasa 还没有安装：它要自己的 Python 3.10 环境 nlu/rasa/.venv。")
        say("请先运行 make rasa-setup（约 3 GB、几分钟），再训练。机器人没有 Rasa 也能用。")
        return 1
    return subprocess.run([str(folder / "train.sh")], check=False).returncode  # noqa: S603
