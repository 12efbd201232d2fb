"""Start a county of one's own: a configuration to edit and a table of its villages to fill in."""

from __future__ import annotations

import datetime
import re
import tomllib
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any, Literal

from planner.config import CONFIG_NAME, data_folder
from planner.errors import BadDataError, Message, UnknownAreaError, of_file, system_fault
from planner.geodata.columns import NAMES
from planner.geodata.register import (
    Division,
    county_boundary,
    county_name,
    latin_name,
    seats_of,
    townships_of,
    villages_of,
)
from planner.writing import CannotWriteError, csv_text, write_file

Language = Literal["zh", "en"]
_BOTH = re.compile(r'\{ zh = "(?P<zh>[^"]*)", en = "(?P<en>[^"]*)" \}')
_SATURDAY = 5


def start_area(folder: Path, division: str, *, date: datetime.date, language: Language = "en") -> tuple[Path, ...]:
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
        raise UnknownAreaError(
            Message(
                "no county {code} in the register: give a six-digit code of Heilongjiang, 23....", code=repr(division)
            )
        )
    county_boundary(division)
    villages = [village for village in villages_of(division) if NAMES["village"] in village.name]
    paths = (folder / CONFIG_NAME, folder / "villages.csv")
    if folder.exists() and not folder.is_dir():
        raise BadDataError(Message("{path} is a file: give a folder to make, or an empty one", path=folder))
    taken = [str(path) for path in paths if path.exists()]
    if taken:
        raise BadDataError(Message("there is an area already: choose another folder"), taken)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_file(paths[0], _configuration(folder, division, villages, date, language))
        _write_villages(paths[1], villages, {township.code: township.name for township in townships}, language)
    except CannotWriteError:
        raise
    except OSError as error:
        what = Message("cannot be written: {why}: choose a folder of your own", why=system_fault(error))
        raise BadDataError(of_file(folder, what)) from error
    return paths


def _write_villages(path: Path, villages: list[Division], townships: dict[str, str], language: Language) -> None:
    rows = ([village.code, village.name, townships[village.code[:9]], *[""] * 7] for village in villages)
    write_file(path, csv_text(_words()[language]["headings"], rows).encode("utf-8-sig"))


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


def _configuration(
    folder: Path, division: str, villages: list[Division], date: datetime.date, language: Language
) -> str:
    name = county_name(division)
    townships = len(townships_of(division))
    seats = {seat.code for seat in seats_of(division)}
    placed = seats | {village.code[:9] for village in villages}  # the others, farms for the most part, have no position
    head = Template(_template(f"area.{language}.toml")).substitute(
        name=name,
        division=division,
        folder=shell_word(folder),
        without_seat=townships - len(seats),
        townships=townships,
        id=_area_id(folder, division),
        latin=latin_name(name),
    )
    return head + _settings(len(villages), len(placed), date, language)
