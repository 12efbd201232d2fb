"""What is collected at each stop, lot by lot, and what its orders ask for, as couriers' files and the workbook say it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from planner.model import PointDemand
from planner.outputs.names import title_name
from planner.plans import DayPlan
from planner.plans.lots import Lot, lots_of
from planner.routing import Route, Visit
from planner.words import figures, say


class StopGoods:
    """Lots by the visit that picks them up, and the demand of each stop."""

    def __init__(self, plan: DayPlan) -> None:
        self._plan = plan

    @cached_property
    def _lots(self) -> Mapping[tuple[str | None, float | None, str], list[Lot]]:
        found: dict[tuple[str | None, float | None, str], list[Lot]] = {}
        for lot in lots_of(self._plan):
            found.setdefault((lot.vehicle_id, lot.picked_up_s, lot.site_id), []).append(lot)
        return found

    @cached_property
    def _points(self) -> Mapping[str, PointDemand]:
        return {point.stop_id: point for point in self._plan.demand.points}

    def lots(self, route: Route, visit: Visit, site_id: str) -> list[str]:
        """Return the lots that a visit picks up, a line each: product, village, weight, number."""
        villages = self._plan.area.village_by_id
        return [
            say(
                "{product}, {village}: {weight}, lot {lot}",
                product=lot.product,
                village=title_name(villages[lot.village_id]),
                weight=figures.kilograms(lot.kg),
                lot=lot.id,
            )
            for lot in self._lots.get((route.vehicle_id, visit.departure_s, site_id), [])
        ]

    def cold(self, stop_id: str) -> str:
        """Return whether goods of a stop must be kept cold; empty if not."""
        point = self._points.get(stop_id)
        return say("yes") if point is not None and point.cold else ""

    def window(self, stop_id: str) -> str:
        """Return between which times orders want a stop visited; empty where its usual hours hold."""
        point = self._points.get(stop_id)
        if point is None or (point.earliest_s is None and point.latest_s is None):
            return ""
        first, last = ("" if at_s is None else figures.clock(at_s) for at_s in (point.earliest_s, point.latest_s))
        return f"{first}–{last}"
