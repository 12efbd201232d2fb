"""Points chosen with their routes in mind: the frontier of what is reached against what sites and routes cost a year.

`plan_frontier` answers a `FrontierProblem` with a `Frontier`; `check_frontier` replays it in code that did not make it.
"""

from planner.service.frontier.check import check_frontier
from planner.service.frontier.problem import FrontierAim, FrontierProblem, FrontierVehicle
from planner.service.frontier.solution import Frontier, FrontierPoint
from planner.service.frontier.solve import LOSSES, plan_frontier

__all__ = [
    "LOSSES",
    "Frontier",
    "FrontierAim",
    "FrontierPoint",
    "FrontierProblem",
    "FrontierVehicle",
    "check_frontier",
    "plan_frontier",
]
