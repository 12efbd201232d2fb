"""Files with places → rows of text: workbooks, CSV, GeoJSON, GeoPackage, shapefile; nothing is judged here but the form."""

from __future__ import annotations

from pathlib import Path

from planner.errors import BadDataError, Message, of_file
from planner.geodata.feature_table import feature_table
from planner.geodata.personal_data import shown_error
from planner.geodata.place_rows import Table, shown_table
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
        raise BadDataError(
            of_file(path.name, Message("no such file")), [Message("looked for {path}", path=path.resolve())]
        )
    kind = path.suffix.lower()
    reads = sheet_table if kind in SPREADSHEETS else feature_table if kind in GEOFILES else None
    if reads is not None:
        try:
            return shown_table(reads(path, wanted))
        except BadDataError as error:
            raise shown_error(error, (path.name,)) from error
    ending = Message("{kind} extension", kind=kind) if kind else Message("no extension")
    known = sorted(SPREADSHEETS | GEOFILES)
    what = Message("{ending}: places are read from {known}", ending=ending, known=known)
    raise BadDataError(of_file(path.name, what))
