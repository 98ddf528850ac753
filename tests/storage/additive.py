"""Reads a migration and says what in it the program of the version before could not live with."""

import ast

MAY = {
    "create_table",
    "add_column",
    "create_index",
    "execute",
    "bulk_insert",
    "get_bind",
}
FORBIDDEN_SQL = ("DROP ", "RENAME ", "ALTER ", "NOT NULL", "DELETE ", "TRUNCATE ")


def complaints(source: str) -> list[str]:
    """Why this migration is not additive; nothing when it is."""
    found = []
    upgrade = next(
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == "upgrade"
    )
    made: set[object] = {
        word.value
        for call in _calls(upgrade, "create_table")
        if isinstance(word := call.args[0], ast.Constant)
    }
    for node in ast.walk(upgrade):
        if isinstance(node, ast.Call) and (name := _operation(node)):
            if name not in MAY:
                found.append(f"op.{name} takes something away or forbids something")
            elif complaint := _about(name, node, made):
                found.append(complaint)
    return found


def _about(name: str, call: ast.Call, made: set[object]) -> str | None:
    if name == "add_column":
        column = call.args[1]
        assert isinstance(column, ast.Call)
        words = {keyword.arg: keyword.value for keyword in column.keywords}
        nullable = words.get("nullable")
        is_required = isinstance(nullable, ast.Constant) and nullable.value is False
        if is_required and "server_default" not in words:
            return "a new column that must be filled, but has no server_default"
        if "unique" in words:
            return "a new column that must be unique"
    if name == "create_index":
        table = call.args[1] if len(call.args) > 1 else None
        is_new = isinstance(table, ast.Constant) and table.value in made
        if not is_new and any(keyword.arg == "unique" for keyword in call.keywords):
            return "a unique index on a table that is in use"
    if name == "execute":
        told = " ".join(
            node.value.upper()
            for node in ast.walk(call)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
        if any(word in told for word in FORBIDDEN_SQL):
            return f"SQL that does not only add: {told[:60]}"
    return None


def _calls(inside: ast.AST, operation: str) -> list[ast.Call]:
    every = [node for node in ast.walk(inside) if isinstance(node, ast.Call)]
    return [call for call in every if _operation(call) == operation]


def _operation(call: ast.Call) -> str | None:
    """The name of an operation of Alembic, also of one within a batch."""
    target = call.func
    if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name):
        return None
    return target.attr if target.value.id in ("op", "batch", "batch_op") else None
