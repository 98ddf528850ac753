"""Processes say that they are there and which keys they have."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "processes",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("key_ids", sa.JSON(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_processes"),
        sa.UniqueConstraint("name", name="uq_processes_name"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_processes_seen_at", "processes", ["seen_at"])


def downgrade() -> None:
    op.drop_table("processes")
