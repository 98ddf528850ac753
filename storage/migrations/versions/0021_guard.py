"""Sessions of the desk, second factors, counted attempts; tokens have a beginning and an end."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(100)
HASH = sa.String(64)


def _must(name: str, type_: sa.types.TypeEngine) -> sa.Column:
    return sa.Column(name, type_, nullable=False)


def _may(name: str, type_: sa.types.TypeEngine) -> sa.Column:
    return sa.Column(name, type_, nullable=True)


def _of_officer(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["officer_id"], ["officers.id"], name=f"fk_{table}_officer_id"
    )


def upgrade() -> None:
    op.create_table(
        "desk_sessions",
        _must("id", ID),
        _must("token_hash", HASH),
        _must("officer_id", ID),
        _must("stamp", HASH),
        _must("proof", WORD),
        _must("device", WORD),
        _must("address", WORD),
        _must("created_at", MOMENT),
        _must("seen_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_desk_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_desk_sessions_token_hash"),
        _of_officer("desk_sessions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_desk_sessions_officer_id", "desk_sessions", ["officer_id"])
    op.create_index("ix_desk_sessions_created_at", "desk_sessions", ["created_at"])
    op.create_table(
        "second_factors",
        _must("id", ID),
        _must("officer_id", ID),
        _must("secret", sa.Text()),  # ciphertext
        _must("created_at", MOMENT),
        _may("confirmed_at", MOMENT),
        _may("last_step", ID),
        sa.PrimaryKeyConstraint("id", name="pk_second_factors"),
        sa.UniqueConstraint("officer_id", name="uq_second_factors_officer_id"),
        _of_officer("second_factors"),
        sqlite_autoincrement=True,
    )
    _codes_and_attempts()
    op.add_column("api_tokens", _may("created_at", MOMENT))
    op.add_column("api_tokens", _may("expires_at", MOMENT))


def _codes_and_attempts() -> None:
    op.create_table(
        "recovery_codes",
        _must("id", ID),
        _must("officer_id", ID),
        _must("code_hash", HASH),
        _may("used_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_codes"),
        _of_officer("recovery_codes"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_recovery_codes_officer_id_code_hash",
        "recovery_codes",
        ["officer_id", "code_hash"],
        unique=True,
    )
    op.create_table(
        "attempts",
        _must("id", ID),
        _must("caller", HASH),
        _must("empty_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
        sa.UniqueConstraint("caller", name="uq_attempts_caller"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_attempts_empty_at", "attempts", ["empty_at"])


def downgrade() -> None:
    op.drop_column("api_tokens", "expires_at")
    op.drop_column("api_tokens", "created_at")
    for table in ("attempts", "recovery_codes", "second_factors", "desk_sessions"):
        op.drop_table(table)
