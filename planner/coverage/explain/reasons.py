"""Why a point is not covered: the road, the sites around it, or the limit that stands against each of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from planner.config import Objective
from planner.coverage.problem import CoverageProblem
from planner.coverage.proposal import Proposal
from planner.coverage.solution import UncoveredReason
from planner.units import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is left of every limit under a plan.

    ``used`` (sites,) is the load each site carries, ``waiting`` (sites,) the load of uncovered points within its standard;
    ``taken`` (stations,) counts the points linked to each station; ``towns`` counts the open sites of each township.
    """

    opened: BoolArray
    spent_yuan: float
    used: FloatArray
    waiting: FloatArray
    towns: Counter[str]
    stations: BoolArray
    taken: IntArray

    @classmethod
    def of(cls, problem: CoverageProblem, proposal: Proposal, covered: BoolArray, server: IntArray) -> Situation:
        """Return the situation of a plan; ``server`` (demand points,) is the site that serves each point or -1."""
        opened, stations, linked = proposal.opened, proposal.stations, proposal.linked
        rules, sites = problem.rules, len(problem.site_ids)
        used, waiting = np.zeros(sites), np.zeros(sites)
        if rules.load is not None:
            served = server >= 0
            travel = problem.travel
            loose = problem.within & ~covered[travel.demands]
            np.add.at(used, server[served], rules.load[served])
            np.add.at(waiting, travel.sites[loose], rules.load[travel.demands[loose]])
        upper = rules.upper
        above = 0 if upper is None else len(upper.station_ids)
        return cls(
            opened=opened,
            spent_yuan=problem.spent_yuan(opened),
            used=used,
            waiting=waiting,
            towns=Counter(town for town, is_open in zip(rules.township, opened, strict=False) if is_open),
            stations=np.zeros(above, dtype=np.bool_) if stations is None else stations,
            taken=np.zeros(above, dtype=np.int64)
            if linked is None
            else np.bincount(linked[linked >= 0], minlength=above).astype(np.int64),
        )


def reason_of(problem: CoverageProblem, i: int, situation: Situation, *, proven: bool) -> UncoveredReason:
    """Return what stood against the point."""
    why = problem.unreachable.get(problem.demand_ids[i])
    if why is not None:
        return UncoveredReason(why.value)
    sites, seconds = problem.to_all_sites.row(i)
    near = sites[seconds <= problem.standard_s]
    if not len(near):
        return UncoveredReason.NO_SITE_IN_REACH
    near = near if problem.rules.lacking is None else near[~problem.rules.lacking[near]]
    allowed = near[~problem.forbidden[near]]
    if not len(allowed):
        without = problem.lacks_services_near(i)
        return UncoveredReason.NO_SITE_WITH_SERVICES if without else UncoveredReason.ONLY_FORBIDDEN_SITES
    if len(allowed) < problem.needs[i]:
        return UncoveredReason.TOO_FEW_SITES
    allowed = near[problem.usable[near]]
    if len(allowed) < problem.needs[i]:
        return UncoveredReason.NO_STATION_IN_REACH
    if not problem.coverable[i]:
        return UncoveredReason.LOAD_ABOVE_CAPACITY
    # an open site that could serve the point does not help where another is needed beside it
    open_already = problem.rules.sites_needed > 1
    helpful = [int(j) for j in allowed if not (open_already and situation.opened[j])]
    obstacles = [obstacle(problem, i, j, situation) for j in helpful]
    found = Counter(reason for reason in obstacles if reason is not None)
    if found and found.total() == len(helpful):
        return max(found, key=lambda reason: (found[reason], reason.value))
    if problem.objective is Objective.MCLP and problem.weights[i] == 0:
        return UncoveredReason.WEIGHS_NOTHING
    if not problem.required[i] and problem.rules.covered_share is not None and problem.objective is not Objective.MCLP:
        return UncoveredReason.SHARE_REACHED
    # sites could still be opened: then the answer is not the best one, or the limits hold only taken together
    return UncoveredReason.LIMITS_TOGETHER if proven else UncoveredReason.BETTER_NOT_FOUND


def obstacle(problem: CoverageProblem, i: int, j: int, situation: Situation) -> UncoveredReason | None:
    """Return the limit that keeps site ``j`` from serving point ``i``, None if by itself it could."""
    rules = problem.rules
    if situation.opened[j]:
        if rules.capacity is None or rules.load is None:
            return None
        full = situation.used[j] + rules.load[i] > rules.capacity[j] + 1e-9
        return UncoveredReason.CAPACITY_USED_UP if full else None
    if rules.capacity is not None and rules.load is not None and rules.load[i] > rules.capacity[j] + 1e-9:
        return UncoveredReason.CAPACITY_USED_UP
    if rules.minimum_load is not None and not problem.stays[j] and situation.waiting[j] < rules.minimum_load[j] - 1e-9:
        return UncoveredReason.BELOW_MINIMUM_LOAD
    if rules.township and _town_is_full(problem, j, situation):
        return UncoveredReason.TOWNSHIP_LIMIT
    if rules.upper is not None and not _station_with_room(problem, j, situation):
        return UncoveredReason.NO_STATION_WITH_ROOM
    if problem.budget_yuan is not None and situation.spent_yuan + problem.price_yuan[j] > problem.budget_yuan + 1e-9:
        return UncoveredReason.BUDGET_USED_UP
    if (
        problem.count is not None
        and np.count_nonzero(situation.opened) + _missing(problem, i, situation) > problem.count
    ):
        return UncoveredReason.COUNT_USED_UP
    return None


def _missing(problem: CoverageProblem, i: int, situation: Situation) -> int:
    """Return how many more open sites the point needs within the standard."""
    sites, seconds = problem.travel.row(i)
    here = np.count_nonzero(situation.opened[sites[seconds <= problem.standard_s]])
    return max(1, int(problem.needs[i] - here))


def _town_is_full(problem: CoverageProblem, j: int, situation: Situation) -> bool:
    town = problem.rules.township[j]
    _, most = problem.rules.township_limits.get(town, (0, None))
    return most is not None and situation.towns[town] >= most


def _station_with_room(problem: CoverageProblem, j: int, situation: Situation) -> bool:
    upper = problem.rules.upper
    if upper is None:
        return True
    stations, seconds = upper.travel.row(j)
    near = stations[(seconds <= upper.standard_s) & situation.stations[stations]]
    return bool((situation.taken[near] < np.floor(upper.room[near])).any())
