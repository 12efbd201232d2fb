"""What only the map can tell: points outside their county, on one spot, far from their township, shifted by a datum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from planner.config import Datum
from planner.geodata.datum import from_wgs84, to_wgs84
from planner.geodata.findings import Finding, Severity
from planner.geodata.records import Reading
from planner.geodata.register import plain_village
from planner.places import Township, Village
from planner.units import FloatArray

OUTSIDE_M = 1000.0  # embedded boundaries are generalised by some hundred metres
TOGETHER_M = 1.0
FAR_M = 20_000.0
SHIFT_M = 250.0
REFERENCES_NEEDED = 3
_METRES_PER_DEGREE = 111_320.0


def outside(places: Sequence[Village | Township], boundary: shapely.Geometry, reading: Reading) -> list[Finding]:
    """Return a finding for each place outside the boundary: an error beyond a kilometre (it is left out), else a warning."""
    if not places:
        return []
    about = _positions(places)
    ground = shapely.transform(boundary, lambda positions: _metres(positions, about))
    gaps = np.array([shapely.distance(shapely.Point(at), ground) for at in _metres(about)])
    for place, gap in zip(places, gaps, strict=True):
        if gap > OUTSIDE_M:
            reading.leave_out((type(place), place.id))
    return [
        _at_row(
            place,
            reading,
            severity=Severity.ERROR if gap > OUTSIDE_M else Severity.WARNING,
            code="outside",
            field="lon",
            value=f"{place.lon:.5f}, {place.lat:.5f}",
            message=f"lies {gap / 1000:.1f} km outside the area's boundary",
            mend="correct the coordinates, or the county's code",
        )
        for place, gap in zip(places, gaps, strict=True)
        if gap > 0
    ]


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
    for i in sorted(others):
        yield _at_row(
            places[i],
            reading,
            severity=Severity.WARNING,
            code="same_position",
            field="lon",
            value=places[i].name,
            message=f"lies on the same spot as {', '.join(sorted(others[i]))}",
            mend="give each its own coordinates (a geocoder gives the township's when it does not know the village)",
        )


def same_name(villages: Sequence[Village], reading: Reading) -> Iterator[Finding]:
    """Yield a warning for each village whose township has another of the same name."""
    groups: dict[tuple[str, str], list[Village]] = defaultdict(list)
    for village in villages:
        groups[village.township_id, plain_village(village.name)].append(village)
    for group in groups.values():
        for village in group if len(group) > 1 else ():
            yield _at_row(
                village,
                reading,
                severity=Severity.WARNING,
                code="same_name",
                field="name",
                value=village.name,
                message=f"{len(group)} villages of its township have this name",
                mend="delete the row if it is the same village",
            )


def far_from_seat(villages: Sequence[Village], townships: Sequence[Township], reading: Reading) -> Iterator[Finding]:
    """Yield a warning for each village far from its township's seat and three times as far as from another seat."""
    if not villages or not townships:
        return
    about = _positions(townships)
    seats = _metres(about)
    row = {township.id: i for i, township in enumerate(townships)}
    for village, at in zip(villages, _metres(_positions(villages), about), strict=True):
        if village.township_id not in row:
            continue
        gaps = np.hypot(*(seats - at).T)
        own, nearest = float(gaps[row[village.township_id]]), int(np.argmin(gaps))
        if own > FAR_M and own > 3 * gaps[nearest]:
            yield _at_row(
                village,
                reading,
                severity=Severity.WARNING,
                code="far_from_seat",
                field="township",
                value=village.name,
                message=f"lies {own / 1000:.0f} km from its township's seat, next to {townships[nearest].name}",
                mend="correct the township or the coordinates",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How far a file's points lie from known places, and the datum that would explain it."""

    east_m: float
    north_m: float
    references: int
    explained_by: Datum


def datum_shift(
    places: Sequence[Village | Township], known: Mapping[str, tuple[float, float]], declared: Datum
) -> Shift | None:
    """Return the systematic shift of places against ``known`` positions by id, None if there is none that a datum explains.

    The median is compared, so that single wrong points do not hide or feign a shift; it takes three known places or more.
    """
    matched = [place for place in places if place.id in known]
    if len(matched) < REFERENCES_NEEDED:
        return None
    found = _positions(matched)
    truth = np.array([known[place.id] for place in matched])
    raw = np.column_stack(from_wgs84(found[:, 0], found[:, 1], declared))
    gap = {}
    for datum in (Datum.WGS84, Datum.GCJ02, Datum.BD09):
        there = np.column_stack(to_wgs84(raw[:, 0], raw[:, 1], datum))
        gap[datum] = np.median(_metres(there, truth) - _metres(truth, truth), axis=0)
    same = Datum.WGS84 if declared is Datum.CGCS2000 else declared
    best = min(gap, key=lambda datum: float(np.hypot(*gap[datum])))
    size, left = float(np.hypot(*gap[same])), float(np.hypot(*gap[best]))
    if best is same or size < SHIFT_M or left > size / 2:
        return None
    return Shift(east_m=float(gap[same][0]), north_m=float(gap[same][1]), references=len(matched), explained_by=best)


def _positions(places: Sequence[Village | Township]) -> FloatArray:
    return np.array([(place.lon, place.lat) for place in places], dtype=np.float64).reshape(-1, 2)


def _metres(positions: FloatArray, about: FloatArray | None = None) -> FloatArray:
    """Return (lon, lat) as metres east and north on a plane that fits one county (shape unchanged)."""
    lat = float(np.median((positions if about is None else about)[:, 1])) if len(positions) else 0.0
    return positions * _METRES_PER_DEGREE * [float(np.cos(np.radians(lat))), 1.0]


def _at_row(
    place: Village | Township,
    reading: Reading,
    *,
    severity: Severity,
    code: str,
    field: str,
    value: str,
    message: str,
    mend: str,
) -> Finding:
    """Make a finding at the row a place came from."""
    table, row = reading.rows_of[type(place), place.id][0]
    return Finding(
        severity=severity,
        code=code,
        file=table.file,
        row=row.number,
        field=table.headings.get(field, field),
        value=value,
        message=message,
        mend=mend,
    )
