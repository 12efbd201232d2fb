"""What a visit costs the vans, and what one more would, at a glance: at its place or the nearest in the routes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

import numpy as np

from planner.routing import Route, Stop, VehicleType
from planner.service.buses.problem import BusProblem
from planner.units import FloatArray

_NO_WAY_YUAN = 1e6


class VanSavings:
    """Estimates for each point from its own depot, by what the first type of its vehicles costs."""

    def __init__(self, problem: BusProblem) -> None:
        alone = problem.vans_alone()
        self._points = {point.id: point for point in problem.points}
        self._kind_at: dict[str, VehicleType] = {}
        for kind in alone.vehicle_types:
            self._kind_at.setdefault(kind.depot_id, kind)
        at = {id_: one.id for one in problem.stations for id_ in one.point_ids}
        self._depot = {id_: at.get(id_, problem.hub.id) for id_ in self._points}
        self._leg_yuan: dict[str, FloatArray] = {}
        self._row: dict[str, dict[str, int]] = {}
        for depot, kind in self._kind_at.items():
            travel = alone.travel_of(kind)
            hourly = kind.cost_per_hour_yuan + kind.cost_per_driving_hour_yuan
            there = np.isfinite(travel.distances_m) & np.isfinite(travel.durations_s)
            metres, seconds = np.where(there, travel.distances_m, 0.0), np.where(there, travel.durations_s, 0.0)
            yuan = kind.cost_per_km_yuan * metres / 1000 + hourly * seconds / (3600 * kind.speed_factor)
            self._leg_yuan[depot] = np.where(there, yuan, _NO_WAY_YUAN)
            self._row[depot] = {id_: i for i, id_ in enumerate(travel.origin_ids)}

    def yuan(self, routes: Iterable[Route], point_ids: Iterable[str]) -> dict[str, float]:
        """Return what no longer visiting each point would save, or what visiting it would add where no route does."""
        saved: dict[str, float] = {}
        pairs: dict[str, list[tuple[int, int]]] = {}
        for route in routes:
            row, leg = self._row[route.depot_id], self._leg_yuan[route.depot_id]
            way = [row[self._points[visit.stop_id].place] for visit in route.visits]
            way = [row[route.depot_id], *way, row[route.end_depot_id or route.depot_id]]
            pairs.setdefault(route.depot_id, []).extend(pairwise(way))
            for k, visit in enumerate(route.visits):
                a, b, c = way[k : k + 3]
                alone = self._kind_at[route.depot_id].fixed_cost_yuan if len(route.visits) == 1 else 0.0
                saved[visit.stop_id] = alone + float(leg[a, b] + leg[b, c] - leg[a, c])
        inserted = {depot: np.array(found) for depot, found in pairs.items()}
        return {
            id_: self._at_point(id_) + (saved[id_] if id_ in saved else self._inserted(id_, inserted))
            for id_ in point_ids
        }

    def nearest(self, id_: str, others: Iterable[str]) -> list[str]:
        """Return the others by what a van's way there costs."""
        row, leg = self._row[self._depot[id_]], self._leg_yuan[self._depot[id_]]
        here = row[self._points[id_].place]
        return sorted(others, key=lambda other: (float(leg[here, row[self._points[other].place]]), other))

    def _at_point(self, id_: str) -> float:
        stop: Stop = self._points[id_]
        return self._kind_at[self._depot[id_]].cost_per_hour_yuan * stop.service_duration_s / 3600

    def _inserted(self, id_: str, pairs: Mapping[str, np.ndarray]) -> float:
        depot = self._depot[id_]
        row, leg = self._row[depot], self._leg_yuan[depot]
        at, hub = row[self._points[id_].place], row[depot]
        least = self._kind_at[depot].fixed_cost_yuan + float(leg[hub, at] + leg[at, hub])
        if depot in pairs:
            before, behind = pairs[depot].T
            least = min(least, float((leg[before, at] + leg[at, behind] - leg[before, behind]).min()))
        return least
