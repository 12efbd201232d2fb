"""Days of the week: on which days each place is visited and by which routes, planned together.

`plan_week` answers a `WeekProblem` with a `Week`; `check_week` replays it in code that did not make it;
`frequency_costs` says what the week costs with other numbers of visits, `relieve_week` what helps a fleet that cannot do it.
"""

from planner.service.week.check import check_week
from planner.service.week.frequency import FrequencyCost, frequency_costs
from planner.service.week.patterns import allowed_patterns, days_of, even_patterns, longest_gap, pattern_of
from planner.service.week.problem import WeekProblem, WeekVehicle
from planner.service.week.relief import FleetShort, WeekRelief, fleet_short, relieve_week
from planner.service.week.solution import NotVisited, NotVisitedReason, Week, WeekCost, WeekRoute
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
