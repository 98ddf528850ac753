"""Database URLs as operators write them."""

import pytest

from storage.urls import async_url


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("sqlite:////data/yulu.db", "sqlite+aiosqlite:////data/yulu.db"),
        ("sqlite+aiosqlite:///yulu.db", "sqlite+aiosqlite:///yulu.db"),
        ("postgresql://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
        ("postgres://u@h:5433/d", "postgresql+asyncpg://u@h:5433/d"),
        ("postgresql+psycopg://h/d", "postgresql+asyncpg://h/d"),
        ("postgresql://h/d?sslmode=require", "postgresql+asyncpg://h/d?ssl=require"),
    ],
)
def test_the_async_driver_is_chosen(written: str, used: str) -> None:
    assert async_url(written).render_as_string(hide_password=False) == used


@pytest.mark.parametrize("url", ["mysql://h/d", "sqlite://", "sqlite:///:memory:"])
def test_what_cannot_work_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"unsupported|in memory"):
        async_url(url)
