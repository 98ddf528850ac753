"""Accounts on the command line."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from bot.cli.accounts import FIRST_NAME, first_officer
from storage.db import Database
from tests.cli.conftest import ask, call


def add_officer(data: Path, name: str = "王老师", *more: str) -> Result:
    words = ["officer", "add", "--name", name, "--role", "officer", "--region", "152222"]
    return call(*words, "--data", str(data), *more)


def test_token_is_the_only_thing_on_stdout_and_opens_the_api(data: Path) -> None:
    result = add_officer(data, "王老师", "--print-token")
    assert result.exit_code == 0
    assert re.fullmatch(r"[\w-]{40,}\n", result.stdout)

    async def owner(db: Database) -> tuple[str, str, str]:
        async with db.read() as uow:
            officer = await uow.officers.by_token(result.stdout.strip())
            assert officer is not None
            return officer.name, officer.role, officer.region_code

    assert ask(data, owner) == ("王老师", "officer", "152222")


def test_password_is_shown_once_and_kept_as_argon2(data: Path) -> None:
    from argon2 import PasswordHasher

    result = add_officer(data)
    [password] = re.findall(r"：([a-z2-9]{4}(?:-[a-z2-9]{4}){3})\n", result.stdout)

    async def stored(db: Database) -> str:
        async with db.read() as uow:
            officer = await uow.officers.by_name("王老师")
            assert officer is not None
            return officer.password_hash or ""

    assert PasswordHasher().verify(ask(data, stored), password)
    changed = call("officer", "passwd", "--name", "王老师", "--data", str(data))
    [other] = re.findall(r"：([a-z2-9-]{19})\n", changed.stdout)
    assert other != password
    assert PasswordHasher().verify(ask(data, stored), other)


def test_officers_are_listed_with_place_and_role(data: Path) -> None:
    add_officer(data)
    listed = call("officer", "list", "--data", str(data)).stdout
    assert "王老师" in listed
    assert "经办人" in listed
    assert "科尔沁右翼中旗 152222" in listed


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["add", "--name", "甲", "--role", "clerk", "--region", "999999"], "没有区划代码 999999"),
        (["add", "--name", "甲", "--role", "clerk", "--region", "中旗"], "没有区划代码 中旗"),
        (["add", "--name", " ", "--role", "clerk", "--region", "15"], "不能是空的"),
        (["passwd", "--name", "没这个人"], "没有叫“没这个人”的账号"),
    ],
)
def test_officer_commands_refuse_in_words(data: Path, words: list[str], reason: str) -> None:
    add_officer(data)
    result = call("officer", *words, "--data", str(data))
    assert result.exit_code == 1
    assert reason in result.stderr


def test_a_name_is_given_once(data: Path) -> None:
    add_officer(data)
    again = add_officer(data, "王老师", "--print-token")
    assert again.exit_code == 1
    assert again.stdout == ""
    assert "已经有叫“王老师”的账号" in again.stderr


def test_making_an_account_leaves_a_trace_without_the_password(data: Path) -> None:
    add_officer(data)

    async def trace(db: Database) -> list[dict[str, Any] | None]:
        async with db.read() as uow:
            from sqlalchemy import select

            from storage.models.audit import AuditEntry

            entries = (await uow.session.scalars(select(AuditEntry))).all()
            return [entry.detail for entry in entries if entry.action == "officer.add"]

    assert ask(data, trace) == [{"officer": 1, "role": "officer", "region": "152222"}]


def test_tokens_are_rotated_listed_and_revoked(data: Path) -> None:
    old = add_officer(data, "王老师", "--print-token").stdout.strip()
    named = ("--name", "王老师", "--data", str(data))
    new = call("officer", "token", "--label", "资助系统", "--days", "30", *named).stdout.strip()
    listed = call("officer", "token", "--list", *named).stdout
    assert "资助系统" in listed and new not in listed and "作废" not in listed
    assert "1 号" in call("officer", "token", "--revoke", "1", "--data", str(data)).stdout
    assert "作废" in call("officer", "token", "--list", *named).stdout

    async def owners(db: Database) -> list[bool]:
        async with db.read() as uow:
            return [await uow.officers.by_token(token) is not None for token in (old, new)]

    async def actions(db: Database) -> list[str]:
        async with db.read() as uow:
            entries, _ = await uow.audit.page(limit=10)
            return [entry.action for entry in entries]

    assert ask(data, owners) == [False, True]
    assert {"officer.token", "officer.token_revoked"} <= set(ask(data, actions))
    unknown = call("officer", "token", "--revoke", "99", "--data", str(data))
    assert unknown.exit_code == 1 and "没有编号" in unknown.output
    assert call("officer", "token", "--data", str(data)).exit_code == 1


@pytest.mark.parametrize("verb", ["off", "on", "reset-factor"])
def test_an_unknown_name_is_said_in_words(data: Path, verb: str) -> None:
    add_officer(data)
    wrong = call("officer", verb, "--name", "谁", "--data", str(data))
    assert wrong.exit_code == 1 and "没有叫“谁”的账号" in wrong.output


def test_an_account_is_switched_off_and_on(data: Path) -> None:
    token = add_officer(data, "王老师", "--print-token").stdout.strip()
    named = ("--name", "王老师", "--data", str(data))

    async def works(db: Database) -> bool:
        async with db.read() as uow:
            return await uow.officers.by_token(token) is not None

    assert "停用了" in call("officer", "off", *named).stdout
    assert not ask(data, works) and "停用" in call("officer", "list", "--data", str(data)).stdout
    assert "启用了" in call("officer", "on", *named).stdout
    assert ask(data, works)
    assert "没有设过" in call("officer", "reset-factor", *named).stdout


async def test_processes_that_start_together_make_one_administrator(any_db: Database) -> None:
    made = await asyncio.gather(*(first_officer(any_db) for _ in range(3)))
    assert sorted(login is None for login in made) == [False, True, True]
    async with any_db.read() as uow:
        assert [officer.name for officer in await uow.officers.all()] == [FIRST_NAME]
