"""Who may import whom, and how large things may grow."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.gathered import each

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "flows", "nlu", "storage")
MAY_IMPORT = {
    "bot": {"bot", "flows", "nlu", "storage"},
    "flows": {"flows", "nlu.types", "storage.kinds"},
    "nlu": {"nlu"},
    "storage": {"storage"},
}
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
DRAWERS = re.compile(r"(^|_)(utils?|helpers?|misc|common|manager)$")
ONLY_LAZILY = {"aiogram": {"bot/channels/telegram_client.py"}, "sklearn": set(), "PIL": set()}
"""Slow imports, and the files that may have them at the top; start-up must stay quick."""

CHOSEN = {"aiogram", "sqlalchemy", "apscheduler", "jieba"}
"""Libraries the client chose for the service itself; Rasa and pytest-asyncio are used beside it."""

FILES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "versions" not in path.parts
    and not any(part[0] == "." for part in path.relative_to(ROOT).parts)
)
ALL_FILES = [*FILES, *sorted((ROOT / "tests").rglob("*.py"))]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module a tree imports; `from a import b` counts as a.b too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def at_start(tree: ast.Module) -> Iterator[str]:
    """What is imported as soon as the module is: not inside functions, not for types only."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from imports(node)


def is_allowed(module: str, package: str) -> bool:
    if module.split(".")[0] not in {*PACKAGES, "tests"}:
        return True
    return any(module == ours or module.startswith(f"{ours}.") for ours in MAY_IMPORT[package])


def test_imports_go_one_way() -> None:
    def check(path: Path) -> None:
        package = path.relative_to(ROOT).parts[0]
        assert [
            module for module in imports(tree_of(path)) if not is_allowed(module, package)
        ] == []

    each(FILES, check, name_of)


def test_the_rule_itself_notices() -> None:
    assert not is_allowed("storage.db", "flows")
    assert not is_allowed("nlu.typesetting", "flows")
    assert not is_allowed("bot.service.app", "storage")
    assert not is_allowed("tests.channels", "bot")
    assert is_allowed("nlu.types.Intent", "flows")
    assert is_allowed("sqlalchemy.orm", "storage")


def test_slow_packages_are_imported_when_needed() -> None:
    def check(path: Path) -> None:
        tops = {module.split(".")[0] for module in at_start(tree_of(path))}
        slow = {top for top in tops & set(ONLY_LAZILY) if name_of(path) not in ONLY_LAZILY[top]}
        assert slow == set()

    each(FILES, check, name_of)


def test_sizes_and_names() -> None:
    def check(path: Path) -> None:
        text = path.read_text("utf-8")
        if path.name == "__init__.py":
            assert text == "", "package files stay empty"
            return
        assert not DRAWERS.search(path.stem), "a drawer has no idea of its own"
        assert ast.get_docstring(tree_of(path)), "every module says why it exists"
        assert len(text.splitlines()) <= LONGEST_FILE
        assert too_long(tree_of(path)) == []

    each(ALL_FILES, check, name_of)


def too_long(tree: ast.AST) -> list[str]:
    return [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > LONGEST_FUNCTION
    ]


def test_every_package_is_looked_at() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in FILES} == set(PACKAGES)
    assert len(FILES) > 50


def test_what_the_client_chose_is_used() -> None:
    used = {module.split(".")[0] for path in FILES for module in imports(tree_of(path))}
    assert used >= CHOSEN
