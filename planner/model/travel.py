"""Travel times between points: what the road network answers, and what siting and routing ask for.

Kept apart from `planner.network` so that the solvers know durations and distances but nothing of roads.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np

from planner.errors import BadDataError, Message, list_offenders
from planner.model.texts import Text
from planner.units import FloatArray, metres_per_second

_SAME_S = 0.01
_NO_TEXT = Text("")


class Place(Protocol):
    """Anything with an id and a position: a village, a township seat, a site."""

    @property
    def id(self) -> str: ...
    @property
    def lon(self) -> float: ...
    @property
    def lat(self) -> float: ...


class Unreachable(StrEnum):
    """Why a point cannot be reached by road.

    ``SHUT``: closed for some days, it would be reached without that closure. ``PASSING``: all roads within reach only pass
    by (motorways, ferries, bridges, tunnels): they are entered by junctions.
    """

    NO_ROAD = "no_road_in_reach"
    FRAGMENT = "road_not_connected"
    CLOSED = "closed_this_season"
    SHUT = "closed_for_some_days"
    PASSING = "road_only_passes"


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
            counts = {"ids": len(self.ids), "lons": len(self.lons), "lats": len(self.lats)}
            raise BadDataError(Message("{ids} ids for {lons} longitudes and {lats} latitudes", **counts))
        if len(set(self.ids)) != len(self.ids):
            repeated = sorted({id_ for id_ in self.ids if self.ids.count(id_) > 1})
            raise BadDataError(Message("point ids repeat: {ids}", ids=list_offenders(repeated)))
        good = (np.abs(self.lons) <= 180) & (np.abs(self.lats) <= 90)
        if not good.all():
            bad = [self.ids[i] for i in np.flatnonzero(~good)]
            raise BadDataError(Message("points without a valid longitude and latitude: {ids}", ids=list_offenders(bad)))

    @classmethod
    def of(cls, places: Sequence[Place]) -> Points:
        """Return the points of anything that has ``id``, ``lon`` and ``lat``, in the order given."""
        return cls(
            ids=tuple(place.id for place in places),
            lons=np.array([place.lon for place in places], dtype=np.float64),
            lats=np.array([place.lat for place in places], dtype=np.float64),
        )


@dataclass(frozen=True, kw_only=True)
class Access:
    """The walk between points and their roads in metres, ``inf`` where no road is within reach, and its speed.

    ``origins_m`` and ``destinations_m`` have the length of the matrix's ids and are read-only. With ``no_vehicle`` the roads
    are walked, too.
    """

    origins_m: FloatArray
    destinations_m: FloatArray
    speed_kph: float
    no_vehicle: bool = False

    def __post_init__(self) -> None:
        for name in ("origins_m", "destinations_m"):
            object.__setattr__(self, name, _read_only(getattr(self, name)))

    @property
    def seconds_per_metre(self) -> float:
        """What a metre of walking takes."""
        return 1 / metres_per_second(self.speed_kph)


class Walk(NamedTuple):
    """What of a way is on foot: seconds and metres, between place and road at both ends, or from end to end."""

    seconds: float
    metres: float


class Trip(NamedTuple):
    """One way: seconds in the vehicle, seconds on foot at both ends, metres of both together."""

    driving_s: float
    walking_s: float
    distance_m: float


@dataclass(frozen=True, kw_only=True)
class TravelMatrix:
    """Durations in seconds and distances in metres of the fastest way from each origin to each destination.

    Both arrays have shape (origins, destinations) and are read-only; ``inf`` means that there is no way. The walk to and
    from the road is part of them; ``access`` has it apart, None where it is not known.
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
    access: Access | None = None

    def __post_init__(self) -> None:
        shape = (len(self.origin_ids), len(self.destination_ids))
        walks = shape if self.access is None else (len(self.access.origins_m), len(self.access.destinations_m))
        if walks != shape:
            raise BadDataError(
                Message(
                    "access has {origins} origins and {ends} ends, but the ids make it {shape}",
                    origins=walks[0],
                    ends=walks[1],
                    shape=str(shape),
                )
            )
        for name in ("durations_s", "distances_m"):
            array = _read_only(getattr(self, name))
            if array.shape != shape:
                raise BadDataError(
                    Message(
                        "{name} has shape {found}, but the ids make it {shape}",
                        name=name,
                        found=str(array.shape),
                        shape=str(shape),
                    )
                )
            if not (array >= 0).all():
                rows = sorted({self.origin_ids[i] for i in np.nonzero(~(array >= 0))[0]})
                raise BadDataError(
                    Message("{name} is negative or NaN in the rows of {ids}", name=name, ids=list_offenders(rows))
                )
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
            raise BadDataError(Message("not in the travel matrix: {ids}", ids=list_offenders(dict.fromkeys(missing))))
        index = np.ix_([row[id_] for id_ in origin_ids], [column[id_] for id_ in destination_ids])
        wanted = {*origin_ids, *destination_ids}
        return TravelMatrix(
            origin_ids=tuple(origin_ids),
            destination_ids=tuple(destination_ids),
            durations_s=self.durations_s[index],
            distances_m=self.distances_m[index],
            unreachable={id_: why for id_, why in self.unreachable.items() if id_ in wanted},
            access=None
            if self.access is None
            else Access(
                origins_m=self.access.origins_m[index[0].ravel()],
                destinations_m=self.access.destinations_m[index[1].ravel()],
                speed_kph=self.access.speed_kph,
                no_vehicle=self.access.no_vehicle,
            ),
        )

    def trips(self, pairs: Sequence[tuple[str, str]]) -> tuple[Trip, ...]:
        """Return driving and walking of each (origin id, destination id), in the order given; ``inf`` if there is no way.

        A way that is walked from end to end has no driving. It is told by its time being that of a walk of its length: no
        vehicle is as slow.

        Raises
        ------
        BadDataError
            If an id is not in the matrix, or the matrix does not know the access.
        """
        access = self._known_access()
        return tuple(self._trip(access, i, j) for i, j in self._places_of(pairs))

    def walks(self, pairs: Sequence[tuple[str, str]]) -> tuple[Walk, ...]:
        """Return what is on foot of each (origin id, destination id) that has a way, in the order given; see `trips`."""
        access = self._known_access()
        seconds, metres = self._on_foot(access)
        return tuple(Walk(float(seconds[at]), float(metres[at])) for at in self._places_of(pairs))

    def driven(self, speed_factor: float = 1.0) -> TravelMatrix:
        """Return the same travel with the metres of driving alone, and driving ``speed_factor`` times as fast.

        Times still have the walk, which is no faster. Who walks the roads, too, keeps all metres.
        """
        access = self._known_access()
        seconds, metres = self._on_foot(access)
        there = np.isfinite(self.durations_s)
        driving = np.where(there, self.durations_s - seconds, np.inf)
        if access.no_vehicle:
            driving, seconds, metres = self.durations_s, np.zeros_like(seconds), np.zeros_like(metres)
        return TravelMatrix(
            origin_ids=self.origin_ids,
            destination_ids=self.destination_ids,
            durations_s=self.durations_s if speed_factor == 1 else driving / speed_factor + seconds,
            distances_m=np.where(there, np.maximum(self.distances_m - metres, 0.0), np.inf),
            unreachable=self.unreachable,
        )

    def _known_access(self) -> Access:
        if self.access is None:
            raise BadDataError("this travel matrix does not tell walking from driving")
        return self.access

    def _places_of(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
        row = {id_: i for i, id_ in enumerate(self.origin_ids)}
        column = {id_: j for j, id_ in enumerate(self.destination_ids)}
        missing = [a for a, _ in pairs if a not in row] + [b for _, b in pairs if b not in column]
        if missing:
            raise BadDataError(Message("not in the travel matrix: {ids}", ids=list_offenders(dict.fromkeys(missing))))
        return [(row[a], column[b]) for a, b in pairs]

    def _on_foot(self, access: Access) -> tuple[FloatArray, FloatArray]:
        """Return seconds and metres on foot of every way, 0 where there is none."""
        there = np.isfinite(self.durations_s)
        whole_s, whole_m = np.where(there, self.durations_s, 0.0), np.where(there, self.distances_m, 0.0)
        if access.no_vehicle:
            return whole_s, whole_m
        ends_m = access.origins_m[:, None] + access.destinations_m[None, :]
        all_the_way = np.abs(whole_s - whole_m * access.seconds_per_metre) < _SAME_S
        metres = np.where(all_the_way, whole_m, np.minimum(ends_m, whole_m))
        seconds = np.where(all_the_way, whole_s, np.minimum(ends_m * access.seconds_per_metre, whole_s))
        return np.where(there, seconds, 0.0), np.where(there, metres, 0.0)

    def _trip(self, access: Access, i: int, j: int) -> Trip:
        seconds, metres = float(self.durations_s[i, j]), float(self.distances_m[i, j])
        if not math.isfinite(seconds):
            return Trip(math.inf, math.inf, math.inf)
        if access.no_vehicle:
            return Trip(0.0, seconds, metres)
        on_foot_s = metres * access.seconds_per_metre
        at_the_ends_s = float(access.origins_m[i] + access.destinations_m[j]) * access.seconds_per_metre
        walking_s = seconds if abs(seconds - on_foot_s) < _SAME_S else min(at_the_ends_s, seconds)
        return Trip(seconds - walking_s, walking_s, metres)


def _read_only(values: FloatArray) -> FloatArray:
    own = isinstance(values, np.ndarray) and values.dtype == np.float64 and values.base is None
    if own and not values.flags.writeable:
        return values  # a province's table fills 650 MB: one that nobody can change is not copied
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadLine:
    """One road to draw: OSM class and surface (empty if not tagged), whether it is closed, (lon, lat) pairs.

    ``closure`` is the reason of the closure that closes it for some days, empty if it is the season.
    """

    highway: str
    surface: str
    closed: bool
    coordinates: tuple[tuple[float, float], ...]
    closure: Text = _NO_TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class OddTag:
    """A tag of OpenStreetMap that is not understood: on how many ways or places of the roads, and their kilometres."""

    key: str
    value: str
    count: int
    road_km: float
