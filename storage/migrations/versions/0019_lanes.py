"""What all processes must know of a channel together: its rate, its pauses, who receives."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "lanes",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("free_at", MOMENT, nullable=False),
        sa.Column("held_until", MOMENT, nullable=True),
        sa.Column("failed_until", MOMENT, nullable=True),
        sa.Column("failed_for", sa.String(100), nullable=True),
        sa.Column("received_by", sa.String(100), nullable=True),
        sa.Column("received_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_lanes"),
        sa.UniqueConstraint("name", name="uq_lanes_name"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("lanes")
