"""A week on the line of three villages, written by hand: every figure of it can be added up on paper.

Monday, directly: van 1 brings 60 parcels to the middle and fetches 6 (39 kg): 20 km, one hour, 100.40 yuan.
Thursday: van 1 brings 30 parcels to the station, 10 to the middle (fetching 2, 20 kg) and fetches 4 from the station: 24 km,
four hours, 150.25 yuan. The station's tricycle takes the 30 to the east and brings 4 back (6 kg): 8 km, one hour, 20.30
yuan; the station costs 9.45 yuan. The west is missed.
The week: 280.40 yuan, 52 km, 6 hours, 100 parcels down, 12 up (65 kg), 3 stops, a van and a tricycle.
"""

import datetime
from dataclasses import replace
from typing import Any

from planner.config.service_section import ServiceConfig
from planner.model import Demand, PointDemand
from planner.plans import DayPlan
from planner.plans.service_buses import BusDay, TerminalRun, WithoutBuses
from planner.plans.service_plan import (
    FrequencyFigure,
    ProfilePaths,
    ServedPoint,
    ServiceDay,
    ServicePlan,
    VisitsReason,
)
from planner.routing import Route, RoutePlan, Visit
from planner.service.buses import AccessKind, BusRide
from planner.service.tiers import (
    Consignment,
    Missed,
    MissedReason,
    TierCost,
    TierPlan,
    TownshipChoice,
    TownshipReason,
    TownshipWay,
)
from planner.service.week import NotVisited, NotVisitedReason

DOWN_CALL, UP_CALL = "es-t1:down:1", "es-t1:up:1"
DIMENSIONS = ("parcels", "kg", "m3")
SERVICE: dict[str, Any] = {
    "least_visits": 2,
    "least_visits_seat": 2,
    "weeks_a_year": 52,
    "provenance": {"zh": "假设：试", "en": "assumption: a try"},
    "stations": {
        "vehicles": [
            {
                "id": "trike",
                "name": {"zh": "三轮车", "en": "tricycle"},
                "count": 1,
                "capacity_kg": 60,
                "capacity_m3": 2,
                "fixed_cost_yuan": 10,
                "cost_per_km_yuan": 1,
                "cost_per_hour_yuan": 0,
                "shift_start": "08:00",
                "shift_end": "17:00",
                "provenance": "for the test",
            }
        ],
        "room_parcels": 40,
        "opens": "08:00",
        "closes": "16:00",
        "sort_s_per_parcel": 60,
        "provenance": "for the test",
    },
}


def visit(stop_id: str, arrival_s: float, departure_s: float, **given: Any) -> Visit:
    none = (0.0, 0.0, 0.0)
    amounts = {"delivered": none, "picked_up": none, "load_after": none, **given}
    times = {"arrival_s": arrival_s, "service_start_s": arrival_s, "departure_s": departure_s}
    return Visit(stop_id=stop_id, distance_m=4_000.0, driving_s=600.0, **times, **amounts)


def route(vehicle: str, start_s: float, end_s: float, metres: float, yuan: float, visits: list[Visit]) -> Route:
    kind, _, _ = vehicle.rpartition("-")
    on_board = tuple(sum(one.delivered[k] for one in visits) for k in range(3))
    return Route(
        vehicle_id=vehicle,
        vehicle_type_id=kind,
        depot_id="hub-west" if kind == "van" else "es-t1",
        start_s=start_s,
        end_s=end_s,
        load_at_start=on_board,
        visits=tuple(visits),
        return_distance_m=metres - 4_000 * len(visits),
        return_driving_s=600.0,
        distance_m=metres,
        driving_s=600.0 * (len(visits) + 1),
        cost_yuan=yuan,
    )


def routes(*found: Route, bound: float) -> RoutePlan:
    return RoutePlan(
        dimensions=DIMENSIONS,
        routes=found,
        unassigned=(),
        cost_yuan=sum(one.cost_yuan for one in found),
        lower_bound_yuan=bound,
        engine="ruin_recreate",
        seed=1,
    )


def goods(site_id: str, village: str, down: int, up: int, up_kg: float, **given: Any) -> PointDemand:
    return PointDemand(
        site_id=site_id,
        village_ids=(village,),
        delivery_parcels=down,
        delivery_kg=down * 1.5,
        delivery_m3=down * 0.01,
        pickup_parcels=up,
        pickup_kg=up_kg,
        pickup_m3=0.1,
        **given,
    )


def point(site_id: str, villages: tuple[str, ...], week: int, pattern: int, **given: Any) -> ServedPoint:
    return ServedPoint(
        site_id=site_id,
        township_id="t1",
        village_ids=villages,
        down_parcels=(float(week), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        up_parcels=(4.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        down_kg=week * 1.5,
        up_kg=10.0,
        pattern=pattern,
        **{"asked": 2, "reason": VisitsReason.STANDARD, **given},
    )


def demand(monday: datetime.date, weekday: int, *points: PointDemand) -> Demand:
    return Demand(date=monday + datetime.timedelta(days=weekday), points=points, without_point=("island",))


def a_week(day: DayPlan) -> ServicePlan:
    """The week above on the network of a day of the line, whose roads and other configuration it has."""
    monday = datetime.date(2026, 11, 9)
    van_1 = route(
        "van-1", 24_000, 27_600, 20_000, 100.40,
        [visit("sp-middle", 25_000, 26_000, delivered=(60, 90, 0.6), picked_up=(6, 39, 0.1), load_after=(6, 39, 0.1))],
    )  # fmt: skip
    trunk = route(
        "van-1", 28_800, 43_200, 24_000, 150.25,
        [
            visit(DOWN_CALL, 29_400, 29_700, delivered=(30, 45, 0.3), load_after=(10, 15, 0.1)),
            visit("sp-middle", 30_300, 30_900, delivered=(10, 15, 0.1), picked_up=(2, 20, 0.1), load_after=(2, 20, 0.1)),
            visit(UP_CALL, 41_000, 41_400, picked_up=(4, 6, 0.1), load_after=(6, 26, 0.2)),
        ],
    )  # fmt: skip
    trike = route(
        "trike-es-t1-1", 32_400, 36_000, 8_000, 20.30,
        [visit("sp-east", 33_000, 33_600, delivered=(30, 45, 0.3), picked_up=(4, 6, 0.1), load_after=(4, 6, 0.1))],
    )  # fmt: skip
    missed = Missed(
        point_id="sp-west", station_id="es-t1", reason=MissedReason.ROOM, until_s=None, room=(45.0, 0.0, 0.0)
    )
    consignments = (
        Consignment(
            id=DOWN_CALL, station_id="es-t1", up=False, point_ids=("sp-east",), amount=(30, 45, 0.3),
            here_s=29_700, bench=((29_700, 31_500),), ready_s=31_500,
        ),
        Consignment(
            id=UP_CALL, station_id="es-t1", up=True, point_ids=("sp-east",), amount=(4, 6, 0.1),
            here_s=36_000, bench=((36_000, 36_240),), ready_s=36_240,
        ),
    )  # fmt: skip
    days = (
        ServiceDay(
            weekday=0,
            demand=demand(monday, 0, goods("sp-middle", "middle", 60, 6, 39)),
            tiers=TierPlan(
                ways=("",), hub_plan=routes(van_1, bound=80), station_plans=(), consignments=(), missed=(),
                cost=TierCost(hub_yuan=100.40),
            ),
        ),
        ServiceDay(
            weekday=3,
            demand=demand(
                monday, 3,
                goods("sp-middle", "middle", 10, 2, 20), goods("sp-east", "east", 30, 4, 6),
                goods("sp-west", "west", 5, 0, 0),
            ),
            tiers=TierPlan(
                ways=("", "es-t1", "es-t1"), hub_plan=routes(trunk, bound=100),
                station_plans=(("es-t1", routes(trike, bound=12)),),
                consignments=consignments, missed=(missed,),
                cost=TierCost(hub_yuan=150.25, routes_yuan=20.30, stations_yuan=9.45),
            ),
        ),
    )  # fmt: skip
    config = {
        **day.config,
        "service": ServiceConfig.model_validate(SERVICE).model_dump(mode="json", exclude_none=True),
    }
    return ServicePlan(
        network=day.network,
        year=2026,
        stage=0,
        monday=monday,
        season=day.season,
        config=config,
        roads=day.roads,
        points=(
            point("es-t1", (), 50, 0, asked=2, reason=VisitsReason.SEAT),
            point("sp-east", ("east",), 30, 0b0001000, asked=1, reason=VisitsReason.TABLE, station_id="es-t1"),
            point("sp-middle", ("middle",), 70, 0b0001001),
            point("sp-west", ("west",), 5, 0b0001000, asked=1, reason=VisitsReason.PARCELS, station_id="es-t1"),
        ),
        townships=(
            TownshipChoice(
                township_id="t1",
                way=TownshipWay.IN_PART,
                reason=TownshipReason.PARTS_CHEAPER,
                direct_yuan=200.0,
                station_yuan=190.5,
                own_yuan=180.0,
                direct_ids=("sp-middle",),
                by_station=(("sp-east", "es-t1"),),
            ),
        ),
        days=days,
        paths=(ProfilePaths(profile="", paths=day.paths),),
        not_visited=(NotVisited(place_id="es-t1", reason=NotVisitedReason.TOO_LARGE),),
        without_site=("island",),
        planned_week_yuan=270.0,
        frequencies=(
            FrequencyFigure(visits=2, week_yuan=270.0, distance_m=50_000.0, vehicles=2, holds=True),
            FrequencyFigure(visits=5, week_yuan=611.5, distance_m=112_300.0, vehicles=4, holds=False),
        ),
    )


def without_stations(plan: ServicePlan) -> ServicePlan:
    """The same week with its Monday only."""
    return replace(plan, days=plan.days[:1], not_visited=(), without_site=())


def with_buses(plan: ServicePlan) -> ServicePlan:
    """The same week with a bus on Monday: 8 parcels (12 kg) down to the east, 1 (2 kg) up, for 3.10 yuan.

    A run of 1.5 km between hub and terminal costs 5.00: the week is 288.50 yuan, 53.5 km, 108 parcels down, 13 up.
    """
    ride = BusRide(
        point_id="sp-east", up=False, trip_id="out", board=0, alight=1, kind=AccessKind.WALK, ways=1,
        amount=(8.0, 12.0, 0.08), hub_s=28_000, board_s=28_800, alight_s=30_000, point_s=30_300, cost_yuan=2.90,
    )  # fmt: skip
    back = replace(ride, up=True, trip_id="back", amount=(1.0, 2.0, 0.01), cost_yuan=0.20)
    run = TerminalRun(trip_id="out", up=False, cost_yuan=5.0, distance_m=1_500.0)
    without = WithoutBuses(cost_yuan=120.0, distance_m=25_000.0, vehicles=1, missed=0)
    monday, *others = plan.days
    demand_ = replace(monday.demand, points=(*monday.demand.points, goods("sp-east", "east", 8, 1, 2)))
    buses = BusDay(rides=(ride, back), trips=(), runs=(run,), access_m=300.0, without=without)
    return replace(plan, days=(replace(monday, demand=demand_, buses=buses), *others))
