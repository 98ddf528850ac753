"""Whether a text begins with another, in the words in which each database finds it soonest.

SQLite looks a range up in the index, but no LIKE with a value that it is told only later.
PostgreSQL orders by the rules of a language, where a range is no beginning.
"""

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class Begins(GenericFunction[Any]):
    """`Begins(column, start)`: the column begins with the start; upper and lower case differ.

    It is of no type: a Boolean would be compared with 1, which keeps SQLite from the index.
    """

    name = "begins"
    inherit_cache = True


@compiles(Begins)
def _plain(element: Begins, compiler: SQLCompiler, **more: Any) -> str:
    column, start = (compiler.process(each, **more) for each in element.clauses)
    return f"starts_with({column}, {start})"


@compiles(Begins, "sqlite")
def _sqlite(element: Begins, compiler: SQLCompiler, **more: Any) -> str:
    column, start = (compiler.process(each, **more) for each in element.clauses)
    return f"({column} >= {start} AND {column} < {start} || char(1114111))"
