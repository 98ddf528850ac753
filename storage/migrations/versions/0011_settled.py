"""Indexes to count what was closed in a month, and cases that were never visited."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    columns = ["kind", "closed_at", "region_code", "status", "closing_code"]
    op.create_index("ix_cases_settled", "cases", columns)
    op.create_index("ix_case_facts_case_id_kind", "case_facts", ["case_id", "kind"])
    op.drop_index("ix_case_facts_case_id", table_name="case_facts")


def downgrade() -> None:
    op.create_index("ix_case_facts_case_id", "case_facts", ["case_id"])
    op.drop_index("ix_case_facts_case_id_kind", table_name="case_facts")
    op.drop_index("ix_cases_settled", table_name="cases")
