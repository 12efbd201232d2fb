"""A plan's figures from its sites and routes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planner.service.frontier.problem import FrontierAim, FrontierProblem
from planner.service.frontier.solution import FrontierPoint
from planner.units import FloatArray, IntArray


def leg_costs(problem: FrontierProblem) -> tuple[FloatArray, FloatArray]:
    """Return yuan and seconds of a day's legs by node, the hub first, each with the service at its end."""
    vehicle = problem.vehicle
    seconds = problem.durations_s.astype(float).copy()
    seconds[:, 1:] += vehicle.service_s
    yuan = problem.distances_m / 1000.0 * vehicle.yuan_per_km + seconds / 3600.0 * vehicle.yuan_per_hour
    np.fill_diagonal(yuan, 0.0)
    np.fill_diagonal(seconds, 0.0)
    return yuan, seconds


def missed(problem: FrontierProblem) -> FloatArray:
    """Return by village and site what is missed of the aim: weight beyond the standard, or weight times minutes."""
    if problem.aim is FrontierAim.COVERAGE:
        return np.asarray(problem.weight[:, None] * (problem.access_s > problem.standard_s))
    return np.asarray(problem.weight[:, None] * problem.access_s / 60.0)


def nearest_open(problem: FrontierProblem, sites: IntArray) -> IntArray:
    """Return for each village the place of its site among all, -1 where it reaches none of these."""
    if not len(sites):
        return np.full(len(problem.village_ids), -1)
    sites = np.sort(sites)
    access = problem.access_s[:, sites]
    nearest = np.array(sites[np.argmin(access, axis=1)], dtype=np.int64)
    nearest[~np.isfinite(access.min(axis=1))] = -1
    return nearest


def site_loads(problem: FrontierProblem, sites: IntArray) -> FloatArray:
    """Return what each site hands out a day, by its place among all."""
    at = nearest_open(problem, sites)
    loads = np.zeros(len(problem.site_ids))
    np.add.at(loads, at[at >= 0], problem.demand[at >= 0])
    return loads


def measured(problem: FrontierProblem, routes: Sequence[Sequence[int]]) -> FrontierPoint:
    """Return the point of these routes; every site on them is open."""
    sites = np.array(sorted(site for route in routes for site in route), dtype=np.int64)
    at = nearest_open(problem, sites)
    handed = at >= 0
    access = problem.access_s[np.arange(len(at)), np.maximum(at, 0)]
    covered = float(problem.weight[handed & (access <= problem.standard_s)].sum())
    yuan, metres = routes_figures(problem, routes)
    weight = float(problem.weight[handed].sum())
    return FrontierPoint(
        site_ids=tuple(problem.site_ids[site] for site in sites),
        hand_over=tuple(problem.site_ids[site] if site >= 0 else "" for site in at),
        routes=tuple(tuple(problem.site_ids[site] for site in route) for route in routes),
        covered=covered,
        coverage=covered / float(problem.weight.sum()),
        mean_minutes=float((problem.weight[handed] * access[handed]).sum()) / weight / 60.0 if weight > 0 else 0.0,
        sites_yuan=float(problem.site_yuan[sites].sum()),
        routes_yuan=yuan,
        km=metres / 1000.0,
        search_yuan=yuan,
    )


def with_routes(problem: FrontierProblem, point: FrontierPoint, routes: Sequence[Sequence[int]]) -> FrontierPoint:
    """Return the point with other routes to the same sites if they cost less, and with what those cost."""
    yuan, metres = routes_figures(problem, routes)
    point = replace(point, routing_yuan=yuan)
    if yuan >= point.routes_yuan:
        return point
    named = tuple(tuple(problem.site_ids[site] for site in route) for route in routes)
    return replace(point, routes=named, routes_yuan=yuan, km=metres / 1000.0)


def routes_figures(problem: FrontierProblem, routes: Sequence[Sequence[int]]) -> tuple[float, float]:
    """Return the yuan of a year and the metres of a day."""
    leg_yuan, _ = leg_costs(problem)
    yuan, metres = 0.0, 0.0
    for route in routes:
        nodes = np.array([0, *(site + 1 for site in route), 0])
        yuan += problem.vehicle.yuan_per_route + float(leg_yuan[nodes[:-1], nodes[1:]].sum())
        metres += float(problem.distances_m[nodes[:-1], nodes[1:]].sum())
    return problem.days * yuan, metres
