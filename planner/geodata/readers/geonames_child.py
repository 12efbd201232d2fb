"""What the child runs on lists of places as GeoNames has them: nineteen columns without headings, as they are or zipped."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from planner.errors import BadDataError, Message, of_file
from planner.geodata.readers.archives import check_entries
from planner.sandbox import cap, over_cap

_COLUMNS = 19
_ID, _NAME, _ASCII, _OTHER_NAMES, _LAT, _LON, _CLASS, _CODE = range(8)
_GONE = frozenset({"PPLH", "PPLQ", "PPLW", "PPLCH"})  # historical, abandoned, destroyed
_VILLAGES_AND_TOWNSHIPS = frozenset({"ADM4", "ADM5"})


def read_places(copy: str, name: str, bounds: Sequence[float]) -> list[dict[str, Any]] | None:
    """Return id, names, lon, lat and code of the settlements and townships within bounds; None if the file is no such list.

    Raises
    ------
    BadDataError
        If a row has not nineteen columns, or no coordinates, or the list goes beyond a cap.
    """
    path = Path(copy)
    if not _is_list(path, name):
        return None
    found: list[dict[str, Any]] = []
    most = cap("features")
    for place in _places(path, name, bounds):
        if len(found) >= most:
            raise over_cap(name, "features")
        found.append(place)
    return found


def _is_list(path: Path, name: str) -> bool:
    try:
        with _lines(path, name) as lines:
            head = next(lines, "").rstrip("\n").split("\t")
    except (OSError, UnicodeDecodeError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return False
    return len(head) == _COLUMNS and head[_ID].isdigit() and len(head[_CLASS]) <= 1


@contextmanager
def _lines(path: Path, name: str) -> Iterator[Iterator[str]]:
    """Open the lines of a text, or of the one list in a zip beside its readme; of other zips there are none."""
    if path.suffix != ".zip":
        with path.open(encoding="utf-8-sig", newline="\n") as text:
            yield _short_lines(text, name)
        return
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        names = [(one, one.filename.lower()) for one in entries]
        lists = [one for one, called in names if called.endswith(".txt") and "readme" not in called]
        if len(lists) != 1:
            yield iter(())
            return
        check_entries(entries, path.stat().st_size, name)
        with archive.open(lists[0]) as content, io.TextIOWrapper(content, encoding="utf-8-sig", newline="\n") as text:
            yield _short_lines(text, name)


def _short_lines(text: io.TextIOWrapper, name: str) -> Iterator[str]:
    most = cap("line_mb") * 2**20
    while line := text.readline(most + 1):
        if len(line) > most:
            raise over_cap(name, "line_mb")
        yield line


def _places(path: Path, name: str, bounds: Sequence[float]) -> Iterator[dict[str, Any]]:
    """Yield what lies within the bounds: the whole file has a million rows, the bounds are looked at first."""
    west, south, east, north = bounds
    number = 0
    try:
        with _lines(path, name) as lines:
            for number, line in enumerate(lines, start=1):
                cells = line.rstrip("\r\n").split("\t")
                if len(cells) != _COLUMNS:
                    what = Message("row {row}: {count} columns, GeoNames has 19", row=number, count=len(cells))
                    raise BadDataError(of_file(name, what))
                lon, lat = float(cells[_LON]), float(cells[_LAT])
                kind, code = cells[_CLASS], cells[_CODE]
                if not (west <= lon <= east and south <= lat <= north) or code in _GONE:
                    continue
                if kind != "P" and code not in _VILLAGES_AND_TOWNSHIPS:
                    continue
                names = [cells[_NAME], *cells[_OTHER_NAMES].split(","), cells[_ASCII]]
                yield {"id": cells[_ID], "names": names, "lon": lon, "lat": lat, "code": code}
    except BadDataError:
        raise
    except (ValueError, zipfile.BadZipFile, EOFError, zlib.error) as error:
        what = Message("row {row}: cannot be read as a list of GeoNames: {why}", row=number, why=error)
        raise BadDataError(of_file(name, what)) from error
