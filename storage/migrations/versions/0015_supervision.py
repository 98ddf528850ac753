"""Records under supervision, and the ledger of what inspections found."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _officer(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["officers.id"], name=f"fk_{table}_{column}")


def upgrade() -> None:
    op.create_table(
        "supervisions",
        sa.Column("id", ID, nullable=False),
        sa.Column("reference", sa.String(100), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),  # ciphertext
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("lifted_by_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_supervisions"),
        _officer("supervisions", "by_id"),
        _officer("supervisions", "lifted_by_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_supervisions_reference_lifted_at", "supervisions", ["reference", "lifted_at"]
    )
    op.create_index("ix_supervisions_due_at", "supervisions", ["due_at"])
    op.create_table(
        "rectifications",
        sa.Column("id", ID, nullable=False),
        sa.Column("region_code", sa.String(12), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),  # ciphertext, as the next two
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("inspection", sa.String(200), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(100), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("status", sa.String(100), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_by_id", ID, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("done_by_id", ID, nullable=True),
        sa.Column("closed_by_id", ID, nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_rectifications"),
        *(
            _officer("rectifications", column)
            for column in ("created_by_id", "done_by_id", "closed_by_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rectifications_region_code", "rectifications", ["region_code"])
    op.create_index("ix_rectifications_status_deadline", "rectifications", ["status", "deadline"])


def downgrade() -> None:
    op.drop_table("rectifications")
    op.drop_table("supervisions")
