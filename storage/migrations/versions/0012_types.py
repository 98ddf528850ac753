"""An index for the emergencies that every work list puts first."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_index("ix_cases_type_updated_at", "cases", ["type", "updated_at"])


def downgrade() -> None:
    op.drop_index("ix_cases_type_updated_at", table_name="cases")
