"""Which stage of its network a day rests on, where that is not known from its date."""

from __future__ import annotations

from planner.plans import DayPlan
from planner.words import say


def stage_text(plan: DayPlan) -> str:
    """Return what is to be known of the stage that a day rests on; empty where its date is in the stage.

    The finished network is what a day rests on after the last phase, and where nobody said when the phases are.
    """
    stages = plan.network.stages
    ends = stages[-1].last
    if ends is not None and plan.date > ends:
        return say(
            "{date} is after the last phase, which ends on {ends}: the finished network", date=plan.date, ends=ends
        )
    if len(stages) == 1 or stages[0].first is not None:
        return ""
    return say("{date} is planned on the finished network: the phases have no years", date=plan.date)
