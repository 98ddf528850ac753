"""Photos and papers: can they all be opened, and is none left plain?"""

import asyncio
import random
from dataclasses import dataclass, field

from sqlalchemy import select

from bot.doctor.finding import Finding, fault, watch, well
from bot.vault.errors import Unopened, Why
from bot.vault.vault import Vault, by_key
from storage.db import Database
from storage.models.attachment import Attachment
from storage.sealed import OVERHEAD, PLAIN

OPENED = 200
"""So many files are opened, of more a sample; a backup opens every one."""

TITLE = "照片和文件"


async def papers_open(db: Database, vault: Vault) -> Finding:
    """Whether each file is there, as long as it was, and under a key that we have."""
    async with db.read() as uow:
        kept = Attachment.status != "deleted", Attachment.path != ""
        query = select(Attachment.path, Attachment.size).where(*kept).distinct()
        rows = (await uow.session.execute(query)).tuples().all()
    return await asyncio.to_thread(_finding, vault, dict(rows))


@dataclass
class _Looked:
    """What was found about the files."""

    files: int
    plain: int
    lost: dict[str, int]
    opened: int = 0
    bad: dict[Why, list[str]] = field(default_factory=dict)


def _finding(vault: Vault, sizes: dict[str, int]) -> Finding:
    found = _looked(vault, sizes)
    if found.lost:
        said = f"有 {sum(found.lost.values())} 个缺少密钥 {'、'.join(found.lost)}，打不开"
        return fault(TITLE, said, "把缺的那把加到密钥文件里（放在第二行）。")
    if spoilt := found.bad.get(Why.SPOILT):
        do = "从备份里把它放回 files 目录；没有备份，请家里再发一次。"
        return fault(TITLE, f"有 {len(spoilt)} 个坏了，例如 {spoilt[0]}", do)
    if gone := found.bad.get(Why.GONE):
        do = "看 files 目录是不是换了地方；从备份里放回来，或者请家里再发一次。"
        return watch(TITLE, f"有 {len(gone)} 个找不到，例如 {gone[0]}", do)
    if found.plain:
        do = "不用做什么：服务会自己一点点加密。过几天还有，请看日志里的 tick.broke。"
        return watch(TITLE, f"有 {found.plain} 个是以前的，还没有加密", do)
    return well(TITLE, f"{found.files} 个，都加了密；抽 {found.opened} 个打开看过，完好")


def _looked(vault: Vault, sizes: dict[str, int]) -> _Looked:
    keys = by_key(vault)
    known = (*vault.keyring.ids, PLAIN)
    lost = {id: count for id, count in keys.items() if id not in known}
    found = _Looked(keys.total(), keys[PLAIN], lost)
    for path, size in sizes.items():
        if why := _wrong(vault, path, size):
            found.bad.setdefault(why, []).append(path)
    chosen = [*sizes] if len(sizes) <= OPENED else random.sample([*sizes], OPENED)
    told = {path for paths in found.bad.values() for path in paths}
    for path in chosen:
        found.opened += 1
        try:
            vault.read(path)
        except Unopened as unopened:
            if path not in told:
                found.bad.setdefault(unopened.why, []).append(path)
    return found


def _wrong(vault: Vault, path: str, size: int) -> Why | None:
    """What the directory tells of a file: whether it is there and as long as it should be."""
    key = vault.key_of(path)
    try:
        length = (vault.root / path).stat().st_size
    except OSError:
        return Why.GONE
    if key is None or length != size + (0 if key == PLAIN else OVERHEAD):
        return Why.SPOILT
    return None
