"""Counts of questions asked and answered, and an index to count acts in the audit log by."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.String(100)


def upgrade() -> None:
    op.create_table(
        "question_counts",
        sa.Column("id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("flow", WORD, nullable=False),
        sa.Column("slot", WORD, nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_question_counts"),
        sa.UniqueConstraint("day", "flow", "slot", name="uq_question_counts_day_flow_slot"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_action_at", "audit", ["action", "at"])


def downgrade() -> None:
    op.drop_index("ix_audit_action_at", table_name="audit")
    op.drop_table("question_counts")
