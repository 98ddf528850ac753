"""What a flow says: text keys with values, never words, so that wording and language stay data."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flows.commands import Command


@dataclass(frozen=True)
class Choice:
    """One offered answer. `title` is a text key, or the words themselves when `literal`."""

    title: str
    payload: str
    literal: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Say:
    """One message: a text key, its values, the choices under it and what it means to machines.

    A value may be a Say, a list of them (joined by line ends) or a tuple (joined by 、); they are
    rendered first. `lead` are short lines put before the text in the same message.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)
    lead: tuple["Say", ...] = ()

    def after(self, *lead: "Say") -> "Say":
        """The same message with short lines before it."""
        return replace(self, lead=(*lead, *self.lead))

    def marked(self, **custom: Any) -> "Say":
        """The same message with more machine terms."""
        return replace(self, custom={**self.custom, **custom})


@dataclass(frozen=True)
class Outcome:
    """What finishing a flow leads to."""

    replies: tuple[Say, ...] = ()
    commands: tuple[Command, ...] = ()
