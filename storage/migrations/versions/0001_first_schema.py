"""The first schema: people, conversations, both queues, records, trainings, officers, audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(100)
CODE = sa.String(12)
HASH = sa.String(64)
LONG = sa.String(200)
SEALED = sa.Text()  # ciphertext

TABLES = (
    "people", "consents", "conversations", "inbox", "outbox", "officers", "api_tokens", "notices",
    "applications", "cases", "reporters", "training_sessions", "registrations", "reminders",
    "audit", "attachments", "key_check",
)  # fmt: skip


def upgrade() -> None:
    _people()
    _messages()
    _officers()
    _records()
    _trainings()
    _reminders()
    _audit()
    _attachments()
    _key_check()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _table(name: str, *parts: sa.Column | sa.Constraint) -> None:
    key = sa.Column("id", ID, nullable=False)
    primary = sa.PrimaryKeyConstraint("id", name=f"pk_{name}")
    op.create_table(name, key, *parts, primary, sqlite_autoincrement=True)


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _must(name: str, kind: sa.types.TypeEngine) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def _may(name: str, kind: sa.types.TypeEngine) -> sa.Column:
    return sa.Column(name, kind, nullable=True)


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")


def _points(table: str, column: str, to: str, ondelete: str | None = None) -> sa.Constraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete=ondelete)


def _people() -> None:
    _table(
        "people",
        _may("name", SEALED),
        _may("phone", SEALED),
        _may("phone_hash", HASH),
        _may("role", WORD),
        _may("home_region", CODE),
        _must("language", WORD),
        _must("reminders_on", sa.Boolean()),
        _must("created_at", MOMENT),
    )
    _index("people", "phone_hash")
    _table(
        "consents",
        _must("person_id", ID),
        _must("purpose", WORD),
        _must("version", WORD),
        _must("granted", sa.Boolean()),
        _may("relation", WORD),
        _must("channel", WORD),
        _must("at", MOMENT),
        _may("withdrawn_at", MOMENT),
        _points("consents", "person_id", "people"),
    )
    _index("consents", "person_id", "purpose")
    _table(
        "conversations",
        _must("person_id", ID),
        _must("channel", WORD),
        _must("address", LONG),
        _must("state", SEALED),
        _may("officer_id", ID),
        _may("officer_reference", WORD),
        _may("gone_at", MOMENT),
        _must("updated_at", MOMENT),
        _points("conversations", "person_id", "people"),
        _unique("conversations", "channel", "address"),
    )
    _index("conversations", "person_id")


def _messages() -> None:
    _inbox()
    _outbox()


def _inbox() -> None:
    _table(
        "inbox",
        _must("conversation_id", ID),
        _must("channel", WORD),
        _must("external_id", LONG),
        _must("payload", SEALED),
        _may("album", LONG),
        _must("status", WORD),
        _must("sent_at", MOMENT),
        _must("received_at", MOMENT),
        _must("ready_at", MOMENT),
        _may("leased_until", MOMENT),
        _must("attempts", sa.Integer()),
        _may("handled_at", MOMENT),
        _may("error", SEALED),
        _may("heard", sa.JSON()),
        _points("inbox", "conversation_id", "conversations"),
        _unique("inbox", "channel", "external_id"),
    )
    _index("inbox", "status", "ready_at")
    _index("inbox", "conversation_id", "status")


def _outbox() -> None:
    _table(
        "outbox",
        _must("conversation_id", ID),
        _may("in_reply_to", ID),
        _must("text", SEALED),
        _must("buttons", SEALED),
        _must("custom", SEALED),
        _may("dedupe_key", LONG),
        _must("status", WORD),
        _must("created_at", MOMENT),
        _must("due_at", MOMENT),
        _may("next_try_at", MOMENT),
        _may("leased_until", MOMENT),
        _must("attempts", sa.Integer()),
        _may("sent_at", MOMENT),
        _may("external_id", LONG),
        _may("error", sa.Text()),
        _points("outbox", "conversation_id", "conversations"),
        _points("outbox", "in_reply_to", "inbox", ondelete="SET NULL"),
        _unique("outbox", "dedupe_key"),
    )
    _index("outbox", "status", "due_at")
    _index("outbox", "conversation_id", "status")
    _index("outbox", "in_reply_to")


def _officers() -> None:
    _table(
        "officers",
        _must("name", WORD),
        _must("role", WORD),
        _must("region_code", CODE),
        _may("password_hash", LONG),
        _must("active", sa.Boolean()),
        _may("conversation_id", ID),
        _may("link_code_hash", HASH),
        _must("created_at", MOMENT),
        _points("officers", "conversation_id", "conversations"),
        _unique("officers", "name"),
        _unique("officers", "link_code_hash"),
    )
    _index("officers", "region_code")
    _index("officers", "conversation_id")
    _table(
        "api_tokens",
        _must("officer_id", ID),
        _must("label", LONG),
        _must("token_hash", HASH),
        _may("last_used_at", MOMENT),
        _may("revoked_at", MOMENT),
        _points("api_tokens", "officer_id", "officers"),
        _unique("api_tokens", "token_hash"),
    )
    _index("api_tokens", "officer_id")
    _table(
        "notices",
        _must("officer_id", ID),
        _may("reference", WORD),
        _must("text", SEALED),
        _must("at", MOMENT),
        _may("seen_at", MOMENT),
        _points("notices", "officer_id", "officers"),
    )
    _index("notices", "officer_id", "seen_at")


def _record_table(name: str, *own: sa.Column | sa.Constraint) -> None:
    _table(
        name,
        _must("reference", WORD),
        _must("reference_key", WORD),
        _must("kind", WORD),
        _must("status", WORD),
        _must("version", sa.Integer()),
        _may("region_code", CODE),
        _may("person_id", ID),
        _may("conversation_id", ID),
        _must("slots", SEALED),
        _may("name_key", sa.String()),
        _may("phone_hash", HASH),
        _may("id_hash", HASH),
        _must("opened_at", MOMENT),
        _must("updated_at", MOMENT),
        _may("due_at", MOMENT),
        _may("assigned_to_id", ID),
        _must("ladder_level", sa.Integer()),
        _may("linked_to", WORD),
        _may("closed_at", MOMENT),
        _may("closing_code", WORD),
        _may("close_requested_by_id", ID),
        *own,
        _points(name, "person_id", "people"),
        _points(name, "conversation_id", "conversations"),
        _points(name, "assigned_to_id", "officers"),
        _points(name, "close_requested_by_id", "officers"),
        _unique(name, "reference_key"),
    )
    for column in ("status", "region_code", "person_id", "name_key", "phone_hash", "id_hash"):
        _index(name, column)
    for column in ("updated_at", "due_at", "assigned_to_id"):
        _index(name, column)


def _records() -> None:
    _record_table(
        "applications",
        _may("level", WORD),
        _may("level_suggested", WORD),
        _may("level_reasons", SEALED),
    )
    _record_table("cases", _may("type", WORD))
    _table(
        "reporters",
        _must("case_id", ID),
        _may("name", SEALED),
        _may("phone", SEALED),
        _points("reporters", "case_id", "cases"),
        _unique("reporters", "case_id"),
    )


def _trainings() -> None:
    _table(
        "training_sessions",
        _must("reference", WORD),
        _must("reference_key", WORD),
        _must("source_key", LONG),
        _must("title", sa.Text()),
        _must("organiser", sa.Text()),
        _must("audience", sa.Text()),
        _must("level", WORD),
        _must("mode", WORD),
        _may("region_code", CODE),
        _must("venue", sa.Text()),
        _must("starts_on", sa.Date()),
        _may("ends_on", sa.Date()),
        _must("schedule", sa.Text()),
        _may("seats", sa.Integer()),
        _must("fee", sa.Text()),
        _must("contact", sa.Text()),
        _must("phone", WORD),
        _may("apply_by", sa.Date()),
        _unique("training_sessions", "reference_key"),
        _unique("training_sessions", "source_key"),
    )
    _index("training_sessions", "region_code")
    _index("training_sessions", "starts_on")
    _record_table(
        "registrations",
        _may("session_id", ID),
        _points("registrations", "session_id", "training_sessions"),
    )
    _index("registrations", "session_id")


def _reminders() -> None:
    _table(
        "reminders",
        _must("kind", WORD),
        _must("person_id", ID),
        _must("conversation_id", ID),
        _may("reference", WORD),
        _must("text", SEALED),
        _must("dedupe_key", LONG),
        _must("status", WORD),
        _must("due_at", MOMENT),
        _may("leased_until", MOMENT),
        _may("done_at", MOMENT),
        _may("reason", LONG),
        _points("reminders", "person_id", "people"),
        _points("reminders", "conversation_id", "conversations"),
        _unique("reminders", "dedupe_key"),
    )
    _index("reminders", "status", "due_at")
    _index("reminders", "person_id")
    _index("reminders", "reference")


def _audit() -> None:
    _table(
        "audit",
        _must("at", MOMENT),
        _must("actor_kind", WORD),
        _may("actor_id", ID),
        _must("action", WORD),
        _may("reference", WORD),
        _may("region_code", CODE),
        _may("detail", SEALED),
    )
    _index("audit", "at")
    _index("audit", "reference")


def _attachments() -> None:
    _table(
        "attachments",
        _must("sha256", HASH),
        _must("mime", WORD),
        _must("size", sa.Integer()),
        _must("path", sa.String(400)),
        _must("name", SEALED),
        _may("person_id", ID),
        _may("conversation_id", ID),
        _may("reference", WORD),
        _may("document", WORD),
        _must("status", WORD),
        _must("created_at", MOMENT),
        _points("attachments", "person_id", "people"),
        _points("attachments", "conversation_id", "conversations"),
    )
    _index("attachments", "sha256")
    _index("attachments", "person_id")
    _index("attachments", "reference")


def _key_check() -> None:
    _table("key_check", _must("sample", SEALED), _must("blind", HASH))
