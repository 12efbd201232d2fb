"""What else siting may be asked to heed: backup, decay, loads, townships, closing, shared houses, a tier above.

Each rule is off by default and all of them can be combined in one `planner.coverage.problem.CoverageProblem`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from planner.config import Objective
from planner.coverage.durations import SparseDurations
from planner.errors import list_offenders
from planner.units import BoolArray, FloatArray

if TYPE_CHECKING:
    from planner.coverage.problem import CoverageProblem

_DEMAND_ARRAYS = ("load",)
_SITE_ARRAYS = ("capacity", "minimum_load", "closing_cost_yuan", "bonus")
_BONUS_TAKES = (Objective.LSCP, Objective.MCLP, Objective.P_MEDIAN, Objective.FIXED_CHARGE)


class AssignmentRule(StrEnum):
    """Who chooses the site that serves a point: people go to the closest open one, or the plan tells them."""

    CLOSEST = "closest"
    FREE = "free"


@dataclass(frozen=True, kw_only=True, eq=False)
class UpperTier:
    """Township stations above the service points: an open point is linked to one open station that has room for it.

    Shapes: ``durations_s`` is (sites, stations) or its sparse form; ``opening_cost_yuan``, ``existing``, ``forbidden`` and
    ``room`` (how many points a station takes, ``inf`` = any number) are (stations,). ``standard_s`` is the longest way from
    a point to its station. Existing stations stay open, cost nothing and count in ``count``.
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

    ``sites_needed``: a point counts as covered only with so many open sites within the standard (backup); where LSCP finds
    fewer in reach it asks for those there are. ``decay_s``: what a point counts in MCLP falls from all at the standard to
    nothing at this time. ``covered_share``: LSCP and fixed charge need cover only this share of all weight. ``load`` of
    each point against ``capacity`` of each site (``inf`` = any) and ``minimum_load``, below which a new site, or one that
    could be closed, is not open; a point is served whole by one site. ``closing_cost_yuan``: finite where an existing site
    may be closed at that cost, which the budget pays. ``township`` of each site, and (least, most) open sites for each
    township named in ``township_limits``. ``bonus``: what an open site adds to the objective in the objective's own figure
    (a house shared with a shop or a post office): weight for MCLP, sites for LSCP (below 1 each), weight times seconds for
    p-median, yuan for fixed charge. ``yuan_per_hour``: what an hour of one unit of weight's travel costs in fixed charge.
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
    yuan_per_hour: float = 0.0
    upper: UpperTier | None = None

    def __post_init__(self) -> None:
        for name in (*_DEMAND_ARRAYS, *_SITE_ARRAYS):
            value = getattr(self, name)
            if value is not None:
                array = np.array(value, dtype=np.float64)
                array.setflags(write=False)
                object.__setattr__(self, name, array)

    @property
    def in_force(self) -> frozenset[str]:
        """The names of the rules that are asked for; who chooses the site, loads and townships by name only are none."""
        asked = {name for name in ("sites_needed",) if self.sites_needed > 1}
        asked |= {name for name in ("yuan_per_hour", "township_limits") if getattr(self, name)}
        names = ("decay_s", "covered_share", "capacity", "minimum_load", "closing_cost_yuan", "bonus", "upper")
        return frozenset(asked | {name for name in names if getattr(self, name) is not None})

    @property
    def has_loads(self) -> bool:
        """Whether it matters which of several open sites serves a point."""
        return self.capacity is not None or self.minimum_load is not None


def rule_problems(rules: SitingRules, problem: CoverageProblem) -> Iterator[str]:
    """Name what does not hold in the rules of a problem, one line an offender."""
    yield from _shape_problems(rules, len(problem.demand_ids), len(problem.site_ids))
    yield from _scalar_problems(rules, problem)
    yield from _array_problems(rules, problem)
    if rules.upper is not None:
        yield from _upper_problems(rules.upper, problem)


def _shape_problems(rules: SitingRules, demands: int, sites: int) -> Iterator[str]:
    for names, size in ((_DEMAND_ARRAYS, demands), (_SITE_ARRAYS, sites)):
        for name in names:
            value = getattr(rules, name)
            if value is not None and np.shape(value) != (size,):
                yield f"rules.{name} has shape {np.shape(value)}, expected {(size,)}"
    if rules.township and len(rules.township) != sites:
        yield f"rules.township names {len(rules.township)} sites, there are {sites}"


def _scalar_problems(rules: SitingRules, problem: CoverageProblem) -> Iterator[str]:
    objective = problem.objective
    if rules.sites_needed < 1:
        yield f"rules.sites_needed is {rules.sites_needed}, it must be at least 1"
    if rules.decay_s is not None:
        if objective is not Objective.MCLP:
            yield f"rules.decay_s goes with MCLP, not with {objective.value}"
        if not rules.decay_s > problem.standard_s:
            yield f"rules.decay_s is {rules.decay_s}, it must be more than the standard of {problem.standard_s}"
    if rules.covered_share is not None and not 0 < rules.covered_share <= 1:
        yield f"rules.covered_share is {rules.covered_share}, it must be above 0 and at most 1"
    if not (np.isfinite(rules.yuan_per_hour) and rules.yuan_per_hour >= 0):
        yield f"rules.yuan_per_hour is {rules.yuan_per_hour}, it must be a number not below 0"
    if rules.yuan_per_hour and objective is not Objective.FIXED_CHARGE:
        yield f"rules.yuan_per_hour goes with FIXEDCHARGE, not with {objective.value}"
    if rules.has_loads and rules.load is None:
        yield "rules.load is missing: capacity and minimum_load are measured in it"
    if rules.bonus is not None and objective not in _BONUS_TAKES:
        yield f"rules.bonus: {objective.value} takes none"
    unknown = sorted(set(rules.township_limits) - set(rules.township))
    if unknown:
        yield f"rules.township_limits names townships without a site: {list_offenders(unknown)}"
    for name, (least, most) in sorted(rules.township_limits.items()):
        if least < 0 or (most is not None and most < least):
            yield f"rules.township_limits of {name} are {least} to {most}, they must be 0 or more and in order"


def _array_problems(rules: SitingRules, problem: CoverageProblem) -> Iterator[str]:
    limits = {"load": False, "capacity": True, "minimum_load": False, "closing_cost_yuan": True, "bonus": False}
    for name, may_be_infinite in limits.items():
        value = getattr(rules, name)
        ids = problem.demand_ids if name in _DEMAND_ARRAYS else problem.site_ids
        if value is None or len(value) != len(ids):
            continue
        bad = ~(value >= 0) | (np.isinf(value) & (not may_be_infinite))
        if bad.any():
            yield f"rules.{name} is negative or not a number for {_named(ids, bad)}"
    if rules.bonus is not None and problem.objective is Objective.LSCP and (rules.bonus >= 1).any():
        yield f"rules.bonus is 1 or more, a whole site, for {_named(problem.site_ids, rules.bonus >= 1)}"


def _named(ids: tuple[str, ...], mask: BoolArray) -> str:
    return list_offenders(ids[i] for i in np.flatnonzero(mask))


def _upper_problems(upper: UpperTier, problem: CoverageProblem) -> Iterator[str]:
    stations = len(upper.station_ids)
    if not stations:
        yield "rules.upper has no station"
    if len(set(upper.station_ids)) < stations:
        yield "rules.upper: station ids repeat"
    shape = (len(problem.site_ids), stations)
    if np.shape(upper.durations_s) != shape:
        yield f"rules.upper.durations_s has shape {np.shape(upper.durations_s)}, expected {shape}"
    for name in ("opening_cost_yuan", "existing", "forbidden", "room"):
        value = np.asarray(getattr(upper, name))
        if value.shape != (stations,):
            yield f"rules.upper.{name} has shape {value.shape}, expected {(stations,)}"
        elif value.dtype != np.bool_:
            bad = ~(value >= 0) | (np.isinf(value) & (name != "room"))
            if bad.any():
                yield f"rules.upper.{name} is negative or not a number for {_named(upper.station_ids, bad)}"
    both = np.asarray(upper.existing) & np.asarray(upper.forbidden)
    if both.any():
        yield f"rules.upper: stations are both existing and forbidden: {_named(upper.station_ids, both)}"
    if not upper.standard_s > 0:
        yield f"rules.upper.standard_s is {upper.standard_s}, it must be more than 0"
    if upper.count is not None and upper.count < 0:
        yield f"rules.upper.count is {upper.count}, it must not be negative"
    if upper.budget_yuan is not None and not upper.budget_yuan >= 0:
        yield f"rules.upper.budget_yuan is {upper.budget_yuan}, it must not be negative"
    if not isinstance(upper.durations_s, SparseDurations) and not (np.asarray(upper.durations_s) >= 0).all():
        yield "rules.upper.durations_s is negative or NaN"
