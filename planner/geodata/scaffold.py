"""Start a county of one's own: a configuration to edit and a table of its villages to fill in."""

from __future__ import annotations

import csv
from pathlib import Path

from planner.config import CONFIG_NAME, data_folder
from planner.errors import BadDataError, UnknownAreaError
from planner.geodata.register import county_boundary, seats_of, townships_of, villages_of

_HEADINGS = ("编码", "村名", "乡镇", "经度", "纬度", "人口", "户数", "贫困村", "贫困户", "一村一品")


def start_area(folder: Path, division: str) -> tuple[Path, ...]:
    """Write ``area.toml`` and ``villages.csv`` for a county of the register into a folder; return their paths.

    The figures of the configuration are the demonstration's: each has a provenance to look at.

    Raises
    ------
    UnknownAreaError
        If the register does not have the county.
    BadDataError
        If the folder holds an area already: nothing is overwritten.
    """
    townships = townships_of(division)
    if not townships:
        raise UnknownAreaError(f"no county {division!r} in the register: give a six-digit code of Heilongjiang, 23....")
    county_boundary(division)
    paths = (folder / CONFIG_NAME, folder / "villages.csv")
    taken = [str(path) for path in paths if path.exists()]
    if taken:
        raise BadDataError("there is an area already: choose another folder", taken)
    folder.mkdir(parents=True, exist_ok=True)
    paths[0].write_text(_configuration(division), encoding="utf-8")
    names = {township.code: township.name for township in townships}
    with paths[1].open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADINGS)
        for village in villages_of(division):
            if "村" in village.name:
                writer.writerow([village.code, village.name, names[village.code[:9]], *[""] * 7])
    return paths


def _configuration(division: str) -> str:
    template = (data_folder() / "areas" / "baiquan" / CONFIG_NAME).read_text(encoding="utf-8")
    settings = template[template.index("[travel]") :]
    all_, missing = len(townships_of(division)), len(townships_of(division)) - len(seats_of(division))
    return f"""# County {division}. Fill in villages.csv, put an OpenStreetMap extract beside it as roads.osm.pbf, then run
#   planner check villages.csv roads.osm.pbf --datum gcj02   and   planner plan .
# Township seats come from GeoNames ({missing} of {all_} have none there: a village stands in for them).
schema = 1
seed = 1

[area]
id = "county-{division}"
name = "{division}"
division_code = "{division}"
datum = "wgs84"            # wgs84, cgcs2000, gcj02 (Amap, Tencent) or bd09 (Baidu): what villages.csv is in
villages = "villages.csv"
boundary = "embedded"
roads = "roads.osm.pbf"
persons_per_household = 2.6  # used only where a village has one figure and not the other; replace by your own

[[area.sources]]
what = "boundary"
origin = "Tianditu administrative divisions"
licence = "see data/boundaries/README.md"
attribution = "天地图"

[[area.sources]]
what = "township seats"
origin = "GeoNames"
licence = "CC BY 4.0"
attribution = "GeoNames, CC BY 4.0"

[[area.sources]]
what = "roads"
origin = "OpenStreetMap"
licence = "ODbL 1.0"
attribution = "© OpenStreetMap contributors, ODbL"

{settings}"""
