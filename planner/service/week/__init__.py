"""Days of the week: on which days each place is visited and by which routes, planned together.

`plan_week` answers a `WeekProblem` with a `Week`; `check_week` replays it in code that did not make it;
`frequency_costs` says what the week costs with other numbers of visits, `relieve_week` what helps a fleet that cannot do it.

What searches or checks is loaded when it is first asked for: whoever reads a plan needs no solver.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from planner.service.week.patterns import allowed_patterns, days_of, even_patterns, longest_gap, pattern_of
from planner.service.week.problem import WeekProblem, WeekVehicle
from planner.service.week.solution import NotVisited, NotVisitedReason, Week, WeekCost, WeekRoute

if TYPE_CHECKING:
    from planner.service.week.check import check_week
    from planner.service.week.frequency import FrequencyCost, frequency_costs
    from planner.service.week.relief import FleetShort, WeekRelief, fleet_short, relieve_week
    from planner.service.week.solve import plan_week

__all__ = [
    "FleetShort",
    "FrequencyCost",
    "NotVisited",
    "NotVisitedReason",
    "Week",
    "WeekCost",
    "WeekProblem",
    "WeekRelief",
    "WeekRoute",
    "WeekVehicle",
    "allowed_patterns",
    "check_week",
    "days_of",
    "even_patterns",
    "fleet_short",
    "frequency_costs",
    "longest_gap",
    "pattern_of",
    "plan_week",
    "relieve_week",
]
_MODULES = {
    "FleetShort": "relief",
    "FrequencyCost": "frequency",
    "WeekRelief": "relief",
    "check_week": "check",
    "fleet_short": "relief",
    "frequency_costs": "frequency",
    "plan_week": "solve",
    "relieve_week": "relief",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"planner.service.week.{_MODULES[name]}"), name)
    raise AttributeError(name)
