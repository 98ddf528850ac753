"""What waits for a person until a moment is found at once, however much is due or planned for others."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_index("ix_reminders_person_id_due_at", "reminders", ["person_id", "due_at"])


def downgrade() -> None:
    op.drop_index("ix_reminders_person_id_due_at", "reminders")
