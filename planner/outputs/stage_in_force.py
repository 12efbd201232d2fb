"""Which stage of its network a day rests on, where that is not known from its date."""

from __future__ import annotations

from planner.plans import DayPlan
from planner.words import say


def stage_text(plan: DayPlan) -> str:
    """Return that the day rests on the finished network because nobody said when its phases are; empty if somebody did."""
    stages = plan.network.stages
    if len(stages) == 1 or stages[0].first is not None:
        return ""
    return say("{date} is planned on the finished network: the phases have no years", date=plan.date)
