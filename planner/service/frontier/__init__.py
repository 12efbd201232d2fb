"""Points chosen with their routes in mind: the frontier of what is reached against what sites and routes cost a year.

`plan_frontier` answers a `FrontierProblem` with a `Frontier`; `check_frontier` replays it in code that did not make it.

What searches or checks is loaded when it is first asked for: whoever reads a plan needs no solver.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from planner.service.frontier.problem import FrontierAim, FrontierProblem, FrontierVehicle
from planner.service.frontier.solution import Frontier, FrontierPoint

if TYPE_CHECKING:
    from planner.service.frontier.check import check_frontier
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
_MODULES = {
    "LOSSES": "solve",
    "check_frontier": "check",
    "plan_frontier": "solve",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"planner.service.frontier.{_MODULES[name]}"), name)
    raise AttributeError(name)
