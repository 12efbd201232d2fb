"""Travel times between points: what the road network answers, and what siting and routing ask for.

Kept apart from `planner.network` so that the solvers know durations and distances but nothing of roads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import numpy as np

from planner.errors import BadDataError, list_offenders
from planner.units import FloatArray


class Place(Protocol):
    """Anything with an id and a position: a village, a township seat, a site."""

    @property
    def id(self) -> str: ...
    @property
    def lon(self) -> float: ...
    @property
    def lat(self) -> float: ...


class Unreachable(StrEnum):
    """Why a point cannot be reached by road."""

    NO_ROAD = "no_road_in_reach"
    FRAGMENT = "road_not_connected"
    CLOSED = "closed_this_season"


@dataclass(frozen=True, kw_only=True)
class Points:
    """Named points: ``ids`` and read-only float arrays ``lons``, ``lats`` of the same length, WGS 84 degrees.

    Raises
    ------
    BadDataError
        If lengths differ, an id repeats, or a coordinate is not a longitude or latitude.
    """

    ids: tuple[str, ...]
    lons: FloatArray
    lats: FloatArray

    def __post_init__(self) -> None:
        for name in ("lons", "lats"):
            object.__setattr__(self, name, _read_only(getattr(self, name)))
        if not len(self.ids) == len(self.lons) == len(self.lats):
            raise BadDataError(f"{len(self.ids)} ids for {len(self.lons)} longitudes and {len(self.lats)} latitudes")
        if len(set(self.ids)) != len(self.ids):
            repeated = sorted({id_ for id_ in self.ids if self.ids.count(id_) > 1})
            raise BadDataError(f"point ids repeat: {list_offenders(repeated)}")
        good = (np.abs(self.lons) <= 180) & (np.abs(self.lats) <= 90)
        if not good.all():
            bad = [self.ids[i] for i in np.flatnonzero(~good)]
            raise BadDataError(f"points without a valid longitude and latitude: {list_offenders(bad)}")

    @classmethod
    def of(cls, places: Sequence[Place]) -> Points:
        """Return the points of anything that has ``id``, ``lon`` and ``lat``, in the order given."""
        return cls(
            ids=tuple(place.id for place in places),
            lons=np.array([place.lon for place in places], dtype=np.float64),
            lats=np.array([place.lat for place in places], dtype=np.float64),
        )


@dataclass(frozen=True, kw_only=True)
class TravelMatrix:
    """Durations in seconds and distances in metres of the fastest way from each origin to each destination.

    Both arrays have shape (origins, destinations) and are read-only; ``inf`` means that there is no way.
    ``unreachable`` says why for points that no road reaches (by point id).

    Raises
    ------
    BadDataError
        If a shape does not fit the ids, or a value is negative or NaN.
    """

    origin_ids: tuple[str, ...]
    destination_ids: tuple[str, ...]
    durations_s: FloatArray
    distances_m: FloatArray
    unreachable: Mapping[str, Unreachable] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = (len(self.origin_ids), len(self.destination_ids))
        for name in ("durations_s", "distances_m"):
            array = _read_only(getattr(self, name))
            if array.shape != shape:
                raise BadDataError(f"{name} has shape {array.shape}, but the ids make it {shape}")
            if not (array >= 0).all():
                rows = sorted({self.origin_ids[i] for i in np.nonzero(~(array >= 0))[0]})
                raise BadDataError(f"{name} is negative or NaN in the rows of {list_offenders(rows)}")
            object.__setattr__(self, name, array)

    def select(self, origin_ids: Sequence[str], destination_ids: Sequence[str]) -> TravelMatrix:
        """Return the part between these origins and destinations, in the order given.

        Raises
        ------
        BadDataError
            If an id is not in the matrix; all of them are listed.
        """
        row = {id_: i for i, id_ in enumerate(self.origin_ids)}
        column = {id_: i for i, id_ in enumerate(self.destination_ids)}
        missing = [id_ for id_ in origin_ids if id_ not in row] + [id_ for id_ in destination_ids if id_ not in column]
        if missing:
            raise BadDataError(f"not in the travel matrix: {list_offenders(dict.fromkeys(missing))}")
        index = np.ix_([row[id_] for id_ in origin_ids], [column[id_] for id_ in destination_ids])
        wanted = {*origin_ids, *destination_ids}
        return TravelMatrix(
            origin_ids=tuple(origin_ids),
            destination_ids=tuple(destination_ids),
            durations_s=self.durations_s[index],
            distances_m=self.distances_m[index],
            unreachable={id_: why for id_, why in self.unreachable.items() if id_ in wanted},
        )


def _read_only(values: FloatArray) -> FloatArray:
    own = isinstance(values, np.ndarray) and values.dtype == np.float64 and values.base is None
    if own and not values.flags.writeable:
        return values  # a province's table fills 650 MB: one that nobody can change is not copied
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadLine:
    """One road to draw: OSM class and surface (empty if not tagged), whether the season closes it, (lon, lat) pairs."""

    highway: str
    surface: str
    closed: bool
    coordinates: tuple[tuple[float, float], ...]
