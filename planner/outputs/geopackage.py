"""GeoPackages that are the same, byte for byte, whenever they are written."""

from __future__ import annotations

import datetime
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from planner.writing import database_refusal, no_place_for, whole_file

UNDATED = datetime.date(2000, 1, 1)
"""The date that files carry whose content has none: when they were written is not part of them."""
_NOW = "OGR_CURRENT_DATE"
_PRAGMA = "OGR_SQLITE_PRAGMA"
_CLEAN = "secure_delete=ON"  # else free room of a page holds whatever was in memory
_ONE_AT_A_TIME = threading.Lock()  # the option is GDAL's own, not a thread's


@contextmanager
def geopackage(path: Path, date: datetime.date) -> Iterator[Path]:
    """Yield where to write the layers of a file, `dated`, that takes its place when all are written.

    Raises
    ------
    CannotWriteError
        If it cannot be written; GDAL does not say why in a way that a program can tell apart.
    """
    try:
        with whole_file(path) as beside, dated(date):
            try:
                yield beside
            finally:
                for journal in beside.parent.glob(f"{beside.name}-*"):
                    journal.unlink(missing_ok=True)
    except (DataSourceError, DataLayerError) as error:
        raise no_place_for(path) from error
    except sqlite3.Error as error:  # styles are written without GDAL
        raise database_refusal(path, error) or no_place_for(path) from error


@contextmanager
def dated(date: datetime.date) -> Iterator[None]:
    """Let layers that are written meanwhile say that they changed on this date, not now.

    GDAL would note the time of writing for each layer (``last_change`` of ``gpkg_contents``).
    """
    with _ONE_AT_A_TIME:
        before = {name: pyogrio.get_gdal_config_option(name) for name in (_NOW, _PRAGMA)}
        pyogrio.set_gdal_config_options({_NOW: f"{date.isoformat()}T00:00:00.000Z", _PRAGMA: _CLEAN})
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options(before)
