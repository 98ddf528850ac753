"""Which module has which target: a process imports, and watches, only what its own one needs."""

import importlib

from tests.fuzz.targets.base import Target

MODULES: dict[str, tuple[str, ...]] = {
    "language": ("entities", "dates", "numerals", "regions", "danger", "cues", "parse"),
    "chat": ("rest", "telegram", "payloads", "officer_lines", "state", "stored", "outgoing"),
    "papers": ("spreadsheets", "templates", "pictures", "config"),
    "tables": ("tables",),
    "content": ("policy", "texts", "words", "sentences"),
    "backups": ("backup", "sealed", "restore", "keys"),
    "web": ("forms", "cursors", "since", "identity"),
}


def named(name: str) -> Target:
    """The target of that name."""
    module = next(module for module, names in MODULES.items() if name in names)
    found: tuple[Target, ...] = importlib.import_module(f"tests.fuzz.targets.{module}").TARGETS
    return next(target for target in found if target.name == name)
