"""Rasa's own scripts, without Rasa: what they refuse, which Python they take, what they write."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from nlu.rasa_training import FOLDER


def run(script: str, folder: Path = FOLDER, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(folder / script)],
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **env},
        capture_output=True,
        encoding="utf-8",
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The scripts with a `rasa` that only says how it was called."""
    for path in FOLDER.glob("*.sh"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    program = tmp_path / ".venv" / "bin" / "rasa"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "rasa $*"\n')
    program.chmod(0o755)
    return tmp_path


def test_a_missing_model_is_an_error_although_another_lies_there(folder: Path) -> None:
    (folder / "models").mkdir()
    (folder / "models" / "older.tar.gz").touch()
    refused = run("serve.sh", folder, RASA_TOKEN="t")
    assert refused.returncode == 1
    assert "models/yulu.tar.gz" in refused.stderr
    assert refused.stdout == ""


def test_it_is_served_on_loopback_with_the_token(folder: Path) -> None:
    (folder / "models").mkdir()
    (folder / "models" / "yulu.tar.gz").touch()
    assert "RASA_TOKEN" in run("serve.sh", folder).stderr
    called = run("serve.sh", folder, RASA_TOKEN="hush").stdout
    assert "--interface 127.0.0.1" in called
    assert "--auth-token hush" in called


def test_what_officers_judged_teaches_rasa_too(folder: Path) -> None:
    intents, rasa = folder / "data" / "intents", folder / "rasa"
    intents.mkdir(parents=True)
    (intents / "greet.yml").write_text("nlu:\n- intent: greet\n", "utf-8")
    (folder / "data" / "jieba.txt").write_text("好 1 n\n", "utf-8")
    rasa.mkdir()
    for name in ("train.sh", ".venv"):
        (folder / name).rename(rasa / name)
    python = rasa / ".venv" / "bin" / "python"
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    learned = folder / "model" / "learned.yml"
    learned.parent.mkdir()
    learned.write_text("nlu: []\n", "utf-8")  # nothing judged yet, which Rasa would refuse
    assert "train nlu" in run("train.sh", rasa).stdout
    assert not (rasa / "generated" / "learned.yml").exists()
    learned.write_text("nlu:\n- intent: greet\n  examples: |\n    - 在不在呀\n", "utf-8")
    run("train.sh", rasa)
    assert "在不在呀" in (rasa / "generated" / "learned.yml").read_text("utf-8")
    assert (rasa / "generated" / "greet.yml").exists()


def python_named(folder: Path, name: str, minor: int) -> Path:
    """A program that answers as if it were Python 3.`minor`."""
    path = folder / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'#!/bin/sh\ncase "$2" in *"(3, {minor})"*) exit 0 ;; esac\nexit 1\n')
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("here", "taken"), [([10, 11], "python3.10"), ([11], "python3.11"), ([12], None), ([], None)]
)
def test_python_3_10_is_taken_before_3_11_and_no_other(
    tmp_path: Path, here: list[int], taken: str | None
) -> None:
    for minor in here:
        python_named(tmp_path, f"python3.{minor}", minor)
    path = str(tmp_path / "bin")
    found = run("python.sh", FOLDER, PATH=path, PYENV_ROOT=str(tmp_path))
    if taken is None:
        assert found.returncode == 1
        assert "PYTHON310" in found.stderr
    else:
        assert found.stdout.strip() == taken


def test_a_named_python_is_taken_or_refused(tmp_path: Path) -> None:
    good, bad = python_named(tmp_path, "mine", 10), python_named(tmp_path, "other", 11)
    assert run("python.sh", FOLDER, PYTHON310=str(good)).stdout.strip() == str(good)
    assert run("python.sh", FOLDER, PYTHON310=str(bad)).returncode == 1


def test_lookups_come_from_our_data(tmp_path: Path) -> None:
    out = tmp_path / "lookups.yml"
    subprocess.run([sys.executable, str(FOLDER / "make_lookups.py"), str(out)], check=True)
    blocks = {
        block.get("lookup") or block.get("regex"): block["examples"].splitlines()
        for block in yaml.safe_load(out.read_text("utf-8"))["nlu"]
    }
    schools = blocks.pop("school")
    assert set(blocks) == {"region", "hardship", "phone", "id_number", "case_number"}
    assert "- 科尔沁右翼中旗" in blocks["region"]
    assert "- 科右中" in blocks["region"]
    assert "- 低保户?" in blocks["hardship"]
    assert len(schools) > 0
