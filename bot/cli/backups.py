"""`backup`, `backup-key`, `restore`, `held`: copies that can be trusted, and the way back."""

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import ConfigPath, DataDir, err, existing, out, refused, running, settings
from bot.clock import local, spoken, utc_now
from bot.config import DEFAULT_PATH, Config

if TYPE_CHECKING:
    from bot.backup.contents import Manifest
    from bot.backup.restoring import Restored
    from bot.backup.seal import Lock, Opener
    from bot.backup.taking import Taken
    from bot.backup.waiting import Held

BACKUP_EXAMPLES = "例：YULU_BACKUP_PASSPHRASE=口令 python -m bot backup -o /mnt/备份/ --keep 14"
KEY_EXAMPLES = "例：python -m bot backup-key -o 备份私钥.txt"
RESTORE_EXAMPLES = (
    "例：python -m bot restore 备份.yulu --check；python -m bot restore 备份.yulu --data var-新"
)
HELD_EXAMPLES = "例：python -m bot held；python -m bot held --send"
PASSPHRASE = "YULU_BACKUP_PASSPHRASE"  # noqa: S105 - the name of the variable
SHORTEST = 12

BackupFile = Annotated[Path, typer.Argument(help="备份文件", metavar="文件")]
Identity = Annotated[
    Path | None, typer.Option("--identity", help="备份私钥文件（用公钥做的备份）", metavar="文件")
]


def backup(
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", help="写到哪个文件（如 a.yulu）；写目录就自动起名", metavar="文件"
        ),
    ],
    recipient: Annotated[
        list[str] | None,
        typer.Option("--recipient", help="用公钥加密，这台机器自己也打不开", metavar="age1…"),
    ] = None,
    keep: Annotated[
        int | None, typer.Option("--keep", min=1, help="同一目录只留最新几份", metavar="几份")
    ] = None,
    config: ConfigPath = None,
    data: DataDir = None,
) -> None:
    """做一份备份：数据库、照片、密钥、设置，加密成一个文件。服务不用停。

    写完会从头读一遍核对；没做成就不留下文件。口令从 YULU_BACKUP_PASSPHRASE 取，没有就问。
    口令或私钥丢了，备份就打不开：请和备份分开放。
    """
    chosen = settings(config, data)
    target = _target(output)
    lock = _lock(recipient or [])
    _end_gently()
    taken = running(_backup(chosen, target, lock, config or DEFAULT_PATH))
    _say_taken(taken)
    if keep is not None:
        from bot.backup.taking import thin_out

        for path in thin_out(target.parent, keep):
            out().print(f"删掉旧备份 {path.name}", markup=False)


def backup_key(
    output: Annotated[Path, typer.Option("-o", "--output", help="私钥写到哪里", metavar="文件")],
) -> None:
    """生成一对备份钥匙：公钥给 backup --recipient，私钥拿去别处收好。"""
    from bot.backup.seal import new_pair

    secret, public = new_pair()
    try:
        handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise refused(f"写不了 {output}：{error.strerror}。") from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"# 育路备份私钥，公钥 {public}\n{secret}\n")
    out().print(public)
    err().print(f"私钥在 {output}。请拷到别处收好，再从这台机器上删掉。", markup=False)


def restore(
    file: BackupFile,
    config: ConfigPath = None,
    data: DataDir = None,
    check: Annotated[bool, typer.Option("--check", help="只核对备份，什么都不写")] = False,
    identity: Identity = None,
    aside: Annotated[
        bool, typer.Option("--set-aside", help="数据目录不空时，把它改名留着，在原处恢复")
    ] = False,
) -> None:
    """从备份恢复到一个空目录（或空的 PostgreSQL）；--check 只核对。

    恢复后，备份以后可能已经发过的提醒和消息先扣住不发，由您决定，见 python -m bot held。
    """
    if not file.is_file():
        raise refused(f"找不到备份文件 {file}。")
    chosen = settings(config, data)
    opener = _opener(identity)
    if check:
        manifest = running(_check(file, opener))
        _say_checked(manifest)
        _say_bad(manifest, manifest.spoilt)
        return
    _end_gently()
    _say_restored(chosen, running(_restore(chosen, file, opener, aside)))


def held(
    config: ConfigPath = None,
    data: DataDir = None,
    send: Annotated[bool, typer.Option("--send", help="现在发出去")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="不发了")] = False,
) -> None:
    """看恢复备份以后扣住了哪些消息和提醒；--send 发出去，--drop 不发了。"""
    if send and drop:
        raise refused("--send 和 --drop 只能选一个。")
    chosen = existing(config, data)
    found = running(_held(chosen, send, drop))
    _say_held(found)
    if found.count and (send or drop):
        out().print("已经放行；提醒还要再过一遍该不该发的检查。" if send else "已经取消。")


async def _backup(config: Config, target: Path, lock: "Lock", settings_file: Path) -> "Taken":
    from bot.backup.errors import BackupError
    from bot.backup.taking import remember, take
    from storage.db import Database
    from storage.keys import Keyring

    if not config.database.url.get_secret_value() and not (config.data_dir / "yulu.db").is_file():
        raise BackupError(f"{config.data_dir} 里还没有数据，不用备份。")
    keyring = Keyring.load(config.keys.key.get_secret_value() or None, config.key_file)
    db = await Database.open(config.database_url, keyring)  # an older schema is not touched
    try:
        taken = await take(config, keyring, target, lock, utc_now(), _progress, settings_file)
        await remember(db, taken, utc_now())
    finally:
        await db.close()
    return taken


async def _check(file: Path, opener: "Opener") -> "Manifest":
    from bot.backup.reading import check, keys_for

    return check(file, keys_for(file, opener))


async def _restore(config: Config, file: Path, opener: "Opener", aside: bool) -> "Restored":
    from bot.backup.reading import keys_for
    from bot.backup.restoring import restore as bring_back

    keys = keys_for(file, opener)
    return await bring_back(config, file, keys, utc_now(), _progress, aside)


async def _held(config: Config, send: bool, drop: bool) -> "Held":
    from bot.backup import waiting
    from bot.service.app import open_database

    db = await open_database(config)
    try:
        if send:
            return await waiting.send_held(db, utc_now())
        if drop:
            return await waiting.drop_held(db, utc_now())
        return await waiting.held(db)
    finally:
        await db.close()


def _end_gently() -> None:
    """Let SIGTERM end the command as Ctrl-C does, so that what was begun is cleared away."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def _target(output: Path) -> Path:
    if output.is_dir() or not output.suffix:
        return output / f"yulu-{local(utc_now()):%Y%m%d-%H%M%S}.yulu"
    if output.exists():
        raise refused(f"已经有 {output} 这个文件了，请换一个名字，或者写目录让程序起名。")
    return output


def _lock(recipients: list[str]) -> "Lock":
    """Public keys when they are given, and the passphrase when it is set; else it is asked for."""
    from bot.backup.seal import Lock

    passphrase = os.environ.get(PASSPHRASE, "")
    if not passphrase and not recipients:
        passphrase = _asked("备份口令", confirm=True)
    if passphrase and len(passphrase) < SHORTEST:
        raise refused(f"口令太短：至少 {SHORTEST} 个字。")
    return Lock(passphrase, tuple(recipients))


def _opener(identity: Path | None) -> "Opener":
    from bot.backup.seal import Opener

    if identity is None:
        return Opener(passphrase=os.environ.get(PASSPHRASE, "") or _asked("备份口令"))
    try:
        return Opener(key_text=identity.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise refused(f"私钥文件 {identity} 读不了。") from None


def _asked(what: str, confirm: bool = False) -> str:
    if not sys.stdin.isatty():
        raise refused(f"请在环境变量 {PASSPHRASE} 里写口令，或者用 --recipient / --identity。")
    typed: str = typer.prompt(what, hide_input=True, confirmation_prompt=confirm and "再输一遍")
    return typed


def _progress(sentence: str) -> None:
    err().print(sentence, markup=False)


def _say_taken(taken: "Taken") -> None:
    console, manifest = out(), taken.manifest
    console.print(
        f"备份做好了，也核对过了：{taken.path}（{taken.size / (1 << 20):.1f} MB，"
        f"{manifest.rows} 行，照片和文件 {manifest.files} 个）",
        markup=False,
    )
    _say_bad(manifest, manifest.spoilt)


def _say_bad(manifest: "Manifest", spoilt: "list[str]") -> None:
    console = out()
    if manifest.missing:
        console.print(
            f"! 有 {len(manifest.missing)} 个照片或文件在磁盘上找不到了，例如 "
            f"{manifest.missing[0]}：可能刚被清理，也可能丢了。",
            markup=False,
        )
    if spoilt:
        console.print(f"! 有 {len(spoilt)} 个照片或文件已经坏了，例如 {spoilt[0]}。", markup=False)


def _say_checked(manifest: "Manifest") -> None:
    from datetime import datetime

    made = datetime.fromisoformat(manifest.about.made_at)
    out().print(
        f"备份是好的：{manifest.about.office}，{local(made):%Y年}{spoken(made)}做的，"
        f"{len(manifest.tables)} 张表共 {manifest.rows} 行，照片和文件 {manifest.files} 个"
        f"（{manifest.bytes >> 20} MB）。",
        markup=False,
    )


def _say_restored(config: Config, restored: "Restored") -> None:
    _say_checked(restored.manifest)
    console = out()
    console.print(f"已经恢复到 {config.data_dir}，和备份逐行比较过，一样。", markup=False)
    _say_bad(restored.manifest, restored.spoilt)
    _say_env_key(config, restored)
    _say_held(restored.held)
    if restored.held.count:
        console.print("备份以后可能已经发过，所以先不发。看清楚以后：")
        console.print("  python -m bot held --send   发出去")
        console.print("  python -m bot held --drop   不发了")


def _say_env_key(config: Config, restored: "Restored") -> None:
    from storage.keys import Keyring

    text = config.keys.key.get_secret_value()
    if not text:
        return
    ring = Keyring.load(text, config.key_file)
    if ring.blind("") == restored.keyring.blind("") and set(restored.keyring.ids) <= set(ring.ids):
        return
    out().print(
        "! 环境变量 YULU_KEY 里的密钥和备份里的不一样。"
        f"启动服务以前，请去掉 YULU_KEY（密钥已写进 {config.key_file}），或者改成备份时的值。",
        markup=False,
    )


def _say_held(found: "Held") -> None:
    console = out()
    if not found.count:
        console.print("没有扣住的消息。")
        return
    since = f"，最早的一条是 {spoken(found.since)} 到期的" if found.since else ""
    console.print(f"扣住没发的有 {found.count} 条{since}：", markup=False)
    if found.messages:
        console.print(f"  已经排队的消息 {found.messages} 条")
    for kind, count in found.reminders.items():
        console.print(f"  提醒（{kind}）{count} 条", markup=False)
