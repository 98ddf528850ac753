"""Numbers for those who told of a child whom somebody else had filed already."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.String(100)


def upgrade() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", ID, nullable=False),
        sa.Column("reference", WORD, nullable=False),
        sa.Column("reference_key", WORD, nullable=False),
        sa.Column("record", WORD, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),  # ciphertext
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_receipts"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_receipts_person_id"),
        sa.UniqueConstraint("reference_key", name="uq_receipts_reference_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_receipts_person_id_record", "receipts", ["person_id", "record"])


def downgrade() -> None:
    op.drop_table("receipts")
