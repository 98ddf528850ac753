"""Sentences that were not understood, for officers to give the right intent."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.String(100)


def upgrade() -> None:
    op.create_table(
        "misheard",
        sa.Column("id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),  # ciphertext
        sa.Column("text_key", sa.String(64), nullable=False),
        sa.Column("region_code", sa.String(12), nullable=False),
        sa.Column("reason", WORD, nullable=False),
        sa.Column("guess", WORD, nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("runner_up", WORD, nullable=True),
        sa.Column("chosen", WORD, nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("status", WORD, nullable=False),
        sa.Column("label", WORD, nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_misheard"),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["officers.id"], name="fk_misheard_decided_by_id"
        ),
        sa.UniqueConstraint("text_key", "region_code", name="uq_misheard_text_key_region_code"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_misheard_status_region_code", "misheard", ["status", "region_code"])


def downgrade() -> None:
    op.drop_table("misheard")
