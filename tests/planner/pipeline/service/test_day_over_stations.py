"""A day whose plan of the week serves the middle of the line by its station: one chain, kept, told and refused if broken."""

import datetime
import json
from dataclasses import replace
from pathlib import Path

import pytest

from planner.config import PlanConfig
from planner.errors import BadDataError, PlanRejectedError
from planner.model import AMOUNTS
from planner.outputs.courier.courier_day import CourierDay
from planner.outputs.station_lines import stations_lines
from planner.pipeline.chained_day import stations_today
from planner.pipeline.day import PlannedDay, plan_day
from planner.pipeline.day_events import DayEvents
from planner.pipeline.earlier_days import EarlierDays
from planner.pipeline.replan import replan_day, run_of
from planner.pipeline.service.plan import PlannedService
from planner.plans import DayPlan, NetworkPlan
from planner.plans.day_account import parcel_sums
from planner.plans.documents import day_from_json, to_json
from planner.plans.lots import lots_of
from planner.plans.store import open_store
from planner.plans.summaries import DaySummary
from planner.plans.transfer_faults import transfer_faults
from planner.routing import Route

NOW = datetime.datetime(2027, 11, 1, tzinfo=datetime.UTC)
MONDAY = datetime.date(2027, 11, 8)


@pytest.fixture(scope="module")
def planned(station_config: PlanConfig, line_network: NetworkPlan, line_week: PlannedService) -> PlannedDay:
    """The first date on which the middle is visited, by its station."""
    points = tuple(
        replace(point, station_id="es-t1" if point.site_id == "sp-middle" else "") for point in line_week.plan.points
    )
    week = replace(line_week.plan, points=points)
    date = MONDAY + datetime.timedelta(days=week.point_of["sp-middle"].weekdays[0])
    return plan_day(line_network, station_config, date=date, earlier=replace(EarlierDays(), service=week))


def left_early(plan: DayPlan) -> DayPlan:
    """The plan with the station's route a minute earlier, all its times alike."""

    def sooner(route: Route) -> Route:
        if route.depot_id != "es-t1":
            return route
        visits = tuple(
            replace(
                visit,
                arrival_s=visit.arrival_s - 60,
                service_start_s=visit.service_start_s - 60,
                departure_s=visit.departure_s - 60,
            )
            for visit in route.visits
        )
        return replace(route, start_s=route.start_s - 60, end_s=route.end_s - 60, visits=visits)

    return replace(plan, routes=replace(plan.routes, routes=tuple(map(sooner, plan.routes.routes))))


def test_every_parcel_arrives_once_and_over_its_station(planned: PlannedDay) -> None:
    told = json.loads(to_json(planned.plan))
    asked = {point["site_id"]: point for point in told["demand"]["points"]}
    calls = {one["id"]: one for one in told["transfers"]["consignments"]}
    routes = {route["vehicle_id"]: route for route in told["routes"]["routes"]}
    served = [(visit, route) for route in routes.values() for visit in route["visits"]]
    at_points = {visit["stop_id"]: (visit, route) for visit, route in served if visit["stop_id"] not in calls}
    assert set(at_points) == set(asked) == {"sp-middle", "sp-west"}
    for site_id, (visit, _) in at_points.items():
        assert visit["delivered"][0] == asked[site_id]["delivery_parcels"] > 0
        assert visit["picked_up"][0] == asked[site_id]["pickup_parcels"] > 0
    # what the truck hands over is what the tricycle brings, once it is there and sorted, 3 s a parcel
    brought, tricycle = at_points["sp-middle"]
    assert (tricycle["depot_id"], at_points["sp-west"][1]["depot_id"]) == ("es-t1", "hub-west")
    (down,) = (visit for visit, _ in served if visit["stop_id"] == "es-t1:down:1")
    (up,) = (visit for visit, _ in served if visit["stop_id"] == "es-t1:up:1")
    assert down["delivered"] == brought["delivered"]
    assert up["picked_up"] == brought["picked_up"]
    assert tricycle["start_s"] >= down["departure_s"] + 3 * brought["delivered"][0] - 1e-6
    assert up["service_start_s"] >= tricycle["end_s"] + 3 * brought["picked_up"][0] - 1e-6
    kinds = {vehicle["id"] for vehicle in told["config"]["routing"]["vehicles"]}
    assert {route["vehicle_type_id"] for route in routes.values()} <= kinds


def test_totals_count_each_parcel_once(planned: PlannedDay) -> None:
    plan = planned.plan
    whole = sum(point.delivery_parcels for point in plan.demand.points)
    sums = parcel_sums(plan)
    assert sums.on_routes[0] == whole
    assert sums.add_up
    row = DaySummary.row_of(plan, NOW)
    assert (row["parcels"], row["stops"]) == (whole, 2)


def test_a_lot_goes_on_from_the_station_to_the_hub(planned: PlannedDay) -> None:
    for lot in lots_of(planned.plan):
        assert lot.legs[-1].destination_id == "hub-west"


def test_it_is_kept_and_read_back(planned: PlannedDay, line_network: NetworkPlan, tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/plans.db") as store:
        store.save_network(line_network, created_at=NOW)
        store.save_day(planned.plan, planned.problem, created_at=NOW)
        assert store.day(planned.plan.id) == planned.plan


def test_a_route_that_leaves_before_its_goods_are_ready_is_refused(
    planned: PlannedDay, line_network: NetworkPlan, tmp_path: Path
) -> None:
    broken = left_early(planned.plan)
    assert ["sp-middle" in str(fault) for fault in transfer_faults(broken)] == [True]
    with open_store(f"sqlite:///{tmp_path}/plans.db") as store:
        store.save_network(line_network, created_at=NOW)
        with pytest.raises(PlanRejectedError, match="sp-middle: leaves at"):
            store.save_day(broken, planned.problem, created_at=NOW)
    with pytest.raises(BadDataError, match="sp-middle: leaves at"):
        day_from_json(to_json(broken), line_network)


def test_a_call_may_not_be_named_like_a_site(planned: PlannedDay) -> None:
    plan = planned.plan
    assert plan.transfers is not None
    first, *others = plan.transfers.consignments
    renamed = replace(plan.transfers, consignments=(replace(first, id="sp-west"), *others))
    faults = [str(fault) for fault in transfer_faults(replace(plan, transfers=renamed))]
    assert any("sp-west is called like another" in fault for fault in faults)


def test_a_point_whose_goods_all_ride_needs_no_station(planned: PlannedDay, line_week: PlannedService) -> None:
    points = [replace(one, station_id="es-t1") for one in line_week.plan.points if one.site_id == "sp-middle"]
    week = replace(line_week.plan, points=tuple(points))
    nothing = dict.fromkeys(AMOUNTS, 0)
    rest = tuple(
        replace(one, **nothing) if one.site_id == "sp-middle" else one  # type: ignore[arg-type]
        for one in planned.plan.demand.points
    )
    assert stations_today(week, planned.plan.demand) == {"sp-middle": "es-t1"}
    assert stations_today(week, replace(planned.plan.demand, points=rest)) == {}


def test_people_read_what_goes_over_the_station(planned: PlannedDay) -> None:
    (line,) = stations_lines(planned.plan)
    assert "07:" in line or "08:" in line
    day = CourierDay.of(planned.plan)
    watched = {
        route.depot_id: [text for leg in day.legs(route) for text in leg.watch] for route in planned.plan.routes.routes
    }
    point = planned.plan.demand_of_stop["sp-middle"]
    assert any(str(point.delivery_parcels) in text for text in watched["hub-west"])
    assert any(str(point.pickup_parcels) in text for text in watched["hub-west"])
    assert watched["es-t1"]


def test_it_is_not_planned_again_while_it_runs(planned: PlannedDay, station_config: PlanConfig) -> None:
    with pytest.raises(BadDataError, match="es-t1"):
        replan_day(
            planned.plan, run_of(planned.plan, station_config), DayEvents(now=9 * 3600, most_changes=2, tolerance_s=900)
        )
