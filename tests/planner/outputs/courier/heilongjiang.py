"""A made-up day in Heilongjiang: named vehicles, villages named alike and at length, a reload, a station's number."""

from dataclasses import replace

import shapely

from planner.model import CoordinateSource, Site, SiteStatus, StudyArea, Tier
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import DayPlan, LegPath
from planner.routing import Reload, Route, Visit

LONG = "黑龙江省齐齐哈尔市拜泉县" + "长" * 45 + "村"
NUMBER = "0452-7771234"
PLATE = "黑E·D1234"
assert len(LONG) == 58


def site(number: int, name: str, **changes: object) -> Site:
    """A service point; each lies 0.01° east and 0.004° north of the one before."""
    return Site(
        id=f"sp-{number}",
        name=name,
        name_latin="",
        lon=round(126.1 + 0.01 * number, 6),
        lat=round(47.6 + 0.004 * number, 6),
        coordinate_source=CoordinateSource.SURVEYED,
        tier=Tier.SERVICE_POINT,
        status=SiteStatus.EXISTING,
        place_id="middle",
        **changes,
    )


def visit(stop_id: str, arrival_s: float, parcels: float) -> Visit:
    return Visit(
        stop_id=stop_id,
        arrival_s=arrival_s,
        service_start_s=arrival_s,
        departure_s=arrival_s + 300,
        distance_m=1000.0,
        driving_s=120.0,
        delivered=(parcels, parcels * 1.5, parcels * 0.01),
        picked_up=(1.0, 2.5, 0.02),
        load_after=(0.0, 0.0, 0.0),
    )


def route(vehicle_id: str, stops: list[tuple[str, float, float]], reload_after: int = 0) -> Route:
    """A route from hub to hub; ``stops`` are ids, arrivals and parcels."""
    visits = tuple(visit(*stop) for stop in stops)
    reloads = ()
    if reload_after:
        at_s = visits[reload_after - 1].departure_s + 120
        reloads = (
            Reload(
                depot_id="hub",
                after=reload_after,
                arrival_s=at_s,
                departure_s=at_s + 300,
                distance_m=1000.0,
                driving_s=120.0,
                load_after=(0.0, 0.0, 0.0),
            ),
        )
    first = visits[: reload_after or None]
    return Route(
        vehicle_id=vehicle_id,
        vehicle_type_id=vehicle_id.rpartition("-")[0],
        depot_id="hub",
        start_s=visits[0].arrival_s - 120,
        end_s=visits[-1].departure_s + 120,
        load_at_start=tuple(sum(one.delivered[d] for one in first) for d in range(3)),
        visits=visits,
        return_distance_m=1000.0,
        return_driving_s=120.0,
        distance_m=1000.0 * (len(visits) + 1 + bool(reload_after)),
        driving_s=120.0 * (len(visits) + 1 + bool(reload_after)),
        cost_yuan=10.0,
        reloads=reloads,
    )


def heilongjiang(line: PlannedArea, routes: list[Route], sites: int = 30) -> DayPlan:
    """The day of the line of villages with these routes instead, in Heilongjiang; there are vans 1 to 12 with names."""
    hub = replace(site(0, "共配中心"), id="hub", tier=Tier.COUNTY_HUB)
    names = {1: LONG, 2: "永合村", 3: "永合村"}
    places = [site(n, names.get(n, f"第{n}村"), contact=NUMBER if n == 4 else "") for n in range(1, sites + 1)]
    area: StudyArea = replace(
        line.network.area, sites=(hub, *places), boundary=shapely.box(126.0, 47.5, 126.6, 48.0), division_code=""
    )
    (kind,) = line.day.config["routing"]["vehicles"]
    units = [{"name": f"{number}号车", "plate": PLATE if number == 1 else ""} for number in range(1, 13)]
    config = line.day.config | {
        "routing": line.day.config["routing"] | {"vehicles": [kind | {"count": 12, "units": units}]}
    }
    at = area.site_by_id
    legs = [leg for one in routes for leg in one.legs()]
    paths = tuple(
        LegPath(
            origin_id=leg.origin_id,
            destination_id=leg.destination_id,
            coordinates=tuple((at[end].lon, at[end].lat) for end in (leg.origin_id, leg.destination_id)),
        )
        for leg in legs
    )
    return replace(
        line.day,
        network=replace(line.network, area=area),
        config=config,
        demand=replace(line.day.demand, points=()),  # the line's one stop is no place of this area
        routes=replace(line.day.routes, routes=tuple(routes), unassigned=(), cost_yuan=10.0 * len(routes)),
        paths=paths,
        walks=(),
    )
