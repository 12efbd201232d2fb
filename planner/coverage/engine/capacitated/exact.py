"""Siting with loads as an integer programme in HiGHS: of a part of the plan with the rest held, or of all that is left."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from ortools.math_opt.python import mathopt

from planner.coverage.durations import SiteArray
from planner.coverage.engine.capacitated.loads import Loads
from planner.coverage.engine.highs import solve_with_highs
from planner.coverage.engine.served import Served
from planner.coverage.engine.status import OPEN
from planner.units import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is to be decided: ``rows``, ``sites`` that may open for them, and the places of the ``pairs`` in the row lists.

    ``held`` (sites of the part,) are open outside the part and offer only their ``room``. ``count`` and ``budget`` are what
    the part may use; ``charge`` is asked for each open site and ``price_charge`` for each unit of its price.
    """

    rows: IntArray
    sites: IntArray
    pairs: IntArray
    pair_rows: IntArray
    held: BoolArray
    room: FloatArray
    count: int
    budget: float
    charge: float = 0.0
    price_charge: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Open sites and the site of each row of the part (-1: forgone), if an answer was found, and the proven bound.

    ``impossible`` says that there is none.
    """

    opened: IntArray
    site_of: SiteArray | None
    bound: float
    impossible: bool


class _Programme(NamedTuple):
    """The model of a part, its variables of sites, and of pairs with their row and the place of their site."""

    model: mathopt.Model
    sites: list[mathopt.Variable]
    pairs: list[tuple[int, int, mathopt.Variable]]


def solve_part(
    served: Served, loads: Loads, part: Part, *, seconds: float, gap: float = 1e-9, nodes: int | None = None
) -> Answer:
    """Return the best decision on a part.

    Minimise sum c_ij x_ij + sum forgone_i z_i + sum fixed_j y_j subject to sum_j x_ij + z_i = 1, x_ij <= y_j,
    least_j y_j <= sum_i load_i x_ij <= capacity_j y_j, count and budget; x, y 0 or 1 (Holmberg et al. 1999).
    """
    programme = _programme_of(served, loads, part)
    parameters = mathopt.SolveParameters(
        time_limit=datetime.timedelta(seconds=max(seconds, 0.01)),
        random_seed=1,
        relative_gap_tolerance=gap,
        node_limit=nodes,
    )
    result = solve_with_highs(programme.model, parameters)
    impossible = result.termination.reason is mathopt.TerminationReason.INFEASIBLE
    bound = float(result.dual_bound()) if not impossible else np.inf
    if not result.has_primal_feasible_solution():
        return Answer(opened=np.empty(0, dtype=np.int64), site_of=None, bound=bound, impossible=impossible)
    chosen = np.array(result.variable_values(programme.sites), dtype=np.float64) > 0.5
    values = result.variable_values([x for _, _, x in programme.pairs])
    site_of = np.full(len(served.forgone), -1, dtype=np.int32)
    for (i, k, _x), value in zip(programme.pairs, values, strict=True):
        if value > 0.5:
            site_of[i] = part.sites[k]
    return Answer(opened=part.sites[chosen & ~part.held], site_of=site_of[part.rows], bound=bound, impossible=False)


def _programme_of(served: Served, loads: Loads, part: Part) -> _Programme:
    """Return the integer programme of `solve_part`."""
    model = mathopt.Model()
    sure = part.held | (loads.status[part.sites] == OPEN)
    y = [model.add_variable(lb=float(is_open), ub=1.0, is_integer=True) for is_open in sure]
    position = {int(j): k for k, j in enumerate(part.sites)}
    pairs = []
    goal: list[mathopt.LinearTypes] = []
    for q, i in zip(part.pairs.tolist(), part.pair_rows.tolist(), strict=True):
        k = position[int(served.row_sites[q])]
        if loads.load[i] > part.room[k]:
            continue
        x = model.add_binary_variable()
        pairs.append((i, k, x))
        goal.append(float(served.row_costs[q]) * x)
        if not sure[k]:
            model.add_linear_constraint(x <= y[k])
    programme = _Programme(model, y, pairs)
    goal += _serve_rows(programme, served, loads, part)
    _limit_sites(programme, loads, part)
    own = np.flatnonzero(~part.held)
    charges = loads.fixed[part.sites] + part.charge + part.price_charge * loads.price[part.sites]
    goal += [float(charges[k]) * y[k] for k in own]
    model.minimize(mathopt.fast_sum(goal))
    return programme


def _serve_rows(programme: _Programme, served: Served, loads: Loads, part: Part) -> list[mathopt.LinearTypes]:
    """Serve every row of the part once or forgo it; return what forgoing costs."""
    model = programme.model
    by_row: dict[int, list[mathopt.Variable]] = {int(i): [] for i in part.rows}
    for i, _k, x in programme.pairs:
        by_row[i].append(x)
    costs: list[mathopt.LinearTypes] = []
    for i, terms in by_row.items():
        if not loads.must[i]:
            terms.append(model.add_variable(lb=0.0, ub=1.0))
            costs.append(float(served.forgone[i]) * terms[-1])
        model.add_linear_constraint(mathopt.fast_sum(terms) == 1)
    return costs


def _limit_sites(programme: _Programme, loads: Loads, part: Part) -> None:
    """Keep capacities and least loads, count and budget."""
    model, y = programme.model, programme.sites
    by_site: list[list[tuple[float, mathopt.Variable]]] = [[] for _ in y]
    for i, k, x in programme.pairs:
        by_site[k].append((float(loads.load[i]), x))
    for k, pairs in enumerate(by_site):
        least = float(loads.least[part.sites[k]])
        load = mathopt.fast_sum(weight * x for weight, x in pairs)
        if sum(weight for weight, _ in pairs) > part.room[k]:
            model.add_linear_constraint(load <= float(part.room[k]) * y[k])
        if not part.held[k] and least > 0:
            model.add_linear_constraint(load >= least * y[k])
    own = np.flatnonzero(~part.held)
    if len(own) > part.count:
        model.add_linear_constraint(mathopt.fast_sum(y[k] for k in own) <= part.count)
    if np.isfinite(part.budget):
        spent = mathopt.fast_sum(float(loads.price[part.sites[k]]) * y[k] for k in own)
        model.add_linear_constraint(spent <= part.budget)
