"""Which record a message belongs to, since when an officer talks, and codes that expire."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(100)
HASH = sa.String(64)
TOPIC = sa.String(300)

COLUMNS = (
    ("inbox", "topic", TOPIC),
    ("outbox", "topic", TOPIC),
    ("conversations", "officer_at", MOMENT),
    ("conversations", "code_misses", sa.Integer()),
    ("conversations", "code_missed_at", MOMENT),
    ("officers", "link_code_until", MOMENT),
    ("people", "join_code_hash", HASH),
    ("people", "join_code_until", MOMENT),
)


def upgrade() -> None:
    for table, name, kind in COLUMNS:
        counts = name == "code_misses"
        default = sa.text("0") if counts else None
        op.add_column(table, sa.Column(name, kind, nullable=not counts, server_default=default))
    op.create_index("ix_people_join_code_hash", "people", ["join_code_hash"])
    op.create_table(
        "record_topics",
        sa.Column("id", ID, nullable=False),
        sa.Column("reference", WORD, nullable=False),
        sa.Column("topic", TOPIC, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_record_topics"),
        sa.UniqueConstraint("reference", "topic", name="uq_record_topics_reference_topic"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_record_topics_topic", "record_topics", ["topic"])


def downgrade() -> None:
    op.drop_table("record_topics")
    op.drop_index("ix_people_join_code_hash", "people")
    for table, name, _ in reversed(COLUMNS):
        op.drop_column(table, name)
