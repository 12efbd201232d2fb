"""What siting is asked: demand points, sites, travel times and an objective."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from planner.config import Objective
from planner.coverage.durations import SparseDurations
from planner.coverage.rule_faults import rule_faults
from planner.coverage.siting_rules import SitingRules
from planner.errors import BadDataError, Message, list_offenders
from planner.model import Unreachable
from planner.units import BoolArray, FloatArray, IntArray

_DEMAND_ARRAYS = ("weights", "population", "households", "registered_poor", "mandatory")
_SITE_ARRAYS = ("opening_cost_yuan", "existing", "forbidden")


@dataclass(frozen=True, kw_only=True)
class CoverageProblem:
    """Which sites to open so that demand points are within a travel-time standard.

    Shapes: ``durations_s`` is (demand points, sites), ``inf`` where there is no way, or the sparse form of the same;
    ``weights`` (what MCLP and p-median count), ``population``, ``households``, ``registered_poor`` and ``mandatory`` are
    (demand points,); ``opening_cost_yuan``, ``existing`` and ``forbidden`` are (sites,). Existing sites stay open, are
    counted in ``count`` and cost nothing. ``mandatory`` points must be covered; one that no choice of sites can cover is
    left out, with its reason, and the answer says so. ``unreachable`` says why no road reaches a point. ``rules`` hold what
    else is demanded, see `planner.coverage.SitingRules`.

    LSCP: the fewest sites that cover every point that allowed sites could cover. MCLP: the most covered weight. p-median:
    the least weight times seconds. p-center: the shortest longest way. In both of these a point's way is that to the last of
    the sites it needs, of as many as it can reach (`sites_asked`). Fixed charge: the least yuan for opening and closing
    sites, and for travel, that serve every point that allowed sites could cover within the standard.

    Raises
    ------
    BadDataError
        If shapes do not fit, ids repeat, a figure is negative or NaN, or a site is both existing and forbidden.
    """

    objective: Objective
    demand_ids: tuple[str, ...]
    site_ids: tuple[str, ...]
    durations_s: FloatArray | SparseDurations
    standard_s: float
    weights: FloatArray
    population: FloatArray
    households: FloatArray
    registered_poor: BoolArray
    mandatory: BoolArray
    opening_cost_yuan: FloatArray
    existing: BoolArray
    forbidden: BoolArray
    count: int | None = None
    budget_yuan: float | None = None
    unreachable: Mapping[str, Unreachable] = field(default_factory=dict)
    rules: SitingRules = field(default_factory=SitingRules)

    def __post_init__(self) -> None:
        problems: list[str] = [*self._shape_problems()]
        if not problems:
            problems = [*self._value_problems(), *self._rule_problems()]
        if problems:
            raise BadDataError("the coverage problem is invalid", problems)
        dense = () if isinstance(self.durations_s, SparseDurations) else ("durations_s",)
        for name in (*dense, *_DEMAND_ARRAYS, *_SITE_ARRAYS):
            array = np.array(getattr(self, name))
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    def _shape_problems(self) -> list[Message]:
        demands, sites = len(self.demand_ids), len(self.site_ids)
        expected: dict[str, tuple[int, ...]] = {"durations_s": (demands, sites)}
        expected |= dict.fromkeys(_DEMAND_ARRAYS, (demands,)) | dict.fromkeys(_SITE_ARRAYS, (sites,))
        problems = [
            Message(
                "{name} has shape {shape}, expected {expected}",
                name=name,
                shape=str(np.shape(getattr(self, name))),
                expected=str(shape),
            )
            for name, shape in expected.items()
            if np.shape(getattr(self, name)) != shape
        ]
        for kind, ids in (("demand", self.demand_ids), ("site", self.site_ids)):
            if not ids:
                problems.append(Message("there is no {kind} point", kind=kind))
            repeated = sorted({id_ for id_ in ids if ids.count(id_) > 1}) if len(set(ids)) < len(ids) else []
            if repeated:
                problems.append(
                    Message("{kind} ids repeat: {offenders}", kind=kind, offenders=list_offenders(repeated))
                )
        return problems

    def _value_problems(self) -> list[Message]:
        problems: list[Message] = []
        if not isinstance(self.durations_s, SparseDurations):  # the sparse form was checked when it was made
            bad_rows = np.any(~(self.durations_s >= 0), axis=1)
            if bad_rows.any():
                problems.append(
                    Message("durations_s is negative or NaN for {offenders}", offenders=self._demands(bad_rows))
                )
        for name in ("weights", "population", "households"):
            bad = ~np.isfinite(getattr(self, name)) | (getattr(self, name) < 0)
            if bad.any():
                problems.append(
                    Message(
                        "{name} is negative or not a number for {offenders}", name=name, offenders=self._demands(bad)
                    )
                )
        bad_cost = ~np.isfinite(self.opening_cost_yuan) | (self.opening_cost_yuan < 0)
        if bad_cost.any():
            problems.append(
                Message(
                    "opening_cost_yuan is negative or not a number for {offenders}", offenders=self._sites(bad_cost)
                )
            )
        both = self.existing & self.forbidden
        if both.any():
            problems.append(Message("sites are both existing and forbidden: {offenders}", offenders=self._sites(both)))
        if not self.standard_s > 0:
            problems.append(Message("standard_s is {standard_s}, it must be more than 0", standard_s=self.standard_s))
        if self.count is not None and self.count < 0:
            problems.append(Message("count is {count}, it must not be negative", count=self.count))
        if self.budget_yuan is not None and not self.budget_yuan >= 0:
            problems.append(
                Message("budget_yuan is {budget_yuan}, it must not be negative", budget_yuan=self.budget_yuan)
            )
        if self.objective is Objective.P_MEDIAN and self.count is None:
            problems.append(Message("PMEDIAN needs count"))
        if self.objective is Objective.P_CENTER and (self.count is None or self.budget_yuan is not None):
            problems.append(Message("PCENTER needs count and takes no budget_yuan"))
        if self.objective is Objective.MCLP and self.count is None and self.budget_yuan is None:
            problems.append(Message("MCLP needs count or budget_yuan"))
        return problems

    def _rule_problems(self) -> Iterator[str]:
        return rule_faults(
            self.rules,
            objective=self.objective,
            standard_s=self.standard_s,
            demand_ids=self.demand_ids,
            site_ids=self.site_ids,
        )

    def _demands(self, mask: BoolArray) -> Message:
        return list_offenders(self.demand_ids[i] for i in np.flatnonzero(mask))

    def _sites(self, mask: BoolArray) -> Message:
        return list_offenders(self.site_ids[i] for i in np.flatnonzero(mask))

    @cached_property
    def travel(self) -> SparseDurations:
        """The durations as sorted rows, whichever way they were given: what every model reads.

        Sites that lack a service are in none: they serve nobody.
        """
        lacking = self.rules.lacking
        return self.to_all_sites if lacking is None else self.to_all_sites.keep(~lacking[self.to_all_sites.sites])

    @cached_property
    def to_all_sites(self) -> SparseDurations:
        """The durations as sorted rows, to sites that lack a service, too."""
        if isinstance(self.durations_s, SparseDurations):
            return self.durations_s
        return SparseDurations.of_dense(self.durations_s)

    def lacks_services_near(self, i: int) -> bool:
        """Return whether a site that lacks a service lies within the standard of a point."""
        lacking, (sites, seconds) = self.rules.lacking, self.to_all_sites.row(i)
        return lacking is not None and bool(lacking[sites[seconds <= self.standard_s]].any())

    @cached_property
    def within(self) -> BoolArray:
        """Which pairs of ``travel`` lie within the standard; (pairs,)."""
        return np.asarray(self.travel.seconds <= self.standard_s, dtype=np.bool_)

    @cached_property
    def stays(self) -> BoolArray:
        """Which existing sites cannot be closed; (sites,)."""
        closing = self.rules.closing_cost_yuan
        return np.array(self.existing if closing is None else self.existing & np.isinf(closing), dtype=np.bool_)

    @cached_property
    def price_yuan(self) -> FloatArray:
        """What each site costs if it is open: opening it, or not closing it (the saved closing cost); (sites,)."""
        closing = self.rules.closing_cost_yuan
        kept = np.zeros(len(self.site_ids)) if closing is None else np.where(np.isinf(closing), 0.0, -closing)
        return np.where(self.existing, kept, self.opening_cost_yuan)

    @cached_property
    def closing_yuan(self) -> float:
        """What closing every site that may be closed costs: `price_yuan` of the open ones and this are the money spent."""
        return -float(self.price_yuan[self.existing].sum())

    def spent_yuan(self, opened: BoolArray) -> float:
        """Return what opening these sites, and closing the existing ones left out, costs; ``opened`` is (sites,)."""
        return float(self.price_yuan[opened].sum()) + self.closing_yuan

    @cached_property
    def linkable(self) -> BoolArray:
        """Which sites an allowed station with room lies within reach of; all where there is no tier above; (sites,)."""
        upper = self.rules.upper
        if upper is None:
            return np.ones(len(self.site_ids), dtype=np.bool_)
        takes = ~np.asarray(upper.forbidden, dtype=np.bool_) & (np.floor(upper.room) >= 1)
        travel = upper.travel
        return travel.any_row(np.asarray((travel.seconds <= upper.standard_s) & takes[travel.sites], dtype=np.bool_))

    @cached_property
    def usable(self) -> BoolArray:
        """Which sites may be open: not forbidden, and with a station in reach, or there already; (sites,)."""
        return np.asarray(~self.forbidden & (self.linkable | self.existing), dtype=np.bool_)

    @cached_property
    def too_heavy(self) -> BoolArray:
        """Which points bring more than any site holds that might serve them, so that none does; (demand points,)."""
        load, capacity = self.rules.load, self.rules.capacity
        if load is None or capacity is None:
            return np.zeros(len(self.demand_ids), dtype=np.bool_)
        far = self.objective in (Objective.P_MEDIAN, Objective.P_CENTER)
        reach_s = np.inf if far else self.rules.decay_s or self.standard_s
        return ~self._fits_within(reach_s)

    def _fits_within(self, limit_s: float) -> BoolArray:
        """Return which points have a usable site within so many seconds that holds their load; (demand points,)."""
        load, capacity, travel = self.rules.load, self.rules.capacity, self.travel
        pairs = (travel.seconds <= limit_s) & self.usable[travel.sites]
        if load is not None and capacity is not None:
            pairs = pairs & (capacity[travel.sites] >= load[travel.demands] - 1e-9)
        return travel.any_row(np.asarray(pairs, dtype=np.bool_))

    @cached_property
    def options(self) -> IntArray:
        """How many allowed sites lie within the standard of each point; (demand points,)."""
        counts = np.concatenate([[0], np.cumsum(self.allowed)])
        return np.asarray(np.diff(counts[self.travel.starts]), dtype=np.int64)

    @cached_property
    def coverable(self) -> BoolArray:
        """Which points have as many allowed sites within the standard as they need, one that holds their load among them."""
        return np.asarray((self.options >= self.needs) & self._fits_within(self.standard_s), dtype=np.bool_)

    @cached_property
    def needs(self) -> IntArray:
        """How many open sites within the standard cover each point; (demand points,)."""
        return np.full(len(self.demand_ids), self.rules.sites_needed, dtype=np.int64)

    @cached_property
    def sites_asked(self) -> IntArray:
        """How many open sites p-median and p-center give each point, near or far: those it needs, or all it can reach."""
        counts = np.concatenate([[0], np.cumsum(self.usable[self.travel.sites])])
        reached = np.where(self.too_heavy, 0, np.diff(counts[self.travel.starts]))
        return np.minimum(reached, self.needs).astype(np.int64)

    @cached_property
    def required(self) -> BoolArray:
        """Which points must be covered: of those that can be the mandatory, and all where the objective covers all."""
        if self.objective in (Objective.LSCP, Objective.FIXED_CHARGE) and self.rules.covered_share is None:
            return self.coverable
        return np.asarray(self.mandatory & self.coverable, dtype=np.bool_)

    @cached_property
    def attainable(self) -> CoverageProblem:
        """The problem without the demand that points be covered that no choice of sites can cover.

        `planner.coverage.explain.out_of_reach` says which those are, and every answer names them.
        """
        beyond = self.mandatory & ~self.coverable
        return replace(self, mandatory=self.mandatory & ~beyond) if beyond.any() else self

    def credit(self, seconds: float) -> float:
        """Return what part of its weight a point counts at this travel time in maximal covering."""
        if seconds <= self.standard_s:
            return 1.0
        end = self.rules.decay_s
        return 0.0 if end is None or seconds >= end else (end - seconds) / (end - self.standard_s)

    @cached_property
    def allowed(self) -> BoolArray:
        """Which pairs of ``travel`` lie within the standard at a site that may be open; (pairs,)."""
        return np.asarray(self.within & self.usable[self.travel.sites], dtype=np.bool_)
