"""OpenStreetMap files are read in the child, whoever asks: libosmium and what unpacks them see nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planner.model.osm_file import osm_unreadable
from planner.sandbox import run_apart


def map_apart(function: str, path: Path, *arguments: object) -> Any:
    """Return what ``function`` returns for a copy of an OpenStreetMap file, as `planner.sandbox.run_apart` does.

    Raises
    ------
    BadDataError
        If there is no such file, it may not be read, or the function refuses it.
    """
    try:
        path.open("rb").close()
    except OSError as error:
        raise osm_unreadable(path, error) from error
    return run_apart(function, path, *arguments, ending="." + path.name.partition(".")[2].lower(), renamed=str(path))
