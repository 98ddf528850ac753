"""`python -m nlu`: lines in, JSON lines out as they come; scores of labelled sentences."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from nlu.__main__ import app
from nlu.evaluate import Labelled, evaluate, read_labelled
from nlu.parse import as_json, as_moment, read_line
from nlu.types import Context, Entity, Intent, Understanding

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
COMMAND = [sys.executable, "-m", "nlu", "parse", "--now", "2026-11-23T10:00"]


@pytest.fixture
def parser() -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "NLU_ENGINE": "local"}
    process = subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    yield process
    process.kill()
    process.communicate()


def ask(process: subprocess.Popen[bytes], line: bytes) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(line + b"\n")
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline().decode("utf-8"))
    return answer


def test_each_line_is_answered_as_it_comes(parser: subprocess.Popen[bytes]) -> None:
    read = ask(parser, "我想给苏日娜申请助学金".encode())
    assert set(read) == {"text", "intent", "intent_ranking", "entities"}
    assert read["text"] == "我想给苏日娜申请助学金"
    assert read["intent"]["name"] == "apply_aid"
    assert read["intent"] == read["intent_ranking"][0]
    assert {"entity": "child_name", "start": 3, "end": 6, "value": "苏日娜"} in read["entities"]
    empty = ask(parser, b"")
    assert (empty["intent"]["name"], empty["entities"]) == ("out_of_scope", [])
    danger = ask(parser, "他爸天天打他\r".encode())
    assert danger["intent"]["name"] == "report_emergency"
    assert danger["intent"]["confidence"] > 0.9
    dated = ask(parser, '{"text": "他昨天没来", "now": "2026-03-05T09:00:00+08:00"}'.encode())
    assert dated["text"] == "他昨天没来"
    assert [e["value"] for e in dated["entities"] if e["entity"] == "date"] == ["2026-03-04"]
    plain = ask(parser, "他昨天没来".encode())
    assert [e["value"] for e in plain["entities"] if e["entity"] == "date"] == ["2026-11-22"]
    assert ask(parser, b"\xff\xfe{")["intent"]["name"] == "out_of_scope"


def test_a_reader_that_has_enough_is_no_error() -> None:
    script = f"yes 你好 | head -50 | {sys.executable} -m nlu parse | head -1"
    done = subprocess.run(script, shell=True, capture_output=True, check=False)
    assert json.loads(done.stdout)["intent"]["name"] == "greet"
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("line", "text", "moment"),
    [
        ("你好", "你好", NOW),
        ('{"text": "你好"}', "你好", NOW),
        ('{"text": "你好", "now": "2026-01-01T08:00"}', "你好", datetime(2026, 1, 1, tzinfo=UTC)),
        ('{"text": "你好", "now": "2026-01-01T00:00Z"}', "你好", datetime(2026, 1, 1, tzinfo=UTC)),
        ('{"text": "你好", "now": "neulich"}', "你好", NOW),
        ('{"text": 3}', '{"text": 3}', NOW),
        ("{坏了", "{坏了", NOW),
    ],
)
def test_a_line_is_text_or_json(line: str, text: str, moment: datetime) -> None:
    assert read_line(line, NOW) == (text, moment)


def test_a_bad_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="neulich"):
        as_moment("neulich")


def test_the_public_shape_of_entities() -> None:
    found = (
        Entity("phone", "123", 9, 12, valid=False),
        Entity("region", "科尔沁右翼中旗", 0, 3, code="152222", path=("内蒙古自治区",)),
        Entity("region", "鄂旗", 4, 6, candidates=("a/b", "a/c"), candidate_codes=("1", "2")),
        Entity("school", "随便", 0, 2, weak=True),
        Entity("relation", "爸爸", 0, 2),
    )
    read = Understanding("x", Intent.HELP, 1 / 3, ((Intent.HELP, 1 / 3),), found)
    assert as_json(read) == {
        "text": "x",
        "intent": {"name": "help", "confidence": 0.3333},
        "intent_ranking": [{"name": "help", "confidence": 0.3333}],
        "entities": [
            {
                "entity": "region",
                "start": 0,
                "end": 3,
                "value": "科尔沁右翼中旗",
                "code": "152222",
                "path": ["内蒙古自治区"],
            },
            {
                "entity": "region",
                "start": 4,
                "end": 6,
                "value": "鄂旗",
                "candidates": ["a/b", "a/c"],
            },
            {"entity": "phone", "start": 9, "end": 12, "value": "123", "valid": False},
        ],
    }


class Reader:
    """An engine that takes every text for an application by a child of ten."""

    def understand(self, text: str, context: Context) -> Understanding:
        return Understanding(text, Intent.APPLY_AID, 1.0, entities=(Entity("age", 10, 0, 1),))


def test_scores() -> None:
    rows = [
        Labelled("a", "apply_aid", NOW, (("age", "10"), ("grade", "小学"))),
        Labelled("b", "apply_aid", NOW, (("age", "9"),)),
        Labelled("c", "help", NOW),
        Labelled("d", "help", NOW),
    ]
    report = evaluate(Reader(), rows)
    assert report.accuracy == 0.5
    assert report.intents["apply_aid"].f1 == pytest.approx(2 / 3)
    assert report.intents["help"].f1 == 0
    assert report.macro_f1 == pytest.approx(1 / 3)
    assert report.confusions == (("help", "apply_aid", 2),)
    age = report.entities["age"]
    assert (age.precision, age.recall, age.support) == (0.5, 0.5, 2)
    assert report.entities["grade"].recall == 0


def test_nothing_to_score_is_no_error() -> None:
    assert evaluate(Reader(), []).accuracy == 0


def test_labelled_lines_are_read_and_bad_ones_named(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text('\ufeff{"text": "a", "intent": "help", "now": "2026-11-23T10:00"}\n\n', "utf-8")
    assert read_labelled(file, datetime(2020, 1, 1, tzinfo=UTC)) == [Labelled("a", "help", NOW)]
    file.write_text('{"text": "a", "intent": "help"}\n{"text": "b"}\n', "utf-8")
    with pytest.raises(ValueError, match="第 2 行"):
        read_labelled(file, NOW)


def test_evaluate_command_prints_tables_or_json(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    rows = [("你好", "greet"), ("谢谢", "thank"), ("孩子失踪了", "apply_aid")]
    lines = [json.dumps({"text": text, "intent": intent, "entities": []}) for text, intent in rows]
    file.write_text("\n".join(lines), "utf-8")
    runner = CliRunner()
    keep = ["--save", str(tmp_path / "figures.json")]
    table = runner.invoke(app, ["evaluate", str(file), *keep])
    assert table.exit_code == 0
    assert "准确率 0.667" in table.output
    assert "report_emergency" in table.output
    machine = runner.invoke(app, ["evaluate", str(file), "--json", *keep])
    assert json.loads(machine.stdout)["accuracy"] == pytest.approx(2 / 3)
    file.write_text("rubbish", "utf-8")
    assert runner.invoke(app, ["evaluate", str(file)]).exit_code == 2


def test_wrong_use_is_refused_in_words() -> None:
    runner = CliRunner(env={"RASA_URL": ""})
    assert runner.invoke(app, ["parse", "--engine", "rasa"]).exit_code == 2
    assert runner.invoke(app, ["parse", "--now", "gestern"]).exit_code == 2


@pytest.mark.slow
def test_train_command(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes: list[object] = [None, object()]
    monkeypatch.setattr("nlu.classify.local.train", lambda: outcomes.pop())
    monkeypatch.setattr("nlu.rasa_training.train_rasa", lambda say: 7)
    runner = CliRunner()
    assert runner.invoke(app, ["train"]).exit_code == 0
    assert runner.invoke(app, ["train"]).exit_code == 1
    assert runner.invoke(app, ["train", "--engine", "rasa"]).exit_code == 7
