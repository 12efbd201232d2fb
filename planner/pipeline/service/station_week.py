"""A station's week with its trunk runs: what a day on which the hub serves it costs, and points whose days coincide."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.model import Tier
from planner.pipeline.area_run import AreaRun
from planner.pipeline.fleet import fleet_travel, room_of
from planner.pipeline.service.tier_problem import station_settings
from planner.service.week import Week, WeekProblem
from planner.units import SECONDS_PER_HOUR

_METRES_PER_KM = 1000.0
_AS_GOOD = 1.02
"""Weeks dearer by no more than this are taken for as good: of them the one that leaves the hub's days most even."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkRun:
    """A run from the hub to a station and back by one type of vehicle: what it costs, and what it holds by dimension."""

    yuan: float
    room: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class StationCosts:
    """What a station's week costs besides its routes: for each day and parcel there, and for the runs that it takes."""

    day_yuan: float
    parcel_yuan: float
    runs: tuple[TrunkRun, ...]

    def week_yuan(self, week: Week) -> float:
        """Return what trunk runs and handling of a week cost: on each day with routes as many runs as hold its goods.

        Each run is taken to be of its own and to go the cheapest way; in a day's plan one that serves other places as well
        may cost less, and one that comes back for what was collected more.
        """
        by_day = [(down, up) for down, up in _goods_of_days(week) if down.any() or up.any()]
        runs = math.fsum(min(one.yuan * _runs(one, down, up) for one in self.runs) for down, up in by_day)
        parcels = math.fsum(float(down[0] + up[0]) for down, up in by_day)
        return runs + self.day_yuan * len(by_day) + self.parcel_yuan * parcels


def station_costs(run: AreaRun, site_id: str) -> StationCosts:
    """Return what a station's week costs besides its routes; trunk runs start from the first hub."""
    service, routing = run.config.service, run.config.routing
    assert service is not None
    there, hub = station_settings(service, site_id), run.area.sites_of(Tier.COUNTY_HUB)[0].id
    travel = fleet_travel(run, (hub, site_id))
    runs = []
    for vehicle in routing.vehicles:
        _, matrix = travel.of(vehicle)
        metres = float(matrix.distances_m[0, 1] + matrix.distances_m[1, 0])
        seconds = float(matrix.durations_s[0, 1] + matrix.durations_s[1, 0]) + there.call_s + vehicle.loading_duration_s
        if math.isfinite(metres + seconds):
            yuan = (
                vehicle.fixed_cost_yuan
                + vehicle.cost_per_km_yuan * metres / _METRES_PER_KM
                + vehicle.cost_per_hour_yuan * seconds / SECONDS_PER_HOUR
            )
            runs.append(TrunkRun(yuan=yuan, room=room_of(vehicle, 1 - routing.load_reserve)))
    unreached = TrunkRun(
        yuan=0.0, room=(math.inf, math.inf, math.inf)
    )  # confirming its days says what stands against it
    return StationCosts(day_yuan=there.day_yuan, parcel_yuan=there.parcel_yuan, runs=tuple(runs) or (unreached,))


def station_week(
    problem: WeekProblem, costs: StationCosts, planned: Callable[[WeekProblem], Week], busy: Sequence[float]
) -> Week:
    """Return the cheapest week of a station, its trunk runs counted, of those whose points share days and one free to part.

    Free points spread over all days, and the hub's vehicles call on each of them. For each pattern of the number of visits
    that most points have a week is planned in which no point has more days beside it than it must. ``busy`` is what trunk
    runs to other stations carry on each day: of weeks that cost nearly the same the one that leaves these days most even.
    """
    found = [planned(problem)]
    found += [planned(replace(problem, patterns=masks)) for masks in _shared_days(problem.patterns)]
    best = min(_worth(one, costs) for one in found)
    as_good = [one for one in found if _worth(one, costs) <= (*best[:2], best[2] * _AS_GOOD)]
    return min(as_good, key=lambda one: (round(_busiest(one, busy), 6), _worth(one, costs)))


def carried(week: Week) -> list[float]:
    """Return how much a station's vehicles carry on each day, in the last dimension but one: kilograms."""
    return [float(max(down[-2], up[-2])) for down, up in _goods_of_days(week)]


def _worth(week: Week, costs: StationCosts) -> tuple[bool, int, float]:
    return not week.holds, len(week.not_visited), week.cost.paid_yuan + costs.week_yuan(week)


def _busiest(week: Week, busy: Sequence[float]) -> float:
    return max(now + more for now, more in zip(busy, carried(week), strict=True))


def _shared_days(patterns: Sequence[tuple[int, ...]]) -> list[tuple[tuple[int, ...], ...]]:
    """Return the patterns of all points, each time those that keep closest to one set of days."""
    visits = [min(mask.bit_count() for mask in masks) for masks in patterns if masks]
    if not visits:
        return []
    usual = max(sorted(set(visits)), key=visits.count)
    shared = sorted({mask for masks in patterns for mask in masks if mask.bit_count() == usual})
    closest = [tuple(_closest(masks, days) for masks in patterns) for days in shared]
    return [one for one in dict.fromkeys(closest) if one != tuple(patterns)]


def _closest(masks: tuple[int, ...], days: int) -> tuple[int, ...]:
    beside = {mask: (mask & ~days).bit_count() for mask in masks}
    return tuple(mask for mask in masks if beside[mask] == min(beside.values()))


def _goods_of_days(week: Week) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return what comes down and goes up on each of the seven days, by dimension."""
    routes = week.routes
    dimensions = len(routes[0].down) if routes else 2
    found = [(np.zeros(dimensions), np.zeros(dimensions)) for _ in range(7)]
    for route in routes:
        found[route.day][0][:] += route.down
        found[route.day][1][:] += route.up
    return found


def _runs(run: TrunkRun, down: np.ndarray, up: np.ndarray) -> int:
    """Return how many runs hold a day's goods, by the dimension that takes the most; a thousand where none does."""
    most = 1.0
    for amount, room in zip(np.maximum(down, up), run.room, strict=True):
        most = max(most, float(amount) / room if room else 1000.0 * (amount > 0))
    return min(1000, math.ceil(most - 1e-9))
