"""`policy-score` prints what was asked of it, and says in words when it cannot."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.main import cli


def _printed(file: Path) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["policy-score", str(file), "--wrong", "--on", "2026-11-23"])
    return result.exit_code, result.output


def test_figures_and_what_went_wrong(tmp_path: Path) -> None:
    file = tmp_path / "questions.yaml"
    file.write_text(
        "asked:\n  高中助学金多少钱: senior_grant\n  推普周是什么时候: zihui\n"
        "off_topic:\n  - 今天天气怎么样\n",
        "utf-8",
    )
    code, printed = _printed(file)
    assert code == 0
    assert "第一条就对：1/2 = 0.500" in printed
    assert "不该答却答了：0/1 = 0.000" in printed
    assert "推普周是什么时候 → language_week（应该是 zihui）" in printed


@pytest.mark.parametrize(
    "content",
    ["- 一句话\n", "asked: {}\n", "asked: 2026-13-45\n", 'asked: "\\UFFFFFFFF"\n', "asked: [\n"],
)
def test_a_file_that_is_no_list_of_questions(tmp_path: Path, content: str) -> None:
    file = tmp_path / "questions.yaml"
    file.write_text(content, "utf-8")
    code, printed = _printed(file)
    assert code == 1
    assert "读不了" in printed
