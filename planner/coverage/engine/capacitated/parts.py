"""Parts of a plan with loads that are solved exactly: an open site with its neighbours, or all that is left."""

from __future__ import annotations

import numpy as np

from planner.coverage.durations import SiteArray
from planner.coverage.engine.capacitated.exact import Part
from planner.coverage.engine.capacitated.loads import Loads
from planner.coverage.engine.served import Served
from planner.coverage.engine.status import CLOSED, FREE
from planner.units import BoolArray, FloatArray, IntArray

# closed sites that a part may open, for each of its open ones
_CHOICE = 5


def whole(served: Served, loads: Loads, kept: BoolArray, count: int, budget: float) -> Part:
    """Return the part that is everything, with these pairs."""
    rows = np.repeat(np.arange(len(loads.load)), np.diff(served.row_starts))
    sites = np.flatnonzero(loads.status != CLOSED)
    return Part(
        rows=np.arange(len(loads.load)),
        sites=sites,
        pairs=np.flatnonzero(kept),
        pair_rows=rows[kept],
        held=np.zeros(len(sites), dtype=np.bool_),
        room=loads.capacity[sites],
        count=count,
        budget=budget,
    )


def group_around(served: Served, opened: BoolArray, site_of: SiteArray, seed: int, size: int) -> IntArray:
    """Return up to ``size`` open sites: ``seed``, and again and again the one that most rows have next in their lists."""
    group, near = [seed], np.zeros(len(opened))
    while True:
        for i in np.flatnonzero(site_of == group[-1]):
            listed = served.row_sites[served.row_starts[i] : served.row_starts[i + 1]]
            near[listed[opened[listed]][:4]] += 1.0
        near[group] = 0.0
        following = int(np.argmax(near))
        if len(group) >= size or near[following] == 0.0:
            return np.array(group, dtype=np.int64)
        group.append(following)


def part_around(
    served: Served, loads: Loads, reduced: FloatArray, plan: tuple[BoolArray, SiteArray], around: tuple[int, int]
) -> Part:
    """Return the open sites around one, their rows, the forgone rows they list, and the closed sites of least reduced cost.

    ``plan`` is (opened, site_of), ``around`` (seed, open sites). Count and budget are what the part's own sites use now.
    """
    opened, site_of = plan
    group = group_around(served, opened, site_of, *around)
    own = np.zeros(len(opened), dtype=np.bool_)
    own[group] = True
    row_of = np.repeat(np.arange(len(site_of)), np.diff(served.row_starts))
    lists_own = np.zeros(len(site_of), dtype=np.bool_)
    for j in group:
        lists_own[served.column_rows[served.column_starts[j] : served.column_starts[j + 1]]] = True
    mine = np.where(site_of >= 0, own[np.maximum(site_of, 0)], lists_own)
    in_part = mine[row_of]
    listed = np.bincount(served.row_sites[in_part], minlength=len(opened))
    # a site for few of the rows cannot be of use to this part
    closed = np.flatnonzero((listed > 0) & ~opened & (loads.status == FREE))
    choice = closed[np.argsort(reduced[closed], kind="stable")[: _CHOICE * len(group)]]
    load = np.bincount(site_of[site_of >= 0], loads.load[site_of >= 0], minlength=len(opened))
    room = np.where(own | ~opened, loads.capacity, loads.capacity - load)
    held = np.flatnonzero((listed > 0) & opened & ~own & (room > 0))
    sites = np.concatenate([group, choice, held])
    member = np.zeros(len(opened), dtype=np.bool_)
    member[sites] = True
    pairs = np.flatnonzero(in_part & member[served.row_sites])
    return Part(
        rows=np.flatnonzero(mine),
        sites=sites,
        pairs=pairs,
        pair_rows=row_of[pairs],
        held=np.isin(sites, held),
        room=room[sites],
        count=len(group),
        budget=float(loads.price[group].sum()),
    )
