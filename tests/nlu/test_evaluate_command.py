"""`python -m nlu evaluate`: compares with the last time, with Rasa, and keeps the figures."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from nlu.__main__ import app


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "x.jsonl"
    sentences = [("你好", "greet"), ("谢谢", "thank"), ("谢谢你啊", "help")]
    lines = [json.dumps({"text": text, "intent": intent}) for text, intent in sentences]
    path.write_text("\n".join(lines), "utf-8")
    return path


def evaluate(file: Path, *options: str, rasa: str = "") -> Result:
    place = ["--save", str(file.parent / "kept.json")]
    runner = CliRunner(env={"RASA_URL": rasa, "COLUMNS": "200"})
    return runner.invoke(app, ["evaluate", str(file), *place, *options])


def test_the_second_time_is_compared_with_the_first(file: Path) -> None:
    assert "没变" not in evaluate(file).output
    assert "没变" in evaluate(file).output
    kept = json.loads((file.parent / "kept.json").read_text("utf-8"))
    kept["engines"]["local"]["accuracy"] = 0.5
    baseline = file.parent / "baseline.json"
    baseline.write_text(json.dumps(kept), "utf-8")
    assert "+0.167" in evaluate(file, "--baseline", str(baseline)).output


def test_a_baseline_without_figures_is_refused(file: Path) -> None:
    assert evaluate(file, "--baseline", str(file)).exit_code == 2


def test_sentences_can_be_left_out(file: Path) -> None:
    assert "谢谢你啊" in evaluate(file).output
    assert "谢谢你啊" not in evaluate(file, "--no-sentences").output


def test_a_rasa_that_does_not_run_is_told_and_not_scored(file: Path) -> None:
    for url in ("", "http://127.0.0.1:9"):
        both = evaluate(file, "--engine", "both", "--json", rasa=url)
        assert "Rasa 没有" in both.stderr
        assert json.loads(both.stdout)["sentences"] == 3
    alone = evaluate(file, "--engine", "rasa", rasa="http://127.0.0.1:9")
    assert alone.exit_code == 1
    assert "没有运行" in alone.output
    assert evaluate(file, "--engine", "rasa").exit_code == 2


def test_a_page_is_written_where_it_was_asked_for(file: Path) -> None:
    path = file.parent / "folder" / "page.html"
    assert "page.html" in evaluate(file, "--html", str(path)).stderr
    assert "<!doctype html>" in path.read_text("utf-8")
