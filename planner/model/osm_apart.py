"""OpenStreetMap files are read in the child, whoever asks: libosmium and what unpacks them see nothing else."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from planner.model.osm_file import osm_unreadable
from planner.sandbox import made_apart, run_apart


def map_apart(function: str, path: Path, *arguments: object) -> Any:
    """Return what ``function`` returns for a copy of an OpenStreetMap file, as `planner.sandbox.run_apart` does.

    Raises
    ------
    BadDataError
        If there is no such file, it may not be read, or the function refuses it.
    """
    return run_apart(function, path, *arguments, **_named(path))


def map_made_apart(
    function: str, path: Path, name: str, *arguments: object
) -> AbstractContextManager[tuple[Any, Path]]:
    """Run a function that makes a file of an OpenStreetMap file, as `planner.sandbox.made_apart`; raises as `map_apart`."""
    return made_apart(function, path, name, *arguments, **_named(path))


def _named(path: Path) -> dict[str, str]:
    """Return the copy's ending, and what errors call it; BadDataError if the file cannot be opened."""
    try:
        path.open("rb").close()
    except OSError as error:
        raise osm_unreadable(path, error) from error
    return {"ending": "." + path.name.partition(".")[2].lower(), "renamed": str(path)}
