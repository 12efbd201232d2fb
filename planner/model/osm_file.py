"""OpenStreetMap files by names that osmium cannot open: on Windows it knows only letters of the system's own code page.

Files that osmium would misread are made plain maps first, or refused by what they are: `planner.model.osm_forms`.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import sys
import zlib
from contextlib import suppress
from pathlib import Path

import osmium

from planner.errors import BadDataError, Message, of_file, system_fault
from planner.model.osm_forms import NotAMapError, PlainMap, plain_map
from planner.model.pbf_order import has_late_nodes
from planner.sandbox import cap, over_cap

_FORMATS = frozenset({"pbf", "osm", "osc", "osh", "o5m", "o5c", "opl", "xml", "gz", "bz2"})
_PACKED = ("gz", "bz2")
_SMALL_BYTES = 10 * 2**20  # what may be unpacked whatever the ratio: a second's work
_NO_XML = frozenset({"pbf", "o5m", "o5c", "opl"})
_HISTORY = Message(
    "holds the history of the map, several versions of its objects: take today's "
    "(osmium time-filter HISTORY.osh.pbf -o roads.osm.pbf) and give the result"
)
_CHANGES = Message(
    "is a file of changes, not a map: apply it to its map "
    "(osmium apply-changes MAP.osm.pbf CHANGES.osc -o roads.osm.pbf) and give the result"
)


def osm_content(path: Path) -> osmium.io.FileBuffer:
    """Return a map for osmium to read, in the format that the endings of its file's name say.

    Raises
    ------
    BadDataError
        If there is no such file, it may not be read, or it holds no map of one time: changes, a history, a broken answer.
    """
    content, endings = _read(path)
    if endings and _NO_XML.isdisjoint(endings):
        return osmium.io.FileBuffer(_as_map(path, content, endings).content, "osm")
    if "o5c" in endings:
        raise BadDataError(of_file(path, _CHANGES))
    buffer = osmium.io.FileBuffer(content, ".".join(endings))
    if "osh" in endings or _has_history(buffer):
        raise BadDataError(of_file(path, _HISTORY))
    return buffer


def osm_form(path: Path) -> PlainMap:
    """Return what was made of a file that is no plain map; see `osm_content` for what it raises."""
    content, endings = _read(path)
    return _as_map(path, content, endings) if endings and _NO_XML.isdisjoint(endings) else PlainMap(b"")


def refuse_versions(path: Path) -> BadDataError:
    """Return the error that a file holds several versions of its objects."""
    return BadDataError(of_file(path, _HISTORY))


def refuse_unsorted(path: Path) -> BadDataError:
    """Return the error that a file holds nodes that its ways cannot find: they come too late, or have numbers below zero."""
    what = Message(
        "is unsorted or edited: its ways come before their nodes, or have nodes that were never uploaded; "
        "sort it (osmium sort UNSORTED.osm.pbf -o roads.osm.pbf), or give the .osm that JOSM saves"
    )
    return BadDataError(of_file(path, what))


def come_late(path: Path, content: osmium.io.FileBuffer, missing: set[int]) -> bool:
    """Return whether the file holds nodes that its ways did not find: they come after them, or were never uploaded."""
    if min(missing) < 0:
        return True
    with suppress(ValueError):
        late = has_late_nodes(path.read_bytes())
        if late is not None:
            return late
    nodes = osmium.FileProcessor(content, osmium.osm.NODE).with_filter(osmium.filter.IdFilter(missing))
    return any(True for _ in nodes)


def _read(path: Path) -> tuple[bytes, list[str]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise osm_unreadable(path, error) from error
    return content, [ending for ending in map(str.lower, path.name.split(".")[1:]) if ending in _FORMATS]


def _as_map(path: Path, content: bytes, endings: list[str]) -> PlainMap:
    try:
        for ending in reversed([ending for ending in endings if ending in _PACKED]):
            content = _unpacked(path, content, ending)
    except BadDataError:
        raise
    except (OSError, EOFError, ValueError, zlib.error) as error:
        what = Message("cannot be read as OpenStreetMap data: {error}; write it again as .osm.pbf", error=str(error))
        raise BadDataError(of_file(path, what)) from error
    if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        raise BadDataError(of_file(path, _json_fault(content)))
    try:
        return plain_map(content)
    except NotAMapError as error:
        raise BadDataError(of_file(path, error.args[0])) from error


def _unpacked(path: Path, content: bytes, ending: str) -> bytes:
    most = {"unpacked_mb": cap("unpacked_mb") * 2**20, "ratio": max(_SMALL_BYTES, cap("ratio") * len(content))}
    lowest = min(most, key=most.__getitem__)
    held = io.BytesIO(content)
    with gzip.GzipFile(fileobj=held) if ending == "gz" else bz2.BZ2File(held) as packed:
        unpacked = packed.read(most[lowest] + 1)
    if len(unpacked) > most[lowest]:
        raise over_cap(path, lowest)
    return unpacked


def _json_fault(content: bytes) -> Message:
    try:
        remark = json.loads(content)["remark"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return Message("is JSON as Overpass answers it: ask for XML ([out:xml]) and save the answer as .osm")
    return Message(
        "is only part of an answer, the server broke off: {remark}; ask again for a smaller area or with a longer timeout",
        remark=str(remark),
    )


def _has_history(buffer: osmium.io.FileBuffer) -> bool:
    try:
        with osmium.io.Reader(buffer, osmium.osm.NOTHING) as reader:  # its header alone
            return bool(reader.header().has_multiple_object_versions)
    except RuntimeError:  # whoever reads on says what is wrong
        return False


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
