"""A plan's sites and villages as rows: what the workbook lists and what GeoJSON features say in their properties."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from planner.model import SiteStatus, Tier
from planner.plans import HandOver, NetworkPlan
from planner.units import shown_minutes, shown_parts
from planner.words import term


@dataclass(frozen=True, slots=True, kw_only=True)
class StationRow:
    """A site, open or not; ``serves`` counts places of the tier below.

    Only what the plan opens itself (``new``) has an opening cost and, where there are phases, one in which it opens.
    """

    lon: float
    lat: float
    id: str
    name: str
    name_latin: str
    tier: str
    tier_name: str
    status: str
    open: bool
    new: bool
    place_id: str
    serves: int
    villages_handing_over: int
    opening_cost_yuan: float
    phase: str
    coordinate_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageRow:
    """A village with the place where it hands over, the minutes there as shown, and why no point serves it, if none does."""

    lon: float
    lat: float
    id: str
    name: str
    name_latin: str
    township_id: str
    township: str
    population: int
    population_source: str
    population_origin: str
    households: int
    registered_poor: bool
    poor_households: int
    product: str
    covered: bool
    site_id: str
    minutes_to_site: float | None
    minutes_driving: float | None
    minutes_walking: float | None
    access_m: float | None
    reason: str
    reason_text: str
    coordinate_source: str
    coordinate_origin: str


def station_rows(plan: NetworkPlan) -> list[StationRow]:
    """Return every site of the area, by id."""
    serves = Counter(assignment.site_id for assignment in plan.stations.service_points.assignments)
    serves.update(assignment.site_id for assignment in plan.stations.express_stations.assignments)
    handing_over = Counter(one.site_id for one in plan.finished.hand_over)
    opened = {site.id for tier in Tier for site in plan.opened_sites(tier)}
    rows = []
    for site in plan.area.sites:
        new = site.id in opened and site.status is SiteStatus.CANDIDATE
        rows.append(
            StationRow(
                lon=site.lon,
                lat=site.lat,
                id=site.id,
                name=site.name,
                name_latin=site.name_latin,
                tier=site.tier.value,
                tier_name=term(site.tier),
                status=site.status.value,
                open=site.id in opened,
                new=new,
                place_id=site.place_id,
                serves=serves.get(site.id, 0),
                villages_handing_over=handing_over.get(site.id, 0),
                opening_cost_yuan=site.opening_cost_yuan if new else 0.0,
                phase=plan.phase_name_of(site.id) if new else "",
                coordinate_source=site.coordinate_source.value,
            )
        )
    return rows


def village_rows(plan: NetworkPlan) -> list[VillageRow]:
    """Return every village of the area, by id."""
    points = plan.stations.service_points
    reasons = {left.demand_id: left.reason for left in points.uncovered}
    rows = []
    for village in plan.area.villages:
        way, reason = plan.hand_over[village.id], reasons.get(village.id)
        minutes, driving, walking = _minutes(way, points.standard_s)
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
                population_origin=village.population_origin,
                households=village.households,
                registered_poor=village.registered_poor,
                poor_households=village.poor_households,
                product=village.product,
                covered=way.covered,
                site_id=way.site_id or "",
                minutes_to_site=minutes,
                minutes_driving=driving,
                minutes_walking=walking,
                access_m=way.access_m,
                reason=reason.value if reason else "",
                reason_text=term(reason) if reason else "",
                coordinate_source=village.coordinate_source.value,
                coordinate_origin=village.coordinate_origin,
            )
        )
    return rows


def _minutes(way: HandOver, standard_s: float) -> tuple[float | None, float | None, float | None]:
    """Return the minutes in all, driving and walking, as far as they are known."""
    if way.duration_s is None:
        return None, None, None
    if way.driving_s is None:
        return shown_minutes(way.duration_s, standard_s), None, None
    return shown_minutes(way.duration_s, standard_s), *shown_parts(way.duration_s, way.driving_s, standard_s)
