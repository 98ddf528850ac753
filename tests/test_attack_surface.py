"""The source itself: no SQL of strings, no address of a user is fetched, no page is unescaped."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes
from litestar.plugins.jinja import JinjaTemplateEngine

from tests.test_architecture import FILES, ROOT, name_of, tree_of

TEMPLATES = ROOT / "bot/web/templates"
RAW_SQL = frozenset({"text", "exec_driver_sql", "literal_column"})
SQL_OF_PARTS = {
    "bot/doctor/records.py": "SHOW and one of two words of ours",
    "storage/snapshot.py": "the name of the table of versions is a constant of ours",
    "storage/migrate.py": "a lock: its number is a constant of ours",
    "storage/engine.py": "PRAGMA query_only=ON or OFF: one of two words of ours",
}
FETCHING = frozenset({"httpx", "aiohttp", "requests", "urllib.request", "http.client", "socket"})
MAY_FETCH = {
    "nlu/classify/rasa.py": "the Rasa server of config.yaml",
    "nlu/classify/rasa_check.py": "the Rasa server of config.yaml",
    "bot/channels/telegram_client.py": "Telegram, or the server and proxy of config.yaml",
    "bot/cli/run.py": "the name of this machine, and the socket it listens at",
    "bot/doctor/outside.py": "Telegram, Rasa and our own port as config.yaml names them",
    "bot/service/serving.py": "listens, connects nowhere",
    "bot/service/supervisor.py": "the socket it listens at",
    "bot/service/presence.py": "the name of this machine",
    "nlu/bench/served.py": "a measurement: looks for a free port of this machine",
}
MAY_MARK_SAFE = re.compile(r"bot/web/(charts/\w+|desk/reports)\.py|nlu/report/page\.py")
"""Pictures drawn from numbers, every word in them escaped; the last is a technician's own page."""
DANGEROUS = frozenset({"eval", "exec", "compile", "__import__"})


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call, by the last part of its name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=name) | ast.Attribute(attr=name):
                    yield name, node


def is_literal(node: ast.expr) -> bool:
    """Whether a text stands in the source as it is."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def raw_sql(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls that hand SQL to the database."""
    from_sqlalchemy = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
    }
    for name, call in calls(tree):
        by_attribute = isinstance(call.func, ast.Attribute) and name == "exec_driver_sql"
        is_plain = isinstance(call.func, ast.Name)
        if by_attribute or (is_plain and name in RAW_SQL and name in from_sqlalchemy):
            yield call


def made_of_parts(tree: ast.Module) -> list[int]:
    """The lines on which SQL is put together."""
    given = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    names = {target.id for node in given for target in node.targets if isinstance(target, ast.Name)}
    constants = {
        name
        for name in names
        if all(
            is_literal(node.value)
            for node in given
            if name in {target.id for target in node.targets if isinstance(target, ast.Name)}
        )
    }
    return [
        call.lineno
        for call in raw_sql(tree)
        if not call.args
        or not (
            is_literal(call.args[0])
            or (isinstance(call.args[0], ast.Name) and call.args[0].id in constants)
        )
    ]


@pytest.mark.slow
def test_no_sql_is_made_of_strings() -> None:
    found = {name_of(path): made_of_parts(tree_of(path)) for path in FILES}
    assert {name for name, lines in found.items() if lines} == set(SQL_OF_PARTS)
    assert sum(len(list(raw_sql(tree_of(path)))) for path in FILES) > 5, (
        "the rule looks at something"
    )


@pytest.mark.parametrize(
    "source",
    [
        "from sqlalchemy import text\nsession.execute(text(f'SELECT {x}'))",
        "from sqlalchemy import text\nsession.execute(text('SELECT ' + x))",
        "connection.exec_driver_sql('DELETE FROM %s' % x)",
        "from sqlalchemy import text\nsession.execute(text(sql))",
    ],
)
def test_the_rule_about_sql_notices(source: str) -> None:
    assert made_of_parts(ast.parse(source)) != []


def test_only_what_the_operator_names_is_fetched() -> None:
    def fetches(path: Path) -> bool:
        for node in ast.walk(tree_of(path)):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(f"{node.module}.{a.name}" for a in node.names)]
            if any(name == one or name.startswith(f"{one}.") for name in names for one in FETCHING):
                return True
        return False

    assert {name_of(path) for path in FILES if fetches(path)} == set(MAY_FETCH)


def test_nothing_is_run_by_its_text_and_nothing_is_unpickled() -> None:
    wrong = []
    for path in FILES:
        for name, call in calls(tree_of(path)):
            is_plain = isinstance(call.func, ast.Name)
            if (is_plain and name in DANGEROUS) or any(
                keyword.arg == "shell" for keyword in call.keywords
            ):
                wrong.append(f"{name_of(path)}:{call.lineno} {name}")
            if name == "load" and isinstance(call.func, ast.Attribute):
                base = call.func.value
                is_safe = "SafeLoader" in path.read_text("utf-8")  # what may be loaded is plain
                if isinstance(base, ast.Name) and base.id == "yaml" and is_safe:
                    continue
                if isinstance(base, ast.Name) and base.id in ("pickle", "marshal", "yaml"):
                    wrong.append(f"{name_of(path)}:{call.lineno} {base.id}.load")
    assert wrong == []


def environment() -> Environment:
    """The templates as the server reads them."""
    return JinjaTemplateEngine(directory=TEMPLATES).engine


def test_every_template_escapes() -> None:
    engine = environment()
    found = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.*"))
    assert len(found) > 30
    for name in found:
        escapes = engine.autoescape
        assert escapes(name) if callable(escapes) else escapes, name
        tree = engine.parse((TEMPLATES / name).read_text("utf-8"))
        filters = {node.name for node in tree.find_all(nodes.Filter)}
        assert not filters & {"safe", "forceescape", "xmlattr"}, name
        assert not list(tree.find_all(nodes.ScopedEvalContextModifier)), name


def test_markup_is_made_only_where_pictures_are_drawn() -> None:
    makers = {
        name_of(path) for path in FILES if any(name == "Markup" for name, _ in calls(tree_of(path)))
    }
    assert {name for name in makers if not MAY_MARK_SAFE.fullmatch(name)} == set()


def test_templates_hold_no_script_and_no_style() -> None:
    inline = re.compile(
        r"<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:|<script(?![^>]*\ssrc=)|hx-on|hx-vals=.?js:",
        re.I,
    )
    wrong = [
        f"{path.relative_to(TEMPLATES)}: {found[0]}"
        for path in TEMPLATES.rglob("*.*")
        if (found := inline.search(path.read_text("utf-8")))
    ]
    assert wrong == []
    for bad in ("<p style='x'>", "<a onclick=x>", "<script>", "<p hx-on:click=x>"):
        assert inline.search(bad)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_its_hashes(lock: str) -> None:
    joined = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    packages = [line for line in lines if not line.startswith(("--", " "))]
    assert len(packages) > 10
    for line in packages:
        assert re.match(r"[\w.\-\[\]]+==\S+ ", line), line[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), line[:80]
