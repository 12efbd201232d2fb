"""A running day: what has happened, and the rest of it planned again with few changes.

The nouns and the checks stand here and load no solver; `planner.routing.day.replan` plans again.
"""

from planner.routing.day.check import check_replan
from planner.routing.day.events import Cargo, ChangeKind, Day, Replan, StopChange, VehicleReport
from planner.routing.day.faults import refuse_bad_day

__all__ = ["Cargo", "ChangeKind", "Day", "Replan", "StopChange", "VehicleReport", "check_replan", "refuse_bad_day"]
