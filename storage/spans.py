"""Seconds between two moments, computed by the database: each of the two has its own words."""

from typing import Any

from sqlalchemy import Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class SecondsBetween(GenericFunction[float]):
    """`SecondsBetween(start, end)`; null when either is."""

    type = Float()
    name = "seconds_between"
    inherit_cache = True


@compiles(SecondsBetween, "sqlite")
def _sqlite(element: SecondsBetween, compiler: SQLCompiler, **more: Any) -> str:
    start, end = (compiler.process(each, **more) for each in element.clauses)
    return f"((julianday({end}) - julianday({start})) * 86400.0)"


@compiles(SecondsBetween, "postgresql")
def _postgresql(element: SecondsBetween, compiler: SQLCompiler, **more: Any) -> str:
    start, end = (compiler.process(each, **more) for each in element.clauses)
    return f"extract(epoch FROM ({end}) - ({start}))::double precision"
