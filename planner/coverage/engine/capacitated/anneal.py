"""Compiled annealing of a capacitated plan.

Every move is carried out with a journal and taken back if it is not accepted. Budget and count may be passed at first, row
moves may overfill a site at a penalty.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.coverage.engine.acceptance import Heat, accepts, cooling
from planner.coverage.engine.capacitated.loads import Loads
from planner.coverage.engine.capacitated.moves import appraise, draw_sites, move_site, push_in
from planner.coverage.engine.capacitated.plan import (
    BROKEN,
    COST,
    MOVED,
    OPENED,
    PENALTY,
    SPENT,
    VIOLATION,
    SitePlan,
    take_back,
)
from planner.coverage.engine.served import Served
from planner.kernels import kernel

_RAMP = 0.5  # penalties rise with this power of the fall in temperature


class Course(NamedTuple):
    """How to anneal: the temperatures, rows moved for each site moved, what a unit that breaks a limit costs at first.

    At most ``most`` sites within ``budget``, at first more by the share ``slack``; ``site_charge`` is what an open site is
    taken to cost, ``price_charge`` a unit of its price.
    """

    heat: Heat
    rows_a_site: int
    penalty: float
    most: int
    budget: float
    slack: float
    site_charge: float
    price_charge: float


@kernel
def charged(plan: SitePlan, site_charge: float, price_charge: float) -> float:
    """Return what a plan costs, with what it breaks, its sites and its budget charged."""
    tally = plan.tally
    return float(
        tally[COST] + tally[PENALTY] * tally[VIOLATION] + site_charge * tally[OPENED] + price_charge * tally[SPENT]
    )


@kernel
def keep_if_better(plan: SitePlan, best: SitePlan, course: Course) -> None:
    """Write who serves whom into ``best`` if the plan breaks nothing and costs less; only these parts of it are in order."""
    tally = plan.tally
    if (
        tally[BROKEN] == 0.0
        and tally[OPENED] <= course.most
        and tally[SPENT] <= course.budget
        and tally[COST] < best.tally[COST] - 1e-9 * (1.0 + abs(tally[COST]))
    ):
        best.opened[:] = plan.opened
        best.site_of[:] = plan.site_of
        best.tally[:] = plan.tally


@kernel
def anneal(
    served: Served, loads: Loads, plan: SitePlan, best: SitePlan, course: Course, random: np.random.Generator
) -> None:
    """Change the plan at falling temperature; whenever it breaks nothing and costs less, write it into ``best``.

    Count and budget may be passed by a share that falls with the temperature; their charges follow how the plan keeps them.
    """
    rows, tally, turn = len(plan.site_of), plan.tally, course.rows_a_site + 1
    first, temperature, ratio = course.heat.first, course.heat.first, cooling(course.heat)
    site_charge, price_charge = course.site_charge, course.price_charge
    room = (float(course.most), course.budget)
    for move in range(course.heat.moves):
        temperature *= ratio
        tally[PENALTY] = course.penalty * (first / temperature) ** _RAMP
        tally[MOVED] = 0
        before = charged(plan, site_charge, price_charge)
        shut, new = -1, -1
        if move % turn:
            push_in(served, loads, plan, int(random.integers(0, rows)), random)
            if tally[MOVED] == 0:
                continue
        else:
            if move % (100 * turn) == 0:
                appraise(served, loads, plan)
                if tally[OPENED] != course.most:
                    site_charge *= 1.01 if tally[OPENED] > course.most else 0.99
                price_charge *= 1.01 if tally[SPENT] > course.budget else 0.99
            slack = 1.0 + course.slack * max(0.0, temperature / first - 0.1)
            room = (np.floor(course.most * slack), course.budget * slack)
            shut, new = draw_sites(served, loads, plan, room, random)
            if shut < 0 and new < 0:
                continue
            move_site(served, loads, plan, shut, new, random)
        gain = before - charged(plan, site_charge, price_charge)
        # a site that count or budget no longer allow closes whatever that costs
        forced = shut >= 0 and new < 0 and (tally[OPENED] >= room[0] or tally[SPENT] > room[1])
        if forced or accepts(gain, temperature, random):
            keep_if_better(plan, best, course)
        else:
            take_back(loads, plan, shut, new)
