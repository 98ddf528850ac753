"""A column that SQLite is not to look up in its own index: it keeps no figures to choose one by.

PostgreSQL does, so it is given the column as it is; anything around it would spoil its estimate.
"""

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class Unindexed(GenericFunction[Any]):
    """`Unindexed(column)`: the column itself."""

    name = "unindexed"
    inherit_cache = True


@compiles(Unindexed)
def _plain(element: Unindexed, compiler: SQLCompiler, **more: Any) -> str:
    return ", ".join(compiler.process(each, **more) for each in element.clauses)


@compiles(Unindexed, "sqlite")
def _sqlite(element: Unindexed, compiler: SQLCompiler, **more: Any) -> str:
    return f"(+{_plain(element, compiler, **more)})"
