"""`keys`: which keys protect the records, a new one, and the end of an old one."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot.cli.options import ConfigPath, DataDir, err, existing, out, refused, running
from bot.clock import utc_now
from bot.config import Config
from storage.sealed import PLAIN

if TYPE_CHECKING:
    from collections import Counter

    from bot.keys.rotation import Rotated
    from storage.keys import Keyring

STATUS_EXAMPLES = "例：python -m bot keys status"
ROTATE_EXAMPLES = "例：python -m bot keys rotate；中途断了，再运行一次就接着做"
DROP_EXAMPLES = "例：python -m bot keys drop 0a1b2c3d"

cli = typer.Typer(help="加密密钥：看、换、去掉旧的。", no_args_is_help=True)


@cli.command(epilog=STATUS_EXAMPLES)
def status(config: ConfigPath = None, data: DataDir = None) -> None:
    """看有哪几把密钥，每把保护着多少内容。缺了哪把会说。"""
    ring, counts, files = running(_status(existing(config, data)))
    _show(ring, counts, files)
    if plain := files[PLAIN]:
        out().print(f"还有 {plain} 个以前的照片和文件没有加密，服务会自己一点点加密。")
    if lost := _lost(ring, counts + files):
        raise refused(
            f"有 {sum(lost.values())} 个内容或照片的密钥不在手边（{'、'.join(lost)}），打不开。"
            "请把那把密钥加到密钥文件的第二行。"
        )


@cli.command(epilog=ROTATE_EXAMPLES)
def rotate(config: ConfigPath = None, data: DataDir = None) -> None:
    """换一把新密钥，把已有的内容、照片和文件都用新密钥重新加密。服务不用停。

    最早的一把留着：按电话、证件号查找要靠它。
    """
    done = running(_rotate(existing(config, data)))
    out().print(
        f"换好了：{done.values} 个内容、{done.files} 个照片和文件用新密钥 {done.key_id} 重新加密。",
        markup=False,
    )
    if done.unreadable_files:
        out().print(
            f"! 有 {len(done.unreadable_files)} 个照片或文件没有一把密钥打得开，没有动，"
            f"例如 {done.unreadable_files[0]}。",
            markup=False,
        )
    if done.unreadable:
        context, row = done.unreadable[0]
        out().print(
            f"! 有 {len(done.unreadable)} 个内容没有一把密钥打得开，没有动，"
            f"例如 {context} 第 {row} 行。",
            markup=False,
        )
    out().print("请马上做一份备份，并把新的密钥文件另外留一份。旧密钥用 keys drop 去掉。")
    out().print("最早的一把留着：按电话、证件号查找的特征值是用它算的，这次没有重算。")


@cli.command(epilog=DROP_EXAMPLES)
def drop(
    key: Annotated[str, typer.Argument(help="keys status 里的编号", metavar="编号")],
    config: ConfigPath = None,
    data: DataDir = None,
) -> None:
    """去掉一把旧密钥；还有内容用着它就不去。"""
    out().print(running(_drop(existing(config, data), key)), markup=False)


async def _status(config: Config) -> "tuple[Keyring, Counter[str], Counter[str]]":
    from bot.service.app import open_database
    from bot.vault.vault import Vault, by_key
    from storage.rekeying import values_by_key

    db = await open_database(config)
    try:
        files = by_key(Vault(config.files_dir, db.keyring))
        return db.keyring, await values_by_key(db), files
    finally:
        await db.close()


async def _rotate(config: Config) -> "Rotated":
    from bot.keys.rotation import rotate as bring_in
    from bot.service.app import open_database
    from bot.vault.vault import Vault

    db = await open_database(config)
    vault = Vault(config.files_dir, db.keyring)
    try:
        return await bring_in(db, vault, utc_now, lambda text: err().print(text, markup=False))
    finally:
        await db.close()


async def _drop(config: Config, key: str) -> str:
    from bot.keys.rotation import drop as take_out
    from bot.service.app import open_database
    from bot.vault.vault import Vault

    db = await open_database(config)
    try:
        return await take_out(db, Vault(config.files_dir, db.keyring), key, utc_now())
    finally:
        await db.close()


def _lost(ring: "Keyring", counts: "Counter[str]") -> dict[str, int]:
    return {id: count for id, count in counts.items() if id not in (*ring.ids, PLAIN)}


def _show(ring: "Keyring", counts: "Counter[str]", files: "Counter[str]") -> None:
    from storage.keys import key_id

    table = Table("密钥", "保护的内容", "照片和文件", "用来做什么")
    for id in ring.ids:
        uses = ["写新内容"] if id == ring.current else ["只读旧内容"]
        if id == key_id(ring.keys[-1]):
            uses.append("查找电话和证件号")
        table.add_row(id, str(counts[id]), str(files[id]), "，".join(uses))
    for id in _lost(ring, counts + files):
        table.add_row(id, str(counts[id]), str(files[id]), "缺少这把密钥")
    out().print(table)
