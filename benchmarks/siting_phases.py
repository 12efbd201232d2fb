"""Measure five nested years with yearly budgets and targets, and what planning each year alone loses.

``python -m benchmarks.siting_phases PROVINCE.npz --seeds 3 --seconds 120 --json OUT``. The budget of all years is 30 % of
what covering all villages costs by the greedy choice. Targets: ``plain`` are 25, 45, 62, 75 and 83.4 % (87 % at less than
30 minutes) of all weight; ``hard`` are 39, 62, 78, 90 and 99.7 % of what one year with all the money covers at best. Every
plan is replayed from the raw pairs. Where a target is out of reach, the row says what is lacking and what must be.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.siting_money import Row, finish, measure, province_world, warm_up
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.multi_year.solve import plan_each_year_alone, plan_years
from planner.coverage.engine.multi_year.world import PhasedCover
from planner.units import FloatArray

_YEARS = 5


def main(arguments: list[str] | None = None) -> None:
    """Run the benchmark and print its rows; write them as JSON if asked."""
    parser = argparse.ArgumentParser(prog="benchmarks.siting_phases", description=__doc__)
    parser.add_argument("province", type=Path, help="points xy (km) and weights w, as npz")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=120.0, help="processor time of each engine on each instance")
    parser.add_argument("--minutes", type=lambda text: [float(x) for x in text.split(",")], default=[20.0, 30.0])
    parser.add_argument("--targets", type=lambda text: text.split(","), default=["plain", "hard"])
    parser.add_argument("--alone", action="store_true", help="plan each year alone too")
    parser.add_argument("--only", default="", help="only the instances whose name holds this")
    parser.add_argument("--json", type=Path, help="where to write the rows")
    options = parser.parse_args(arguments)
    warm_up()
    rows: list[Row] = []
    for minutes in options.minutes:
        for targets in options.targets:
            for seed in range(7, 7 + options.seeds):
                name = f"{options.province.stem}_{minutes:g}min_{targets}_{seed}"
                if options.only not in name:
                    continue
                free = province_world(options.province, minutes, years=_YEARS, costs="lognormal", seed=seed)
                world = replace(free, target=_targets(free, targets, minutes))
                engines = {"planner": plan_years} | ({"alone": plan_each_year_alone} if options.alone else {})
                for engine, run in engines.items():
                    row, plan = measure(
                        name,
                        "PHASES5",
                        world,
                        engine,
                        lambda r=run, w=world: r(w, _processor_time(options.seconds)),  # type: ignore[misc]
                    )
                    rows.append(row)
                    shares = 100 * plan.covered / world.weights.sum()
                    print("    covered % " + " ".join(f"{x:.2f}" for x in shares))
    finish(rows, options.json)


def _processor_time(seconds: float) -> Effort:
    """Return an effort of these seconds; HiGHS, which counts them by the wall, may get less on a busy machine."""
    return Effort(deadline=time.process_time() + seconds, clock=time.process_time)


def _targets(world: PhasedCover, name: str, minutes: float) -> FloatArray:
    if name == "plain":
        return float(world.weights.sum()) * np.array([0.25, 0.45, 0.62, 0.75, 0.834 if minutes >= 30 else 0.87])
    at_once = replace(world, budget=np.array([world.budget.sum()]))
    best = plan_years(at_once, _processor_time(60.0)).value
    return best * np.array([0.39, 0.62, 0.78, 0.90, 0.997])


if __name__ == "__main__":
    main()
