"""Damage inside a backup: one member changed and, mostly, its sums made to fit again."""

import gzip
import hashlib
import io
import json
import random
import tarfile
import zlib
from collections.abc import Sequence

from bot.backup.contents import ABOUT, FILES, KEPT, MANIFEST, TABLES
from tests.fuzz import mutating
from tests.fuzz.bending import bent

Member = tuple[tarfile.TarInfo, bytes]
_TYPES = (b"0", b"1", b"2", b"3", b"5", b"L", b"x", b"g", b"S", b"K", b"7", b"\0", b"Q")
_NAMES = ("kept/yulu.db", "files/../../x", "kept/templates/a", "tables/people", "kept/key", "x")


def damaged(content: bytes, chance: random.Random) -> bytes:
    """A backup with a change that gets past its sums, as far as it is one."""
    try:
        members = unpacked(content)
        hit = chance.randrange(len(members))
    except Exception:  # no tar, or too damaged to be opened
        return mutating.raw(content, content, chance)
    try:
        members[hit] = _changed(members[hit], chance)
        if chance.random() < 0.1:
            members.insert(chance.randint(0, len(members)), members[hit])
        if chance.random() < 0.1:
            members.pop(chance.randrange(len(members)))
        return packed(summed(members) if chance.random() < 0.8 else members)
    except (OSError, EOFError, ValueError, zlib.error, tarfile.TarError):  # damaged before
        return mutating.raw(content, content, chance)


def unpacked(content: bytes) -> list[Member]:
    """The members with their bytes."""
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as tar:
        return [(one, _bytes(tar, one)) for one in tar]


def packed(members: Sequence[Member]) -> bytes:
    """A tar of members, whatever they are."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for member, content in members:
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return out.getvalue()


def summed(members: Sequence[Member]) -> list[Member]:
    """The members with the sums in the last one made to fit what is in the others."""
    try:
        last, content = members[-1]
        manifest = json.loads(content)
        _sum_up(manifest, members)
        again = json.dumps(manifest).encode()
    except Exception:  # the list itself is what was damaged
        return list(members)
    return [*members[:-1], (last, again)] if last.name == MANIFEST else list(members)


def _sum_up(manifest: dict[str, object], members: Sequence[Member]) -> None:
    rows: dict[str, bytes] = {}
    files, kept, count, size = hashlib.sha256(), {}, 0, 0
    for member, content in members:
        folder, _, rest = member.name.partition("/")
        hashed = hashlib.sha256(content).hexdigest()
        if folder == TABLES:
            name = rest.partition("/")[0]
            rows[name] = rows.get(name, b"") + gzip.decompress(content)
        elif folder == FILES:
            files.update(f"{rest} {hashed}\n".encode())
            count, size = count + 1, size + len(content)
        elif folder == KEPT:
            kept[rest] = hashed
        elif member.name == ABOUT:
            manifest["about"] = json.loads(content)
    for table in manifest["tables"]:  # type: ignore[attr-defined]
        text = rows.get(table["name"], b"")
        table["sha256"] = hashlib.sha256(text).hexdigest()
        table["rows"] = len(text.splitlines())
    manifest.update(files=count, bytes=size, files_sha256=files.hexdigest(), kept=kept)


def _changed(member: Member, chance: random.Random) -> Member:
    info, content = member
    if chance.random() < 0.1:
        return _renamed(info, chance), content
    if info.name in (ABOUT, MANIFEST):
        return info, _bent_json(content, chance)
    if info.name.startswith(TABLES):
        lines = gzip.decompress(content).splitlines()
        if lines and chance.random() < 0.9:
            row = chance.randrange(len(lines))
            lines[row] = _bent_json(lines[row], chance)
        text = b"".join(line + b"\n" for line in lines)
        return info, gzip.compress(text, 1, mtime=0)
    return info, mutating.raw(content, content, chance)


def _renamed(info: tarfile.TarInfo, chance: random.Random) -> tarfile.TarInfo:
    if chance.random() < 0.5:
        info.name = chance.choice((*_NAMES, mutating.text(info.name, "files/", chance)))
        return info
    info.type = chance.choice(_TYPES)
    info.linkname = chance.choice(("", "about.json", "/etc/hostname"))
    info.pax_headers = {chance.choice(("size", "GNU.sparse.map", "path", "mtime")): "x"}
    return info


def _bent_json(content: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.1:
        return mutating.raw(content, content, chance)
    return json.dumps(bent(json.loads(content), chance)).encode()


def _bytes(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    found = tar.extractfile(member) if member.isreg() else None
    return found.read() if found is not None else b""
