"""The data doctor: examine files before a plan is made of them, and say what is wrong, where, and how to correct it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import shapely

from planner.config import Datum, PlanConfig
from planner.errors import PlannerError
from planner.geodata import spatial
from planner.geodata.assemble import population_rule, settlements_of
from planner.geodata.boundary_file import boundary_in
from planner.geodata.datum_check import datum_findings
from planner.geodata.decimal_degrees import in_degrees
from planner.geodata.examined import FileKind, FileReport, Report
from planner.geodata.facilities import unknown_facilities
from planner.geodata.file_faults import lines_of_roads, note_missing, unreadable_noted
from planner.geodata.file_kinds import (
    counties_of,
    county_of,
    is_boundary,
    kind_by_ending,
    kind_of,
    named_kind,
    roads_alone,
)
from planner.geodata.findings import Severity, about_file
from planner.geodata.osm_places import OsmPlace
from planner.geodata.place_rows import Table
from planner.geodata.readers.osm_settlements import count_ways
from planner.geodata.reading import Reading
from planner.geodata.records import read_sites, read_townships, read_villages
from planner.geodata.register import Division, county_boundary, county_name, seats_of, townships_of
from planner.geodata.register_count import compared_with_register
from planner.geodata.rejects import RejectsFile
from planner.geodata.road_lines import LINE_FILES, area_road_lines, findings_about
from planner.geodata.row_figures import PopulationRule
from planner.geodata.seats import at_seats, townships_at_seats
from planner.geodata.tables import read_table
from planner.model import Tier, Township, Village, as_fact, said

CHECKED_ALONE = PopulationRule(complete=False)
"""Without a configuration nobody knows how people are filled in: what is missing in every row is no fault yet."""


_OF_ONE_COUNTY = 0.9
"""Share of the codes that makes an area one county's: the others may be slips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """Which files to examine, each as its kind if that is known, and what is declared about them."""

    files: Mapping[Path, FileKind | None]
    datum: Datum
    boundary_datum: Datum = Datum.WGS84
    division_code: str = ""
    rule: PopulationRule
    facility_words: tuple[tuple[str, str], ...] = ()
    config: PlanConfig | None = None
    name: str = ""


def check_files(
    paths: Sequence[Path], *, datum: Datum, division_code: str = "", accept_bad: RejectsFile | None = None
) -> Report:
    """Return what is wrong in the files, examined together: villages against townships, all against the boundary.

    Without ``division_code`` the county is the one most 12-digit codes begin with. With ``accept_bad`` rows at fault are
    written to that CSV file. Nothing is raised for bad data: it is what the report is for.
    """
    task = _Task(files=dict.fromkeys(paths), datum=datum, division_code=division_code, rule=CHECKED_ALONE)
    return _examine(task, accept_bad)


def check_area(config: PlanConfig, *, accept_bad: RejectsFile | None = None) -> Report:
    """Return what is wrong in the files that a configuration names, with its datums, county and rules."""
    about = config.area
    named = (
        (about.townships, FileKind.TOWNSHIPS),
        (about.villages, FileKind.VILLAGES),
        (about.sites, FileKind.SITES),
        (None if about.boundary == "embedded" else Path(about.boundary), FileKind.BOUNDARY),
        (None if config.road_file is None else Path(about.roads), FileKind.ROADS),
    )
    task = _Task(
        files={config.resolve(path): kind for path, kind in named if path is not None},
        datum=about.datum,
        boundary_datum=about.boundary_datum,
        division_code=about.division_code,
        rule=population_rule(config),
        facility_words=tuple(config.coverage.service_points.facility_words.items()),
        config=config,
        name=about.name,
    )
    return _examine(task, accept_bad)


def _examine(task: _Task, accept_bad: RejectsFile | None) -> Report:
    report, reading = Report(), Reading()
    tables: dict[FileKind, list[Table]] = {kind: [] for kind in FileKind}
    boundaries: list[Path] = []
    for path, known_kind in task.files.items():
        with unreadable_noted(path, report, reading):
            kind = known_kind or kind_by_ending(path)
            if not path.is_file():
                note_missing(path, kind, report, reading)
                continue
            if kind is FileKind.ROADS:
                ways = _count_roads(path, task, reading)
                report.road_files.append(path)
                report.files.append(FileReport(file=path.name, kind=kind, rows=ways, usable=ways))
            elif kind is None and (count := roads_alone(path)):
                reading.findings.append(lines_of_roads(path.name, count))
                report.files.append(FileReport(file=path.name, kind=FileKind.ROADS, rows=count, usable=count))
            elif is_boundary(path, kind):
                boundaries.append(path)
            else:
                table = read_table(path, kind or named_kind(path) or "")
                tables[kind or kind_of(path, table)].append(table)
    report.county = task.division_code or _county_by_codes(task, tables[FileKind.VILLAGES] + tables[FileKind.TOWNSHIPS])
    boundary = _boundary(boundaries, report, task, reading)
    _put_in_degrees(tables, task, boundary, report, reading)
    _read_tables(report, tables, task, reading)
    _examine_map(report, boundary, task, reading)
    report.townships, report.villages = reading.kept(report.townships), reading.kept(report.villages)
    report.sites = reading.kept(report.sites)
    for table in tables[FileKind.VILLAGES][-1:]:
        reading.findings += compared_with_register(report.villages, report.county, table.file, reading)
    _count(report, tables, reading)
    order = [path.name for path in task.files]
    report.files.sort(key=lambda file: order.index(file.file))
    report.findings = sorted(
        dict.fromkeys(reading.findings), key=lambda f: (f.severity != "error", f.file, f.row or 0, f.code)
    )
    if accept_bad is not None:
        accept_bad.write(reading)
    return report


def _count_roads(path: Path, task: _Task, reading: Reading) -> int:
    """Return how many roads a file has; what was made of lines is a finding."""
    if path.suffix.lower() not in LINE_FILES or task.config is None:
        return count_ways(path)
    drawn = area_road_lines(task.config, path)
    reading.findings += findings_about(drawn, path.name)
    return len(drawn.lines)


def _boundary(paths: Sequence[Path], report: Report, task: _Task, reading: Reading) -> shapely.Geometry | None:
    """Return the boundary of the last file of one, else the county's; None where there is neither."""
    boundary: shapely.Geometry | None = None
    county: shapely.Geometry | None = None
    name = task.name
    fault: PlannerError | None = None
    if report.county:
        try:
            county, name = county_boundary(report.county), name or county_name(report.county)
        except PlannerError as error:
            fault = error
    for path in paths:
        with unreadable_noted(path, report, reading):
            boundary = boundary_in(path, task.boundary_datum, code=report.county, name=name)
            report.files.append(FileReport(file=path.name, kind=FileKind.BOUNDARY, rows=1, usable=1))
    if fault is not None and boundary is None:
        remedy = said("give the boundary as a file, or the county's six-digit code")
        message = as_fact(fault.args[0])
        reading.findings.append(about_file(Severity.WARNING, "no_boundary", "", message, remedy))
    return county if boundary is None else boundary


def _put_in_degrees(
    tables: dict[FileKind, list[Table]],
    task: _Task,
    boundary: shapely.Geometry | None,
    report: Report,
    reading: Reading,
) -> None:
    for kind, found in tables.items():
        converted = []
        for table in found:
            with unreadable_noted(Path(table.file), report, reading):
                converted.append(in_degrees(table, task.datum, boundary))
        tables[kind] = converted


def _county_by_codes(task: _Task, tables: Sequence[Table]) -> str:
    """Return the county that the codes say; none for an area with a boundary of its own that lies in several."""
    counts = counties_of(tables).values()
    if task.config is not None and task.config.area.boundary != "embedded" and counts:
        mostly = max(counts) >= _OF_ONE_COUNTY * sum(counts)
        return county_of(tables) if mostly else ""
    return county_of(tables)


def _read_tables(report: Report, tables: dict[FileKind, list[Table]], task: _Task, reading: Reading) -> None:
    for table in tables[FileKind.TOWNSHIPS]:
        report.townships += read_townships(table, task.datum, report.county, reading)
    divisions = [Division(code=township.id, name=township.name) for township in report.townships]
    divisions = divisions or list(townships_of(report.county))
    if not divisions:  # nothing to compare with: what the villages name is taken as it is
        names = {row.cells.get("township", "") for table in tables[FileKind.VILLAGES] for row in table.rows}
        divisions = [Division(code=name, name=name) for name in sorted(names) if name]
    for table in tables[FileKind.VILLAGES]:
        if not task.rule.complete and not {"population", "households"} & table.headings.keys():
            message = said("has neither population nor households")
            remedy = said("add population or households, or set area.persons_per_village")
            reading.findings.append(about_file(Severity.WARNING, "missing_column", table.file, message, remedy))
        found = read_villages(table, task.datum, report.county, divisions, task.rule, reading)
        reading.findings += unknown_facilities(found, table.file, task.facility_words)
        report.villages += found
    seats = report.townships or townships_at_seats(
        divisions, report.county, report.villages, lambda: _settlements(report)
    )
    reading.check_repeats()
    report.villages = at_seats(report.villages, seats, reading)
    places: list[Village | Township] = [*seats, *report.villages]
    for table in tables[FileKind.SITES]:
        report.sites += read_sites(table, task.datum, places, dict.fromkeys(Tier, 0.0), reading)
    reading.check_repeats()


def _count(report: Report, tables: dict[FileKind, list[Table]], reading: Reading) -> None:
    """Add what each table was taken for; a row is usable if nothing in it or about it is an error."""
    bad = {(table.label(row), row.number) for table, row in reading.rejected}
    for kind, found in tables.items():
        for table in found:
            usable = sum((table.label(row), row.number) not in bad for row in table.rows)
            report.files.append(
                FileReport(file=table.file, kind=kind, rows=len(table.rows), usable=usable, unused_columns=table.unused)
            )


def _settlements(report: Report) -> list[OsmPlace]:
    return [place for path in report.road_files for place in settlements_of(path)]


def _examine_map(report: Report, boundary: shapely.Geometry | None, task: _Task, reading: Reading) -> None:
    located = [village for village in report.villages if not village.at_seat]
    if boundary is not None:
        reading.findings += spatial.outside(report.townships, boundary, reading)
        reading.findings += spatial.outside(located, boundary, reading)
        reading.findings += spatial.outside(report.sites, boundary, reading, only_own_positions=True)
    if report.townships:
        reading.leave_out_villages_without_township(report.villages, reading.kept(report.townships))
    reading.findings += spatial.doubts(report.townships, report.villages, reading)
    townships, villages = reading.kept(report.townships), reading.kept(report.villages)
    judged: list[Village | Township] = [*villages, *townships]
    if judged:
        reading.findings += datum_findings(
            townships,
            villages,
            seats=seats_of(report.county) if report.county else (),
            settlements=lambda: _settlements(report),
            declared=task.datum,
            file=reading.rows_of_good(judged[:1])[0][0].file,
        )
