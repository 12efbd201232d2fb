"""Townships that no file lists, where the register, the map and the villages put them, and villages that stand there."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from planner.geodata.findings import Finding, Severity, about_file
from planner.geodata.lookups import divisions_called
from planner.geodata.osm_places import TOWN_KINDS, OsmPlace
from planner.geodata.reading import Reading
from planner.geodata.register import Division, latin_name, plain_township, seats_of
from planner.model import CoordinateSource, Fact, Township, Village, said

_NAMED = 10


def townships_at_seats(
    divisions: Sequence[Division],
    county: str,
    villages: Sequence[Village],
    settlements: Callable[[], Sequence[OsmPlace]],
) -> list[Township]:
    """Return the register's townships at their GeoNames seats, or else at the town on the map or at their middle village.

    ``settlements`` are those of the road file, asked for where GeoNames lacks a seat.
    """
    seats = {seat.code: seat for seat in seats_of(county)} if county else {}
    towns = {} if all(one.code in seats for one in divisions) else _towns(divisions, settlements())
    townships = []
    for division in divisions:
        mine = [village for village in villages if village.township_id == division.code and not village.at_seat]
        latin = latin_name(plain_township(division.name))
        if division.code in seats:
            seat = seats[division.code]
            place = (seat.lon, seat.lat, seat.name_latin, CoordinateSource.GEONAMES)
        elif division.code in towns:
            town = towns[division.code]
            place = (town.lon, town.lat, latin, CoordinateSource.OSM)
        elif mine:
            middle = np.median([(village.lon, village.lat) for village in mine], axis=0)
            near = min(mine, key=lambda v: ((v.lon - middle[0]) ** 2 + (v.lat - middle[1]) ** 2, v.id))
            place = (near.lon, near.lat, latin, near.coordinate_source)
        else:
            continue  # a township without a seat and without a village that has a position is nowhere
        lon, lat, latin, source = place
        townships.append(
            Township(id=division.code, name=division.name, name_latin=latin, lon=lon, lat=lat, coordinate_source=source)
        )
    return townships


def at_seats(villages: Sequence[Village], townships: Sequence[Township], reading: Reading) -> list[Village]:
    """Return the villages, those without a position at their township's seat; where that is unknown, too, they are left out.

    Both are findings that name and count the villages: warnings, and an error if no village is left. Those left out stay in
    every total.
    """
    seats = {township.id: township for township in townships}
    placed: list[Village] = []
    stand_ins: list[Village] = []
    nowhere: list[Village] = []
    for village in villages:
        seat = seats.get(village.township_id)
        if not village.at_seat or not math.isnan(village.lon):
            placed.append(village)
        elif seat is not None:
            stand_ins.append(replace(village, lon=seat.lon, lat=seat.lat))
        elif (Village, village.id) not in reading.left_out:
            reading.leave_out((Village, village.id))
            nowhere.append(village)
    marked = [village for village in [*placed, *stand_ins] if village.at_seat]
    if marked:
        message = said(
            "{count} of {total} villages have no position and are planned at their township's seat: {names}",
            count=len(marked),
            total=len(villages),
            names=_shown(marked),
        )
        reading.findings.append(_without_position(Severity.WARNING, "at_township_seat", marked, message, reading))
    if nowhere:
        message = said(
            "{count} of {total} villages have no position, and neither have their townships: they are not planned, but "
            "count in every total: {names}",
            count=len(nowhere),
            total=len(villages),
            names=_shown(nowhere),
        )
        severity = Severity.WARNING if placed or stand_ins else Severity.ERROR
        reading.findings.append(_without_position(severity, "no_position", nowhere, message, reading))
    return [*placed, *stand_ins]


def _shown(villages: Sequence[Village]) -> list[str]:
    return [village.name for village in villages[:_NAMED]] + ["..."] * (len(villages) > _NAMED)


def _without_position(
    severity: Severity, code: str, villages: Sequence[Village], message: Fact, reading: Reading
) -> Finding:
    remedy = said("fill in lon and lat, or let planner places look for them in a list of points")
    file = reading.rows_of[Village, villages[0].id][0][0].file
    return about_file(severity, code, file, message, remedy)


def _towns(divisions: Sequence[Division], settlements: Sequence[OsmPlace]) -> dict[str, OsmPlace]:
    """Return the towns of a map by the code of the township that has their name; those of several have none."""
    towns: dict[str, OsmPlace] = {}
    for place in settlements:
        called = divisions_called(place.name, divisions, plain_township) if place.kind in TOWN_KINDS else []
        if len(called) == 1:
            towns.setdefault(called[0].code, place)
    return towns
