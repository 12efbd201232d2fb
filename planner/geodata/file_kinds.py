"""What a file is taken for, by its name, its ending or what it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from planner.geodata.boundary_file import holds_boundary
from planner.geodata.columns import NAMES, PATTERNS
from planner.geodata.examined import FileKind
from planner.geodata.feature_table import holds_places, lines_in
from planner.geodata.place_rows import Table
from planner.geodata.register import townships_of
from planner.geodata.tables import GEOFILES, ROADS

_STEMS = {kind: PATTERNS[f"{kind}_stem"] for kind in (FileKind.TOWNSHIPS, FileKind.VILLAGES, FileKind.SITES)}


def kind_by_ending(path: Path) -> FileKind | None:
    """Return the kind of a file that its ending tells, None for most."""
    return FileKind.ROADS if path.suffix.lower() in ROADS else None


def roads_alone(path: Path) -> int:
    """Return how many lines a vector file holds that is not named after places, 0 where it holds anything else."""
    return lines_in(path) if path.suffix.lower() in GEOFILES and named_kind(path) is None else 0


def is_boundary(path: Path, kind: FileKind | None) -> bool:
    """Return whether a file is, or is meant to be, a boundary; a table else."""
    if kind is not None or path.suffix.lower() not in GEOFILES:
        return kind is FileKind.BOUNDARY
    return not holds_places(path) and holds_boundary(path)


def named_kind(path: Path) -> FileKind | None:
    """Return the kind of place that a file's name names, None if it names none or several."""
    named = [kind for kind, words in _STEMS.items() if words.search(path.stem)]
    return named[0] if len(named) == 1 else None


def kind_of(path: Path, table: Table) -> FileKind:
    """Judge by the file's name if it names one kind of place, else by what its columns are."""
    named = named_kind(path)
    if named is not None:
        return named
    if "tier" in table.headings or "status" in table.headings:
        return FileKind.SITES
    if {"township", "households", "registered_poor", "poor_households"} & table.headings.keys():
        return FileKind.VILLAGES
    lengths = Counter(len(row.cells.get("id", "")) for row in table.rows)
    townships = lengths[9] > len(table.rows) / 2 or table.headings.get("name", "").startswith(NAMES["township"])
    return FileKind.TOWNSHIPS if townships else FileKind.VILLAGES


def county_of(tables: Sequence[Table]) -> str:
    """Return the code of the county that most codes of places begin with, empty if none is in the register."""
    likely = [(count, code) for code, count in counties_of(tables).items()]
    return max(likely)[1] if likely else ""


def counties_of(tables: Sequence[Table]) -> dict[str, int]:
    """Return how many codes of places begin with that of each county in the register."""
    codes = Counter(row.cells.get("id", "")[:6] for table in tables for row in table.rows)
    return {code: count for code, count in codes.items() if code.isdigit() and len(code) == 6 and townships_of(code)}
