"""A plan's sites and villages as rows: what the workbook lists and what GeoJSON features say in their properties."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from planner.coverage import CoverageSolution
from planner.model import SiteStatus, Tier
from planner.plans import Plan, VillageTravel
from planner.units import shown_minutes, shown_parts
from planner.words.terms import term


@dataclass(frozen=True, slots=True, kw_only=True)
class StationRow:
    """A site, open or not; parcels and kg are those of the plan's day, ``serves`` counts places of the tier below."""

    lon: float
    lat: float
    id: str
    name: str
    name_latin: str
    tier: str
    tier_zh: str
    status: str
    open: bool
    new: bool
    place_id: str
    serves: int
    villages_handing_over: int
    delivery_parcels: int
    pickup_kg: float
    opening_cost_yuan: float
    phase: str
    coordinate_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageRow:
    """A village with the point that serves it, else the nearest open one and why it is not served; minutes as shown."""

    lon: float
    lat: float
    id: str
    name: str
    name_latin: str
    township_id: str
    township: str
    population: int
    population_source: str
    households: int
    registered_poor: bool
    poor_households: int
    product: str
    covered: bool
    site_id: str
    hand_over_site_id: str
    minutes_to_site: float | None
    minutes_driving: float | None
    minutes_walking: float | None
    access_m: float | None
    reason: str
    reason_zh: str
    coordinate_source: str


def station_rows(plan: Plan) -> list[StationRow]:
    """Return every site of the area, by id."""
    serves = Counter(assignment.site_id for assignment in plan.stations.service_points.assignments)
    serves.update(assignment.site_id for assignment in plan.stations.express_stations.assignments)
    demand = {point.site_id: point for point in plan.demand.points}
    opened = {site.id for tier in Tier for site in plan.opened_sites(tier)}
    rows = []
    for site in plan.area.sites:
        handled = demand.get(site.id)
        rows.append(
            StationRow(
                lon=site.lon,
                lat=site.lat,
                id=site.id,
                name=site.name,
                name_latin=site.name_latin,
                tier=site.tier.value,
                tier_zh=term(site.tier).zh,
                status=site.status.value,
                open=site.id in opened,
                new=site.id in opened and site.status is SiteStatus.CANDIDATE,
                place_id=site.place_id,
                serves=serves.get(site.id, 0),
                villages_handing_over=len(handled.village_ids) if handled else 0,
                delivery_parcels=handled.delivery_parcels if handled else 0,
                pickup_kg=round(handled.pickup_kg, 1) if handled else 0.0,
                opening_cost_yuan=site.opening_cost_yuan,
                phase=plan.phase_name_of(site.id),
                coordinate_source=site.coordinate_source.value,
            )
        )
    return rows


def village_rows(plan: Plan) -> list[VillageRow]:
    """Return every village of the area, by id."""
    ways = {way.village_id: way for way in plan.village_travel}
    points = plan.stations.service_points
    served = {assignment.demand_id for assignment in points.assignments}
    reasons = {left.demand_id: left.reason for left in points.uncovered}
    hand_over = plan.demand.place_of_village
    nearest = _nearest(points)
    rows = []
    for village in plan.area.villages:
        way, reason = ways.get(village.id), reasons.get(village.id)
        site_id, seconds = nearest.get(village.id, (None, None))
        minutes, driving, walking = _minutes(seconds, way, points.standard_s)
        rows.append(
            VillageRow(
                lon=village.lon,
                lat=village.lat,
                id=village.id,
                name=village.name,
                name_latin=village.name_latin,
                township_id=village.township_id,
                township=plan.area.township_by_id[village.township_id].name,
                population=village.population,
                population_source=village.population_source.value,
                households=village.households,
                registered_poor=village.registered_poor,
                poor_households=village.poor_households,
                product=village.product,
                covered=village.id in served,
                site_id=site_id or "",
                hand_over_site_id=hand_over.get(village.id, ""),
                minutes_to_site=minutes,
                minutes_driving=driving,
                minutes_walking=walking,
                access_m=way.access_m if way else None,
                reason=reason.value if reason else "",
                reason_zh=term(reason).zh if reason else "",
                coordinate_source=village.coordinate_source.value,
            )
        )
    return rows


def _nearest(points: CoverageSolution) -> dict[str, tuple[str | None, float | None]]:
    """Return the site that serves each village, else the nearest open one if there is any, and the seconds to it."""
    left = {one.demand_id: (one.nearest_site_id, one.nearest_duration_s) for one in points.uncovered}
    return left | {one.demand_id: (one.site_id, one.duration_s) for one in points.assignments}


def _minutes(
    seconds: float | None, way: VillageTravel | None, standard_s: float
) -> tuple[float | None, float | None, float | None]:
    """Return the minutes in all, driving and walking, as far as they are known."""
    if seconds is None:
        return None, None, None
    if way is None or way.driving_s is None:
        return shown_minutes(seconds, standard_s), None, None
    return shown_minutes(seconds, standard_s), *shown_parts(seconds, way.driving_s, standard_s)
