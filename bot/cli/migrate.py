"""`migrate`: the newest schema."""

from bot.cli.options import ConfigPath, DataDir, out, running, settings

EXAMPLES = "例：DATABASE_URL=postgresql://… python -m bot migrate"


def migrate(config: ConfigPath = None, data: DataDir = None) -> None:
    """把数据库升级到最新结构。

    已经最新就什么也不做。启动服务时也会自动升级。
    """
    chosen = settings(config, data)

    async def upgrade() -> None:
        from bot.service.app import open_database

        await (await open_database(chosen)).close()

    running(upgrade())
    out().print("数据库已经是最新结构。")
