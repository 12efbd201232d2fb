"""Why buses carry nothing on a weekday, or nothing in one direction, with the smallest change that helps."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from planner.geodata.transit.feed import FeedTrip
from planner.model import Fact
from planner.pipeline.service.bus_problem import BusGround
from planner.service.buses import BusProblem


def bus_hindrances(ground: BusGround, runs: Sequence[FeedTrip], problem: BusProblem) -> Iterator[Fact]:
    """Yield what keeps goods off the buses of a date on which some run."""
    with_room = [run for run in runs if ground.room.room_of(run) is not None]
    if not with_room:
        yield Fact(code="bus_without_room", params={"count": len(runs), "room_file": ground.room.name})
        return
    if not problem.access:
        nearest = float(ground.metres[:, 1:].min()) if ground.metres.shape[1] > 1 else math.inf
        if math.isfinite(nearest):
            yield Fact(code="bus_stops_too_far", params={"distance_m": nearest, "reach_limit_m": ground.reach_m})
        else:
            yield Fact(code="bus_stops_without_road")
        return
    if not problem.trips or not problem.transfers:
        yield Fact(code="bus_misses_the_terminal", params={"count": len(with_room)})
        return
    yield from _too_late(problem)
    yield from _too_early(problem)


def _too_late(problem: BusProblem) -> Iterator[Fact]:
    """Yield that no bus brings anything to the hub before the cut-off, with the earliest that would do."""
    if not any(any(point.pickup) for point in problem.points):
        return
    stops = {one.id: one for one in problem.stops}
    there = [
        call.arrival_s + stops[call.stop_id].handling_s + transfer.duration_s
        for trip in problem.trips
        for call in trip.calls[1:]
        for transfer in problem.transfers
        if transfer.stop_id == call.stop_id
    ]
    if not there:
        yield Fact(code="no_bus_into_the_terminal")
    elif min(there) > problem.cut_off_s:
        yield Fact(
            code="no_bus_before_the_cut_off",
            params={"cut_off_clock_s": problem.cut_off_s, "until_clock_s": math.ceil(min(there) / 60) * 60},
        )


def _too_early(problem: BusProblem) -> Iterator[Fact]:
    """Yield that all buses have left the terminal when goods are there, with when they would have to be ready."""
    bringing = [point.release_s for point in problem.points if any(point.delivery)]
    if not bringing:
        return
    stops = {one.id: one for one in problem.stops}
    latest = [
        call.departure_s - stops[call.stop_id].handling_s - transfer.duration_s
        for trip in problem.trips
        for call in trip.calls[:-1]
        for transfer in problem.transfers
        if transfer.stop_id == call.stop_id
    ]
    if not latest:
        yield Fact(code="no_bus_from_the_terminal")
    elif max(latest) < min(bringing):
        yield Fact(
            code="no_bus_after_goods_are_ready",
            params={"ready_clock_s": min(bringing), "until_clock_s": math.floor(max(latest) / 60) * 60},
        )
