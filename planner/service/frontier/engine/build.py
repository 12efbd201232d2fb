"""Make the arrays of a search."""

from __future__ import annotations

import numpy as np

from planner.service.frontier.engine.arrays import FAR, PointWorld
from planner.service.frontier.engine.parameters import PointParameters
from planner.units import BoolArray, FloatArray, IntArray


def build_point_world(  # noqa: PLR0913 - the parts of a world, by name
    *,
    leg_yuan: FloatArray,
    leg_s: FloatArray,
    vehicle: tuple[float, float, float],
    depots: tuple[FloatArray, FloatArray],
    sites: tuple[FloatArray, FloatArray, BoolArray],
    demand: FloatArray,
    near: FloatArray,
    missing: FloatArray,
    missing_none: FloatArray,
    parameters: PointParameters | None = None,
) -> PointWorld:
    """Return the world of these depots, sites and villages.

    ``vehicle``: capacity, duty in seconds, yuan a route; ``depots``: yuan and capacity; ``sites``: yuan, capacity, and
    which must be open. ``near`` (villages, sites) says which site is nearest, ``inf`` where none can be reached;
    ``missing`` of the same shape what a village misses there, ``missing_none`` where it hands over nowhere. Of sites that
    are equally near the first is taken.
    """
    capacity, duty_s, route_yuan = vehicle
    depot_yuan, depot_capacity = depots
    site_yuan, site_capacity, required = sites
    villages, count = near.shape
    order = np.argsort(near, axis=1, kind="stable")
    reached = np.isfinite(np.take_along_axis(near, order, axis=1))
    reach_first = np.concatenate([[0], np.cumsum(reached.sum(axis=1))])
    reach_site = order[reached]
    village_of = np.repeat(np.arange(villages), reached.sum(axis=1))
    reach_near = near[village_of, reach_site]
    by_site = np.lexsort((village_of, reach_near, reach_site))
    between = leg_yuan[len(depot_yuan) :, len(depot_yuan) :]
    return PointWorld(
        parameters=parameters or PointParameters(),
        depots=len(depot_yuan),
        sites=count,
        timed=bool(np.isfinite(duty_s)),
        follows=bool((reached.sum(axis=1) > 1).any()),
        site_limited=bool(np.isfinite(site_capacity).any()),
        capacity=float(capacity),
        duty_s=float(duty_s),
        load_unit=float(max(demand.mean(), 1e-9)),
        route_yuan=float(route_yuan),
        leg_yuan=_floats(np.minimum(leg_yuan, FAR)),
        leg_s=_floats(np.minimum(leg_s, FAR)),
        depot_yuan=_floats(depot_yuan),
        depot_capacity=_floats(depot_capacity),
        site_yuan=_floats(site_yuan),
        site_capacity=_floats(site_capacity),
        required=np.array(required, dtype=np.bool_),
        demand=_floats(demand),
        reach_first=_whole(reach_first),
        reach_site=_whole(reach_site),
        reach_near=_floats(reach_near),
        missing=_floats(missing[village_of, reach_site]),
        missing_none=_floats(missing_none),
        claim_first=_whole(np.searchsorted(reach_site[by_site], np.arange(count + 1))),
        claim_village=_whole(village_of[by_site]),
        claim_rank=_whole(by_site),
        claim_near=_floats(reach_near[by_site]),
        neighbours=_neighbours(between),
        keys=_keys(leg_yuan, len(depot_yuan), near, demand),
    )


def _neighbours(between: FloatArray) -> IntArray:
    """Return for each site all sites, itself first, then by the shorter of both directions."""
    length = np.minimum(between, between.T)
    np.fill_diagonal(length, -1.0)
    return _whole(np.argsort(length, axis=1, kind="stable"))


def _keys(leg_yuan: FloatArray, depots: int, near: FloatArray, demand: FloatArray) -> FloatArray:
    """Return orders of insertion: largest, farthest, nearest first."""
    far = leg_yuan[:depots, depots:].min(axis=0)
    own = np.argmin(near, axis=1)
    load = np.bincount(own, weights=demand, minlength=near.shape[1])
    return _floats(np.stack([-load, -far, far]))


def _floats(values: FloatArray) -> FloatArray:
    return np.array(values, dtype=np.float64, order="C")


def _whole(values: IntArray) -> IntArray:
    return np.array(values, dtype=np.int64, order="C")
