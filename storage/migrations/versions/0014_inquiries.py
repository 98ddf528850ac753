"""What officers asked families, while the clock of the record waits."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "inquiries",
        sa.Column("id", ID, nullable=False),
        sa.Column("reference", sa.String(100), nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("asked_by_id", ID, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("seconds_left", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(100), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_inquiries"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_inquiries_conversation_id"
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["officers.id"], name="fk_inquiries_asked_by_id"),
        sqlite_autoincrement=True,
    )
    for columns in (("conversation_id", "status"), ("reference", "status"), ("status", "until")):
        op.create_index(f"ix_inquiries_{'_'.join(columns)}", "inquiries", list(columns))


def downgrade() -> None:
    op.drop_table("inquiries")
