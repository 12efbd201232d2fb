"""What the search for a request takes only nearly as VROOM has it, in English: VROOM's JSON knows one language.

Routes are timed and paid exactly, whatever the search took for them: `answer` has VROOM's own figures.
"""

from __future__ import annotations

from collections.abc import Collection

from planner.routing.vroom.request import Request, Task, Vehicle

LONGEST = "{kind}_per_type: the search gives {tasks} the longest {kind} of the vehicles that may come"
TASK_HOURS = (
    "costs.per_task_hour: differs between vehicles; the search pays waits like tasks, and both at most at the "
    "cost of an hour of driving"
)
TASK_HOURS_BESIDE_COSTS = "costs.per_task_hour: differs between vehicles; the search goes by the matrix of costs alone"
MAX_LOAD = "breaks.max_load: {vehicles} held to it all day, not at the break alone"


def approximations(request: Request, light: Collection[int]) -> list[str]:
    """Return a sentence for each; ``light`` are the vehicles held to the max_load of their breaks all day."""
    found = []
    for kind in ("setup", "service"):
        tasks = [task.stop_id for task in request.tasks if _differs(task, kind, request.vehicles)]
        if tasks:
            found.append(LONGEST.format(kind=kind, tasks=_listed(tasks)))
    if len({vehicle.per_task_hour for vehicle in request.vehicles}) > 1:
        by_cost = any(request.matrices[vehicle.profile].costs is not None for vehicle in request.vehicles)
        found.append(TASK_HOURS_BESIDE_COSTS if by_cost else TASK_HOURS)
    if light:
        found.append(MAX_LOAD.format(vehicles=_listed([f"vehicle {id_}" for id_ in sorted(light)])))
    return found


def _differs(task: Task, kind: str, vehicles: Collection[Vehicle]) -> bool:
    able = [vehicle for vehicle in vehicles if set(task.skills) <= set(vehicle.skills)]
    return len({task.setup_of(one) if kind == "setup" else task.service_of(one) for one in able}) > 1


def _listed(names: list[str]) -> str:
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
