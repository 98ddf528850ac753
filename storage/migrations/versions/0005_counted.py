"""Plain columns that reports count by: month of filing, stage of school, first act of an officer."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TABLES = {
    "applications": ["opened_month", "region_code", "stage", "level", "status"],
    "cases": ["kind", "opened_month", "region_code", "stage", "status"],
    "registrations": ["opened_month", "region_code", "status"],
}
READS = "('read', 'list', 'read_reporter', 'read_file', 'read_talk')"
MONTH = {
    "sqlite": "strftime('%Y-%m', opened_at, '+8 hours')",
    "postgresql": "to_char(opened_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')",
}


def upgrade() -> None:
    month = MONTH[op.get_bind().dialect.name]
    for table, columns in TABLES.items():
        op.add_column(table, sa.Column("opened_month", sa.String(7), nullable=True))
        op.add_column(table, sa.Column("stage", sa.String(100), nullable=True))
        op.add_column(table, sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True))
        # The stage is inside what is encrypted: `bot.reports.coding` fills it in at the next start.
        first = (
            "SELECT min(audit.at) FROM audit WHERE audit.reference = " + table + ".reference"
            " AND audit.actor_kind = 'officer' AND audit.action NOT IN " + READS
        )
        op.execute(f"UPDATE {table} SET opened_month = {month}, acted_at = ({first})")
        op.create_index(f"ix_{table}_counted", table, columns)


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_counted", table_name=table)
        for column in ("acted_at", "stage", "opened_month"):
            op.drop_column(table, column)
