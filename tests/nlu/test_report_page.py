"""The page of an evaluation: complete in itself, harmless, and it fits a desk and a phone."""

import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from nlu.evaluate import Labelled, Reading
from nlu.report.evaluation import Evaluation, Result, blind
from nlu.report.figures import Figures, figures
from nlu.report.heat_map import heat_map
from nlu.report.page import page
from nlu.report.reliability import reliability
from nlu.report.saved import plain
from nlu.report.trust import Bin, Calibration
from nlu.types import Intent

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
CHROMIUM = next(
    (path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()),
    shutil.which("google-chrome") or "",
)


def some_figures() -> Figures:
    """Every intent once taken rightly and once for the next one; a sentence that means harm."""
    names = [str(intent) for intent in Intent]
    found = []
    for number, name in enumerate(names):
        row = Labelled("<script>alert(1)</script>", name, NOW, (("age", "9"),), tags=("typo",))
        wrong = names[(number + 1) % len(names)]
        found += [
            Reading(row, name, 0.95, entities=(("age", "9"),)),
            Reading(row, wrong, 0.6, entities=(("age", "8"),)),
        ]
    return figures(found)


def evaluation(*names: str) -> Evaluation:
    found = some_figures()
    now = plain(found)
    before = {**now, "accuracy": 0.4, "tags": {"typo": {"accuracy": 0.25}}}
    results = [
        Result(name, name.title(), found, now, before, "2026-11-20T01:02:03") for name in names
    ]
    return Evaluation("x.jsonl", tuple(results), ("Rasa 没有运行。",), NOW)


def test_it_loads_nothing_and_runs_nothing() -> None:
    shown = page(evaluation("local"))
    assert not re.search(r"<script|<link|<img|@import|url\(|\ssrc=|https?://", shown)
    assert "&lt;script&gt;" in shown


def test_it_says_what_changed_and_what_is_missing() -> None:
    shown = page(evaluation("local"))
    assert "变好" in shown
    assert "+0.100" in shown
    assert '<span class="was" style="left:25.0%">' in shown
    assert "Rasa 没有运行。" in shown
    assert "错别字" in shown
    assert shown.index("提取信息 F1") < shown.index("合在一起") < shown.index("年龄")
    assert "并排看" not in shown


def test_two_engines_stand_side_by_side() -> None:
    shown = page(evaluation("local", "rasa"))
    assert "并排看" in shown
    assert 'id="rasa"' in shown


def test_no_engine_and_no_sentences_are_no_error() -> None:
    assert "Rasa 没有运行。" in page(evaluation())
    assert "alert" not in page(blind(evaluation("local")))


def test_the_heat_map_says_its_cells_in_words() -> None:
    shown = heat_map({"help": 4, "thank": 2}, [("help", "greet", 1)])
    assert "<title>问怎么用：4 句里认对 3 句</title>" in shown
    assert "<title>应为问怎么用，认成打招呼：1 句，占这类的 25%</title>" in shown
    assert shown.count('class="none"') == 2 * 3 - 3


def test_the_bars_of_trust_are_as_high_as_they_are_right() -> None:
    low = reliability(Calibration(0.3, (Bin(0.8, 0.9, 10, 0.85, 0.5),)))
    high = reliability(Calibration(0.3, (Bin(0.8, 0.9, 10, 0.85, 1.0),)))
    tall = [float(re.findall(r'class="right".*?height="([\d.]+)"', it)[0]) for it in (low, high)]
    assert tall[0] * 2 == tall[1]
    assert "把握 80% 到 90%：10 句，平均把握 85%，认对 50%" in low


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed (apt install chromium)")
@pytest.mark.parametrize("width", [1366, 390])
async def test_nothing_is_wider_than_the_screen(tmp_path: Path, width: int) -> None:
    file = tmp_path / "page.html"
    long = replace(evaluation("local", "rasa"), file="very_long_name_of_a_file_without_space.jsonl")
    file.write_text(page(long), "utf-8")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        tab = await browser.new_page(viewport={"width": width, "height": 768})
        await tab.goto(file.as_uri())
        assert await tab.evaluate("document.documentElement.scrollWidth") <= width
        assert await tab.locator("svg.heat").count() == 2
        await browser.close()
