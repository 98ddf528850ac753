"""Is it said of every table, and of every encrypted column, what happens to it?"""

from collections.abc import Iterator

from sqlalchemy import MetaData, Table

from bot.retention.steps import BY_NAME
from flows.policy.loader import sources
from flows.policy.retention import Fate, Kept, Retention, load_retention
from nlu.types import BadContent
from storage.columns import Encrypted, EncryptedJSON
from storage.schema import metadata

KEPT = "kept"


def check() -> list[str]:
    """What is missing or wrong, a Chinese sentence each."""
    try:
        said = load_retention()
    except BadContent as bad:
        return list(bad.sentences)
    return list(gaps(metadata, said))


def gaps(schema: MetaData, said: Retention) -> Iterator[str]:
    """What the table of truth does not say of the schema, or says of nothing."""
    for name, table in schema.tables.items():
        if name not in said.tables:
            yield f"表 {name} 留多久没有写：请在 flows/policy/retention.yaml 里加一段。"
            continue
        yield from _of_table(table, said.tables[name])
    for name in said.tables.keys() - schema.tables.keys():
        yield f"retention.yaml 里的表 {name} 不存在了。"
    used = {step for kept in said.tables.values() for step in kept.steps}
    for step in [step for step in BY_NAME.values() if step.removes and step.name not in used]:
        yield f"夜里的清理步骤 {step.name} 没有写进 retention.yaml。"


def _of_table(table: Table, kept: Kept) -> Iterator[str]:
    sealed = {c.name for c in table.columns if isinstance(c.type, Encrypted | EncryptedJSON)}
    for column in sorted(sealed - kept.sealed.keys()):
        yield f"表 {table.name} 的加密列 {column} 留多久没有写（retention.yaml 的 sealed）。"
    for column in sorted(kept.sealed.keys() - sealed):
        yield f"retention.yaml：表 {table.name} 没有加密的列 {column}。"
    for step in {*kept.steps, *kept.sealed.values()} - BY_NAME.keys() - {KEPT}:
        yield f"retention.yaml：表 {table.name} 写的清理步骤 {step} 不存在。"
    if kept.fate is not Fate.KEPT and not kept.steps:
        yield f"retention.yaml：表 {table.name} 没有写由哪一步清理。"
    if kept.source not in sources():
        yield f"retention.yaml：表 {table.name} 的依据 {kept.source} 不在 sources.yaml 里。"
