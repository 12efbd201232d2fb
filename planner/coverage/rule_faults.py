"""What is wrong in the rules of a siting problem; told from the problem's parts, so that a problem can ask for it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.config import Objective
from planner.coverage.durations import SparseDurations
from planner.coverage.siting_rules import DEMAND_ARRAYS, SITE_ARRAYS, SitingRules, UpperTier
from planner.errors import Message, list_offenders
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
    for names, size in ((DEMAND_ARRAYS, demands), ((*SITE_ARRAYS, "lacking"), sites)):
        for name in names:
            value = getattr(rules, name)
            if value is not None and np.shape(value) != (size,):
                yield Message(
                    "rules.{name} has shape {shape}, expected {expected}",
                    name=name,
                    shape=str(np.shape(value)),
                    expected=str((size,)),
                )
    if rules.township and len(rules.township) != sites:
        yield Message("rules.township names {count} sites, there are {sites}", count=len(rules.township), sites=sites)


def _scalar_faults(rules: SitingRules, objective: Objective, standard_s: float) -> Iterator[str]:
    if rules.sites_needed < 1:
        yield Message("rules.sites_needed is {sites_needed}, it must be at least 1", sites_needed=rules.sites_needed)
    if rules.decay_s is not None:
        if objective is not Objective.MCLP:
            yield Message("rules.decay_s goes with MCLP, not with {objective}", objective=objective.value)
        if not rules.decay_s > standard_s:
            yield Message(
                "rules.decay_s is {decay_s}, it must be more than the standard of {standard_s}",
                decay_s=rules.decay_s,
                standard_s=standard_s,
            )
    if rules.covered_share is not None and not 0 < rules.covered_share <= 1:
        yield Message(
            "rules.covered_share is {covered_share}, it must be above 0 and at most 1",
            covered_share=rules.covered_share,
        )
    if not (np.isfinite(rules.yuan_per_hour) and rules.yuan_per_hour >= 0):
        yield Message(
            "rules.yuan_per_hour is {yuan_per_hour}, it must be a number not below 0", yuan_per_hour=rules.yuan_per_hour
        )
    if rules.yuan_per_hour and objective is not Objective.FIXED_CHARGE:
        yield Message("rules.yuan_per_hour goes with FIXEDCHARGE, not with {objective}", objective=objective.value)
    if rules.has_loads and rules.load is None:
        yield "rules.load is missing: capacity and minimum_load are measured in it"
    if rules.bonus is not None and objective not in _BONUS_TAKES:
        yield Message("rules.bonus: {objective} takes none", objective=objective.value)
    unknown = sorted(set(rules.township_limits) - set(rules.township))
    if unknown:
        yield Message(
            "rules.township_limits names townships without a site: {offenders}", offenders=list_offenders(unknown)
        )
    for name, (least, most) in sorted(rules.township_limits.items()):
        if least < 0 or (most is not None and most < least):
            yield Message(
                "rules.township_limits of {name} are {least} to {most}, they must be 0 or more and in order",
                name=name,
                least=least,
                most=most,
            )


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
            yield Message(
                "rules.{name} is negative or not a number for {offenders}", name=name, offenders=_named(ids, bad)
            )
    if rules.bonus is not None and objective is Objective.LSCP and (rules.bonus >= 1).any():
        yield Message(
            "rules.bonus is 1 or more, a whole site, for {offenders}", offenders=_named(site_ids, rules.bonus >= 1)
        )


def _named(ids: tuple[str, ...], mask: BoolArray) -> Message:
    return list_offenders(ids[i] for i in np.flatnonzero(mask))


def _upper_faults(upper: UpperTier, sites: int) -> Iterator[str]:
    stations = len(upper.station_ids)
    if not stations:
        yield "rules.upper has no station"
    if len(set(upper.station_ids)) < stations:
        yield "rules.upper: station ids repeat"
    shape = (sites, stations)
    if np.shape(upper.durations_s) != shape:
        yield Message(
            "rules.upper.durations_s has shape {shape}, expected {expected}",
            shape=str(np.shape(upper.durations_s)),
            expected=str(shape),
        )
    for name in ("opening_cost_yuan", "existing", "forbidden", "room"):
        value = np.asarray(getattr(upper, name))
        if value.shape != (stations,):
            yield Message(
                "rules.upper.{name} has shape {shape}, expected {expected}",
                name=name,
                shape=str(value.shape),
                expected=str((stations,)),
            )
        elif value.dtype != np.bool_:
            bad = ~(value >= 0) | (np.isinf(value) & (name != "room"))
            if bad.any():
                yield Message(
                    "rules.upper.{name} is negative or not a number for {offenders}",
                    name=name,
                    offenders=_named(upper.station_ids, bad),
                )
    both = np.asarray(upper.existing) & np.asarray(upper.forbidden)
    if both.any():
        yield Message(
            "rules.upper: stations are both existing and forbidden: {offenders}",
            offenders=_named(upper.station_ids, both),
        )
    if not upper.standard_s > 0:
        yield Message("rules.upper.standard_s is {standard_s}, it must be more than 0", standard_s=upper.standard_s)
    if upper.count is not None and upper.count < 0:
        yield Message("rules.upper.count is {count}, it must not be negative", count=upper.count)
    if upper.budget_yuan is not None and not upper.budget_yuan >= 0:
        yield Message(
            "rules.upper.budget_yuan is {budget_yuan}, it must not be negative", budget_yuan=upper.budget_yuan
        )
    if not isinstance(upper.durations_s, SparseDurations) and not (np.asarray(upper.durations_s) >= 0).all():
        yield "rules.upper.durations_s is negative or NaN"
