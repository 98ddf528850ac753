"""How many minutes passed from filing to the first act and to the close, for reports to count by."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

COUNTED = {
    "applications": ["opened_month", "region_code", "stage", "level", "status"],
    "cases": ["kind", "opened_month", "region_code", "stage", "status"],
    "registrations": ["opened_month", "region_code", "status"],
}
MORE = {
    "applications": ["acted_minutes", "closed_minutes", "ladder_level"],
    "cases": ["acted_minutes", "closed_minutes", "ladder_level", "type"],
    "registrations": [],
}
MINUTES = {
    "sqlite": "CAST((julianday({end}) - julianday(opened_at)) * 1440 + 0.001 AS INTEGER)",
    "postgresql": "floor(extract(epoch FROM {end} - opened_at) / 60)::integer",
}


def upgrade() -> None:
    minutes = MINUTES[op.get_bind().dialect.name]
    for table, columns in COUNTED.items():
        for span, end in (("acted_minutes", "acted_at"), ("closed_minutes", "closed_at")):
            op.add_column(table, sa.Column(span, sa.Integer(), nullable=True))
            since = minutes.format(end=end)
            op.execute(f"UPDATE {table} SET {span} = {since} WHERE {end} IS NOT NULL")
        if MORE[table]:
            op.drop_index(f"ix_{table}_counted", table_name=table)
            op.create_index(f"ix_{table}_counted", table, columns + MORE[table])


def downgrade() -> None:
    for table, columns in COUNTED.items():
        if MORE[table]:
            op.drop_index(f"ix_{table}_counted", table_name=table)
            op.create_index(f"ix_{table}_counted", table, columns)
        for span in ("closed_minutes", "acted_minutes"):
            op.drop_column(table, span)
