"""Work groups of an office in a messenger, and the topic of each case in them."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "work_groups",
        sa.Column("id", ID, nullable=False),
        sa.Column("chat", sa.BigInteger(), nullable=False),
        sa.Column("region_code", sa.String(12), nullable=False),
        sa.Column("tied_by_id", ID, nullable=False),
        sa.Column("tied_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("seen_audit_id", ID, nullable=False),
        sa.Column("leased_until", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_work_groups"),
        sa.UniqueConstraint("chat", name="uq_work_groups_chat"),
        sa.ForeignKeyConstraint(["tied_by_id"], ["officers.id"], name="fk_work_groups_tied_by_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "case_threads",
        sa.Column("id", ID, nullable=False),
        sa.Column("group_id", ID, nullable=False),
        sa.Column("reference", sa.String(100), nullable=False),
        sa.Column("thread", sa.BigInteger(), nullable=False),
        sa.Column("told_audit_id", ID, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_case_threads"),
        sa.ForeignKeyConstraint(["group_id"], ["work_groups.id"], name="fk_case_threads_group_id"),
        sa.UniqueConstraint("group_id", "reference", name="uq_case_threads_group_id_reference"),
        sa.UniqueConstraint("group_id", "thread", name="uq_case_threads_group_id_thread"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("case_threads")
    op.drop_table("work_groups")
