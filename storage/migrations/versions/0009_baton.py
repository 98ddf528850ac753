"""What the clock of a record does next, and offers to hand a record on."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("applications", "cases", "registrations")
INDEXED = ("step_at", "offer_to_id", "offer_region")


def _columns() -> list[sa.Column[object]]:
    moments = ("step_at", "climbed_at", "first_due_at", "offer_due_at")
    return [
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in moments),
        sa.Column("offer_by_id", ID, nullable=True),
        sa.Column("offer_to_id", ID, nullable=True),
        sa.Column("offer_region", sa.String(12), nullable=True),
    ]


def upgrade() -> None:
    for table in TABLES:
        for column in _columns():
            op.add_column(table, column)
        op.execute(f"UPDATE {table} SET step_at = due_at")  # noqa: S608 - no clock runs unheard
        for name in INDEXED:
            op.create_index(f"ix_{table}_{name}", table, [name])


def downgrade() -> None:
    for table in TABLES:
        for name in INDEXED:
            op.drop_index(f"ix_{table}_{name}", table)
        for column in _columns():
            op.drop_column(table, column.name)
