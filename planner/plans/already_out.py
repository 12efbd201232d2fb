"""Which vehicles are out with a plan that another is to take the place of, and that does not follow it."""

from __future__ import annotations

import datetime

from planner.plans.day_plan import DayPlan


def already_out(before: DayPlan, plan: DayPlan, now: datetime.datetime) -> tuple[str, ...]:
    """Return the vehicles that have left with the plan of before, or of which it knows stops; none if the new follows it.

    ``now`` is local time. A vehicle counts as gone from its departure on, on the day of the plan.
    """
    if before.id == plan.id or (plan.under_way is not None and before.id in plan.under_way.former_ids):
        return ()
    midnight = datetime.datetime.combine(before.date, datetime.time())
    now_s = (now - midnight).total_seconds() if now.date() == before.date else -1.0
    left = {route.vehicle_id for route in before.routes.routes if route.start_s <= now_s}
    if before.under_way is not None:
        left |= {one.vehicle_id for one in before.under_way.settled if one.vehicle_id}
    return tuple(sorted(left))
