"""A table's positions in whatever notation → a table with longitude and latitude in decimal degrees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from planner.config import Datum
from planner.errors import BadDataError, Message, of_file
from planner.geodata.columns import PATTERNS, datum_in, normal
from planner.geodata.findings import Finding, Severity, about_file
from planner.geodata.notations import degrees, is_coarse, pair
from planner.geodata.place_rows import Fault, Row, Table
from planner.geodata.projected import METRES_FROM, Fit, fits
from planner.geodata.run_together import behind_the_point, run_together, without_point
from planner.model import as_message, said

_DECIMAL = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_NORTHING_FIRST = re.compile(r"x|.*x$", re.IGNORECASE)
_SURE, _DOUBTFUL = 20, 8
"""So many figures below 60 behind the point are no accident (1 table in 750 million), so few could be (1 in 3,500)."""
_METRES_TO = 2e10  # degrees with eight decimals and without their point, too
_WGS84 = frozenset({Datum.WGS84, Datum.CGCS2000})


def in_degrees(table: Table, datum: Datum, ground: shapely.Geometry | None) -> Table:
    """Return the table with lon and lat in decimal degrees, as far as they can be read; ``ground`` is the area's polygon.

    One column for both is parted; metres of a projection that only fits the area are converted; what cannot be read stays as
    it is, and is found when the row is read.

    Raises
    ------
    BadDataError
        If a heading names another datum than ``datum``, or positions are metres of a projection that cannot be told.
    """
    _refuse_other_datum(table, datum)
    if "position" in table.headings and not {"lon", "lat"} <= table.headings.keys():
        table = _parted(table)
    table = replace(table, rows=tuple(_in_decimals(row) for row in table.rows))
    metres = [row for row in table.rows if _is_metres(row)]
    filled = [row for row in table.rows if row.cells.get("lon") and row.cells.get("lat")]
    if metres and len(metres) * 2 > len(filled):
        return _unprojected(table, metres, datum, ground)
    return _turned(_no_minutes_behind_the_point(table, filled), filled)


def _no_minutes_behind_the_point(table: Table, filled: Sequence[Row]) -> Table:
    """Return the table, with a finding where its decimals may be minutes and seconds; refuse it where they must be."""
    found = behind_the_point(list(dict.fromkeys([*_texts(filled, "lon"), *_texts(filled, "lat")])))
    if found is None or found[0] < _DOUBTFUL:
        return table
    count, packed = found
    if count >= _SURE:
        what = Message(
            "{headings}: behind the point stand minutes and seconds, {count} figures have none above 59 ({written} is "
            "{meant}): write them so, or in decimal degrees",
            headings=_both_headings(table),
            count=count,
            written=packed.written,
            meant=packed.meant,
        )
        raise BadDataError(of_file(table.file, what))
    message = said(
        "behind the point there may be minutes and seconds: none of {count} figures has more than 59 ({written} would be "
        "{meant})",
        count=count,
        written=packed.written,
        meant=packed.meant,
    )
    remedy = said("if so, write them with their signs; nothing, if they are decimal degrees")
    finding = about_file(Severity.WARNING, "minutes", table.file, message, remedy, field=_both_headings(table))
    return replace(table, findings=(*table.findings, finding))


def _refuse_other_datum(table: Table, datum: Datum) -> None:
    for field in ("lon", "lat", "position"):
        heading = table.headings.get(field, "")
        named = datum_in(heading)
        if named is None or named is datum or {named, datum} <= _WGS84:
            continue
        what = Message(
            "the heading {heading} says {named}, but {datum} is declared: correct area.datum (or --datum), or the heading",
            heading=repr(heading),
            named=named.upper(),
            datum=datum.upper(),
        )
        raise BadDataError(of_file(table.file, what))


def _parted(table: Table) -> Table:
    heading = table.headings["position"]
    lat_first = bool(PATTERNS["lat_first"].match(normal(heading)))
    rows = []
    for row in table.rows:
        text = row.cells.get("position", "")
        found = pair(text, lat_first=lat_first)
        if found is None:
            message = said("is empty") if not text else said("is not a longitude and a latitude")
            remedy = said("write both in decimal degrees, longitude first: 126.50000, 46.80000")
            fault = Fault(severity=Severity.ERROR, code="not_a_position", field="lon", message=message, remedy=remedy)
            rows.append(replace(row, cells={**row.cells, "lon": text}, faults=(*row.faults, fault)))
            continue
        rows.append(replace(row, cells={**row.cells, "lon": f"{found[0]:.8f}", "lat": f"{found[1]:.8f}"}))
    return replace(table, rows=tuple(rows), headings={**table.headings, "lon": heading, "lat": heading})


def _in_decimals(row: Row) -> Row:
    cells, faults = dict(row.cells), list(row.faults)
    for field in ("lon", "lat"):
        text = PATTERNS["metres_behind"].sub("", normal(cells.get(field, "")).removeprefix("'"))
        if not text:
            continue
        if _DECIMAL.fullmatch(text):
            cells[field] = text
            continue
        value = degrees(cells[field], field)
        if value is None:
            continue
        if is_coarse(cells[field]):
            message = said("has too few decimals: it may be a kilometre off")
            remedy = said("give five decimals")
            faults.append(Fault(severity=Severity.WARNING, code="coarse", field=field, message=message, remedy=remedy))
        cells[field] = f"{value:.8f}"
    return replace(row, cells=cells, faults=tuple(faults))


def _figures(rows: Sequence[Row], field: str) -> list[float]:
    return [float(row.cells[field]) for row in rows]


def _texts(rows: Sequence[Row], field: str) -> list[str]:
    return [row.cells[field] for row in rows]


def _is_metres(row: Row) -> bool:
    texts = [row.cells.get(field, "") for field in ("lon", "lat")]
    return all(_DECIMAL.fullmatch(text) and METRES_FROM < abs(float(text)) < _METRES_TO for text in texts)


def _unprojected(table: Table, metres: Sequence[Row], datum: Datum, ground: shapely.Geometry | None) -> Table:
    found = fits(np.array(_figures(metres, "lon")), np.array(_figures(metres, "lat")), ground)
    if datum not in _WGS84 and found:
        raise BadDataError(of_file(table.file, _other_datum(found[0], datum)))
    if not found and (packed := run_together(_texts(metres, "lon"), _texts(metres, "lat"), ground)):
        what = Message(
            "{headings}: the positions are degrees, minutes and seconds run together ({written} is {meant}): write them so, "
            "or in decimal degrees",
            headings=_both_headings(table),
            written=packed.written,
            meant=packed.meant,
        )
        raise BadDataError(of_file(table.file, what))
    decimals = without_point(_texts(metres, "lon"), _texts(metres, "lat"), ground)
    if decimals and not found:
        return _with_point(table, metres, decimals)
    if len(found) != 1 or (decimals and ground is None):
        raise BadDataError(of_file(table.file, _unclear(table, found, known=ground is not None)))
    (fit,) = found
    at = {id(row): position for row, position in zip(metres, fit.degrees.tolist(), strict=True)}
    rows = [
        replace(row, cells={**row.cells, "lon": f"{at[id(row)][0]:.8f}", "lat": f"{at[id(row)][1]:.8f}"})
        if id(row) in at
        else row
        for row in table.rows
    ]
    message = said("the positions are metres of {projection}, and converted", projection=fit.projection.name)
    remedy = said("if they are Xi'an 1980 or Beijing 1954, convert them first: these lie some hundred metres off")
    finding = about_file(Severity.WARNING, "projected", table.file, message, remedy, field=_both_headings(table))
    return replace(table, rows=tuple(rows), findings=(*table.findings, finding))


def _with_point(table: Table, whole: Sequence[Row], decimals: int) -> Table:
    """Return the table with the decimal point where it belongs, and a finding that says so."""
    shifted = {id(row) for row in whole}
    rows = [
        replace(row, cells={**row.cells, **{f: f"{float(row.cells[f]) / 10**decimals:.8f}" for f in ("lon", "lat")}})
        if id(row) in shifted
        else row
        for row in table.rows
    ]
    first = whole[0].cells["lon"]
    message = said(
        "the positions are degrees without their decimal point: {written} is read as {meant}",
        written=first,
        meant=f"{float(first) / 10**decimals:.{decimals}f}",
    )
    finding = about_file(
        Severity.WARNING,
        "no_point",
        table.file,
        message,
        said("nothing, if that is right"),
        field=_both_headings(table),
    )
    return replace(table, rows=tuple(rows), findings=(*table.findings, finding))


def _other_datum(fit: Fit, datum: Datum) -> Message:
    return Message(
        "the positions are metres of {projection}, but {datum} is declared: declare cgcs2000, or convert them",
        projection=as_message(fit.projection.name),
        datum=datum.upper(),
    )


def _unclear(table: Table, found: Sequence[Fit], *, known: bool) -> Message:
    headings = _both_headings(table)
    if found:
        return Message(
            "{headings}: the positions are metres of one of {projections}: save them in degrees, as it "
            "cannot be told which (EPSG:4326)",
            headings=headings,
            projections=[as_message(fit.projection.name) for fit in found],
        )
    if not known:
        return Message(
            "{headings}: the positions are metres of a projection, and without the county nobody can tell which: give the "
            "division code or a boundary, or save them in degrees (EPSG:4326)",
            headings=headings,
        )
    return Message(
        "{headings}: the positions are metres, but no Gauss-Kruger, UTM or Web Mercator projection puts them into the area: "
        "save them in degrees (EPSG:4326)",
        headings=headings,
    )


def _both_headings(table: Table) -> str:
    return ", ".join(dict.fromkeys(table.headings.get(field, field) for field in ("lon", "lat")))


def _turned(table: Table, filled: Sequence[Row]) -> Table:
    """Return a table whose x is the northing, as surveyors have it, the other way round."""
    if not filled or not all(_is_turned(row) for row in filled):
        return table
    if not _NORTHING_FIRST.fullmatch(table.headings.get("lon", "")):
        return table
    rows = [
        replace(row, cells={**row.cells, "lon": row.cells.get("lat", ""), "lat": row.cells.get("lon", "")})
        for row in table.rows
    ]
    message = said(
        "{first} is the latitude and {second} the longitude, as surveyors have them",
        first=table.headings["lon"],
        second=table.headings["lat"],
    )
    finding: Finding = about_file(Severity.NOTE, "turned", table.file, message, said("nothing, if that is right"))
    return replace(table, rows=tuple(rows), findings=(*table.findings, finding))


def _is_turned(row: Row) -> bool:
    texts = [row.cells.get(field, "") for field in ("lon", "lat")]
    if not all(_DECIMAL.fullmatch(text) for text in texts):
        return False
    lon, lat = map(float, texts)
    return 3 <= lon <= 54 and 73 <= lat <= 136
