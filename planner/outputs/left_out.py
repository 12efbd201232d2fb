"""Who is not served on a day: stops on no route, villages that are cut off, and villages that hand over nowhere."""

from __future__ import annotations

from planner.coverage import UncoveredReason
from planner.model import StudyArea
from planner.plans import DayPlan
from planner.plans.service_plan import ServicePlan
from planner.words import figures, listed, say, term

_ON_THE_WAY = {UncoveredReason.NO_ROAD, UncoveredReason.FRAGMENT, UncoveredReason.CLOSED, UncoveredReason.SHUT}
"""Reasons of siting that hold for the way to any site."""


def row_faults_text(area: StudyArea) -> str:
    """Return how many villages no plan has because their rows are at fault, empty if there are none."""
    rows = area.rows_left_out.villages
    return say("{villages} left out, their rows are at fault", villages=figures.villages(rows)) if rows else ""


def people_left_out(area: StudyArea) -> str:
    """Return how many live in the villages left out, as far as their rows say so: a plus stands for those that do not."""
    rows = area.rows_left_out
    if rows.without_people == rows.villages:
        return "-"
    return figures.number(rows.population) + ("+" if rows.without_people else "")


def not_served_text(stops: int, villages: int) -> str:
    """Return how many stops and villages are not served, empty if all are."""
    left = amounts_left(stops, villages)
    return say("{what} not served", what=left) if left else ""


def amounts_left(stops: int, villages: int) -> str:
    """Return how many stops and villages those are, empty if there are none."""
    return listed([*([figures.stops(stops)] if stops else []), *([figures.villages(villages)] if villages else [])])


def why_cut_off(plan: DayPlan | ServicePlan, village_id: str) -> str:
    """Return why a village has no way to where it hands over, or hands over nowhere."""
    if village_id in plan.cut_off:
        return term(plan.cut_off[village_id])
    uncovered = plan.network.stations.service_points.uncovered
    reason = next((one.reason for one in uncovered if one.demand_id == village_id), None)
    return term(reason) if reason in _ON_THE_WAY else say("no open site can be reached")
