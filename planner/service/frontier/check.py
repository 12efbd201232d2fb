"""Replay a frontier from the problem alone: every figure worked out again, by other means than those of the search."""

from __future__ import annotations

import math
from collections.abc import Iterator

from planner.model import Fact
from planner.service.frontier.problem import FrontierAim, FrontierProblem
from planner.service.frontier.solution import Frontier, FrontierPoint

_SHARE = 1e-6
"""By what share two figures may differ that are the same."""


def check_frontier(problem: FrontierProblem, frontier: Frontier) -> tuple[Fact, ...]:
    """Return all that is wrong with a frontier, each with the point by its place (-1: the coverage-only plan)."""
    faults: list[Fact] = []
    named = list(enumerate(frontier.points))
    if frontier.coverage_only is not None:
        named.append((-1, frontier.coverage_only))
        if set(frontier.coverage_only.site_ids) != set(problem.coverage_only):
            faults.append(Fact(code="frontier_reference_differs", params={}))
    known = set(problem.site_ids)
    for number, point in named:
        found = list(_sites(problem, point))
        if known.issuperset(point.site_ids) and known.issuperset(id_ for route in point.routes for id_ in route):
            found += [*_routes(problem, point), *_figures(problem, point)]
        for code, params in found:
            faults.append(Fact(code=code, params={"point": number, **params}))
    faults.extend(_dominated(problem, frontier))
    return tuple(faults)


Found = Iterator[tuple[str, dict[str, str | float]]]


def _sites(problem: FrontierProblem, point: FrontierPoint) -> Found:
    """Yield what is wrong with which sites are open."""
    at = {id_: k for k, id_ in enumerate(problem.site_ids)}
    opened = set(point.site_ids)
    for id_ in sorted(opened - at.keys()):
        yield "frontier_unknown_site", {"site": id_}
    for k, id_ in enumerate(problem.site_ids):
        if bool(problem.is_fixed[k]) and id_ not in opened:
            yield "frontier_fixed_site_closed", {"site": id_}
        if bool(problem.is_forbidden[k]) and id_ in opened:
            yield "frontier_forbidden_site_open", {"site": id_}
    if len(opened) != len(point.site_ids) or len(opened) > problem.limit:
        yield "frontier_too_many_sites", {"sites": len(point.site_ids), "most": problem.limit}
    if math.fsum(float(problem.site_yuan[at[id_]]) for id_ in opened & at.keys()) > problem.budget_yuan * (1 + _SHARE):
        yield "frontier_beyond_budget", {"budget_yuan": problem.budget_yuan}


def _hand_over(problem: FrontierProblem, point: FrontierPoint) -> list[str]:
    """Return where each village hands over: the nearest open site, the first of equal ones."""
    opened, nearest = set(point.site_ids), []
    for row in problem.access_s.tolist():
        best, where = math.inf, ""
        for seconds, id_ in zip(row, problem.site_ids, strict=True):
            if id_ in opened and seconds < best:
                best, where = seconds, id_
        nearest.append(where)
    return nearest


def _routes(problem: FrontierProblem, point: FrontierPoint) -> Found:
    """Yield what is wrong with the routes: sites, loads and duties."""
    at = {id_: k for k, id_ in enumerate(problem.site_ids)}
    served = [id_ for route in point.routes for id_ in route]
    if sorted(served) != sorted(point.site_ids) or not all(point.routes):
        yield "frontier_site_not_served_once", {}
    loads = dict.fromkeys(problem.site_ids, 0.0)
    for id_, demand in zip(_hand_over(problem, point), problem.demand.tolist(), strict=True):
        if id_:
            loads[id_] += demand
    for id_ in sorted(set(point.site_ids) & at.keys()):
        if loads[id_] > float(problem.site_capacity[at[id_]]) * (1 + _SHARE):
            yield "frontier_site_overfull", {"site": id_, "load": loads[id_]}
    for number, route in enumerate(point.routes):
        load = math.fsum(loads.get(id_, 0.0) for id_ in route)
        if load > problem.vehicle.capacity * (1 + _SHARE):
            yield "frontier_route_overloaded", {"route": number, "load": load}
        duty_s = sum(seconds for _, seconds in _legs(problem, route)) + len(route) * problem.vehicle.service_s
        if duty_s > problem.vehicle.duty_s * (1 + _SHARE):
            yield "frontier_route_too_long", {"route": number, "duty_s": duty_s}


def _legs(problem: FrontierProblem, route: tuple[str, ...]) -> Iterator[tuple[float, float]]:
    """Yield metres and seconds of each leg."""
    here = 0
    for id_ in (*route, None):
        there = 0 if id_ is None else problem.site_ids.index(id_) + 1
        yield float(problem.distances_m[here, there]), float(problem.durations_s[here, there])
        here = there


def _figures(problem: FrontierProblem, point: FrontierPoint) -> Found:
    """Yield figures that differ from those worked out here."""
    vehicle, at = problem.vehicle, {id_: k for k, id_ in enumerate(problem.site_ids)}
    where = _hand_over(problem, point)
    if tuple(where) != point.hand_over:
        yield "frontier_hand_over_differs", {}
    covered, minutes, handed = [], [], []
    for village, id_ in enumerate(where):
        weight = float(problem.weight[village])
        if _left_out(problem, village, point.site_ids):
            yield "frontier_village_must_be_covered", {"village": problem.village_ids[village]}
        if id_:
            seconds = float(problem.access_s[village, at[id_]])
            handed.append(weight)
            minutes.append(weight * seconds / 60.0)
            if seconds <= problem.standard_s:
                covered.append(weight)
    legs = [leg for route in point.routes for leg in _legs(problem, route)]
    metres = math.fsum(leg[0] for leg in legs)
    hours = (math.fsum(leg[1] for leg in legs) + vehicle.service_s * len(point.site_ids)) / 3600.0
    day = (
        len(point.routes) * vehicle.yuan_per_route
        + metres / 1000.0 * vehicle.yuan_per_km
        + hours * vehicle.yuan_per_hour
    )
    figures = {
        "covered": (point.covered, math.fsum(covered)),
        "coverage": (point.coverage, math.fsum(covered) / math.fsum(problem.weight.tolist())),
        "mean_minutes": (point.mean_minutes, math.fsum(minutes) / math.fsum(handed) if math.fsum(handed) else 0.0),
        "sites_yuan": (point.sites_yuan, math.fsum(float(problem.site_yuan[at[id_]]) for id_ in point.site_ids)),
        "routes_yuan": (point.routes_yuan, problem.days * day),
        "km": (point.km, metres / 1000.0),
    }
    for name, (said, found) in figures.items():
        if not math.isclose(said, found, rel_tol=_SHARE, abs_tol=1e-6):
            yield "frontier_figure_differs", {"figure": name, "said": said, "found": found}


def _left_out(problem: FrontierProblem, village: int, site_ids: tuple[str, ...]) -> bool:
    """Return whether a village must be covered, the coverage-only plan does so, and these sites do not."""
    if problem.must is None or not bool(problem.must[village]):
        return False

    def within(ids: tuple[str, ...]) -> bool:
        places = (problem.site_ids.index(id_) for id_ in ids)
        return any(float(problem.access_s[village, place]) <= problem.standard_s for place in places)

    return within(problem.coverage_only) and not within(site_ids)


def _dominated(problem: FrontierProblem, frontier: Frontier) -> Iterator[Fact]:
    """Yield each point that another is at least as good as in both, and a coverage-only plan that none is as good as."""

    def worth(point: FrontierPoint) -> tuple[float, float]:
        reached = -point.covered if problem.aim is FrontierAim.COVERAGE else point.mean_minutes
        return point.sites_yuan + point.routes_yuan, reached

    worths = [worth(point) for point in frontier.points]
    for k, (yuan, missed) in enumerate(worths):
        for other, (less, fewer) in enumerate(worths):
            if other != k and less <= yuan and fewer <= missed:
                yield Fact(code="frontier_point_dominated", params={"point": k, "by": other})
    if frontier.coverage_only is not None:
        yuan, missed = worth(frontier.coverage_only)
        if not any(less <= yuan + 1e-6 and fewer <= missed + 1e-6 for less, fewer in worths):
            yield Fact(code="frontier_worse_than_reference", params={})
