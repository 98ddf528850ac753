"""Run by Alembic; the connection comes from `storage.migrate`, which owns the async part."""

from alembic import context

from storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # Each upgrade is one transaction on SQLite too: `storage.engine` begins it properly.
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
