"""Which patterns of a place can be kept at all: a pattern goes only on a proof that no vehicle could serve it alone."""

from __future__ import annotations

import numpy as np

from planner.service.week.engine.build import visit_goods
from planner.service.week.patterns import days_of
from planner.service.week.problem import WeekProblem, WeekVehicle
from planner.service.week.solution import NotVisited, NotVisitedReason
from planner.units import FloatArray

_ROUNDING = 1e-9


def servable_patterns(problem: WeekProblem) -> tuple[list[tuple[int, ...]], list[NotVisited]]:
    """Return for each place the patterns that a vehicle could serve, and the places without any, with the reason."""
    round_trip = [_round_trip(problem.durations_s[k], problem.distances_m[k]) for k in range(len(problem.durations_s))]
    kept, not_visited = [], []
    for place, masks in enumerate(problem.patterns):
        stands_against = {mask: _reason(problem, place, mask, round_trip) for mask in masks}
        kept.append(tuple(mask for mask in sorted(stands_against) if stands_against[mask] is None))
        if not kept[-1]:
            order = list(NotVisitedReason)
            reason = max((r for r in stands_against.values() if r), key=order.index, default=NotVisitedReason.NO_DAY)
            not_visited.append(NotVisited(place_id=problem.place_ids[place], reason=reason))
    return kept, not_visited


def _round_trip(durations_s: FloatArray, distances_m: FloatArray) -> FloatArray:
    """Return by place the least seconds out and back, over any other places: more than that no route needs for it."""
    direct = np.where(np.isfinite(durations_s) & np.isfinite(distances_m), durations_s, np.inf)
    out, back = direct[0].copy(), direct[:, 0].copy()
    for _ in range(len(out)):  # Bellman & Ford: at most one round for each place, mostly two
        shorter_out = np.minimum(out, (out[:, None] + direct).min(axis=0))
        shorter_back = np.minimum(back, (direct + back[None, :]).min(axis=1))
        if (shorter_out == out).all() and (shorter_back == back).all():
            break
        out, back = shorter_out, shorter_back
    trips: FloatArray = (out + back)[1:]
    return trips


def _reason(problem: WeekProblem, place: int, mask: int, round_trip: list[FloatArray]) -> NotVisitedReason | None:
    """Return what stands against a pattern whatever else is planned, None if nothing is known to."""
    visits = days_of(mask)
    worst: NotVisitedReason | None = None
    for since, day in zip((visits[-1], *visits[:-1]), visits, strict=True):
        down, up, seconds = visit_goods(problem, place, day, since)
        reasons = [
            _against(kind, np.maximum(down, up), seconds, round_trip[kind.profile][place])
            for kind in problem.vehicles
            if kind.number[day]
        ]
        if not reasons:
            return NotVisitedReason.NO_DAY
        if all(reasons):
            worst = reasons[0]
    return worst


def _against(kind: WeekVehicle, load: FloatArray, service_s: float, round_trip_s: float) -> NotVisitedReason | None:
    if not np.isfinite(round_trip_s):
        return NotVisitedReason.UNREACHABLE
    if (load > np.array(kind.capacity) * (1 + _ROUNDING) + _ROUNDING).any():
        return NotVisitedReason.TOO_LARGE
    if round_trip_s + service_s > kind.duty_s * (1 + _ROUNDING):
        return NotVisitedReason.TOO_LONG
    return None
