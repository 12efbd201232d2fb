"""By which trips, stops and ways the goods of a point could go, and when, as the search sees it."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

from planner.routing import Stop
from planner.service.buses.problem import BusProblem
from planner.service.buses.solution import BusRide
from planner.service.buses.trips import BusStop, BusTrip, HubTransfer, StopAccess

Amounts = tuple[float, ...]
Run = tuple[int, bool, str]
"""A run between hub and terminal: for which trip, in which direction, at which terminal."""
SLACK = 1e-9
_MOST_WAYS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RideTimes:
    """When goods leave or reach the hub, and when the last is handed over at the point or the first leaves it."""

    hub_s: float
    point_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RideOption:
    """A ride that the goods of a point in one direction could take: ``trip`` is the trip's number.

    ``times`` are those for one way to the stop and back, two ways, and so on, as many as time allows.
    """

    point: Stop
    up: bool
    trip: int
    board: int
    alight: int
    access: StopAccess
    transfer: HubTransfer
    unit_yuan: Amounts
    ride_yuan: float
    times: tuple[RideTimes, ...]

    @property
    def run(self) -> Run:
        """Return the run between hub and terminal that it needs."""
        return self.trip, self.up, self.transfer.stop_id

    def ways(self, amount: Amounts) -> int:
        """Return how often somebody goes between stop and point."""
        pairs = zip(amount, self.access.most, strict=True)
        return max(1, *(math.ceil(one / most - SLACK) for one, most in pairs))

    def yuan(self, amount: Amounts) -> float:
        """Return what the ride costs, without the run between hub and terminal."""
        carried = math.fsum(one * price for one, price in zip(amount, self.unit_yuan, strict=True))
        return self.ride_yuan + carried + self.ways(amount) * self.access.yuan_per_way

    def ride(self, trips: tuple[BusTrip, ...], amount: Amounts) -> BusRide:
        """Return the ride of so much."""
        trip, ways = trips[self.trip], self.ways(amount)
        times = self.times[ways - 1]
        return BusRide(
            point_id=self.point.id,
            up=self.up,
            trip_id=trip.id,
            board=self.board,
            alight=self.alight,
            kind=self.access.kind,
            ways=ways,
            amount=amount,
            hub_s=times.hub_s,
            board_s=trip.calls[self.board].departure_s,
            alight_s=trip.calls[self.alight].arrival_s,
            point_s=times.point_s,
            cost_yuan=self.yuan(amount),
        )


def ride_options(problem: BusProblem) -> dict[tuple[str, bool], list[RideOption]]:
    """Return all rides by point and direction, of those that have any, by number of trip and calls."""
    points = {point.id: point for point in problem.points}
    released = {id_: one.hub_release_s for one in problem.stations for id_ in one.point_ids}
    ready = {id_: released.get(id_, point.release_s) for id_, point in points.items()}
    stops = {stop.id: stop for stop in problem.stops}
    transfers = {transfer.stop_id: transfer for transfer in problem.transfers}
    ways: dict[str, list[StopAccess]] = defaultdict(list)
    for access in problem.access:
        ways[access.stop_id].append(access)
    found: dict[tuple[str, bool], list[RideOption]] = defaultdict(list)
    for number, trip in enumerate(problem.trips):
        for board, alight, up in _pairs(trip, set(transfers), set(ways)):
            terminal, stop = (alight, board) if up else (board, alight)
            transfer = transfers[trip.calls[terminal].stop_id]
            at = stops[trip.calls[stop].stop_id]
            for access in ways[at.id]:
                point = points[access.point_id]
                latest = problem.cut_off_s if up else problem.latest_hand_over_s
                hub_s = _hub_s(trip, terminal, stops[transfer.stop_id], transfer, up)
                if (hub_s > latest if up else hub_s < ready[point.id]) or not _hands_over(trip, stop, at, up):
                    continue
                at_point = _up_times if up else _down_times
                times = tuple(
                    RideTimes(hub_s=hub_s, point_s=one) for one in at_point(trip, stop, at, access, point, latest)
                )
                if times:
                    found[point.id, up].append(
                        RideOption(
                            point=point,
                            up=up,
                            trip=number,
                            board=board,
                            alight=alight,
                            access=access,
                            transfer=transfer,
                            unit_yuan=_unit_yuan(trip, access, transfer),
                            ride_yuan=trip.handling_yuan,
                            times=times,
                        )
                    )
    return found


def _pairs(trip: BusTrip, terminals: set[str], served: set[str]) -> list[tuple[int, int, bool]]:
    """Return the calls between which goods may go down or up: the terminal's call that is next to the stop's."""
    pairs, at, last = [], [call.stop_id for call in trip.calls], None
    for k, id_ in enumerate(at):
        if last is not None and id_ in served:
            pairs += [(one, k, False) for one in range(last + 1) if at[one] in terminals]
        if id_ in terminals:
            last = k
    for k, id_ in enumerate(at):
        if id_ in served:
            pairs += [(k, one, True) for one in range(k + 1, len(at)) if at[one] in terminals]
    return pairs


def _unit_yuan(trip: BusTrip, access: StopAccess, transfer: HubTransfer) -> Amounts:
    parts = zip(trip.yuan_per_unit, access.yuan_per_unit, transfer.yuan_per_unit, strict=True)
    return tuple(math.fsum(part) for part in parts)


def _hub_s(trip: BusTrip, call: int, terminal: BusStop, transfer: HubTransfer, up: bool) -> float:
    """Return when goods are at the hub, or leave it at the latest; never in time where the terminal is shut."""
    if not _hands_over(trip, call, terminal, not up):
        return math.inf if up else -math.inf
    if up:
        return trip.calls[call].arrival_s + terminal.handling_s + transfer.duration_s
    return trip.calls[call].departure_s - terminal.handling_s - transfer.duration_s


def _hands_over(trip: BusTrip, call: int, stop: BusStop, boards: bool) -> bool:
    """Return whether the stop is open while goods are taken to the bus or from it."""
    if boards:
        leaves = trip.calls[call].departure_s
        return stop.opens_s <= leaves - stop.handling_s and leaves <= stop.closes_s
    comes = trip.calls[call].arrival_s
    return stop.opens_s <= comes and comes + stop.handling_s <= stop.closes_s


def _down_times(trip: BusTrip, call: int, at: BusStop, access: StopAccess, point: Stop, latest: float) -> list[float]:
    """Return when the last is handed over with one way, two ways and so on, all within one window."""
    here, one_way, found = trip.calls[call].arrival_s + at.handling_s, access.duration_s, []
    for ways in range(1, _MOST_WAYS):
        starts = (max(here, opens - one_way) for opens, _ in point.windows)
        ends = [
            (begins, begins + (2 * ways - 1) * one_way, closes)
            for begins, (_, closes) in zip(starts, point.windows, strict=True)
        ]
        fits = [
            last
            for begins, last, closes in ends
            if last <= min(closes, latest) and begins + 2 * (ways - 1) * one_way <= at.closes_s
        ]
        if not fits:
            break
        found.append(fits[0])
    return found


def _up_times(trip: BusTrip, call: int, at: BusStop, access: StopAccess, point: Stop, _latest: float) -> list[float]:
    """Return when the first leaves the point with one way, two ways and so on: as late as can be, all within one window."""
    due, one_way, found = trip.calls[call].departure_s - at.handling_s, access.duration_s, []
    for ways in range(1, _MOST_WAYS):
        last_starts = 2 * (ways - 1) * one_way
        fits = [
            begins
            for opens, closes in point.windows
            if (begins := min(due - one_way, closes) - last_starts) >= max(opens, at.opens_s - one_way)
        ]
        if not fits:
            break
        found.append(fits[-1])
    return found
