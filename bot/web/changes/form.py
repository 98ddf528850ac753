"""A form at the desk: its fields, how they are read, and the command it becomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.days import day_of
from bot.errors import Refused
from flows.commands import OfficerCommand

Form = Mapping[str, str]
Options = tuple[tuple[str, str], ...]
LONGEST = 4000


@dataclass(frozen=True)
class Field:
    """One input: `kind` is text, long, date, check, choice or file."""

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    options: Options = ()


@dataclass(frozen=True)
class Change:
    """One form: its address, its words, its fields and how it becomes a command.

    One that is `in_place` stands beside what it changes and not in the list of forms.
    """

    name: str
    title: str
    command: type[OfficerCommand]
    build: Callable[[str, int | None, Form], OfficerCommand]
    fields: tuple[Field, ...] = ()
    hint: str = ""
    first: bool = False
    in_place: bool = False

    @property
    def takes_files(self) -> bool:
        """Whether the form has to be sent with files."""
        return any(field.kind == "file" for field in self.fields)


REASON = Field("reason", "原因", "long", required=True)
NOTE = Field("note", "说明", "long")
APPROVAL_PAPER = Field("files", "批准文件（照片或 PDF）", "file")


def day(form: Form, name: str) -> date | None:
    """A day the officer chose, if any. Raises Refused with an example."""
    value = form.get(name, "").strip()
    if not value:
        return None
    try:
        return day_of(value)
    except ValueError:
        raise Refused("日期写得不对，请这样写：2026-11-23。") from None


def number(form: Form, name: str) -> int | None:
    """A whole number, None for anything else."""
    value = form.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None


def text(form: Form, name: str) -> str:
    """What the officer wrote. Raises Refused when it is too long."""
    value = form.get(name, "").strip()
    if len(value) > LONGEST:
        raise Refused(f"写得太长了，最多 {LONGEST} 个字。")
    return value
