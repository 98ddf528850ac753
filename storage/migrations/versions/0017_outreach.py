"""Lists of children to look out for, how they compare with the ledgers, and campaigns."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(100)


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def _may(name: str, type_: sa.types.TypeEngine) -> sa.Column:
    return sa.Column(name, type_, nullable=True)


def _must(name: str, type_: sa.types.TypeEngine, **more: object) -> sa.Column:
    return sa.Column(name, type_, nullable=False, **more)


def upgrade() -> None:
    op.create_table(
        "outreach_lists",
        _must("id", ID),
        _must("kind", WORD),
        _must("title", WORD),
        _must("region_code", sa.String(12)),
        _must("file_name", sa.String(200)),
        _may("imported_by_id", ID),
        _must("imported_at", MOMENT),
        _must("until", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_outreach_lists"),
        _points("outreach_lists", "imported_by_id", "officers"),
        sa.UniqueConstraint(
            "kind", "region_code", "title", name="uq_outreach_lists_kind_region_code_title"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outreach_lists_region_code", "outreach_lists", ["region_code"])
    op.create_index("ix_outreach_lists_until", "outreach_lists", ["until"])
    _rows()
    _matches()
    _campaigns()


def _rows() -> None:
    op.create_table(
        "outreach_rows",
        _must("id", ID),
        _must("list_id", ID),
        _must("number", sa.Integer()),
        _must("identity", sa.String(64)),
        _must("name", sa.Text()),  # ciphertext, as id_tail, guardian, phone, category, state_note
        _must("name_key", sa.String(200)),
        _may("birth_year", sa.Integer()),
        _may("id_tail", sa.Text()),
        _may("school", WORD),
        _may("grade", WORD),
        _must("region_code", sa.String(12)),
        _may("guardian", sa.Text()),
        _may("phone", sa.Text()),
        _may("phone_hash", sa.String(64)),
        _may("category", sa.Text()),
        _may("compared_at", MOMENT),
        _must("applied", WORD),
        _must("enrolled", WORD),
        _must("dropped", WORD),
        _may("state", WORD),
        _may("state_note", sa.Text()),
        _may("state_by_id", ID),
        _may("state_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_outreach_rows"),
        _points("outreach_rows", "list_id", "outreach_lists"),
        _points("outreach_rows", "state_by_id", "officers"),
        sa.UniqueConstraint("list_id", "identity", name="uq_outreach_rows_list_id_identity"),
        sqlite_autoincrement=True,
    )
    for column in ("name_key", "region_code", "phone_hash"):
        op.create_index(f"ix_outreach_rows_{column}", "outreach_rows", [column])
    op.create_index(
        "ix_outreach_rows_compared_at_list_id", "outreach_rows", ["compared_at", "list_id"]
    )


def _matches() -> None:
    op.create_table(
        "outreach_matches",
        _must("id", ID),
        _must("row_id", ID),
        _must("ledger", WORD),
        _must("target", WORD),
        _must("strength", WORD),
        _must("reasons", sa.JSON()),
        _must("against", sa.JSON()),
        _may("verdict", WORD),
        _may("by_id", ID),
        _may("at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_outreach_matches"),
        _points("outreach_matches", "row_id", "outreach_rows"),
        _points("outreach_matches", "by_id", "officers"),
        sa.UniqueConstraint("row_id", "target", name="uq_outreach_matches_row_id_target"),
        sqlite_autoincrement=True,
    )


def _campaigns() -> None:
    officers = ("created_by_id", "approved_by_id", "started_by_id", "stopped_by_id")
    op.create_table(
        "campaigns",
        _must("id", ID),
        _must("list_id", ID),
        _must("region_code", sa.String(12)),
        _must("audience", WORD),
        _must("template", WORD),
        _must("text", sa.Text()),  # ciphertext, as stop_reason
        _must("status", WORD),
        _must("version", sa.Integer(), server_default=sa.text("1")),
        _must("created_by_id", ID),
        _must("created_at", MOMENT),
        _may("tested_at", MOMENT),
        _may("approved_by_id", ID),
        _may("approved_at", MOMENT),
        _may("started_by_id", ID),
        _may("started_at", MOMENT),
        _may("stopped_by_id", ID),
        _may("stopped_at", MOMENT),
        _may("stop_reason", sa.Text()),
        _may("skipped", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_campaigns"),
        _points("campaigns", "list_id", "outreach_lists"),
        *(_points("campaigns", column, "officers") for column in officers),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_campaigns_list_id", "campaigns", ["list_id"])


def downgrade() -> None:
    for table in ("campaigns", "outreach_matches", "outreach_rows", "outreach_lists"):
        op.drop_table(table)
