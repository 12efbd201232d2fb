"""Coordinates and people of a row: what is impossible is an error, what is unlikely a warning, what is filled in a note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.geodata.columns import field_of
from planner.geodata.findings import Finding, Severity, about_file
from planner.geodata.notations import pair
from planner.geodata.row_reader import RowReader
from planner.model import Fact, PopulationSource, said

MANY_PEOPLE = 20_000  # the largest villages of the plain have some thousands
_RASTERS = frozenset({".tif", ".tiff"})
_FEW = 3  # as many rows are named one by one
_COARSE_DECIMALS = 3  # fewer than three decimals of a degree mean more than a hundred metres


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationRule:
    """How a missing population or number of households is estimated; None: it is not, and the row is at fault.

    Where ``complete`` is false, as in a check without a configuration, what a configuration would fill in stays zero.
    """

    persons_per_household: float | None = None
    persons_per_village: float | None = None
    complete: bool = True


def coordinates(reader: RowReader) -> tuple[float, float]:
    """Return lon and lat as written, whatever the datum; 0, 0 (with a finding) if they cannot be read."""
    for here, other in (("lon", "lat"), ("lat", "lon")):
        if not reader.has(other) and pair(reader.text(here)):
            reader.number(here, low=-180, high=180)  # which says that both stand in it
            return 0.0, 0.0
    lon = reader.number("lon", low=-180, high=180)
    lat = reader.number("lat", low=-180, high=180)
    if lon is None or lat is None:
        return 0.0, 0.0
    if abs(lat) > 90 and abs(lon) > 90:
        reader.note(
            Severity.ERROR,
            "out_of_range",
            "lat",
            said("is not within {low} and {high}", low="-90", high="90"),
            said("correct the figure"),
        )
        return 0.0, 0.0
    if abs(lat) > 90 or (3 <= lon <= 54 and 73 <= lat <= 136):
        remedy = said("write lon {lon}, lat {lat}", lon=f"{lat:.10g}", lat=f"{lon:.10g}")
        reader.note(Severity.ERROR, "swapped", "lat", said("longitude and latitude are swapped"), remedy)
        return 0.0, 0.0
    if lon == 0 and lat == 0:
        reader.note(
            Severity.ERROR, "zero", "lon", said("0, 0 is in the Atlantic: the position is missing"), said("fill it in")
        )
    decimals = [len(reader.row.cells[name].partition(".")[2]) for name in ("lon", "lat")]
    if max(decimals) < _COARSE_DECIMALS:
        message = said("has too few decimals: it may be a kilometre off")
        reader.note(Severity.WARNING, "coarse", "lon", message, said("give five decimals"))
    return lon, lat


def people(reader: RowReader, rule: PopulationRule) -> tuple[int, PopulationSource, int]:
    """Return population, its source and households; one is estimated from the other where the configuration says how.

    Whatever is filled in, people or households, makes the source an estimate.
    """
    source = population_source(reader)[0]
    has_people, has_homes = reader.has("population"), reader.has("households")
    if has_people and has_homes:
        population, households = reader.count("population"), reader.count("households")
        if population is not None and households is not None and households > population:
            message = said("is more than its {count} people", count=population)
            reader.note(Severity.WARNING, "more_homes_than_people", "households", message, said("correct one of them"))
        _check_size(reader, population)
        return population or 0, source, households or 0
    if has_people:
        population = reader.count("population")
        _check_size(reader, population)
        if population is None:
            return 0, PopulationSource.ESTIMATE, 0
        source = source if source is PopulationSource.RASTER else PopulationSource.ESTIMATE
        return population, source, round(population / _size(reader, rule, "households"))
    if has_homes:
        households = reader.count("households") or 0
        return round(households * _size(reader, rule, "population")), PopulationSource.ESTIMATE, households
    size = rule.persons_per_household
    if rule.persons_per_village is not None and size is not None:
        population = round(rule.persons_per_village)
        message = said("is empty: taken as {figure}", figure=population)
        reader.note(Severity.NOTE, "estimated", "population", message, said("fill it in if it is known"))
        return population, PopulationSource.ESTIMATE, round(population / size)
    if rule.complete or {"population", "households"} & reader.table.headings.keys():
        reader.count("population")  # notes that it is missing
    return 0, PopulationSource.ESTIMATE, 0


def said_once(findings: Sequence[Finding], rows: int) -> list[Finding]:
    """Return the findings about a table of villages; what each of its ``rows`` lacks alike is said once for all.

    Nobody reads the same sentence a hundred times: of people that no row has, of codes that a spreadsheet spoilt.
    """
    nobody = said("no village has people yet")
    fill_in = said(
        "run planner people with a raster of people or with --total, or fill in population or households of each village"
    )
    spoilt = said("the codes of all {count} rows have lost digits to the spreadsheet's number format", count=rows)
    as_text = said("format the column as text and enter the codes again, or delete the column")
    found = _once(findings, rows, ("missing", "population"), ("no_people_yet", nobody, fill_in))
    return _once(found, rows, ("rounded_code", "id"), ("rounded_codes", spoilt, as_text))


def _once(
    findings: Sequence[Finding], rows: int, which: tuple[str, str], instead: tuple[str, Fact, Fact]
) -> list[Finding]:
    """Return the findings with one about the file where each row has an error of this code about this field."""
    same = {
        one
        for one in findings
        if one.severity is Severity.ERROR and (one.code, field_of(one.field) or one.field) == which
    }
    files = {one.file for one in same}
    if len(same) <= _FEW or len(same) < rows or len(files) > 1:
        return list(findings)
    code, message, remedy = instead
    first = next(one for one in findings if one in same)
    once = about_file(
        Severity.ERROR, code, first.file, message, remedy, field=first.field if first.value else "", value=first.value
    )
    return [once, *(one for one in findings if one not in same)]


def population_source(reader: RowReader) -> tuple[PopulationSource, str]:
    """Return where the row's people are from, and the raster where its cell names one."""
    written = reader.text("population_source")
    if Path(written).suffix.lower() in _RASTERS:
        return PopulationSource.RASTER, written
    return reader.choice("population_source", PopulationSource, PopulationSource.REPORTED), ""


def _size(reader: RowReader, rule: PopulationRule, empty: str) -> float:
    """Return the persons of a household, noting which figure is filled in by it, or that it cannot be."""
    size = rule.persons_per_household
    if size is not None:
        message = said("is empty: households × {size}", size=f"{size:g}")
        if empty == "households":
            message = said("is empty: people / {size}", size=f"{size:g}")
        reader.note(Severity.NOTE, "estimated", empty, message, said("fill it in if it is known"))
        return size
    severity = Severity.ERROR if rule.complete else Severity.NOTE
    remedy = (
        said("fill in the households, or set area.persons_per_household")
        if empty == "households"
        else said("fill in the population, or set area.persons_per_household")
    )
    reader.note(severity, "missing", empty, said("is empty"), remedy)
    return 1.0


def _check_size(reader: RowReader, population: int | None) -> None:
    if population == 0:
        remedy = said("delete the row, or correct it")
        reader.note(Severity.WARNING, "no_people", "population", said("nobody lives there"), remedy)
    if population is not None and population > MANY_PEOPLE:
        message = said("is more than {count} in one village", count=MANY_PEOPLE)
        reader.note(Severity.WARNING, "many_people", "population", message, said("look at the unit of the column"))
