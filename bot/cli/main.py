"""The commands of `python -m bot`; each imports what it needs when it runs: help is quick."""

import typer

from bot.cli import (
    backups,
    chat,
    check,
    doctor,
    keys,
    ledgers,
    migrate,
    moving,
    officers,
    policy_score,
    purging,
    run,
    ticking,
    tokens,
)

cli = typer.Typer(
    name="bot",
    help="育路：内蒙古教育服务机器人。每条命令都可以加 --help 看说明和例子。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
cli.command("run", epilog=run.EXAMPLES)(run.run)
cli.command("chat", epilog=chat.EXAMPLES)(chat.chat)
cli.command("check", epilog=check.EXAMPLES)(check.check)
cli.command("policy-score", epilog=policy_score.EXAMPLES)(policy_score.policy_score)
cli.command("doctor", epilog=doctor.EXAMPLES)(doctor.doctor)
cli.command("migrate", epilog=migrate.EXAMPLES)(migrate.migrate)
cli.command("move", epilog=moving.EXAMPLES)(moving.move)
cli.command("tick", epilog=ticking.EXAMPLES)(ticking.tick)
cli.command("purge", epilog=purging.EXAMPLES)(purging.purge)
cli.command("import", epilog=ledgers.IMPORT_EXAMPLES)(ledgers.import_file)
cli.command("export", epilog=ledgers.EXPORT_EXAMPLES)(ledgers.export_file)
officers.cli.command("token", epilog=tokens.EXAMPLES)(tokens.token)
cli.command("backup", epilog=backups.BACKUP_EXAMPLES)(backups.backup)
cli.command("backup-key", epilog=backups.KEY_EXAMPLES)(backups.backup_key)
cli.command("restore", epilog=backups.RESTORE_EXAMPLES)(backups.restore)
cli.command("held", epilog=backups.HELD_EXAMPLES)(backups.held)
cli.add_typer(officers.cli, name="officer")
cli.add_typer(keys.cli, name="keys")
