"""The figures of an evaluation, and what is kept of them until the next."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from nlu.evaluate import Labelled, Reading, read_labelled
from nlu.report.alarms import Alarms, count_alarms
from nlu.report.console import show
from nlu.report.engines import Contestant, Silence, rasa
from nlu.report.evaluation import Evaluation, beside, blind, evaluate_all
from nlu.report.figures import figures
from nlu.report.headlines import Headline, by_name
from nlu.report.saved import keep, plain, read_kept, usual_place
from nlu.report.trust import calibration, out_of_scope_auroc
from nlu.types import Context, Intent, Understanding

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


def reading(intent: str, guess: str, confidence: float = 1.0, **more: object) -> Reading:
    """What was made of a sentence; `also`, `tags` and `text` belong to the sentence."""
    also, tags = more.pop("also", ()), more.pop("tags", ())
    row = Labelled(str(more.pop("text", "x")), intent, NOW, None, None, also, tags)  # type: ignore[arg-type]
    return Reading(row, guess, confidence, **more)  # type: ignore[arg-type]


class Parrot:
    """Takes a text that names an intent for that intent, any other for none of our business."""

    def understand(self, text: str, context: Context) -> Understanding:
        known = [intent for intent in Intent if text.startswith(intent)]
        found = known[0] if known else Intent.OUT_OF_SCOPE
        return Understanding(text, found, 0.8, ((found, 0.8),))


def rows(*pairs: tuple[str, str]) -> list[Labelled]:
    return [Labelled(text, intent, NOW) for text, intent in pairs]


def printed(evaluation: Evaluation) -> str:
    out = io.StringIO()
    show(evaluation, Console(file=out, width=200))
    return out.getvalue()


def test_strict_and_acceptable_and_by_way_of_speaking() -> None:
    found = figures(
        [
            reading("help", "help", tags=("typo", "short")),
            reading("help", "greet", also=("greet",), tags=("typo",)),
            reading("help", "thank", 0.7, text="孩子叫苏日娜，电话13912345678"),
            reading("thank", "help", 0.9),
        ]
    )
    assert found.report.accuracy == 0.25
    assert found.accepted == 0.5
    assert list(found.tags) == ["typo", "short"]
    assert (found.tags["typo"].accuracy, found.tags["typo"].accepted) == (0.5, 1.0)
    assert [worst.confidence for worst in found.worst] == [0.9, 0.7]
    assert found.worst[1].text == "孩子叫〔姓名〕，电话〔电话〕"


def test_calibration_weighs_the_gaps_of_the_bins() -> None:
    found = calibration(
        [
            reading("help", "help", 1.0),
            reading("help", "thank", 0.96),
            reading("help", "help", 0.42),
            reading("help", "help", 0.48),
        ]
    )
    assert [(b.start, b.count, b.accuracy) for b in found.bins] == [(0.4, 2, 1.0), (0.9, 2, 0.5)]
    assert found.error == pytest.approx((2 * 0.55 + 2 * 0.48) / 4)
    assert calibration([]).error == 0


def test_auroc_is_the_share_of_pairs_in_order() -> None:
    foreign = [reading("out_of_scope", "help", out_of_scope=score) for score in (0.9, 0.3)]
    ours = [reading("help", "help", out_of_scope=score) for score in (0.1, 0.3)]
    either = reading("help", "help", out_of_scope=1.0, also=("out_of_scope",))
    assert out_of_scope_auroc([*foreign, *ours, either]) == pytest.approx(3.5 / 4)
    assert out_of_scope_auroc(ours) is None


def test_alarms_leave_out_what_can_be_argued_about() -> None:
    found = count_alarms(
        [
            reading("report_emergency", "report_emergency", is_alarm=True),
            reading("report_emergency", "complain"),
            reading("complain", "complain", is_alarm=True),
            reading("complain", "complain"),
            reading("report_dropout", "x", is_alarm=True, also=("report_emergency",)),
        ]
    )
    assert found == Alarms(found=1, dangerous=2, false=1, harmless=2)


def test_acceptable_answers_and_tags_are_read(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text('{"text": "a", "intent": "help", "also": ["greet"], "tags": ["typo"]}', "utf-8")
    assert read_labelled(file, NOW) == [Labelled("a", "help", NOW, also=("greet",), tags=("typo",))]


def test_files_about_danger_beside_it_are_read_but_not_twice(tmp_path: Path) -> None:
    for name in ("emergencies.jsonl", "false_alarms.jsonl"):
        (tmp_path / name).write_text('{"text": "a", "intent": "report_emergency"}', "utf-8")
    assert set(beside(tmp_path / "x.jsonl", NOW)) == {"emergencies.jsonl", "false_alarms.jsonl"}
    assert set(beside(tmp_path / "emergencies.jsonl", NOW)) == {"false_alarms.jsonl"}


def test_the_next_evaluation_says_what_changed(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    sentences = rows(("help 1", "help"), ("thank", "thank"), ("what", "thank"))
    parrot = [Contestant("local", Parrot())]
    first = evaluate_all(file, sentences, parrot, None, NOW)
    assert "+" not in printed(first)
    place = tmp_path / "folder" / "kept.json"
    better = replace(first.results[0], now={**first.results[0].now, "accuracy": 0.5})
    keep(place, sentences, NOW, {"local": better.now, "rasa": better.now})
    assert "what" not in place.read_text("utf-8")
    second = evaluate_all(file, sentences, parrot, read_kept(place), NOW)
    changes = {line.name: (line.moved, line.is_better) for line in _headlines(second).values()}
    assert changes["准确率"] == ("+0.167", True)
    assert changes["各意图平均 F1"] == ("没变", None)
    assert "+0.167" in printed(second)
    assert "比 2026-11-23 10:00" in printed(second)
    keep(place, sentences, NOW, {"local": second.results[0].now})
    assert set(read_kept(place).engines) == {"local", "rasa"}
    other = evaluate_all(file, sentences[:1], parrot, read_kept(place), NOW)
    assert "另一些句子" in printed(other)
    assert usual_place(file, sentences, tmp_path) != usual_place(file, sentences[:1], tmp_path)


def _headlines(evaluation: Evaluation) -> dict[str, Headline]:
    return by_name(evaluation.results[0].now, evaluation.results[0].before)


def test_more_error_is_no_better() -> None:
    now = plain(figures([reading("help", "help", 0.5)]))
    before = plain(figures([reading("help", "help", 0.9)]))
    error = by_name(now, before)["把握的偏差"]
    assert (error.moved, error.is_better) == ("+0.400", False)
    assert by_name(now, {"accuracy": 1.0})["准确率"].moved == ""  # kept by another version


def test_engines_stand_side_by_side_and_silence_is_told() -> None:
    silence = Silence()
    silence.classify("a")
    both = [Contestant("local", Parrot()), Contestant("rasa", Parrot(), silence)]
    text = printed(evaluate_all(Path("x.jsonl"), rows(("help", "help")), both, None, NOW))
    assert "自带的引擎" in text
    assert "Rasa 有 1 次没有应答" in text


def test_nobody_answers_in_the_place_of_rasa() -> None:
    contestant = rasa("http://127.0.0.1:9")
    understood = contestant.engine.understand("我想给孩子申请助学金", Context(NOW))
    assert (understood.intent, understood.confidence) == (Intent.OUT_OF_SCOPE, 0.0)
    assert contestant.silence.count == 1


def test_a_blind_file_shows_no_sentence() -> None:
    evaluation = evaluate_all(
        Path("x.jsonl"), rows(("secret", "help")), [Contestant("local", Parrot())], None, NOW
    )
    assert "secret" in printed(evaluation)
    hidden = blind(evaluation)
    assert "secret" not in printed(hidden) + json.dumps(hidden.results[0].now)
    assert hidden.results[0].figures.report.accuracy == 0
