"""The way of each village to its service point."""

from __future__ import annotations

import math

from planner.coverage import StationPlan
from planner.model import Points
from planner.pipeline.area_run import AreaRun
from planner.plans import VillageTravel


def village_travel(run: AreaRun, stations: StationPlan) -> tuple[VillageTravel, ...]:
    """Return each village's way to the point that serves it, or else to the nearest open one, by village id."""
    points = stations.service_points
    site_of = {assignment.demand_id: assignment.site_id for assignment in points.assignments}
    site_of |= {left.demand_id: left.nearest_site_id for left in points.uncovered if left.nearest_site_id}
    legs = dict(zip(site_of, run.travel.legs(list(site_of.items())), strict=True))
    walks = run.roads.snap(Points.of(run.area.villages), access_cap_m=run.config.travel.access_cap_m).access_m
    ways = []
    for village, walk_m in zip(run.area.villages, walks.tolist(), strict=True):
        access_m = round(walk_m, 1) if math.isfinite(walk_m) else None
        leg = legs.get(village.id)
        if leg is None or not math.isfinite(leg.driving_s):
            ways.append(VillageTravel(village_id=village.id, access_m=access_m))
            continue
        ways.append(
            VillageTravel(
                village_id=village.id,
                access_m=access_m,
                site_id=site_of[village.id],
                driving_s=round(leg.driving_s, 1),
                walking_s=round(leg.walking_s, 1),
                distance_m=round(leg.distance_m, 1),
            )
        )
    return tuple(ways)
