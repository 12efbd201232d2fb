"""The data doctor: examine files before a plan is made of them, and say what is wrong, where, and how to mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import shapely

from planner.config import Datum
from planner.errors import BadDataError, PlannerError
from planner.geodata import spatial
from planner.geodata.findings import Finding, Severity
from planner.geodata.osm_places import OsmPlace, read_places
from planner.geodata.records import PopulationRule, Reading, read_sites, read_townships, read_villages
from planner.geodata.register import Division, county_boundary, plain_village, seats_of, townships_of
from planner.geodata.rejects import write_rejects
from planner.geodata.tables import GEOFILES, ROADS, Table, read_geofile, read_table
from planner.places import Site, Tier, Township, Village

NEAR_DEGREES = 0.05  # a village of the same name farther away than five kilometres is another village


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
    """One file: what it was taken for, its rows and how many of them can be used, and columns nobody reads."""

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


def check_files(
    paths: Sequence[Path], *, datum: Datum, division_code: str = "", accept_bad: Path | None = None
) -> Report:
    """Return what is wrong in the files, examined together: villages against townships, all against the boundary.

    Without ``division_code`` the county is the one most 12-digit codes begin with. With ``accept_bad`` rows at fault are
    written to that CSV file. Nothing is raised for bad data: it is what the report is for.
    """
    report, reading = Report(), Reading()
    tables: dict[FileKind, list[Table]] = {kind: [] for kind in FileKind}
    boundary: shapely.Geometry | None = None
    for path in paths:
        try:
            kind = _kind_by_name(path)
            if kind is FileKind.ROADS:
                places, _ = read_places(path)
                report.road_files.append(path)
                report.files.append(FileReport(file=path.name, kind=kind, rows=len(places), usable=len(places)))
            elif path.suffix.lower() in GEOFILES and (shape := _polygons(path)) is not None:
                boundary = shape
                report.files.append(FileReport(file=path.name, kind=FileKind.BOUNDARY, rows=1, usable=1))
            else:
                table = read_table(path)
                tables[_kind_of(table)].append(table)
        except BadDataError as error:
            report.files.append(FileReport(file=path.name, kind=FileKind.UNREADABLE, rows=0, usable=0))
            reading.findings += _unreadable(path, error)
    report.county = division_code or _county_of(tables[FileKind.VILLAGES] + tables[FileKind.TOWNSHIPS])
    _read_tables(report, tables, datum, reading)
    _examine_map(report, boundary, datum, reading)
    report.townships, report.villages = reading.kept(report.townships), reading.kept(report.villages)
    report.sites = reading.kept(report.sites)
    _count(report, tables, reading)
    report.findings = sorted(reading.findings, key=lambda f: (f.severity != "error", f.file, f.row or 0, f.code))
    if accept_bad is not None:
        write_rejects(reading, accept_bad)
    return report


def _kind_by_name(path: Path) -> FileKind | None:
    return FileKind.ROADS if path.suffix.lower() in ROADS and path.is_file() else None


def _polygons(path: Path) -> shapely.Geometry | None:
    """Return all polygons of a vector file together, None if it holds points."""
    if not path.is_file():
        return None
    shapes = [shape for shape in read_geofile(path).geometry if shape is not None]
    polygons = [shape for shape in shapes if shape.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(polygons) if polygons else None


def _kind_of(table: Table) -> FileKind:
    if "tier" in table.headings or "status" in table.headings:
        return FileKind.SITES
    if {"township", "households", "registered_poor", "poor_households"} & table.headings.keys():
        return FileKind.VILLAGES
    lengths = Counter(len(row.cells.get("id", "")) for row in table.rows)
    townships = lengths[9] > len(table.rows) / 2 or table.headings.get("name", "").startswith("乡镇")
    return FileKind.TOWNSHIPS if townships else FileKind.VILLAGES


def _unreadable(path: Path, error: BadDataError) -> list[Finding]:
    problems = error.problems or ("",)
    return [
        Finding(
            severity=Severity.ERROR,
            code="unreadable",
            file=path.name,
            row=None,
            field="",
            value="",
            message=f"{error.summary.removeprefix(f'{path.name}: ')}{': ' if problem else ''}{problem}",
            mend="mend the file and check again",
        )
        for problem in problems
    ]


def _county_of(tables: Sequence[Table]) -> str:
    codes = Counter(row.cells.get("id", "")[:6] for table in tables for row in table.rows)
    likely = [
        (count, code) for code, count in codes.items() if code.isdigit() and len(code) == 6 and townships_of(code)
    ]
    return max(likely)[1] if likely else ""


def _read_tables(report: Report, tables: dict[FileKind, list[Table]], datum: Datum, reading: Reading) -> None:
    for table in tables[FileKind.TOWNSHIPS]:
        report.townships += read_townships(table, datum, report.county, reading)
    divisions = [Division(code=township.id, name=township.name) for township in report.townships]
    divisions = divisions or list(townships_of(report.county))
    if not divisions:  # nothing to compare with: what the villages name is taken as it is
        names = {row.cells.get("township", "") for table in tables[FileKind.VILLAGES] for row in table.rows}
        divisions = [Division(code=name, name=name) for name in sorted(names) if name]
    for table in tables[FileKind.VILLAGES]:
        # what an area's configuration fills in is not known here: sizes only keep rows without a figure from failing
        lacking = not {"population", "households"} & table.headings.keys()
        rule = PopulationRule(persons_per_household=3.0, persons_per_village=1.0 if lacking else None)
        if lacking:
            mend = "add 人口 or 户数, or set area.persons_per_village"
            reading.findings.append(
                _about_all(
                    "missing_column", "has neither population nor households", Severity.WARNING, table.file, mend
                )
            )
        report.villages += read_villages(table, datum, report.county, divisions, rule, reading)
    places: list[Village | Township] = [*report.townships, *report.villages]
    for table in tables[FileKind.SITES]:
        report.sites += read_sites(table, datum, places, dict.fromkeys(Tier, 0.0), reading)
    reading.check_repeats()


def _count(report: Report, tables: dict[FileKind, list[Table]], reading: Reading) -> None:
    """Add what each table was taken for; a row is usable if nothing in it or about it is an error."""
    bad = {(table.file, row.number) for table, row in reading.rejected}
    for kind, found in tables.items():
        for table in found:
            usable = sum((table.file, row.number) not in bad for row in table.rows)
            report.files.append(
                FileReport(file=table.file, kind=kind, rows=len(table.rows), usable=usable, unused_columns=table.unused)
            )


def _examine_map(report: Report, boundary: shapely.Geometry | None, datum: Datum, reading: Reading) -> None:
    if boundary is None and report.county:
        try:
            boundary = county_boundary(report.county)
        except PlannerError as error:
            reading.findings.append(_about_all("no_boundary", str(error), Severity.WARNING))
    for places in (report.townships, report.villages):
        if boundary is not None:
            reading.findings += spatial.outside(places, boundary, reading)
        reading.findings += spatial.together(places, reading)
    reading.findings += spatial.same_name(report.villages, reading)
    reading.findings += spatial.far_from_seat(report.villages, report.townships, reading)
    seats = {seat.code: (seat.lon, seat.lat) for seat in seats_of(report.county)} if report.county else {}
    osm = [place for path in report.road_files for place in read_places(path)[0]]
    named: list[tuple[str, Sequence[Village | Township], dict[str, tuple[float, float]]]] = [
        ("township seats of GeoNames", report.townships, seats),
        ("settlements of OpenStreetMap", report.villages, _known_villages(report.villages, osm)),
    ]
    for what, group, known in named:
        shift = spatial.datum_shift(group, known, datum)
        if shift is not None:
            file = reading.rows_of[type(group[0]), group[0].id][0][0].file
            metres = f"{shift.east_m:+.0f} m east, {shift.north_m:+.0f} m north"
            message = f"points lie {metres} of {shift.references} {what}: they are {shift.explained_by.upper()}"
            reading.findings.append(
                _about_all("datum_shift", message, Severity.ERROR, file, f"declare --datum {shift.explained_by}")
            )


def _known_villages(villages: Sequence[Village], places: Sequence[OsmPlace]) -> dict[str, tuple[float, float]]:
    """Return the positions of villages whose name one settlement nearby has, and only one."""
    known = {}
    for village in villages:
        near = [
            place
            for place in places
            if plain_village(place.name) == plain_village(village.name)
            and abs(place.lon - village.lon) < NEAR_DEGREES
            and abs(place.lat - village.lat) < NEAR_DEGREES
        ]
        if len(near) == 1:
            known[village.id] = (near[0].lon, near[0].lat)
    return known


def _about_all(code: str, message: str, severity: Severity, file: str = "", mend: str = "") -> Finding:
    return Finding(
        severity=severity,
        code=code,
        file=file,
        row=None,
        field="",
        value="",
        message=message,
        mend=mend or "give the boundary as a file, or the county's six-digit code",
    )
