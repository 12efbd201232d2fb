"""Start a county of one's own: a configuration to edit and a table of its villages to fill in."""

from __future__ import annotations

import csv
import datetime
import re
from pathlib import Path

from planner.config import CONFIG_NAME, data_folder
from planner.errors import BadDataError, UnknownAreaError
from planner.geodata.register import (
    Division,
    county_boundary,
    county_name,
    latin_name,
    seats_of,
    townships_of,
    villages_of,
)
from planner.writing import CannotWriteError, whole_file, write_file

_HEADINGS = ("编码", "村名", "乡镇", "经度", "纬度", "人口", "户数", "贫困村", "贫困户", "一村一品")
_SATURDAY = 5


def start_area(folder: Path, division: str, *, date: datetime.date) -> tuple[Path, ...]:
    """Write ``area.toml`` and ``villages.csv`` for a county of the register into a folder; return their paths.

    The area is named after the county, its id is the folder's name, routes are planned for the working day after ``date``,
    half the villages get a service point and half the townships a station. The other figures are the demonstration's: each
    has a provenance to look at.

    Raises
    ------
    UnknownAreaError
        If the register does not have the county.
    CannotWriteError
        If the disk is full or read-only.
    BadDataError
        If the folder holds an area already (nothing is overwritten), is a file, or cannot be written.
    """
    townships = townships_of(division)
    if not townships:
        raise UnknownAreaError(f"no county {division!r} in the register: give a six-digit code of Heilongjiang, 23....")
    county_boundary(division)
    villages = [village for village in villages_of(division) if "村" in village.name]
    paths = (folder / CONFIG_NAME, folder / "villages.csv")
    if folder.exists() and not folder.is_dir():
        raise BadDataError(f"{folder} is a file: give a folder to make, or an empty one")
    taken = [str(path) for path in paths if path.exists()]
    if taken:
        raise BadDataError("there is an area already: choose another folder", taken)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_file(paths[0], _configuration(folder, division, villages, date))
        _write_villages(paths[1], villages, {township.code: township.name for township in townships})
    except CannotWriteError:
        raise
    except OSError as error:
        raise BadDataError(f"{folder}: cannot be written: {error.strerror}: choose a folder of your own") from error
    return paths


def _write_villages(path: Path, villages: list[Division], townships: dict[str, str]) -> None:
    with whole_file(path) as beside, beside.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADINGS)
        for village in villages:
            writer.writerow([village.code, village.name, townships[village.code[:9]], *[""] * 7])


def working_day_after(date: datetime.date) -> datetime.date:
    """Return the next day from Monday to Friday; public holidays are not known here.

    Examples
    --------
    >>> working_day_after(datetime.date(2026, 11, 20)).isoformat()  # a Friday
    '2026-11-23'
    """
    day = date + datetime.timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day += datetime.timedelta(days=1)
    return day


def _area_id(folder: Path, division: str) -> str:
    """Return the folder's name as an id, Chinese characters in pinyin."""
    import pypinyin

    name = "".join(pypinyin.lazy_pinyin(folder.resolve().name))
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-") or f"county-{division}"


def _settings(villages: int, townships: int, date: datetime.date) -> str:
    """Return the demonstration's settings with this county's numbers of sites, a season without closures, a date.

    The demonstration's phases and subsidies stay behind: budgets are the county's own to give.
    """
    text = (data_folder() / "areas" / "baiquan" / CONFIG_NAME).read_text(encoding="utf-8")
    text = text[text.index("[travel]") : text.index("[[coverage.phases]]")] + text[text.index("[demand]") :]
    points, stations = text.index("[coverage.service_points]"), text.index("[coverage.express_stations]")
    seasons = "summer, winter, heavy_snow, spring_thaw, drift_ice or frozen_river"
    parts = [
        re.sub(r"(?m)^season = .*$", f'season = "summer"        # that sites are chosen for: {seasons}', text[:points]),
        re.sub(
            r"(?m)^provenance = .*$",
            'provenance = "assumption: eight minutes by van to the next point, points at half of the '
            f'{villages} villages, 30,000 yuan a point"',
            re.sub(
                r"(?m)^(objective = .*)$",
                rf"\1\ncount = {max(1, round(villages / 2))}\ncover_poor_villages = true",
                text[points:stations],
            ),
        ),
        re.sub(
            r'(?m)^provenance = "assumption: one station.*$',
            f'provenance = "assumption: stations in half of the {townships} townships with a seat or a village, '
            '150,000 yuan each"',
            re.sub(r"(?m)^count = .*$", f"count = {max(1, round(townships / 2))}", text[stations:], count=1),
        ),
    ]
    dated = f"date = {working_day_after(date).isoformat()}  # a working day; public holidays are not known here"
    return re.sub(r"(?m)^date = .*$", dated, "".join(parts))


def _configuration(folder: Path, division: str, villages: list[Division], date: datetime.date) -> str:
    name = county_name(division)
    all_ = len(townships_of(division))
    seats = {seat.code for seat in seats_of(division)}
    placed = seats | {village.code[:9] for village in villages}  # the others, farms for the most part, have no position
    return f"""# {name} ({division}). Fill in villages.csv, put an OpenStreetMap extract beside it as roads.osm.pbf, then run
#   planner check {folder.name or "."} --datum wgs84   and   planner plan {folder.name or "."}
# Township seats come from GeoNames ({all_ - len(seats)} of {all_} have none there: a village stands in for them).
schema = 1
seed = 1

[area]
id = "{_area_id(folder, division)}"
name = "{name}"
name_latin = "{latin_name(name)}"
division_code = "{division}"
datum = "wgs84"            # wgs84, cgcs2000, gcj02 (Amap, Tencent) or bd09 (Baidu): what villages.csv is in
villages = "villages.csv"
boundary = "embedded"
roads = "roads.osm.pbf"
# used only where a village has one figure and not the other; an assumption: replace it by the county's own
persons_per_household = 2.6

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

{_settings(len(villages), len(placed), date)}"""
