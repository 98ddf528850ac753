"""An index of the replies that wait, so that they are found among many pushes."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

WAITING = sa.text("status = 'queued' AND in_reply_to IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_outbox_replies",
        "outbox",
        ["status", "due_at", "conversation_id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_replies", "outbox")
