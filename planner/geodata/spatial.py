"""What only the map can tell: points outside their county, on one spot, far from their township."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import shapely

from planner.geodata.findings import Finding, Severity
from planner.geodata.reading import Reading, TableRow
from planner.geodata.register import plain_village
from planner.model import Fact, Site, Township, Village, said
from planner.units import METRES_PER_DEGREE, FloatArray

OUTSIDE_M = 1000.0  # embedded boundaries are generalised by some hundred metres
TOGETHER_M = 1.0
FAR_M = 20_000.0


def outside(
    places: Sequence[Village | Township | Site],
    boundary: shapely.Geometry,
    reading: Reading,
    *,
    only_own_positions: bool = False,
) -> list[Finding]:
    """Return a finding for each place outside the boundary: an error beyond a kilometre (it is left out), else a warning.

    With ``only_own_positions`` a site that stands where its village or township does is not looked at again.
    """
    if not places:
        return []
    about = _positions(places)
    ground = shapely.transform(boundary, lambda positions: _metres(positions, about))
    gaps = np.array([shapely.distance(shapely.Point(at), ground) for at in _metres(about)])
    findings = []
    for place, (table, row), gap in zip(places, reading.rows_of_good(places), gaps, strict=True):
        if gap == 0 or (only_own_positions and not row.cells.get("lon")):
            continue
        if gap > OUTSIDE_M and (type(place), place.id) not in reading.left_out:
            reading.leave_out((type(place), place.id))
        findings.append(
            _at_row(
                (table, row),
                severity=Severity.ERROR if gap > OUTSIDE_M else Severity.WARNING,
                code="outside",
                field="lon",
                value=f"{place.lon:.5f}, {place.lat:.5f}",
                message=said("lies {km} km outside the area's boundary", km=f"{gap / 1000:.1f}"),
                remedy=said("correct the coordinates, or the county's code"),
            )
        )
    return findings


def doubts(townships: Sequence[Township], villages: Sequence[Village], reading: Reading) -> Iterator[Finding]:
    """Yield what only the map lets one doubt, for the check of files as for a plan: places as read, none left out yet.

    Villages at their township's seat share it by intention, which `at_seats` says.
    """
    located = [village for village in villages if not village.at_seat]
    yield from together(townships, reading)
    yield from together(located, reading)
    yield from same_name(villages, reading)
    yield from far_from_seat(located, townships, reading)


def together(places: Sequence[Village | Township], reading: Reading) -> Iterator[Finding]:
    """Yield a warning for each place that lies on the same spot as another."""
    at = _metres(_positions(places))
    if not len(at):
        return
    spots = [shapely.Point(spot) for spot in at]
    left, right = shapely.STRtree(spots).query(spots, predicate="dwithin", distance=TOGETHER_M)
    others: dict[int, list[str]] = defaultdict(list)
    for i, j in zip(left.tolist(), right.tolist(), strict=True):
        if i != j:
            others[i].append(places[j].name)
    rows = reading.rows_of_good(places)
    for i in sorted(others):
        yield _at_row(
            rows[i],
            severity=Severity.WARNING,
            code="same_position",
            field="lon",
            value=places[i].name,
            message=said("lies on the same spot as {names}", names=sorted(others[i])),
            remedy=said(
                "give each its own coordinates (a geocoder gives the township's when it does not know the village)"
            ),
        )


def same_name(villages: Sequence[Village], reading: Reading) -> Iterator[Finding]:
    """Yield a warning for each village whose township has another of the same name."""
    groups: dict[tuple[str, str], list[tuple[Village, TableRow]]] = defaultdict(list)
    for village, row in zip(villages, reading.rows_of_good(villages), strict=True):
        groups[village.township_id, plain_village(village.name)].append((village, row))
    for group in groups.values():
        for village, row in group if len(group) > 1 else ():
            yield _at_row(
                row,
                severity=Severity.WARNING,
                code="same_name",
                field="name",
                value=village.name,
                message=said("{count} villages of its township have this name", count=len(group)),
                remedy=said("delete the row if it is the same village"),
            )


def far_from_seat(villages: Sequence[Village], townships: Sequence[Township], reading: Reading) -> Iterator[Finding]:
    """Yield a warning for each village far from its township's seat and three times as far as from another seat."""
    if not villages or not townships:
        return
    about = _positions(townships)
    seats = _metres(about)
    number = {township.id: i for i, township in enumerate(townships)}
    positions = _metres(_positions(villages), about)
    for village, row, at in zip(villages, reading.rows_of_good(villages), positions, strict=True):
        if village.township_id not in number:
            continue
        gaps = np.hypot(*(seats - at).T)
        own, nearest = float(gaps[number[village.township_id]]), int(np.argmin(gaps))
        if own > FAR_M and own > 3 * gaps[nearest]:
            yield _at_row(
                row,
                severity=Severity.WARNING,
                code="far_from_seat",
                field="township",
                value=village.name,
                message=said(
                    "lies {km} km from its township's seat, next to {township}",
                    km=f"{own / 1000:.0f}",
                    township=townships[nearest].name,
                ),
                remedy=said("correct the township or the coordinates"),
            )


def _positions(places: Sequence[Village | Township | Site]) -> FloatArray:
    return np.array([(place.lon, place.lat) for place in places], dtype=np.float64).reshape(-1, 2)


def _metres(positions: FloatArray, about: FloatArray | None = None) -> FloatArray:
    """Return (lon, lat) as metres east and north on a plane that fits one county (shape unchanged)."""
    lat = float(np.median((positions if about is None else about)[:, 1])) if len(positions) else 0.0
    return positions * METRES_PER_DEGREE * [float(np.cos(np.radians(lat))), 1.0]


def _at_row(
    at: TableRow,
    *,
    severity: Severity,
    code: str,
    field: str,
    value: str,
    message: Fact,
    remedy: Fact,
) -> Finding:
    """Make a finding at the row a place came from."""
    table, row = at
    return Finding(
        severity=severity,
        code=code,
        file=table.label(row),
        row=row.number,
        field=table.headings.get(field, field),
        value=value,
        message=message,
        remedy=remedy,
    )
