"""Compile what the search for a week needs and keep it: ``python -m planner.service.week.compiled``.

For whoever will plan a week soon and has another core to spare until then.
"""

from __future__ import annotations

import numpy as np

from planner.service.week.problem import WeekProblem, WeekVehicle
from planner.service.week.solve import plan_week


def compile_week() -> None:
    """Plan the smallest week there is: kernels are of one kind for all."""
    goods = np.ones((2, 7, 1))
    between = np.ones((1, 3, 3)) - np.eye(3)
    problem = WeekProblem(
        place_ids=("a", "b"),
        dimensions=("parcels",),
        down=goods,
        up=goods,
        down_a_visit=np.zeros((2, 1)),
        up_a_visit=np.zeros((2, 1)),
        service_s=np.zeros(2),
        service_s_a_parcel=np.zeros(2),
        patterns=((0b0001001,), (0b0001001, 0b0010010)),
        vehicles=(WeekVehicle(id="van", number=(1,) * 7, capacity=(100.0,), fixed_yuan=1.0),),
        durations_s=between,
        distances_m=between,
    )
    plan_week(problem, iterations=1)


if __name__ == "__main__":
    compile_week()
