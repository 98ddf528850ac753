"""The bench in small: it talks to the real service, and its table can say what is missed."""

import asyncio
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from tests.bench import table
from tests.bench.baselines import echo, sqlite_commits
from tests.bench.measuring import Findings, Load, measure
from tests.bench.places import on_sqlite
from tests.bench.senders import talk_for
from tests.bench.talks import talk


@pytest.mark.slow
def test_whole_conversations_are_measured_in_the_real_service(tmp_path: Path) -> None:
    load = Load(senders=4, messages=24, rounds=1, seconds=0.1)
    (found,) = measure([on_sqlite(tmp_path, 300, lambda _: None)], load, lambda _: None)
    assert found.broken == 0
    assert found.talks >= 1
    assert 0 < found.ready < 60
    assert 0 < found.within(0.5) <= found.within(0.99)
    assert found.memory > 50
    assert found.bytes_a_talk > 1000
    assert found.of_commits[0] == pytest.approx(found.rate / found.commits)


def test_bare_baselines_do_something(tmp_path: Path) -> None:
    assert echo(2, 0.05) > 10
    quick = sqlite_commits(tmp_path, 0.05)
    assert quick > sqlite_commits(tmp_path, 0.05, disk=0.02) > 5


def test_nobody_there_is_an_error_and_no_figure() -> None:
    with pytest.raises(ExceptionGroup):
        asyncio.run(talk_for("http://127.0.0.1:9", 2, 4, count()))


def test_talks_are_of_all_kinds_and_about_different_children() -> None:
    talks = [talk(number) for number in range(40)]
    assert {each.kind for each in talks} == {"aid", "dropout", "training", "policy"}
    children = [each.answers["child_name"] for each in talks if "child_name" in each.answers]
    assert len(set(children)) > 15
    assert talk(7) == talk(7)


def test_targets_are_met_or_not() -> None:
    found = Findings("SQLite", 1000, first_page=0.5, ready=1.5, memory=300)
    found.rates, found.cpu, found.helpers_cpu, found.of_commits = [90.0], [0.01], [0.0], [0.85]
    more = replace(found, people=1_000_000, cpu=[0.013])
    listed = {each.name: each.is_met for each in table.targets([found, more], None, 40.0)}
    assert listed == {
        "of bare commits, this disk": True,
        "times Rasa's parse": True,
        "cost, SQLite 1,000,000 : 1,000": False,
        "MB of memory": True,
        "seconds until ready": True,
    }
