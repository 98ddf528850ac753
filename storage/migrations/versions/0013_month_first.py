"""Indexes for counting begin with the moment: beginning with the kind, lists took them and sorted."""

from alembic import op

revision = "0013"
down_revision = "0012"

REST = ["region_code", "stage", "status", "acted_minutes", "closed_minutes", "ladder_level", "type"]


def _make(counted: list[str], settled: list[str]) -> None:
    for name in ("ix_cases_counted", "ix_cases_settled"):
        op.drop_index(name, table_name="cases")
    op.create_index("ix_cases_counted", "cases", [*counted, *REST])
    op.create_index("ix_cases_settled", "cases", [*settled, "region_code", "status", "closing_code"])


def upgrade() -> None:
    _make(["opened_month", "kind"], ["closed_at", "kind"])


def downgrade() -> None:
    _make(["kind", "opened_month"], ["kind", "closed_at"])
