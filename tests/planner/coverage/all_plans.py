"""Tiny siting worlds with every rule, and their best plan found by trying all of them: sites, assignments, stations."""

from dataclasses import dataclass, replace
from itertools import combinations, product

import numpy as np
from hypothesis import strategies as st

from planner.config import Objective
from planner.coverage import AssignmentRule, CoverageProblem, SitingRules, UpperTier

STANDARD_S = 600.0
COVERS_ALL = (Objective.LSCP, Objective.FIXED_CHARGE)


@dataclass
class Trial:
    """One choice of sites, servers and stations, judged from the dense table by the rules as they are written down."""

    problem: CoverageProblem
    opened: tuple[int, ...]
    server: tuple[int, ...]
    stations: tuple[int, ...]

    def way(self, i):
        return self.problem.durations_s[i, self.server[i]] if self.server[i] >= 0 else np.inf

    def open_times(self, i):
        return sorted(self.problem.durations_s[i, j] for j in self.opened)

    def covered(self, i):
        within = sum(time <= STANDARD_S for time in self.open_times(i))
        return self.way(i) <= STANDARD_S and within >= self.problem.rules.sites_needed

    def limits_hold(self):
        problem, rules = self.problem, self.problem.rules
        closing = rules.closing_cost_yuan
        cost = sum(problem.opening_cost_yuan[j] for j in self.opened if not problem.existing[j])
        for j in np.flatnonzero(problem.existing):
            if j not in self.opened:
                if closing is None or np.isinf(closing[j]):
                    return False
                cost += closing[j]
        if problem.budget_yuan is not None and cost > problem.budget_yuan + 1e-9:
            return False
        median = problem.objective is Objective.P_MEDIAN
        if problem.count is not None and (
            len(self.opened) != problem.count if median else len(self.opened) > problem.count
        ):
            return False
        for town, (least, most) in rules.township_limits.items():
            there = sum(rules.township[j] == town for j in self.opened)
            if there < least or (most is not None and there > most):
                return False
        return self.loads_hold() and self.points_hold() and self.links_hold()

    def loads_hold(self):
        problem, rules = self.problem, self.problem.rules
        if rules.capacity is None and rules.minimum_load is None:
            return True
        for j in self.opened:
            load = sum(rules.load[i] for i, s in enumerate(self.server) if s == j)
            if rules.capacity is not None and load > rules.capacity[j] + 1e-9:
                return False
            stays = problem.existing[j] and (rules.closing_cost_yuan is None or np.isinf(rules.closing_cost_yuan[j]))
            if rules.minimum_load is not None and not stays and load < rules.minimum_load[j] - 1e-9:
                return False
        return True

    def points_hold(self):
        problem, rules = self.problem, self.problem.rules
        table = problem.durations_s
        points = range(len(problem.demand_ids))
        covers_all = problem.objective in COVERS_ALL and rules.covered_share is None
        for i in points:
            if (problem.mandatory[i] or covers_all) and can_be_covered(problem, i) and not self.covered(i):
                return False
            if problem.objective in (Objective.P_MEDIAN, Objective.P_CENTER):
                asked = sites_asked(problem, i)
                if asked and not (np.isfinite(self.way(i)) and np.isfinite(table[i, list(self.opened)]).sum() >= asked):
                    return False
        if rules.covered_share is not None:
            weight = sum(problem.weights[i] for i in points if self.covered(i))
            return weight >= rules.covered_share * problem.weights.sum() - 1e-9
        return True

    def links_hold(self):
        upper = self.problem.rules.upper
        if upper is None:
            return True
        if not set(np.flatnonzero(upper.existing)) <= set(self.stations) or any(
            upper.forbidden[s] for s in self.stations
        ):
            return False
        if upper.count is not None and len(self.stations) > upper.count:
            return False
        # a site that exists stays open without a station where none could ever take it
        linked = [j for j in self.opened if not (self.problem.existing[j] and not stations_for(self.problem, j))]
        choices = [[s for s in self.stations if upper.durations_s[j, s] <= upper.standard_s] for j in linked]
        return any(all(links.count(s) <= upper.room[s] for s in self.stations) for links in product(*choices))

    def value(self):
        problem, rules = self.problem, self.problem.rules
        points = range(len(problem.demand_ids))
        bonus = 0.0 if rules.bonus is None else sum(rules.bonus[j] for j in self.opened)
        upper_cost = 0.0
        if rules.upper is not None:
            upper_cost = sum(rules.upper.opening_cost_yuan[s] for s in self.stations if not rules.upper.existing[s])
        if problem.objective is Objective.LSCP:
            return len(self.opened) + len(self.stations) - bonus
        if problem.objective is Objective.MCLP:
            return sum(problem.weights[i] * self.credit(i) for i in points) + bonus
        ways = [(problem.weights[i], self.way(i), self.covered(i)) for i in points if np.isfinite(self.way(i))]
        if problem.objective is Objective.P_MEDIAN:
            weights = [problem.weights[i] for i in points if self.server[i] >= 0]
            return sum(w * t for w, t in zip(weights, self.lasts(), strict=True)) - bonus
        if problem.objective is Objective.P_CENTER:
            return max(self.lasts(), default=0.0)
        cost = sum(problem.opening_cost_yuan[j] for j in self.opened if not problem.existing[j])
        cost += sum(rules.closing_cost_yuan[j] for j in np.flatnonzero(problem.existing) if j not in self.opened)
        return cost + upper_cost + sum(w * t for w, t, c in ways if c) / 3600 * rules.yuan_per_hour - bonus

    def lasts(self):
        served = [i for i, site in enumerate(self.server) if site >= 0]
        return [max(self.way(i), self.open_times(i)[sites_asked(self.problem, i) - 1]) for i in served]

    def credit(self, i):
        rules = self.problem.rules
        if rules.decay_s is None:
            return float(self.covered(i))
        times = self.open_times(i)
        if self.server[i] < 0 or len(times) < rules.sites_needed:
            return 0.0
        last = times[rules.sites_needed - 1]
        if rules.capacity is not None or rules.minimum_load is not None:
            if last > max(self.way(i), STANDARD_S):
                return 0.0
            last = self.way(i)
        late = max(0.0, max(last, self.way(i)) - STANDARD_S)
        return max(0.0, 1.0 - late / (rules.decay_s - STANDARD_S))


def stations_for(problem, j):
    """The stations that could take a site."""
    upper = problem.rules.upper
    near = [s for s in range(len(upper.station_ids)) if upper.durations_s[j, s] <= upper.standard_s]
    return [s for s in near if not upper.forbidden[s] and upper.room[s] >= 1]


def may_open(problem):
    """The sites that any plan can have open."""
    allowed = np.flatnonzero(~problem.forbidden).tolist()
    if problem.rules.upper is None:
        return allowed
    return [j for j in allowed if problem.existing[j] or stations_for(problem, j)]


def can_be_served(problem, i, limit):
    """Whether a site within so many seconds holds what the point brings."""
    near = [
        j for j in may_open(problem) if np.isfinite(problem.durations_s[i, j]) and problem.durations_s[i, j] <= limit
    ]
    capacity = problem.rules.capacity
    return any(capacity is None or problem.rules.load[i] <= capacity[j] for j in near)


def can_be_covered(problem, i):
    """Whether so many sites as a point needs can be open within its standard, and one holds it: else nobody can ask."""
    near = [j for j in may_open(problem) if problem.durations_s[i, j] <= STANDARD_S]
    return len(near) >= problem.rules.sites_needed and can_be_served(problem, i, STANDARD_S)


def sites_asked(problem, i):
    """How many open sites p-median and p-center owe a point: those it needs, or all that it can reach."""
    if not can_be_served(problem, i, np.inf):
        return 0
    return min(problem.rules.sites_needed, np.isfinite(problem.durations_s[i, may_open(problem)]).sum())


def servers_of(problem, opened):
    """Every assignment that may be: to the closest open site, or as the plan likes where it may choose."""
    rules = problem.rules
    loads = rules.capacity is not None or rules.minimum_load is not None
    far = problem.objective in (Objective.P_MEDIAN, Objective.P_CENTER)
    choices = []
    for i in range(len(problem.demand_ids)):
        named = problem.mandatory[i] and can_be_covered(problem, i)
        reach = np.inf if far and not named else rules.decay_s or STANDARD_S
        if not loads:
            reach = np.inf  # the value then counts what it counts
        near = [j for j in opened if problem.durations_s[i, j] <= reach and np.isfinite(problem.durations_s[i, j])]
        heavy = loads and not can_be_served(problem, i, np.inf if far else rules.decay_s or STANDARD_S)
        if not near or heavy:
            choices.append([-1])
        elif loads and rules.assignment is AssignmentRule.FREE:
            choices.append([-1, *near])
        else:
            fastest = min(problem.durations_s[i, j] for j in near)
            choices.append(
                [j for j in near if problem.durations_s[i, j] == fastest]
                if loads
                else [min(near, key=lambda j, i=i: (problem.durations_s[i, j], j))]
            )
    return product(*choices)


def subsets(items):
    return (chosen for k in range(len(items) + 1) for chosen in combinations(items, k))


def best_by_trying_all(problem):
    if problem.rules.lacking is not None:  # who lacks a service serves nobody: as if no way led there
        table = np.where(problem.rules.lacking, np.inf, problem.durations_s)
        problem = replace(problem, durations_s=table, rules=replace(problem.rules, lacking=None))
    sites = np.flatnonzero(~problem.forbidden).tolist()
    upper = problem.rules.upper
    stations = list(subsets(range(len(upper.station_ids)))) if upper is not None else [()]
    values = []
    for opened in subsets(sites):
        if problem.count is not None and len(opened) > problem.count:
            continue
        for server in servers_of(problem, opened):
            for above in stations:
                trial = Trial(problem, opened, server, above)
                if trial.limits_hold():
                    values.append(trial.value())
    if not values:
        return None
    return max(values) if problem.objective is Objective.MCLP else min(values)


RULES = ("backup", "decay", "share", "capacity", "minimum", "closing", "township", "bonus", "upper", "lacking")


@st.composite
def tiny_problems(draw, objective, must_have=()):
    points, sites = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    times = st.one_of(st.integers(0, 12).map(lambda x: 100.0 * x), st.just(np.inf))
    table = np.array([[draw(times) for _ in range(sites)] for _ in range(points)])
    kinds = [draw(st.sampled_from(["free", "free", "existing", "forbidden"])) for _ in range(sites)]
    existing = np.array([kind == "existing" for kind in kinds])
    taken = set(must_have) | draw(st.sets(st.sampled_from(RULES), max_size=2))
    if objective is not Objective.MCLP:
        taken -= {"decay"}
    if objective not in COVERS_ALL:
        taken -= {"share"}
    if objective is Objective.P_CENTER:
        taken -= {"bonus"}
    count = draw(st.integers(1, sites)) if objective not in COVERS_ALL or draw(st.booleans()) else None
    priced = objective not in (Objective.P_CENTER,) and draw(st.booleans())
    rules = draw_rules(draw, objective, taken, points, sites)
    return CoverageProblem(
        objective=objective,
        demand_ids=tuple(f"v{i}" for i in range(points)),
        site_ids=tuple(f"s{j}" for j in range(sites)),
        durations_s=table,
        standard_s=STANDARD_S,
        weights=np.array([float(draw(st.integers(0, 9))) for _ in range(points)]),
        population=np.ones(points),
        households=np.ones(points),
        registered_poor=np.zeros(points, dtype=bool),
        mandatory=np.array([draw(st.sampled_from([False, False, False, True])) for _ in range(points)]),
        opening_cost_yuan=np.array([float(draw(st.integers(0, 5))) for _ in range(sites)]),
        existing=existing,
        forbidden=np.array([kind == "forbidden" for kind in kinds]),
        count=count,
        budget_yuan=float(draw(st.integers(0, 12))) if priced else None,
        rules=rules,
    )


def draw_rules(draw, objective, taken, points, sites):
    numbers = {}
    if "backup" in taken:
        numbers["sites_needed"] = 2
    if "decay" in taken:
        numbers["decay_s"] = draw(st.sampled_from([700.0, 1000.0, 1200.0]))
    if "share" in taken:
        numbers["covered_share"] = draw(st.sampled_from([0.3, 0.7, 1.0]))
    if taken & {"capacity", "minimum"}:
        numbers["load"] = [float(draw(st.integers(0, 4))) for _ in range(points)]
        numbers["assignment"] = draw(st.sampled_from(list(AssignmentRule)))
    if "capacity" in taken:
        numbers["capacity"] = [draw(st.sampled_from([2.0, 4.0, 7.0, np.inf])) for _ in range(sites)]
    if "minimum" in taken:
        numbers["minimum_load"] = [float(draw(st.integers(0, 4))) for _ in range(sites)]
    if "closing" in taken:
        numbers["closing_cost_yuan"] = [draw(st.sampled_from([0.0, 1.0, np.inf])) for _ in range(sites)]
    if "township" in taken:
        numbers["township"] = tuple(draw(st.sampled_from("ab")) for _ in range(sites))
        numbers["township_limits"] = {
            numbers["township"][0]: draw(st.sampled_from([(0, 1), (1, None), (1, 2), (2, 2)]))
        }
    if "bonus" in taken:
        scale = 0.25 if objective is Objective.LSCP else 1.0
        numbers["bonus"] = [scale * draw(st.integers(0, 3)) for _ in range(sites)]
    if "lacking" in taken:
        numbers["lacking"] = [draw(st.booleans()) for _ in range(sites)]
    if objective is Objective.FIXED_CHARGE:
        numbers["yuan_per_hour"] = draw(st.sampled_from([0.0, 1.0, 20.0]))
    if "upper" in taken:
        count = draw(st.integers(1, 2))
        kinds = [draw(st.sampled_from(["new", "new", "existing", "forbidden"])) for _ in range(count)]
        numbers["upper"] = UpperTier(
            station_ids=tuple(f"t{s}" for s in range(count)),
            durations_s=np.array([[float(100 * draw(st.integers(0, 8))) for _ in range(count)] for _ in range(sites)]),
            standard_s=500.0,
            opening_cost_yuan=np.array([float(draw(st.integers(0, 3))) for _ in range(count)]),
            existing=np.array([kind == "existing" for kind in kinds]),
            forbidden=np.array([kind == "forbidden" for kind in kinds]),
            room=np.array([draw(st.sampled_from([0.0, 1.0, 2.0, np.inf])) for _ in range(count)]),
            count=draw(st.sampled_from([None, 1, 2])),
        )
    return SitingRules(**numbers)
