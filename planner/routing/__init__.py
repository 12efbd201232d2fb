"""Consolidated delivery and collection: what is asked (`RoutingProblem`), what is answered (`RoutePlan`).

The nouns stand here and load no solver. `planner.routing.solve` solves, `planner.routing.check` replays a plan from the
problem alone, `planner.routing.why` says why a stop is left out, `planner.routing.day` revises a plan that is being driven,
and `planner.routing.vroom` answers VROOM's requests.
"""

from planner.routing.problem import RoutingProblem
from planner.routing.relaxation import Relaxation, RelaxationKind
from planner.routing.solution import (
    Leg,
    Pause,
    PauseKind,
    Reload,
    Route,
    RoutePlan,
    Unassigned,
    UnassignedReason,
    Violation,
    ViolationKind,
    Visit,
)
from planner.routing.stops import Depot, Lock, Pair, Stop
from planner.routing.vehicles import Break, DrivingRule, VehicleType

__all__ = [
    "Break",
    "Depot",
    "DrivingRule",
    "Leg",
    "Lock",
    "Pair",
    "Pause",
    "PauseKind",
    "Relaxation",
    "RelaxationKind",
    "Reload",
    "Route",
    "RoutePlan",
    "RoutingProblem",
    "Stop",
    "Unassigned",
    "UnassignedReason",
    "VehicleType",
    "Violation",
    "ViolationKind",
    "Visit",
]
