"""What is asked of rural buses that carry parcels: points with goods both ways, buses with room, vans for the rest."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from planner.errors import BadDataError, Message
from planner.model import TravelMatrix
from planner.routing import Depot, RoutingProblem, Stop, VehicleType
from planner.routing.validate import repeated
from planner.service.buses.trips import BusStation, BusStop, BusTrip, HubTransfer, StopAccess, number_faults


@dataclass(frozen=True, kw_only=True)
class BusProblem:
    """Which goods go by bus, so that buses and vans together cost least (freight on scheduled lines; Ghilas et al. 2016).

    All that a point is brought (``delivery``), or all that it gives (``pickup``), goes by bus, in one ride or several on
    different trips, or by van; each direction by itself. Goods go down from a terminal in ``transfers`` to a stop of the
    trip from which there is ``access``, and up the other way. They are at the hub from the stop's ``release_s`` on (for
    points of a station: from its ``hub_release_s`` on), are handed over at the point within its windows and by
    ``latest_hand_over_s``, are ready there at its opening, and are at the hub by ``cut_off_s``. Vans that may collect
    anything are back by then, too. The first dimension counts parcels, which are not cut; the others are shared in
    proportion.

    Every point must be served: it may have no skip cost. ``hub_vehicles`` start and end at ``hub``. ``travel`` has a row and
    a column for hub, stations and places of points, and so has each of ``profiles``, by name; bus stops need none.

    Raises
    ------
    BadDataError
        All faults at once.
    """

    dimensions: tuple[str, ...]
    hub: Depot
    hub_vehicles: tuple[VehicleType, ...]
    points: tuple[Stop, ...]
    travel: TravelMatrix
    cut_off_s: float
    latest_hand_over_s: float
    stops: tuple[BusStop, ...] = ()
    trips: tuple[BusTrip, ...] = ()
    access: tuple[StopAccess, ...] = ()
    transfers: tuple[HubTransfer, ...] = ()
    stations: tuple[BusStation, ...] = ()
    profiles: Mapping[str, TravelMatrix] = field(default_factory=dict)
    speed_of_day: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        problems = list(self._faults())
        if problems:
            raise BadDataError(Message("the problem of rural buses is invalid"), problems)

    def vans_alone(self) -> RoutingProblem:
        """Return what vans and stations are asked where no bus carries anything.

        Raises
        ------
        BadDataError
            All faults of vehicles, points and travel at once.
        """
        return self.left_to_vans({point.id: point for point in self.points})

    def left_to_vans(self, left: Mapping[str, Stop]) -> RoutingProblem:
        """Return what vans and stations are asked: the points, by id, with the goods that no bus carries.

        Each is served from its own station, all others from the hub. Where anything is collected, vehicles are back by the
        cut-off.
        """
        depots: list[tuple[Depot, tuple[VehicleType, ...], float]] = [(self.hub, self.hub_vehicles, self.cut_off_s)]
        depots += [
            (Depot(id=one.id, name=one.name, stop_too=True), one.vehicle_types, min(one.cut_off_s, self.cut_off_s))
            for one in self.stations
        ]
        at = {id_: one.id for one in self.stations for id_ in one.point_ids}
        stops = [self._from(at.get(id_, self.hub.id), left[id_]) for id_ in sorted(left)]
        collecting = {at.get(one.id, self.hub.id) for one in stops if any(one.pickup)}
        kinds = [
            replace(kind, shift_end_s=min(kind.shift_end_s, ends)) if depot.id in collecting else kind
            for depot, fleet, ends in depots
            for kind in fleet
        ]
        return RoutingProblem(
            dimensions=self.dimensions,
            depots=tuple(depot for depot, _, _ in depots),
            stops=tuple(stops),
            vehicle_types=tuple(kinds),
            travel=self.travel,
            profiles=self.profiles,
            speed_of_day=self.speed_of_day,
        )

    def _from(self, depot_id: str, stop: Stop) -> Stop:
        """Return the stop for vehicles of its own depot only; goods that are ready before any leaves are just there."""
        own = self._fleet(depot_id)
        if stop.release_s <= min((kind.shift_start_s for kind in own), default=0.0):
            stop = replace(stop, release_s=0.0)
        if not self.stations:
            return stop
        names = {id_ for kind in own for id_ in (kind.id, *kind.vehicle_ids())}
        asked = tuple(id_ for id_ in stop.only_vehicles if id_ in names)
        return replace(stop, only_vehicles=asked or tuple(kind.id for kind in own))

    def _fleet(self, depot_id: str) -> tuple[VehicleType, ...]:
        own = next((one.vehicle_types for one in self.stations if one.id == depot_id), None)
        return self.hub_vehicles if own is None else own

    def _faults(self) -> Iterator[Message]:
        yield from _duplicates(self)
        yield from number_faults(Message("the problem"), self, ("cut_off_s", "latest_hand_over_s"))
        points, stops = frozenset(one.id for one in self.points), frozenset(one.id for one in self.stops)
        count = len(self.dimensions)
        if not self.dimensions:
            yield Message("there is no dimension")
        for stop in self.stops:
            yield from stop.faults()
        for trip in self.trips:
            yield from trip.faults(dimensions=count, stop_ids=stops)
        for access in self.access:
            yield from access.faults(dimensions=count, stop_ids=stops, point_ids=points)
        for transfer in self.transfers:
            yield from transfer.faults(dimensions=count, stop_ids=stops)
        for station in self.stations:
            yield from station.faults(dimensions=count, point_ids=points)
        for kind in self.hub_vehicles:
            if kind.depot_id != self.hub.id:
                yield Message("vehicle type {id!r}: its depot must be the hub {hub!r}", id=kind.id, hub=self.hub.id)
        yield from self._point_faults()
        late = list(self._too_late())
        yield from late
        if late:
            return
        try:
            self.vans_alone()
        except BadDataError as error:
            yield from (one if isinstance(one, Message) else Message("{text}", text=one) for one in error.problems)

    def _too_late(self) -> Iterator[Message]:
        """Yield the vehicles that could bring nothing back in time where something is collected."""
        at = {id_: one.id for one in self.stations for id_ in one.point_ids}
        collecting = {at.get(one.id, self.hub.id) for one in self.points if any(one.pickup)}
        ends = {self.hub.id: self.cut_off_s, **{one.id: min(one.cut_off_s, self.cut_off_s) for one in self.stations}}
        for depot in sorted(collecting):
            for kind in self._fleet(depot):
                if kind.shift_start_s >= ends[depot]:
                    yield Message("vehicle type {id!r}: its shift starts at {starts}, when what it collects is due already "
                                  "({cut_off}): let it start earlier, or leave it out",
                                  id=kind.id, starts=kind.shift_start_s, cut_off=ends[depot])  # fmt: skip

    def _point_faults(self) -> Iterator[Message]:
        at = {id_: one.id for one in self.stations for id_ in one.point_ids}
        for point in self.points:
            if math.isfinite(point.skip_cost_yuan):
                yield Message("point {id!r}: skip_cost_yuan is given, but every point must be served", id=point.id)
            depot = at.get(point.id, self.hub.id)
            names = {id_ for kind in self._fleet(depot) for id_ in (kind.id, *kind.vehicle_ids())}
            if point.only_vehicles and not names & set(point.only_vehicles):
                yield Message("point {id!r}: only_vehicles names none of {depot!r}, where its routes start",
                              id=point.id, depot=depot)  # fmt: skip


def _duplicates(problem: BusProblem) -> Iterator[Message]:
    for id_ in repeated(one.id for one in problem.points):
        yield Message("point {id!r} is given more than once", id=id_)
    for id_ in repeated(one.id for one in problem.stops):
        yield Message("bus stop {id!r} is given more than once", id=id_)
    for id_ in repeated(one.id for one in problem.trips):
        yield Message("bus trip {id!r} is given more than once", id=id_)
    for id_ in repeated(one.stop_id for one in problem.transfers):
        yield Message("transfer to {stop!r} is given more than once", stop=id_)
    for id_ in repeated(id_ for one in problem.stations for id_ in one.point_ids):
        yield Message("point {id!r} belongs to more than one station", id=id_)
    for key, times in sorted(Counter(one.key for one in problem.access).items()):
        if times > 1:
            yield Message("access from {stop!r} to {point!r} is given more than once", stop=key[0], point=key[1])
