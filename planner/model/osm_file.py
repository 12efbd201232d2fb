"""OpenStreetMap files by names that osmium cannot open: on Windows it knows only letters of the system's own code page."""

from __future__ import annotations

import sys
from pathlib import Path

import osmium

from planner.errors import BadDataError, Message, of_file, system_fault

_FORMATS = frozenset({"pbf", "osm", "osc", "osh", "o5m", "o5c", "opl", "xml", "gz", "bz2"})


def osm_content(path: Path) -> osmium.io.FileBuffer:
    """Return a file's content for osmium to read, in the format that the endings of its name say.

    Raises
    ------
    BadDataError
        If there is no such file, or it may not be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise osm_unreadable(path, error) from error
    endings = (ending.lower() for ending in path.name.split(".")[1:])
    return osmium.io.FileBuffer(content, ".".join(ending for ending in endings if ending in _FORMATS))


def osm_unreadable(path: Path, error: OSError) -> BadDataError:
    """Return the error that a map cannot be opened."""
    why = Message("cannot be opened: {why}", why=system_fault(error))
    if isinstance(error, FileNotFoundError):
        why = Message("no such file")
    return BadDataError(of_file(path, Message("{why}; roads are an OpenStreetMap extract (.osm.pbf or .osm)", why=why)))


def plain_name(path: Path) -> str:
    """Return the name by which osmium opens a file for writing, and one too large to be held in memory.

    On Windows other letters than ASCII are avoided by the short name of the file's folder, where the disk keeps short names.
    """
    if sys.platform == "win32" and not str(path).isascii():
        import ctypes

        room = ctypes.create_unicode_buffer(32_768)  # the longest path there is
        if ctypes.windll.kernel32.GetShortPathNameW(str(path.parent.resolve()), room, len(room)):
            return str(Path(room.value) / path.name)
    return str(path)
