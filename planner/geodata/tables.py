"""Files with places → rows of text: workbooks, CSV, GeoJSON, GeoPackage, shapefile; nothing is judged here but the form."""

from __future__ import annotations

from pathlib import Path

from planner.errors import BadDataError, Message, of_file
from planner.geodata.feature_table import feature_table
from planner.geodata.place_rows import Table
from planner.geodata.sheet_table import sheet_table

SPREADSHEETS = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".et"})
GEOFILES = frozenset({".geojson", ".json", ".gpkg", ".shp", ".zip"})
ROADS = frozenset({".pbf", ".osm", ".bz2", ".gz"})


def read_table(path: Path, wanted: str = "") -> Table:
    """Return the rows of a file of places; of several kinds in it those ``wanted`` (villages, townships, sites).

    Raises
    ------
    BadDataError
        If the file is missing, of an unknown kind or damaged, its encoding is not known, a heading stands for a field twice,
        rows have more cells than there are headings (all of them are listed), or it is not clear which sheets are meant.
    """
    if not path.is_file():
        raise BadDataError(of_file(path.name, Message("no such file")), [Message("looked for {path}", path=path)])
    kind = path.suffix.lower()
    if kind in SPREADSHEETS:
        return sheet_table(path, wanted)
    if kind in GEOFILES:
        return feature_table(path, wanted)
    ending = Message("{kind} extension", kind=kind) if kind else Message("no extension")
    known = sorted(SPREADSHEETS | GEOFILES)
    what = Message("{ending}: places are read from {known}", ending=ending, known=known)
    raise BadDataError(of_file(path.name, what))
