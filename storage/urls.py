"""Database URLs as operators write them, made into those of the async drivers."""

from sqlalchemy import URL, make_url

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+psycopg": "postgresql+asyncpg",
    "postgresql+psycopg2": "postgresql+asyncpg",
}


def async_url(url: str) -> URL:
    """The URL with its async driver. Raises ValueError for SQLite in memory or another database."""
    parsed = make_url(url)
    driver = _DRIVERS.get(parsed.drivername, parsed.drivername)
    if driver not in _DRIVERS.values():
        raise ValueError(f"只支持 sqlite 和 postgresql / unsupported database: {driver}")
    parsed = parsed.set(drivername=driver)
    if driver == "sqlite+aiosqlite" and parsed.database in (None, "", ":memory:"):
        raise ValueError("SQLite 必须是文件 / SQLite in memory would be another database each time")
    sslmode = parsed.query.get("sslmode")  # libpq's word, asyncpg says ssl
    if sslmode is None:
        return parsed
    return parsed.difference_update_query(["sslmode"]).update_query_dict({"ssl": sslmode})
