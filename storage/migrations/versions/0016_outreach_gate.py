"""What the outbound gate has to know: when a reminder was meant to go, what became of it, who wants what."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("reminders", sa.Column("planned_for", MOMENT, nullable=True))
    op.add_column("reminders", sa.Column("about", sa.String(200), nullable=True))
    op.add_column("reminders", sa.Column("outbox_id", ID, nullable=True))
    op.add_column("reminders", sa.Column("answer", sa.String(100), nullable=True))
    op.add_column("reminders", sa.Column("answered_at", MOMENT, nullable=True))
    op.create_index("ix_reminders_outbox_id", "reminders", ["outbox_id"])
    op.create_index("ix_reminders_about_status", "reminders", ["about", "status"])
    op.create_index(
        "ix_reminders_person_id_status_done_at", "reminders", ["person_id", "status", "done_at"]
    )
    op.add_column("people", sa.Column("muted", sa.JSON(), nullable=True))
    op.add_column("people", sa.Column("paused_until", MOMENT, nullable=True))
    op.add_column("people", sa.Column("push_hour", sa.Integer(), nullable=True))
    op.add_column(
        "people",
        sa.Column("is_phone_shared", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("registrations", sa.Column("held_until", MOMENT, nullable=True))
    op.create_index(
        "ix_registrations_session_id_held_until", "registrations", ["session_id", "held_until"]
    )
    op.create_table(
        "rounds",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("after_person_id", ID, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_rounds"),
        sa.UniqueConstraint("key", name="uq_rounds_key"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("rounds")
    op.drop_index("ix_registrations_session_id_held_until", "registrations")
    op.drop_column("registrations", "held_until")
    for column in ("is_phone_shared", "push_hour", "paused_until", "muted"):
        op.drop_column("people", column)
    for index in ("person_id_status_done_at", "about_status", "outbox_id"):
        op.drop_index(f"ix_reminders_{index}", "reminders")
    for column in ("answered_at", "answer", "outbox_id", "about", "planned_for"):
        op.drop_column("reminders", column)
