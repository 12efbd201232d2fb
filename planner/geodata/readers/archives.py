"""Zip archives are looked at before anything in them is unpacked."""

from __future__ import annotations

import stat
import zipfile

from planner.errors import BadDataError, Message, of_file
from planner.sandbox import cap, over_cap

_MB = 2**20
_SMALL_MB = 50
"""What may be unpacked whatever the ratio: tables of shapefiles are blanks for the most part."""


def check_entries(entries: list[zipfile.ZipInfo], size: int, name: str, small_mb: int = _SMALL_MB) -> None:
    """Refuse an archive with too many entries, too large ones, links, or names that lead out of it.

    Up to ``small_mb`` the ratio between the archive and what is in it does not matter.

    Raises
    ------
    BadDataError
        If it is one.
    """
    if len(entries) > cap("entries"):
        raise over_cap(name, "entries")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > cap("unpacked_mb") * _MB:
        raise over_cap(name, "unpacked_mb")
    if unpacked > max(small_mb * _MB, cap("ratio") * size):
        raise over_cap(name, "ratio")
    odd = [e.filename for e in entries if stat.S_ISLNK(e.external_attr >> 16) or _leads_out(e.filename)]
    if odd:
        what = Message("the archive has links, or names that lead out of it: {names}", names=odd[:10])
        raise BadDataError(of_file(name, what))


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]
