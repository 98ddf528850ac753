"""What the nightly purge did, and incidents with people's data."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "purges",
        sa.Column("id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("step", sa.String(100), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("after_id", ID, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("oldest", sa.Date(), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_purges"),
        sa.UniqueConstraint("day", "step", name="uq_purges_day_step"),
        sqlite_autoincrement=True,
    )
    _incidents()


def _incidents() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", ID, nullable=False),
        sa.Column("region_code", sa.String(12), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("opened_by_id", ID, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_incidents"),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["officers.id"], name="fk_incidents_opened_by_id"
        ),
        sqlite_autoincrement=True,
    )
    for column in ("region_code", "found_at"):
        op.create_index(f"ix_incidents_{column}", "incidents", [column])
    op.create_table(
        "incident_entries",
        sa.Column("id", ID, nullable=False),
        sa.Column("incident_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("officer_id", ID, nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incident_entries"),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name="fk_incident_entries_incident_id"
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name="fk_incident_entries_officer_id"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_incident_entries_incident_id_kind", "incident_entries", ["incident_id", "kind"]
    )


def downgrade() -> None:
    for table in ("incident_entries", "incidents", "purges"):
        op.drop_table(table)
