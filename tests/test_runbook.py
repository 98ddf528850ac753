"""The runbook answers every alert, and every command it names can be typed as it stands."""

import re
from pathlib import Path

import pytest
import typer

from bot.cli.main import cli
from bot.watch import concerns
from tests.test_monitoring import ROOT, alerts

RUNBOOK = ROOT / "docs" / "runbook.zh.md"
TEXT = RUNBOOK.read_text("utf-8")
HEADINGS = re.findall(r"^#{1,4} (.+)$", TEXT, re.MULTILINE)
SPANS = re.findall(r"`([^`\n]+)`", TEXT)
COMMANDS = [span for span in SPANS if "python -m bot" in span]
VERBS = [span for span in SPANS if span.startswith("make ")]
NEEDED = (
    "怎么启动和停止",
    "平时什么样",
    "钥匙丢了",
    "恢复演练",
    "机器丢了或坏了",
    "工作人员离开或丢了手机",
    "怀疑有人闯进来",
    "升级和退回",
    "绝对不要做的事",
    "找谁",
)


def slug(heading: str) -> str:
    """The anchor that a heading gets where Markdown is shown."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


ANCHORS = {slug(heading) for heading in HEADINGS}


def test_every_alert_leads_to_a_section() -> None:
    for rule in alerts():
        file, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert (ROOT / file) == RUNBOOK
        assert anchor in ANCHORS, rule["alert"]


def test_every_concern_at_the_desk_leads_to_a_section() -> None:
    source = Path(concerns.__file__).read_text("utf-8")
    named = set(concerns.PARTS.values()) | set(re.findall(r'Concern\(\s*"\w+", "([^"]+)"', source))
    assert len(named) > 10
    assert named <= set(HEADINGS), named - set(HEADINGS)


def test_links_inside_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert len(links) > 5
    for link in links:
        file, _, anchor = link.partition("#")
        if file:
            assert (RUNBOOK.parent / file).exists(), link
        else:
            assert anchor in ANCHORS, link


def test_what_a_technician_needs_is_there() -> None:
    assert set(NEEDED) <= set(HEADINGS)
    for rule in alerts():
        section = rule["annotations"]["runbook"].partition("#")[2]
        body = TEXT.split(f"### {section}\n", 1)[1].split("\n### ", 1)[0]
        assert "**意思**" in body and "\n1. " in body, section


@pytest.mark.parametrize("command", sorted(set(COMMANDS)))
def test_commands_exist_with_their_options(command: str) -> None:
    words = command.split("python -m bot", 1)[1].split()
    found = typer.main.get_command(cli)
    while words and hasattr(found, "commands"):
        name = words.pop(0)
        assert name in found.commands, f"{command}: {name}"
        found = found.commands[name]
    options = {name for param in found.params for name in param.opts}
    assert {word for word in words if word.startswith("-")} <= options, command


def test_verbs_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert len(VERBS) > 3
    for verb in VERBS:
        assert re.search(rf"^{verb.split()[1]}:", makefile, re.MULTILINE), verb


def test_there_are_commands_to_look_at() -> None:
    assert len(COMMANDS) > 20
