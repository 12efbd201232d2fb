"""What the data doctor has to say: each file with its rows, the findings, and the places that are left."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from planner.geodata.findings import Finding
from planner.model import Site, Township, Village


class FileKind(StrEnum):
    """What a file was taken for."""

    ROADS = "roads"
    BOUNDARY = "boundary"
    TOWNSHIPS = "townships"
    VILLAGES = "villages"
    SITES = "sites"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """One file: what it was taken for, its rows (ways of a road file), how many can be used, and columns nobody reads."""

    file: str
    kind: FileKind
    rows: int
    usable: int
    unused_columns: tuple[str, ...] = ()


@dataclass(kw_only=True)
class Report:
    """What the doctor found; places are those of rows without an error."""

    files: list[FileReport] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    townships: list[Township] = field(default_factory=list)
    villages: list[Village] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    road_files: list[Path] = field(default_factory=list)
    county: str = ""

    @property
    def unusable_files(self) -> tuple[str, ...]:
        """Files with an error that leaving out rows does not remove: missing, unreadable, empty, in another datum."""
        return tuple(dict.fromkeys(finding.file for finding in self.findings if finding.spoils_file))
