"""What the figures of siting's objectives count, in words and in units that people know."""

from __future__ import annotations

from planner.config import Objective
from planner.words import say

_DIVISORS = {Objective.P_MEDIAN: 3600.0, Objective.P_CENTER: 60.0}


def objective_divisor(objective: Objective) -> float:
    """Return by what a value of the objective is divided to be in the unit that `objective_unit` names."""
    return _DIVISORS.get(objective, 1.0)


def objective_unit(objective: Objective) -> str:
    """Return what a value of the objective counts, with its unit."""
    units = {
        Objective.LSCP: say("open sites"),
        Objective.MCLP: say("covered weight"),
        Objective.P_MEDIAN: say("total travel, weight × hours"),
        Objective.P_CENTER: say("longest way, minutes"),
    }
    return units.get(objective, say("sites and travel, yuan"))
