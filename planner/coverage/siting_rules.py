"""What else siting may be asked to heed: backup, decay, loads, townships, closing, shared houses, a tier above.

Each rule is off by default and all of them can be combined in one `planner.coverage.CoverageProblem`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from planner.coverage.durations import SparseDurations
from planner.units import BoolArray, FloatArray

DEMAND_ARRAYS = ("load",)
SITE_ARRAYS = ("capacity", "minimum_load", "closing_cost_yuan", "bonus")


class AssignmentRule(StrEnum):
    """Who chooses the site that serves a point: people go to the closest open one, or the plan tells them."""

    CLOSEST = "closest"
    FREE = "free"


@dataclass(frozen=True, kw_only=True, eq=False)
class UpperTier:
    """Township stations above the service points: an open point is linked to one open station that has room for it.

    Shapes: ``durations_s`` is (sites, stations) or its sparse form; ``opening_cost_yuan``, ``existing``, ``forbidden`` and
    ``room`` (how many points a station takes, ``inf`` = any number) are (stations,). ``standard_s`` is the longest way from
    a point to its station. Existing stations stay open, cost nothing and count in ``count``. A point without a
    station in reach is not opened; one that exists stays open without, and the answer says so.
    """

    station_ids: tuple[str, ...]
    durations_s: FloatArray | SparseDurations
    standard_s: float
    opening_cost_yuan: FloatArray
    existing: BoolArray
    forbidden: BoolArray
    room: FloatArray
    count: int | None = None
    budget_yuan: float | None = None

    @property
    def travel(self) -> SparseDurations:
        """The ways from points to stations as sorted rows."""
        given = self.durations_s
        return given if isinstance(given, SparseDurations) else SparseDurations.of_dense(given)


@dataclass(frozen=True, kw_only=True, eq=False)
class SitingRules:
    """What is demanded beyond the objective; arrays are (demand points,) or (sites,).

    ``sites_needed``: a point counts as covered only with so many open sites within the standard (backup); one with
    fewer allowed sites in reach is not covered, whatever the objective. ``decay_s``: what a point counts in MCLP falls
    from all at the standard to nothing at this time. ``covered_share``: LSCP and fixed charge need cover only this
    share of all weight. ``load`` of each point against ``capacity`` of each site (``inf`` = any) and ``minimum_load``,
    below which a new site, or one that could be closed, is not open; a point is served whole by one site, by none if it
    is too much for any. ``closing_cost_yuan``: finite where an existing site may be closed at that cost, which the
    budget pays. ``township`` of each site, and (least, most) open sites for each township named in ``township_limits``.
    ``bonus``: what an open site adds to the objective in the objective's own figure (a house shared with a shop or a
    post office): weight for MCLP, sites for LSCP (below 1 each), weight times seconds for p-median, yuan for fixed
    charge. ``yuan_per_hour``: what an hour of one unit of weight's travel costs in fixed charge. ``lacking``: sites
    that lack a service which every point must have in reach; they cover nobody, open or not.
    """

    sites_needed: int = 1
    decay_s: float | None = None
    covered_share: float | None = None
    load: FloatArray | None = None
    capacity: FloatArray | None = None
    minimum_load: FloatArray | None = None
    assignment: AssignmentRule = AssignmentRule.CLOSEST
    closing_cost_yuan: FloatArray | None = None
    township: tuple[str, ...] = ()
    township_limits: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)
    bonus: FloatArray | None = None
    lacking: BoolArray | None = None
    yuan_per_hour: float = 0.0
    upper: UpperTier | None = None

    def __post_init__(self) -> None:
        for name in (*DEMAND_ARRAYS, *SITE_ARRAYS):
            value = getattr(self, name)
            if value is not None:
                array = np.array(value, dtype=np.float64)
                array.setflags(write=False)
                object.__setattr__(self, name, array)
        if self.lacking is not None:
            lacking = np.array(self.lacking, dtype=np.bool_)
            lacking.setflags(write=False)
            object.__setattr__(self, "lacking", lacking)

    @property
    def in_force(self) -> frozenset[str]:
        """The names of the rules that are asked for; who chooses the site, loads and townships by name only are none.

        Nor are sites that lack a service: no travel time leads to them, which every model heeds.
        """
        asked = {name for name in ("sites_needed",) if self.sites_needed > 1}
        asked |= {name for name in ("yuan_per_hour", "township_limits") if getattr(self, name)}
        names = ("decay_s", "covered_share", "capacity", "minimum_load", "closing_cost_yuan", "bonus", "upper")
        return frozenset(asked | {name for name in names if getattr(self, name) is not None})

    @property
    def has_loads(self) -> bool:
        """Whether it matters which of several open sites serves a point."""
        return self.capacity is not None or self.minimum_load is not None
