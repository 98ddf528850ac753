"""The code behind `make bench-nlu`; how fast this machine is, is nobody's test."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from nlu.bench import embedded, machine, served
from nlu.bench.embedded import Embedded
from nlu.bench.probe import measured
from nlu.bench.served import MissingRasa, Served
from nlu.bench.spans import Speed, speed, take_turns, within
from nlu.bench.table import table
from nlu.understand import make_engine


def test_half_and_almost_all_stay_within() -> None:
    spans = [number / 1000 for number in range(100, 0, -1)]
    assert speed(spans) == Speed(50.0, 99.0, 100)
    assert within([3.0, 1.0, 2.0], 0.5) == 2.0
    assert within([], 0.5) == 0.0


def test_all_read_everything_once_and_never_the_same_in_a_turn() -> None:
    now, read = [0.0], []

    def reader(name: str, takes: float) -> object:
        def take(text: str) -> None:
            read.append((name, text))
            now[0] += takes

        return take

    sentences = ["a", "b", "c", "d", "e", "f"]
    found = take_turns(
        {"slow": reader("slow", 0.02), "quick": reader("quick", 0.001)},  # type: ignore[dict-item]
        sentences,
        lambda: now[0],
    )
    assert found["slow"].p50 == pytest.approx(20)
    assert found["quick"].p99 == pytest.approx(1)
    assert sorted(text for name, text in read if name == "quick") == sentences
    assert all(read[turn][1] != read[turn + 1][1] for turn in range(0, len(read), 2))


def test_the_memory_of_a_process_is_that_of_all_it_started(tmp_path: Path) -> None:
    for pid, parent, size in ((10, 1, 1024), (11, 10, 2048), (12, 11, 1024), (13, 1, 9999)):
        (tmp_path / str(pid)).mkdir()
        (tmp_path / str(pid) / "stat").write_text(f"{pid} (a name) (odd) S {parent} 5 5")
        (tmp_path / str(pid) / "status").write_text(f"Name:\tx\nVmRSS:\t  {size} kB\n")
    assert machine.resident(10, tmp_path) == 4.0
    assert machine.resident(99, tmp_path) is None


def test_one_core_is_kept_where_that_is_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[object] = []
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 3}, raising=False)
    monkeypatch.setattr(os, "sched_setaffinity", lambda *it: kept.append(it), raising=False)
    assert machine.pin() == 3
    assert kept == [(0, {3})]
    monkeypatch.delattr(os, "sched_setaffinity")
    assert machine.pin() is None


def test_the_engine_and_its_parts_are_measured(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    lines = [json.dumps({"text": text, "intent": "help"}) for text in ("你好", "咋用", "帮帮我")]
    file.write_text("\n".join(lines), "utf-8")
    found = measured(make_engine(), file)
    assert set(found["speeds"]) == {"engine", "encoder", "ngrams", "jieba"}
    assert all(one["count"] == 3 and one["p50"] > 0 for one in found["speeds"].values())


def test_a_start_is_over_when_the_process_says_so() -> None:
    said = "print('ready', flush=True); print('more')"
    seconds, rest = embedded._start((sys.executable, "-c", said))
    assert seconds > 0
    assert rest == "more\n"
    with pytest.raises(RuntimeError):
        embedded._start((sys.executable, "-c", "print('no')"))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Something that looks like Rasa and ends as soon as it is started."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "rasa").touch()
    (tmp_path / "serve.sh").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "serve.sh").chmod(0o755)
    yield tmp_path


def test_what_rasa_lacks_is_said_in_words(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingRasa, match="rasa-setup"):
        served.measure(["你好"], tmp_path / "nothing")
    with pytest.raises(MissingRasa, match="rasa-train"):
        served.measure(["你好"], folder)
    (folder / "models").mkdir()
    (folder / "models" / "yulu.tar.gz").touch()
    with pytest.raises(MissingRasa, match="启动不了"):
        served.measure(["你好"], folder)


def test_the_table_sets_everything_beside_the_n_grams() -> None:
    speeds = {
        "engine": Speed(6.0, 22.0, 810),
        "ngrams": Speed(2.0, 4.0, 810),
        "jieba": Speed(1.0, 2.0, 810),
    }
    ours = Embedded(1.7, 0.02, 275.4, speeds)
    console = Console(width=120, record=True)
    console.print(table(ours, Served(30.0, None, Speed(40.0, 90.0, 810), 0)))
    shown = [line.split() for line in console.export_text().splitlines()]
    cells = {line[1]: [cell for cell in line if cell != "│"] for line in shown if len(line) > 3}
    assert cells["自带的引擎"] == ["自带的引擎", "6.00", "22.00", "3.0", "1.70", "275"]
    assert cells["Rasa，加我们的规则"][1:] == ["40.00", "90.00", "20.0", "30.00", "不知道"]
    assert "只用句子编码器" not in cells


def test_a_server_that_does_not_want_to_end_is_ended(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "serve.sh").write_text("#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 0.1; done\n")
    monkeypatch.setattr(served, "_FAREWELL", 0.2)
    with served._server(folder) as (process, _, _):
        assert process.poll() is None
    assert process.poll() is not None
