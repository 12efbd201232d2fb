"""Measure budgeted maximal covering of one year, with plain HiGHS on the same data in the same run.

``python -m benchmarks.siting_budget PROVINCE.npz --seeds 3 --seconds 30 --json OUT``. Budget: 30 % of what covering all
villages costs by the greedy choice. Every plan is replayed from the raw pairs; the bound of plain HiGHS is its own.
"""

from __future__ import annotations

import argparse
import datetime
import time
from pathlib import Path

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

from benchmarks.siting_money import Row, finish, measure, province_world, replay, warm_up
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.multi_year.solve import plan_years
from planner.coverage.engine.multi_year.world import PhasedCover, PhasedPlan


def main(arguments: list[str] | None = None) -> None:
    """Run the benchmark and print its rows; write them as JSON if asked."""
    parser = argparse.ArgumentParser(prog="benchmarks.siting_budget", description=__doc__)
    parser.add_argument("province", type=Path, help="points xy (km) and weights w, as npz")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=30.0, help="time limit of each engine on each instance")
    parser.add_argument("--minutes", type=lambda text: [float(x) for x in text.split(",")], default=[20.0, 30.0])
    parser.add_argument("--costs", type=lambda text: text.split(","), default=["lognormal", "equal"])
    parser.add_argument("--peers", default="highs", help="highs, or nothing")
    parser.add_argument("--json", type=Path, help="where to write the rows")
    options = parser.parse_args(arguments)
    warm_up()
    rows: list[Row] = []
    for minutes in options.minutes:
        for costs in options.costs:
            for seed in range(7, 7 + options.seeds):
                world = province_world(options.province, minutes, years=1, costs=costs, seed=seed)
                name = f"{options.province.stem}_{minutes:g}min_{costs}_{seed}"
                engines = [("planner", _planner)] + ([("highs", plain_highs)] if options.peers else [])
                for engine, run in engines:
                    row, _plan = measure(
                        name,
                        "BUDGET_MCLP",
                        world,
                        engine,
                        lambda r=run, w=world: r(w, options.seconds),  # type: ignore[misc]
                    )
                    rows.append(row)
    finish(rows, options.json)


def _planner(world: PhasedCover, seconds: float) -> PhasedPlan:
    return plan_years(world, Effort(deadline=time.monotonic() + seconds))


def plain_highs(world: PhasedCover, seconds: float) -> PhasedPlan:
    """Return HiGHS' plan and bound on the textbook model: a variable a site, a variable a row, a budget."""
    rows, sites = world.covers.shape
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(sites + rows))
    proto.variables.lower_bounds.extend([0.0] * (sites + rows))
    proto.variables.upper_bounds.extend([1.0] * (sites + rows))
    proto.variables.integers.extend([True] * sites + [False] * rows)
    proto.objective.maximize = True
    proto.objective.linear_coefficients.ids.extend(range(sites, sites + rows))
    proto.objective.linear_coefficients.values.extend(world.weights.tolist())
    proto.linear_constraints.ids.extend(range(rows + 1))
    proto.linear_constraints.lower_bounds.extend([0.0] * rows + [-np.inf])
    proto.linear_constraints.upper_bounds.extend([np.inf] * rows + [float(world.budget[0])])
    matrix, pairs = proto.linear_constraint_matrix, world.covers
    for i in range(rows):
        near = np.sort(pairs.indices[pairs.indptr[i] : pairs.indptr[i + 1]]).tolist()
        matrix.row_ids.extend([i] * (len(near) + 1))
        matrix.column_ids.extend([*near, sites + i])
        matrix.coefficients.extend([1.0] * len(near) + [-1.0])
    matrix.row_ids.extend([rows] * sites)
    matrix.column_ids.extend(range(sites))
    matrix.coefficients.extend(world.cost.tolist())
    model = mathopt.Model.from_model_proto(proto)
    parameters = mathopt.SolveParameters(
        time_limit=datetime.timedelta(seconds=seconds), absolute_gap_tolerance=0.999, relative_gap_tolerance=0.0
    )
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters)
    opens = np.ones(sites, dtype=np.int64)
    if result.has_primal_feasible_solution():
        opens[np.array(result.variable_values(list(model.variables())[:sites])) > 0.5] = 0
    covered = replay(world, opens)
    # whole weights: a bound less than one above the value proves it
    bound = max(float(np.floor(result.dual_bound() + 1e-6)), float(covered.sum()))
    return PhasedPlan(
        opens=opens,
        covered=covered,
        bound=bound,
        shortfall=np.zeros(1),
        missing=np.zeros((rows, 1), dtype=np.bool_),
        least_shortfall=0.0,
        impossible=False,
    )


if __name__ == "__main__":
    main()
