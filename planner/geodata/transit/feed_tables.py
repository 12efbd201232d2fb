"""A GTFS feed → cells of the files and columns that are needed. Run in the child."""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

from planner.errors import BadDataError, Message, of_file
from planner.geodata.readers.archives import check_entries
from planner.geodata.readers.delimited import rows_and_delimiter
from planner.sandbox import cap, over_cap

COLUMNS = MappingProxyType(
    {
        "agency.txt": ("agency_id", "agency_name"),
        "stops.txt": ("stop_id", "stop_name", "stop_lat", "stop_lon", "location_type"),
        "routes.txt": ("route_id", "agency_id", "route_short_name", "route_long_name"),
        "trips.txt": ("route_id", "service_id", "trip_id", "trip_headsign", "direction_id"),
        "stop_times.txt": ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"),
        "calendar.txt": (
            *("service_id", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
            *("start_date", "end_date"),
        ),
        "calendar_dates.txt": ("service_id", "date", "exception_type"),
        "frequencies.txt": ("trip_id", "start_time", "end_time", "headway_secs"),
        "feed_info.txt": ("feed_publisher_name", "feed_version", "feed_start_date", "feed_end_date", "synthetic"),
    }
)
"""The columns that are read, by file, in the order of the format; all others stay where they are.

``synthetic`` is none of the format's: feeds that this planner makes up say so in it.
"""
_NOT_PACKED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
FeedFile = dict[str, Any]
"""``columns`` as written in the file's first row, ``numbers`` of its rows, and the ``cells`` of each column by name."""


def read_feed_zip(copy: str, name: str) -> dict[str, FeedFile]:
    """Return the files of a feed in a zip, whatever folder in it they are in; ``name`` is what the zip is called.

    Raises
    ------
    BadDataError
        If it is no zip, leads out of itself, goes beyond a cap, or holds several feeds or files that are no text.
    """
    path = Path(copy)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            check_entries(entries, path.stat().st_size, name)
            return {
                _called(one): _table(_unpacked(archive, one, name), f"{name}/{_called(one)}", _called(one))
                for one in _of_one_feed(entries, name)
            }
    except BadDataError:
        raise
    except _NOT_PACKED as error:
        what = Message("cannot be read as a zip archive: {why}", why=str(error)[:200])
        raise BadDataError(of_file(name, what)) from error


def read_feed_file(copy: str, name: str, kind: str) -> FeedFile:
    """Return one file of a feed that lies in a folder; ``kind`` is its name in the format.

    Raises
    ------
    BadDataError
        As `read_feed_zip`.
    """
    return _table(_within_cap(Path(copy).read_bytes(), name), name, kind)


def _of_one_feed(entries: Sequence[zipfile.ZipInfo], name: str) -> list[zipfile.ZipInfo]:
    """Return the entries that are read: the files of the one folder that has them."""
    known = [one for one in entries if _called(one) in COLUMNS and not _is_shadow(one)]
    folders = Counter(str(PurePosixPath(one.filename).parent) for one in known if _called(one) == "stops.txt")
    if len(folders) > 1:
        what = Message("holds several feeds, in the folders {folders}: pack each alone", folders=sorted(folders))
        raise BadDataError(of_file(name, what))
    folder = next(iter(folders), ".")
    chosen = [one for one in known if str(PurePosixPath(one.filename).parent) == folder]
    if double := [file for file, count in Counter(map(_called, chosen)).items() if count > 1]:
        raise BadDataError(of_file(name, Message("holds twice: {files}", files=sorted(double))))
    return sorted(chosen, key=_called)


def _called(entry: zipfile.ZipInfo) -> str:
    return PurePosixPath(entry.filename).name.lower()


def _is_shadow(entry: zipfile.ZipInfo) -> bool:
    """Return whether this is what a Mac packs beside each file."""
    return "__MACOSX" in PurePosixPath(entry.filename).parts or entry.is_dir()


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    with archive.open(entry) as file:
        return _within_cap(file.read(cap("text_mb") * 2**20 + 1), name)


def _within_cap(content: bytes, name: str) -> bytes:
    if len(content) > cap("text_mb") * 2**20:
        raise over_cap(name, "text_mb")
    return content


def _table(content: bytes, name: str, kind: str) -> FeedFile:
    """Return the columns of a file that are needed; rows are counted as a spreadsheet counts them."""
    wanted = COLUMNS[kind]

    def known(cells: Sequence[str]) -> int:
        return len({cell.strip().lower() for cell in cells} & set(wanted))

    rows = [
        (number, cells) for number, cells in rows_and_delimiter(content, name, known)[0] if any(map(str.strip, cells))
    ]
    if not rows:
        return {"columns": [], "numbers": [], "cells": {}, "longer": []}
    headings = [cell.strip().lower() for cell in rows[0][1]]
    if double := [one for one, count in Counter(headings).items() if count > 1 and one in wanted]:
        raise BadDataError(of_file(name, Message("has these columns twice: {columns}", columns=sorted(double))))
    places = {column: headings.index(column) for column in wanted if column in headings}
    body = rows[1:]
    return {
        "columns": [one for one in headings if one],
        "numbers": [number for number, _ in body],
        "cells": {
            column: [cells[place].strip() if place < len(cells) else "" for _, cells in body]
            for column, place in places.items()
        },
        "longer": [number for number, cells in body if any(map(str.strip, cells[len(headings) :]))],
    }
