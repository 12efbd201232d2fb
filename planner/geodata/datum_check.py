"""Whether the places of a file lie where known places lie, or as far off as another datum would put them.

No header names the datum, so it has to be judged from what is known anyway: township seats of GeoNames, settlements of the
road file. The median offset is compared with what each datum would leave, in units of its own standard error, so that a
county whose references scatter too much to tell 530 m apart is said to be unchecked instead of being accused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from planner.config import Datum
from planner.geodata.datum import from_wgs84, shifted_here, to_wgs84
from planner.geodata.findings import Finding, Severity, about_file
from planner.geodata.osm_places import OsmPlace
from planner.geodata.register import Seat, plain_village
from planner.model import CoordinateSource, Fact, Township, Village, said
from planner.units import METRES_PER_DEGREE, FloatArray

REFERENCES_NEEDED = 3
NEAREST_NEEDED = 8  # the village nearest to a seat is only roughly there: it takes more of them
SHIFT_M = 250.0
SURE = 4.0  # standard errors
NEAR_DEGREES = 0.05  # a village of the same name farther away than five kilometres is another village
_LEAST_ERROR_M = 30.0  # known places are rounded and conventions differ: no median is better than this
_MAD_TO_SIGMA = 1.4826
_MEDIAN_TO_MEAN = 1.2533  # standard error of a median of normal values, against that of their mean


SEATS = said("township seats of GeoNames")
SETTLEMENTS = said("settlements of OpenStreetMap")


class Verdict(StrEnum):
    """What the references say about the declared datum."""

    FITS = "fits"
    OTHER = "other"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How far places lie from known ones (median, standard error), and the datum under which they lie nearest."""

    what: Fact
    east_m: float
    north_m: float
    error_m: float
    references: int
    best: Datum
    verdict: Verdict


_NOT_OF_THE_FILE = frozenset(
    {CoordinateSource.SYNTHETIC, CoordinateSource.OSM, CoordinateSource.GEONAMES, CoordinateSource.TOWNSHIP_SEAT}
)
"""Positions that were put into the file in its declared datum, and so tell nothing of the others."""


def datum_findings(
    townships: Sequence[Township],
    villages: Sequence[Village],
    *,
    seats: Sequence[Seat],
    settlements: Callable[[], Sequence[OsmPlace]],
    declared: Datum,
    file: str,
) -> list[Finding]:
    """Return an error that names the datum that fits, a note that the datum could not be checked, or nothing.

    ``settlements`` is called only if the seats cannot tell. Outside China all datums agree, so nothing is said.
    """
    surveyed = [village for village in villages if village.coordinate_source not in _NOT_OF_THE_FILE]
    places: list[Township | Village] = [*townships, *surveyed]
    if not any(shifted_here(place.lon, place.lat) for place in places):
        return []
    at_seat = {seat.code: (seat.lon, seat.lat) for seat in seats}
    shifts = [
        _shift(SEATS, _matched(townships, at_seat), declared, REFERENCES_NEEDED),
        _shift(SEATS, _nearest(surveyed, at_seat), declared, NEAREST_NEEDED),
    ]
    found = [shift for shift in shifts if shift is not None]
    if all(shift.verdict is Verdict.UNSURE for shift in found):
        known = _same_name(surveyed, settlements())
        shift = _shift(SETTLEMENTS, _matched(surveyed, known), declared, REFERENCES_NEEDED)
        found += [] if shift is None else [shift]
    other = [shift for shift in found if shift.verdict is Verdict.OTHER]
    if other:
        return [_contradicted(other[0], declared, file)]
    if any(shift.verdict is Verdict.FITS for shift in found):
        return []
    return [_unchecked(found, declared, file)]


def _contradicted(shift: Shift, declared: Datum, file: str) -> Finding:
    message = said(
        "points read as {declared} lie {east} m east, {north} m north (median, ±{error} m) of {count} {places}: "
        "they are {best}",
        declared=declared.upper(),
        **_figures(shift),
    )
    remedy = said("declare {datum}: --datum {datum}, or area.datum", datum=shift.best)
    return about_file(Severity.ERROR, "datum_shift", file, message, remedy)


def _unchecked(shifts: Sequence[Shift], declared: Datum, file: str) -> Finding:
    why = [
        said(
            "the median offset from {count} {places} is {east} m east, {north} m north, known to ±{error} m, and the datums "
            "lie some 530 m and more apart ({best} would fit best)",
            **_figures(shift),
        )
        for shift in shifts
    ]
    why = why or [
        said("too few of its places are known: no township seats and no settlements of the same names to compare with")
    ]
    message = said("the datum could not be checked, because {reasons}", reasons=why)
    remedy = said(
        "make sure that the coordinates are {datum}, or list townships with the seats' coordinates",
        datum=declared.upper(),
    )
    return about_file(Severity.NOTE, "datum_unchecked", file, message, remedy)


def _figures(shift: Shift) -> dict[str, object]:
    """Return what sentences say of a shift."""
    return {
        "east": f"{shift.east_m:+.0f}",
        "north": f"{shift.north_m:+.0f}",
        "error": f"{shift.error_m:.0f}",
        "count": shift.references,
        "places": shift.what,
        "best": shift.best.upper(),
    }


def _shift(what: Fact, pairs: tuple[FloatArray, FloatArray], declared: Datum, needed: int) -> Shift | None:
    """Judge positions against known ones, each (n, 2) in lon/lat; None if there are fewer than ``needed``."""
    found, truth = pairs
    if len(found) < needed:
        return None
    raw = np.column_stack(from_wgs84(found[:, 0], found[:, 1], declared))
    narrow = float(np.cos(np.radians(np.median(truth[:, 1]))))
    middle, errors = {}, {}
    for datum in (Datum.WGS84, Datum.GCJ02, Datum.BD09):
        gaps = (np.column_stack(to_wgs84(raw[:, 0], raw[:, 1], datum)) - truth) * METRES_PER_DEGREE * [narrow, 1.0]
        middle[datum] = np.median(gaps, axis=0)
        spread = _MAD_TO_SIGMA * np.median(np.abs(gaps - middle[datum]), axis=0)
        errors[datum] = np.maximum(_MEDIAN_TO_MEAN * spread / np.sqrt(len(gaps)), _LEAST_ERROR_M)
    same = Datum.WGS84 if declared is Datum.CGCS2000 else declared
    # one error for all datums: a shift that looks sharp under a wrong one must not count for more
    error = np.max(list(errors.values()), axis=0)
    off = {datum: float(np.hypot(*(middle[datum] / error))) for datum in middle}
    best = min(off, key=lambda datum: (off[datum], datum))
    metres = {datum: float(np.hypot(*middle[datum])) for datum in middle}
    verdict = Verdict.UNSURE
    if best is same and all(off[datum] > SURE for datum in off if datum is not same):
        verdict = Verdict.FITS
    elif off[same] > SURE and metres[same] > SHIFT_M and metres[best] < metres[same] / 2 and off[best] < SURE / 2:
        verdict = Verdict.OTHER
    return Shift(
        what=what,
        east_m=float(middle[same][0]),
        north_m=float(middle[same][1]),
        error_m=float(np.max(error)),
        references=len(found),
        best=best,
        verdict=verdict,
    )


def _matched(
    places: Sequence[Village | Township], known: Mapping[str, tuple[float, float]]
) -> tuple[FloatArray, FloatArray]:
    pairs = [((place.lon, place.lat), known[place.id]) for place in places if place.id in known]
    return _arrays(pairs)


def _nearest(villages: Sequence[Village], seats: Mapping[str, tuple[float, float]]) -> tuple[FloatArray, FloatArray]:
    """Pair each known seat with the nearest of its township's villages: often the one the seat's town has grown from."""
    by_township: dict[str, list[Village]] = defaultdict(list)
    for village in villages:
        by_township[village.township_id].append(village)
    pairs = []
    for code, seat in sorted(seats.items()):
        if by_township[code]:
            narrow = float(np.cos(np.radians(seat[1])))
            near = min(by_township[code], key=lambda v: (np.hypot((v.lon - seat[0]) * narrow, v.lat - seat[1]), v.id))
            pairs.append(((near.lon, near.lat), seat))
    return _arrays(pairs)


def _arrays(pairs: Sequence[tuple[tuple[float, float], tuple[float, float]]]) -> tuple[FloatArray, FloatArray]:
    both = np.array(pairs, dtype=np.float64).reshape(-1, 2, 2)
    return both[:, 0], both[:, 1]


def _same_name(villages: Sequence[Village], places: Sequence[OsmPlace]) -> dict[str, tuple[float, float]]:
    """Return the positions of villages whose name one settlement nearby has, and only one."""
    by_name: dict[str, list[OsmPlace]] = defaultdict(list)
    for place in places:
        by_name[plain_village(place.name)].append(place)
    known = {}
    for village in villages:
        near = [
            place
            for place in by_name[plain_village(village.name)]
            if abs(place.lon - village.lon) < NEAR_DEGREES and abs(place.lat - village.lat) < NEAR_DEGREES
        ]
        if len(near) == 1:
            known[village.id] = (near[0].lon, near[0].lat)
    return known
