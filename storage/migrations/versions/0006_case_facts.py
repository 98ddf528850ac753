"""What happened in a dropout case, from which its status is computed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.String(100)


def upgrade() -> None:
    op.create_table(
        "case_facts",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("officer_id", ID, nullable=True),
        sa.Column("corrects_id", ID, nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),  # ciphertext
        sa.PrimaryKeyConstraint("id", name="pk_case_facts"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_facts_case_id"),
        sa.ForeignKeyConstraint(["officer_id"], ["officers.id"], name="fk_case_facts_officer_id"),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["case_facts.id"], name="fk_case_facts_corrects_id"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_facts_case_id", "case_facts", ["case_id"])
    op.create_index("ix_case_facts_kind_on", "case_facts", ["kind", "on"])
    op.create_index("ix_case_facts_kind_until", "case_facts", ["kind", "until"])


def downgrade() -> None:
    op.drop_table("case_facts")
