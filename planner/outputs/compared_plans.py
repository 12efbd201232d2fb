"""Which two networks a comparison is of: their ids, when each was made, and what their settings say otherwise."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from planner.config.differences import setting_differences
from planner.plans import NetworkPlan
from planner.words import say

MadeAt = Mapping[str, datetime.datetime]
"""When plans were made, by id, as far as a store knows."""
UNKNOWN: MadeAt = MappingProxyType({})
_MOST_SAID = 12


def compared_lines(before: NetworkPlan, after: NetworkPlan, made: MadeAt = UNKNOWN) -> list[str]:
    """Return a line for each plan, and then what differs in their settings, or that the plans are one and the same."""
    lines = [
        say("{label}: {text}", label=label, text=_identity(plan, made))
        for label, plan in zip(side_names(), (before, after), strict=True)
    ]
    if before.id == after.id:
        return [*lines, say("Both are one and the same plan")]
    differing = setting_differences(before.config, after.config)
    if not differing:
        lines.append(say("Their settings are the same"))
    for one in differing[:_MOST_SAID]:
        change = say("{before} → {after}", before=one.before or "-", after=one.now or "-")
        lines.append(say("Settings differ: {key} {change}", key=one.key, change=change))
    if len(differing) > _MOST_SAID:
        lines.append(say("Settings differ: {count} more", count=len(differing) - _MOST_SAID))
    if same_results(before, after):
        lines.append(say("Both open the same sites and serve every village alike"))
    return lines


def side_names() -> Sequence[str]:
    """Return what the two plans are called."""
    return say("First plan"), say("Second plan")


def same_results(before: NetworkPlan, after: NetworkPlan) -> bool:
    """Return whether every stage opens the same sites and serves each village at the same place."""
    old, new = ([(one.name, sorted(one.opened), one.hand_over) for one in plan.stages] for plan in (before, after))
    return old == new


def _identity(plan: NetworkPlan, made: MadeAt) -> str:
    at = made.get(plan.id)
    return plan.id if at is None else say("{id}, made {date}", id=plan.id, date=f"{at.astimezone():%Y-%m-%d %H:%M}")
