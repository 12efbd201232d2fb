"""What is wrong in the rules of a siting problem; told from the problem's parts, so that a problem can ask for it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.config import Objective
from planner.coverage.durations import SparseDurations
from planner.coverage.siting_rules import DEMAND_ARRAYS, SITE_ARRAYS, SitingRules, UpperTier
from planner.errors import list_offenders
from planner.units import BoolArray

_BONUS_TAKES = (Objective.LSCP, Objective.MCLP, Objective.P_MEDIAN, Objective.FIXED_CHARGE)


def rule_faults(
    rules: SitingRules,
    *,
    objective: Objective,
    standard_s: float,
    demand_ids: tuple[str, ...],
    site_ids: tuple[str, ...],
) -> Iterator[str]:
    """Name every fault of the rules, one line an offender, given what the problem asks of which points and sites."""
    yield from _shape_faults(rules, len(demand_ids), len(site_ids))
    yield from _scalar_faults(rules, objective, standard_s)
    yield from _array_faults(rules, objective, demand_ids, site_ids)
    if rules.upper is not None:
        yield from _upper_faults(rules.upper, len(site_ids))


def _shape_faults(rules: SitingRules, demands: int, sites: int) -> Iterator[str]:
    for names, size in ((DEMAND_ARRAYS, demands), (SITE_ARRAYS, sites)):
        for name in names:
            value = getattr(rules, name)
            if value is not None and np.shape(value) != (size,):
                yield f"rules.{name} has shape {np.shape(value)}, expected {(size,)}"
    if rules.township and len(rules.township) != sites:
        yield f"rules.township names {len(rules.township)} sites, there are {sites}"


def _scalar_faults(rules: SitingRules, objective: Objective, standard_s: float) -> Iterator[str]:
    if rules.sites_needed < 1:
        yield f"rules.sites_needed is {rules.sites_needed}, it must be at least 1"
    if rules.decay_s is not None:
        if objective is not Objective.MCLP:
            yield f"rules.decay_s goes with MCLP, not with {objective.value}"
        if not rules.decay_s > standard_s:
            yield f"rules.decay_s is {rules.decay_s}, it must be more than the standard of {standard_s}"
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


def _array_faults(
    rules: SitingRules, objective: Objective, demand_ids: tuple[str, ...], site_ids: tuple[str, ...]
) -> Iterator[str]:
    limits = {"load": False, "capacity": True, "minimum_load": False, "closing_cost_yuan": True, "bonus": False}
    for name, may_be_infinite in limits.items():
        value = getattr(rules, name)
        ids = demand_ids if name in DEMAND_ARRAYS else site_ids
        if value is None or len(value) != len(ids):
            continue
        bad = ~(value >= 0) | (np.isinf(value) & (not may_be_infinite))
        if bad.any():
            yield f"rules.{name} is negative or not a number for {_named(ids, bad)}"
    if rules.bonus is not None and objective is Objective.LSCP and (rules.bonus >= 1).any():
        yield f"rules.bonus is 1 or more, a whole site, for {_named(site_ids, rules.bonus >= 1)}"


def _named(ids: tuple[str, ...], mask: BoolArray) -> str:
    return list_offenders(ids[i] for i in np.flatnonzero(mask))


def _upper_faults(upper: UpperTier, sites: int) -> Iterator[str]:
    stations = len(upper.station_ids)
    if not stations:
        yield "rules.upper has no station"
    if len(set(upper.station_ids)) < stations:
        yield "rules.upper: station ids repeat"
    shape = (sites, stations)
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
