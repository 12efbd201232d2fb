"""Start a county of one's own: a configuration to edit and a table of its villages to fill in."""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any, Literal

import shapely

from planner.config import CONFIG_NAME, ROADS_NAME, STRAIGHT_LINES, Datum, data_folder
from planner.errors import BadDataError, Message, UsageError, of_file, system_fault
from planner.geodata.new_ground import Ground, county_ground, own_ground
from planner.geodata.register import latin_name, seats_of, townships_of
from planner.writing import CannotWriteError, csv_text, write_file

Language = Literal["zh", "en"]
VILLAGES_NAME, TOWNSHIPS_NAME, BOUNDARY_NAME = "villages.csv", "townships.csv", "boundary.geojson"
_BOTH = re.compile(r'\{ zh = "(?P<zh>[^"]*)", en = "(?P<en>[^"]*)" \}')
_SATURDAY = 5
_LONGEST_ID = 60
_NO_LINE = "#-"
"""What stands for a line of the template that this area does not have."""


def start_area(
    folder: Path,
    division: str = "",
    *,
    date: datetime.date,
    language: Language = "en",
    boundary: Path | None = None,
    boundary_datum: Datum = Datum.WGS84,
    pbf: Path | None = None,
    straight_lines: bool = False,
) -> tuple[Path, ...]:
    """Write ``area.toml`` and ``villages.csv`` for a county of the register into a folder; return the paths written.

    The area is named after the county, its id is the folder's name, routes are planned for the working day after ``date``,
    half the villages get a service point and half the townships a station. The other figures are the demonstration's: each
    has a provenance to look at. Without a county the area is what the file ``boundary`` encloses, or as far as the
    OpenStreetMap file ``pbf`` reaches, and has that file's settlements. Roads are cut out of ``pbf``;
    with ``straight_lines`` there are none, and travel is estimated.

    Raises
    ------
    UnknownAreaError
        If the register does not have the county.
    UsageError
        If there is neither a county nor a file, or roads to cut out and straight lines.
    CannotWriteError
        If the disk is full or read-only.
    BadDataError
        If the folder holds an area already (nothing is overwritten), is a file, or cannot be written, or a file given cannot
        be used.
    """
    if straight_lines and pbf is not None:
        raise UsageError(Message("--straight-lines is for an area without roads: leave it out, or --pbf"))
    if division:
        ground = county_ground(division, boundary, boundary_datum)
    elif boundary is not None or pbf is not None:
        ground = own_ground(folder.resolve().name, boundary, boundary_datum, pbf)
    else:
        raise UsageError(Message("what area? Give a county with --division, or a file with --boundary or --pbf"))
    contents = _contents(folder, ground, date, language, straight_lines)
    _refuse_taken(folder, list(contents))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            _write(folder / name, content)
    except CannotWriteError:
        raise
    except OSError as error:
        what = Message("cannot be written: {why}: choose a folder of your own", why=system_fault(error))
        raise BadDataError(of_file(folder, what)) from error
    paths = tuple(folder / name for name in contents)
    if pbf is None:
        return paths
    from planner.geodata.fetch import cut_file

    return (*paths, cut_file(pbf, ground.outline, folder).path)


def _contents(
    folder: Path, ground: Ground, date: datetime.date, language: Language, straight_lines: bool
) -> dict[str, str | list[Sequence[str]]]:
    """Return what each file of a new area holds: a text, or the rows of a table."""
    said = _words()[language]
    headings = said["settlement_headings"] if ground.townships else said["headings"]
    contents: dict[str, str | list[Sequence[str]]] = {
        CONFIG_NAME: _configuration(folder, ground, date, language, straight_lines),
        VILLAGES_NAME: [headings, *ground.villages],
    }
    if ground.townships or not ground.division:
        columns = said["township_headings"]
        filled = [[*row, *[""] * (len(columns) - len(row))] for row in ground.townships]
        contents[TOWNSHIPS_NAME] = [columns, *filled]
    if ground.boundary is not None:
        contents[BOUNDARY_NAME] = shapely.to_geojson(ground.boundary)
    return contents


def _refuse_taken(folder: Path, names: Sequence[str]) -> None:
    if folder.exists() and not folder.is_dir():
        raise BadDataError(Message("{path} is a file: give a folder to make, or an empty one", path=folder))
    taken = [str(folder / name) for name in names if (folder / name).exists()]
    if taken:
        raise BadDataError(Message("there is an area already: choose another folder"), taken)


def _write(path: Path, content: str | list[Sequence[str]]) -> None:
    if isinstance(content, str):
        write_file(path, content)
        return
    headings, *rows = content
    write_file(path, csv_text(headings, rows).encode("utf-8-sig"))


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
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name)[:_LONGEST_ID].strip("-") or f"county-{division}".strip("-")


def shell_word(folder: Path) -> str:
    """Return a folder as it is written in a command: in double quotes, which every shell reads, where it has blanks."""
    return f'"{folder}"' if re.search(r"\s", str(folder)) else str(folder)


def _settings(villages: int, townships: int, date: datetime.date, language: Language) -> str:
    """Return the demonstration's settings with this county's numbers of sites, a season without closures, a date.

    The demonstration's phases and subsidies stay behind: budgets are the county's own to give.
    """
    said = _words()[language]
    text = (data_folder() / "areas" / "baiquan" / CONFIG_NAME).read_text(encoding="utf-8")
    text = text[text.index("[travel]") : text.index("[[coverage.phases]]")] + text[text.index("[demand]") :]
    text = _BOTH.sub(rf'"\g<{language}>"', text)
    points, stations = text.index("[coverage.service_points]"), text.index("[coverage.express_stations]")
    parts = [
        _set(
            _set(text[:points], "season", f'"summer"        # {said["season"]}'),
            "time_limit_s",
            f"600  # {said['time_limit']}",
        ),
        re.sub(
            r"(?m)^(objective = .*)$",
            rf"\1\ncount = {max(1, round(villages / 2))}\ncover_poor_villages = true",
            _set(text[points:stations], "provenance", f'"{said["points"].format(count=villages)}"'),
        ),
        _set(
            _set(text[stations:], "count", str(max(1, round(townships / 2)))),
            "provenance",
            f'"{said["stations"].format(count=townships)}"',
        ),
    ]
    return _set("".join(parts), "date", f"{working_day_after(date).isoformat()}  # {said['date']}")


def _set(text: str, key: str, value: str) -> str:
    """Return the text with the first value of a key, and the remark behind it, replaced."""
    return re.sub(rf"(?m)^{key} = .*$", lambda _: f"{key} = {value}", text, count=1)


def _words() -> dict[str, Any]:
    return tomllib.loads(_template("words.toml"))


def _template(name: str) -> str:
    return resources.files("planner.geodata").joinpath("templates", name).read_text(encoding="utf-8")


def _configuration(folder: Path, ground: Ground, date: datetime.date, language: Language, straight_lines: bool) -> str:
    said, division = _words()[language], ground.division
    townships = len(townships_of(division))
    seats = said["seats"].format(townships=townships, without_seat=townships - len(seats_of(division)))
    name = re.sub(r"\s+", " ", ground.name)
    own_boundary = ground.boundary is not None
    sources = ground.sources if straight_lines else (*ground.sources, ("roads", ""))
    head = Template(_template(f"area.{language}.toml")).substitute(
        title=said["title"].format(name=name, code=division) if division else name,
        folder=shell_word(folder),
        about_seats=f"# {seats}" if division else _NO_LINE,
        id=_area_id(folder, division),
        name=_quoted(name),
        latin=_quoted(latin_name(name)),
        division_line=f'division_code = "{division}"' if division else _NO_LINE,
        townships_line=_NO_LINE if division else f'townships = "{TOWNSHIPS_NAME}"',
        boundary=_quoted(BOUNDARY_NAME if own_boundary else "embedded"),
        roads=_quoted(STRAIGHT_LINES if straight_lines else ROADS_NAME),
        roads_step=said["straight_lines_step" if straight_lines else "fetch_step"].format(folder=shell_word(folder)),
        sources="\n\n".join(_source(said["sources"][key], file) for key, file in sources),
    )
    head = "".join(line for line in head.splitlines(keepends=True) if line.strip() != _NO_LINE)
    return head + _settings(len(ground.villages), ground.places, date, language)


def _source(entry: dict[str, Any], file: str) -> str:
    lines = ["[[area.sources]]"]
    for key, value in entry.items():
        lines.append(f"{key} = {_quoted(value.format(file=file)) if isinstance(value, str) else str(value).lower()}")
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False)
