"""The variables of a siting programme, and what each limit and rule adds to it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from ortools.math_opt.python import mathopt
from ortools.math_opt.python.mathopt import Variable

from planner.config import Objective
from planner.coverage.problem import CoverageProblem
from planner.coverage.proposal import Proposal
from planner.coverage.siting_rules import AssignmentRule, UpperTier
from planner.units import IntArray


@dataclass(kw_only=True)
class Frame:
    """A model under construction.

    ``opened`` has one 0/1 variable a site. Where it matters which site serves a point, ``served`` has one for each pair
    that may be, and ``pairs_by_point`` the same by point and site; otherwise ``covered`` has one for each point that counts.
    ``counted`` says which served pairs count as covered: all of them, unless a point needs more than one site.
    ``stations`` and ``links`` (site, station) belong to the tier above. ``without`` names limits that are left out, by the
    names that `explain.conflicts` gives them: so it is found which of them contradict each other.
    """

    problem: CoverageProblem
    model: mathopt.Model
    opened: list[Variable]
    seconds: dict[tuple[int, int], float]
    served: dict[tuple[int, int], Variable] = field(default_factory=dict)
    pairs_by_point: list[dict[int, Variable]] = field(default_factory=list)
    counted: dict[tuple[int, int], Variable] = field(default_factory=dict)
    covered: dict[int, Variable] = field(default_factory=dict)
    stations: list[Variable] = field(default_factory=list)
    station_prices: list[float] = field(default_factory=list)
    links: dict[tuple[int, int], Variable] = field(default_factory=dict)
    longest: Variable | None = None
    without: frozenset[str] = frozenset()
    goal: mathopt.LinearBase = field(default_factory=lambda: mathopt.LinearSum([]))

    def within(self, i: int, limit_s: float) -> mathopt.LinearSum:
        """Return how many allowed sites within so many seconds of the point are open."""
        sites, seconds = self.problem.travel.row(i)
        near = sites[(seconds <= limit_s) & self.problem.usable[sites]]
        return mathopt.fast_sum(self.opened[j] for j in near)

    def covering(self, i: int) -> mathopt.LinearSum:
        """Return how many sites that cover the point are open."""
        return self.within(i, self.problem.standard_s)

    def is_covered(self, i: int) -> mathopt.LinearBase:
        """Return 1 where the point is covered, at most 0 where it is not."""
        if self.pairs_by_point:
            limit = self.problem.standard_s
            return mathopt.fast_sum(self.counted[i, j] for j in self.pairs_by_point[i] if self.seconds[i, j] <= limit)
        if i not in self.covered:
            need = float(self.problem.needs[i])
            # with a need of two, one of two sites must not count half
            self.covered[i] = self.model.add_variable(lb=0, ub=1, is_integer=need > 1)
            self.model.add_linear_constraint(need * self.covered[i] <= self.covering(i))
        return self.covered[i]

    def require(self, i: int) -> None:
        """Ask that the point is covered."""
        self.model.add_linear_constraint(self.covering(i) >= float(self.problem.needs[i]))
        if self.pairs_by_point:
            self.model.add_linear_constraint(self.is_covered(i) >= 1)

    def chosen(self, result: mathopt.SolveResult) -> Proposal:
        """Return what the model chose, with no claim about how good it is."""
        opened = np.array(result.variable_values(self.opened)) > 0.5
        assigned = linked = stations = None
        if self.problem.rules.has_loads:
            assigned = _taken(result, self.served, len(self.problem.demand_ids))
        if self.stations:
            stations = np.array(result.variable_values(self.stations)) > 0.5
            linked = _taken(result, self.links, len(opened))
        return Proposal(opened=opened, bound=None, proven=False, assigned=assigned, stations=stations, linked=linked)

    def covered_weight(self) -> mathopt.LinearSum:
        """Return the weight covered, what counts in part beyond the standard included."""
        problem = self.problem
        if problem.rules.decay_s is not None:
            return mathopt.fast_sum(
                float(problem.weights[i] * problem.credit(self.seconds[i, j])) * x
                for (i, j), x in self.counted.items()
                if problem.weights[i]
            )
        counts = np.flatnonzero(problem.coverable & (problem.weights > 0))
        return mathopt.fast_sum(float(problem.weights[i]) * self.is_covered(int(i)) for i in counts)


def _taken(result: mathopt.SolveResult, pairs: dict[tuple[int, int], Variable], rows: int) -> IntArray:
    """Return the second number of the pair that is taken of each row, -1 if none is."""
    taken = np.full(rows, -1, dtype=np.int64)
    for (i, j), value in zip(pairs, result.variable_values(list(pairs.values())), strict=True):
        if value > 0.5:
            taken[i] = j
    return taken


def frame_of(
    problem: CoverageProblem, without: frozenset[str] = frozenset(), model: mathopt.Model | None = None
) -> Frame:
    """Return a model with its variables (or add them to one), existing and forbidden sites fixed, nothing demanded yet."""
    model = mathopt.Model(name=problem.objective.value) if model is None else model
    opened = [
        model.add_variable(lb=float(problem.stays[j]), ub=float(problem.usable[j]), is_integer=True)
        for j in range(len(problem.site_ids))
    ]
    frame = Frame(problem=problem, model=model, opened=opened, seconds={}, without=without)
    if _matters_who_serves(problem):
        _add_served(frame)
    if problem.rules.upper is not None:
        _add_stations(frame, problem.rules.upper)
    return frame


def _matters_who_serves(problem: CoverageProblem) -> bool:
    rules = problem.rules
    travels = problem.objective in (Objective.P_MEDIAN, Objective.P_CENTER) or rules.yuan_per_hour > 0
    return rules.has_loads or rules.decay_s is not None or travels


def _add_served(frame: Frame) -> None:
    """Add a variable for each pair that may be served: near ones only, but for p-median and p-center any."""
    problem = frame.problem
    rules, far = problem.rules, problem.objective in (Objective.P_MEDIAN, Objective.P_CENTER)
    reach = np.inf if far else rules.decay_s or problem.standard_s
    for i in range(len(problem.demand_ids)):
        own: dict[int, Variable] = {}
        limit = problem.standard_s if problem.required[i] else reach
        for j, seconds in zip(*problem.travel.row(i), strict=True):
            if problem.too_heavy[i] or not problem.usable[j] or seconds > limit:
                continue
            pair = i, int(j)
            x = frame.model.add_variable(lb=0, ub=1, is_integer=rules.has_loads)
            own[int(j)] = frame.served[pair] = frame.counted[pair] = x
            frame.seconds[pair] = float(seconds)
            frame.model.add_linear_constraint(x <= frame.opened[j])
            if rules.sites_needed > 1 and not far:
                _count_with_backup(frame, pair, x)
        frame.pairs_by_point.append(own)
        if own:
            frame.model.add_linear_constraint(mathopt.fast_sum(own.values()) <= 1)


def _count_with_backup(frame: Frame, pair: tuple[int, int], served: Variable) -> None:
    """Let a served pair count only if enough sites are open within the standard, or within its own time if that is later."""
    i = pair[0]
    frame.counted[pair] = counts = frame.model.add_variable(lb=0, ub=1, is_integer=True)
    frame.model.add_linear_constraint(counts <= served)
    near = frame.within(i, max(frame.seconds[pair], frame.problem.standard_s))
    frame.model.add_linear_constraint(float(frame.problem.needs[i]) * counts <= near)


def _add_stations(frame: Frame, upper: UpperTier) -> None:
    """Add the tier above: every open site linked to one open station within reach, no station beyond its room.

    A site that exists with no station in reach is linked to none.
    """
    frame.stations = [
        frame.model.add_variable(lb=float(upper.existing[s]), ub=float(not upper.forbidden[s]), is_integer=True)
        for s in range(len(upper.station_ids))
    ]
    frame.station_prices = np.where(upper.existing, 0.0, upper.opening_cost_yuan).tolist()
    taken: dict[int, list[Variable]] = defaultdict(list)
    travel = upper.travel
    for j, opened in enumerate(frame.opened):
        if not frame.problem.linkable[j]:
            continue
        links = []
        for s, seconds in zip(*travel.row(j), strict=True):
            if seconds > upper.standard_s or upper.forbidden[s] or frame.problem.forbidden[j]:
                continue
            link = frame.model.add_variable(lb=0, ub=1, is_integer=True)
            frame.links[j, int(s)] = link
            frame.model.add_linear_constraint(link <= frame.stations[s])
            links.append(link)
            taken[int(s)].append(link)
        frame.model.add_linear_constraint(mathopt.fast_sum(links) == opened)
    for s, links in taken.items():
        if upper.room[s] < len(links) and "station room" not in frame.without:
            room = float(np.floor(upper.room[s]))
            frame.model.add_linear_constraint(mathopt.fast_sum(links) <= room * frame.stations[s])
    if upper.count is not None and "station count" not in frame.without:
        frame.model.add_linear_constraint(mathopt.fast_sum(frame.stations) <= upper.count)
    if upper.budget_yuan is not None and "station budget" not in frame.without:
        cost = mathopt.fast_sum(p * v for p, v in zip(frame.station_prices, frame.stations, strict=True))
        frame.model.add_linear_constraint(cost <= upper.budget_yuan)


def add_limits(frame: Frame) -> None:
    """Add count, budget and townships."""
    problem, opened = frame.problem, frame.opened
    if problem.count is not None and "count" not in frame.without:
        total = mathopt.fast_sum(opened)
        if problem.objective is Objective.P_MEDIAN:
            frame.model.add_linear_constraint(total == problem.count)
        else:
            frame.model.add_linear_constraint(total <= problem.count)
    if problem.budget_yuan is not None and "budget" not in frame.without:
        cost = mathopt.fast_sum(float(p) * y for p, y in zip(problem.price_yuan, opened, strict=True))
        frame.model.add_linear_constraint(cost <= problem.budget_yuan - problem.closing_yuan)
    for name, (least, most) in sorted(problem.rules.township_limits.items()):
        if f"township {name}" in frame.without:
            continue
        mine = mathopt.fast_sum(y for y, town in zip(opened, problem.rules.township, strict=True) if town == name)
        frame.model.add_linear_constraint(mine >= least)
        if most is not None:
            frame.model.add_linear_constraint(mine <= most)


def add_rules(frame: Frame) -> None:
    """Add capacities, minimum loads and who chooses the site."""
    problem, rules = frame.problem, frame.problem.rules
    pays_travel = rules.covered_share is not None and rules.yuan_per_hour > 0
    by_closest = rules.has_loads and rules.assignment is AssignmentRule.CLOSEST and "closest" not in frame.without
    if by_closest or (pays_travel and not rules.has_loads):
        closest_first(frame)
    if not rules.has_loads or rules.load is None:
        return
    carried: dict[int, list[tuple[float, Variable]]] = defaultdict(list)
    for (i, j), x in frame.served.items():
        carried[j].append((float(rules.load[i]), x))
    for j, opened in enumerate(frame.opened):
        total = mathopt.fast_sum(load * x for load, x in carried[j])
        if rules.capacity is not None and np.isfinite(rules.capacity[j]) and "capacity" not in frame.without:
            frame.model.add_linear_constraint(total <= float(rules.capacity[j]) * opened)
        least = 0.0 if rules.minimum_load is None or problem.stays[j] else float(rules.minimum_load[j])
        if least > 0 and "minimum load" not in frame.without:
            frame.model.add_linear_constraint(total >= least * opened)


def closest_first(frame: Frame) -> None:
    """Ask that an open site serves its points unless another serves them no later (Wagner & Falkson 1975)."""
    for i, pairs in enumerate(frame.pairs_by_point):
        for j in pairs:
            limit = frame.seconds[i, j]
            nearer = mathopt.fast_sum(x for k, x in pairs.items() if frame.seconds[i, k] <= limit)
            frame.model.add_linear_constraint(nearer >= frame.opened[j])


def require_shares(frame: Frame) -> None:
    """Ask for the share of all weight that the rules want covered."""
    share = frame.problem.rules.covered_share
    if share is None or "share" in frame.without:
        return
    weights = frame.problem.weights
    covered = mathopt.fast_sum(
        float(weights[i]) * frame.is_covered(int(i)) for i in np.flatnonzero(frame.problem.coverable & (weights > 0))
    )
    frame.model.add_linear_constraint(covered >= share * float(weights.sum()) - 1e-9)
