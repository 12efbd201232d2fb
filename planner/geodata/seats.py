"""Townships that no file lists: where the register and the villages put them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.geodata.register import Division, latin_name, plain_township, seats_of
from planner.model import CoordinateSource, Township, Village


def townships_at_seats(divisions: Sequence[Division], county: str, villages: Sequence[Village]) -> list[Township]:
    """Return the register's townships at their GeoNames seats, or, where GeoNames has none, at their middle village."""
    seats = {seat.code: seat for seat in seats_of(county)} if county else {}
    townships = []
    for division in divisions:
        mine = [village for village in villages if village.township_id == division.code]
        if division.code in seats:
            seat = seats[division.code]
            place = (seat.lon, seat.lat, seat.name_latin, CoordinateSource.GEONAMES)
        elif mine:
            middle = np.median([(village.lon, village.lat) for village in mine], axis=0)
            near = min(mine, key=lambda v: ((v.lon - middle[0]) ** 2 + (v.lat - middle[1]) ** 2, v.id))
            place = (near.lon, near.lat, latin_name(plain_township(division.name)), near.coordinate_source)
        else:
            continue  # a township without a seat and without a village has nothing to plan
        lon, lat, latin, source = place
        townships.append(
            Township(id=division.code, name=division.name, name_latin=latin, lon=lon, lat=lat, coordinate_source=source)
        )
    return townships
