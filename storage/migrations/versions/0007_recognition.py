"""Recognition: verdicts on papers, publication with objections, payments."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.String(100)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("applications", sa.Column("level_reason", sa.Text(), nullable=True))  # ciphertext
    op.add_column("applications", sa.Column("published_on", sa.Date(), nullable=True))
    op.add_column("applications", sa.Column("published_until", sa.Date(), nullable=True))
    _table(
        "paper_reviews",
        "officer_id",
        sa.Column("document", WORD, nullable=False),
        sa.Column("verdict", WORD, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),  # ciphertext
        sa.Column("status_before", WORD, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
    )
    _table(
        "objections",
        "recorded_by_id",
        sa.Column("text", sa.Text(), nullable=False),  # ciphertext
        sa.Column("finding", sa.Text(), nullable=True),  # ciphertext
        sa.Column("settled_at", MOMENT, nullable=True),
    )
    _table(
        "payments",
        "recorded_by_id",
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("programme", WORD, nullable=False),
        sa.Column("period", WORD, nullable=False),
    )


def _table(name: str, officer: str, *columns: sa.Column[object]) -> None:
    """A table of what an officer noted of an application at a moment."""
    op.create_table(
        name,
        sa.Column("id", ID, nullable=False),
        sa.Column("reference", WORD, nullable=False),
        sa.Column(officer, ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.ForeignKeyConstraint([officer], ["officers.id"], name=f"fk_{name}_{officer}"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{name}_reference", name, ["reference"])


def downgrade() -> None:
    for name in ("payments", "objections", "paper_reviews"):
        op.drop_table(name)
    for column in ("published_until", "published_on", "level_reason"):
        op.drop_column("applications", column)
