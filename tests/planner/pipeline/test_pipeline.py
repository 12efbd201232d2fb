"""The whole way on a world worked out by hand, and on the demonstrations."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.cli.app import main
from planner.config import Objective, load_config
from planner.coverage import SolveStatus, UncoveredReason
from planner.errors import BadDataError, ConfigError
from planner.geodata.assemble import read_area
from planner.model import Fact, Tier
from planner.pipeline.area_run import AreaRun
from planner.pipeline.whole_plan import PlannedArea, plan_area
from planner.plans import Plan, plan_from_json, plan_to_json
from planner.routing.check import check


def test_line_of_three_villages_and_an_island(line: PlannedArea) -> None:
    points = line.network.stations.service_points
    assert [line.network.area.site_by_id[site].place_id for site in points.opened] == ["middle"]
    assert {a.demand_id: round(a.duration_s, 1) for a in points.assignments} == {
        "east": 801.5,
        "middle": 0.0,
        "west": 801.5,
    }
    (island,) = points.uncovered
    assert (island.demand_id, island.reason) == ("island", UncoveredReason.NO_ROAD)
    # 600 of 650 people, 190 of 210 households, 3 of 4 villages, the one poor village
    assert points.shares.population == pytest.approx(600 / 650)
    assert points.shares.households == pytest.approx(190 / 210)
    assert (points.shares.villages, points.shares.poor_villages) == (0.75, 1.0)
    assert points.status is SolveStatus.OPTIMAL


def test_demand_and_the_one_round_of_the_line(line: PlannedArea) -> None:
    (point,) = line.day.demand.points
    # 600 people: 60 parcels down, 6 up; 60 households of the village with a product send 30 kg
    assert (point.delivery_parcels, point.pickup_parcels) == (60, 6)
    assert point.pickup_kg == pytest.approx(6 * 1.5 + 30)
    assert line.day.demand.without_point == ("island",)
    (route,) = line.day.routes.routes
    (visit,) = route.visits
    # out and back 2 * 801.5 s, opens 07:00 = 25200 s, service 240 + 6 * 66 = 636 s
    assert visit.arrival_s == pytest.approx(25200, abs=1)
    assert route.start_s == pytest.approx(25200 - 801.5, abs=1)
    assert route.end_s == pytest.approx(25200 + 636 + 801.5, abs=1)
    assert route.cost_yuan == pytest.approx(150 + 1.2 * 22.263898 + 30 * (2 * 801.5 + 636) / 3600, abs=0.1)
    assert line.day.paths[0].coordinates[-1] == (10.1, 0.0)


def test_the_nearest_station_stands_in_where_no_point_is(line_folder: Path) -> None:
    config = line_folder / "area.toml"
    text = config.read_text(encoding="utf-8")
    # within 100 s only the own village counts and the site at east is forbidden, so LSCP leaves east out
    config.write_text(text.replace("standard_s = 900", "standard_s = 100"), encoding="utf-8")
    plan = plan_area(load_config(line_folder)).plan
    left = {u.demand_id: u.reason for u in plan.stations.service_points.uncovered}
    assert left == {"east": UncoveredReason.ONLY_FORBIDDEN_SITES, "island": UncoveredReason.NO_ROAD}
    (station,) = plan.stations.express_stations.opened
    assert {village for point in plan.demand.points for village in point.village_ids} == {"east", "middle", "west"}
    assert next(point for point in plan.demand.points if "east" in point.village_ids).site_id == station


def test_a_demand_that_cannot_be_held_is_an_answer_and_no_exception(line_folder: Path) -> None:
    villages = line_folder / "villages.csv"
    text = villages.read_text(encoding="utf-8").replace("50,20,否,0", "50,20,是,5")
    villages.write_text(text, encoding="utf-8")
    config = line_folder / "area.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace("standard_s = 900", "standard_s = 900\ncover_poor_villages = true"), encoding="utf-8"
    )
    plan = plan_area(load_config(line_folder)).plan
    points = plan.stations.service_points
    assert points.status is SolveStatus.INFEASIBLE
    assert "island" in {conflict.params["point_id"] for conflict in points.conflicts}
    assert plan_from_json(plan_to_json(plan)) == plan


def test_no_service_point_asked_for_is_an_answer_that_ends_with_four(
    line_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = line_folder / "area.toml"
    text = config.read_text(encoding="utf-8").replace('objective = "LSCP"', 'objective = "MCLP"\ncount = 0')
    config.write_text(text, encoding="utf-8")
    plan = plan_area(load_config(line_folder)).plan
    points, stations = plan.stations.service_points, plan.stations.express_stations
    assert (points.status, points.opened, points.value) == (SolveStatus.OPTIMAL, (), 0)
    assert {left.reason for left in points.uncovered if left.demand_id != "island"} == {UncoveredReason.COUNT_USED_UP}
    assert (stations.status, stations.opened) == (SolveStatus.INFEASIBLE, ())
    assert stations.conflicts == (Fact(code="stations_not_sited"),)
    assert plan.demand.without_point == ("east", "island", "middle", "west")
    monkeypatch.setattr(sys, "argv", ["planner", "site", str(line_folder), "--json"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 4
    assert json.loads(capsys.readouterr().out)["express_stations"]["status"] == "infeasible"


def test_stations_that_wait_for_an_infeasible_tier_keep_their_own_question(line_folder: Path) -> None:
    config = line_folder / "area.toml"
    text = config.read_text(encoding="utf-8")
    # MCLP must cover the poor village in the middle without a yuan to open anything
    config.write_text(
        text.replace('objective = "LSCP"', 'objective = "MCLP"\nbudget_yuan = 0\ncover_poor_villages = true'),
        encoding="utf-8",
    )
    stations = plan_area(load_config(line_folder)).plan.stations
    assert (stations.service_points.objective, stations.service_points.status) == (
        Objective.MCLP,
        SolveStatus.INFEASIBLE,
    )
    assert (stations.express_stations.objective, stations.express_stations.standard_s) == (Objective.P_MEDIAN, 3600)


def test_a_hub_that_is_forbidden_is_no_hub(line_folder: Path) -> None:
    sites = line_folder / "sites.csv"
    text = sites.read_text(encoding="utf-8")
    sites.write_text(
        text.replace("county_hub,west,共配中心,existing", "county_hub,west,共配中心,forbidden"), encoding="utf-8"
    )
    with pytest.raises(ConfigError, match="no county_hub that is not forbidden"):
        plan_area(load_config(line_folder))
    # beside one that may be used, the forbidden one is no choice
    more = "county_hub,east,东中心,existing\n"
    sites.write_text(sites.read_text(encoding="utf-8") + more, encoding="utf-8")
    planned = plan_area(load_config(line_folder))
    area = planned.plan.area
    assert [area.site_by_id[depot.id].place_id for depot in planned.problem.depots] == ["east"]
    assert {area.site_by_id[route.depot_id].place_id for route in planned.plan.routes.routes} == {"east"}


def test_a_fleet_for_another_hub_is_refused_with_the_hubs_there_are(line_folder: Path) -> None:
    config = line_folder / "area.toml"
    text = config.read_text(encoding="utf-8").replace('id = "van"', 'id = "van"\ndepot_id = "moon"')
    config.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"routing\.vehicles\.0\.depot_id: 'moon' is no county hub; there is"):
        plan_area(load_config(line_folder))


def test_two_hubs_share_the_day(line_folder: Path) -> None:
    sites = line_folder / "sites.csv"
    sites.write_text(sites.read_text(encoding="utf-8") + "county_hub,east,东中心,existing\n", encoding="utf-8")
    config = line_folder / "area.toml"
    text = config.read_text(encoding="utf-8").replace("standard_s = 900", "standard_s = 100")
    with pytest.raises(ConfigError, match="there are several hubs"):
        plan_area(load_config(line_folder))
    hubs = [site.id for site in _area(line_folder, text).sites_of(Tier.COUNTY_HUB)]
    west, east = (
        text.replace('id = "van"', f'id = "west"\ndepot_id = "{hubs[1]}"'),
        text.split("[[routing.vehicles]]")[1],
    )
    east = east.replace('id = "van"', f'id = "east"\ndepot_id = "{hubs[0]}"')
    config.write_text(f"{west}\n[[routing.vehicles]]{east}", encoding="utf-8")
    planned = plan_area(load_config(line_folder))
    assert not planned.plan.routes.unassigned
    assert check(planned.problem, planned.plan.routes) == ()
    assert {route.depot_id for route in planned.plan.routes.routes} <= set(hubs)


def _area(folder: Path, text: str):
    (folder / "area.toml").write_text(text, encoding="utf-8")
    return read_area(load_config(folder))


def test_a_ferry_that_closes_cuts_off_its_village() -> None:
    config = load_config("baiquan")
    summer = config.model_copy(update={"travel": config.travel.model_copy(update={"season": "summer"})})
    reasons = {}
    for season, settings_ in (("summer", summer), ("drift_ice", config)):
        reasons[season] = dict(AreaRun(config=settings_).travel.unreachable)
    assert reasons["summer"] == {}
    assert {reason.value for reason in reasons["drift_ice"].values()} == {"closed_this_season"}


@pytest.mark.parametrize("area", ["baiquan", "neubrandenburg"])
def test_every_parcel_is_on_a_route_or_left_with_a_reason_exactly_once(demo_out: Path, area: str) -> None:
    plan = _read(demo_out / area / "plan.json")
    visited = [visit.stop_id for route in plan.routes.routes for visit in route.visits]
    left = [stop.stop_id for stop in plan.routes.unassigned]
    wanted = [point.site_id for point in plan.demand.points if point.delivery_kg or point.pickup_kg]
    assert sorted([*visited, *left]) == sorted(wanted)
    handed_over = [village for point in plan.demand.points for village in point.village_ids]
    assert sorted([*handed_over, *plan.demand.without_point]) == [village.id for village in plan.area.villages]
    people = {village.id: village.population for village in plan.area.villages}
    rate = plan.config["demand"]["delivery_parcels_per_person_day"]
    parcels = sum(point.delivery_parcels for point in plan.demand.points)
    assert parcels == pytest.approx(rate * sum(people[village] for village in handed_over), abs=0.5 + 1e-6)


def test_both_areas_say_what_is_synthetic_and_what_is_assumed(demo_out: Path) -> None:
    baiquan, real = (_read(demo_out / area / "plan.json") for area in ("baiquan", "neubrandenburg"))
    assert any("道路" in part for part in baiquan.area.synthetic_parts)
    assert {village.coordinate_source for village in baiquan.area.villages} == {"synthetic"}
    assert {township.coordinate_source for township in baiquan.area.townships} == {"geonames"}
    assert {village.coordinate_source for village in real.area.villages} == {"osm"}
    assert real.area.synthetic_parts == ()
    for part in ("population", "hub", "stations", "demand"):
        assert any(part in what for what in real.area.assumed_parts), part
    for page in (
        "index.html",
        "coverage.html",
        "routes.html",
        f"routes/{real.date}/{real.routes.routes[0].vehicle_id}.html",
    ):
        assert "含假设数据" in (demo_out / "neubrandenburg" / page).read_text(encoding="utf-8"), page


def _read(path: Path) -> Plan:
    return plan_from_json(path.read_text(encoding="utf-8"))


@given(name=st.text(max_size=30), product=st.text(max_size=30))
@settings(max_examples=40, deadline=None)
def test_any_text_survives_the_plan_document(line: PlannedArea, name: str, product: str) -> None:
    plan = line.plan
    villages = (replace(plan.area.villages[0], name=name, product=product), *plan.area.villages[1:])
    changed = replace(plan, area=replace(plan.area, villages=villages))
    assert plan_from_json(plan_to_json(changed)) == changed


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense", "not JSON"),
        ("[]", "schema is None"),
        ('{"schema": "rural-service-planner/plan/9"}', "expected 'rural-service-planner/plan/2'"),
        ('{"schema": "rural-service-planner/plan/2"}', "area: Field required"),
    ],
)
def test_a_document_that_is_no_plan_is_refused(text: str, message: str) -> None:
    with pytest.raises(BadDataError, match=r"p\.json"):
        plan_from_json(text, name="p.json")
    with pytest.raises(BadDataError) as caught:
        plan_from_json(text, name="p.json")
    assert message in str(caught.value)


def changed(line: PlannedArea, change: Any) -> str:
    document = json.loads(plan_to_json(line.plan))
    change(document)
    return json.dumps(document)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["routes"]["routes"][0].update(vehicle_id="../../evil"), "may hold letters, digits"),
        (lambda d: d["area"].update(id="../up"), "may hold letters, digits"),
        (lambda d: d["routes"]["routes"][0]["visits"][0].update(stop_id="ghost"), "no site 'ghost'"),
        (lambda d: d["stations"]["service_points"]["opened"].append("ghost"), "no site 'ghost'"),
        (lambda d: d["demand"]["without_point"].append("ghost"), "no village 'ghost'"),
        (lambda d: d.update(paths=[]), "one way for each leg"),
        (lambda d: d["routes"]["routes"][0].update(visits=[]), "visits nothing"),
        (lambda d: d["routes"]["routes"][0].update(distance_m=5.0), "its legs make 22264"),
        (lambda d: d["routes"].update(cost_yuan=1.0), "routes.cost_yuan is 1.00"),
        (lambda d: d["stations"]["service_points"]["shares"].update(population=0.5), "the assignments make 0.9231"),
        (lambda d: d["routes"]["routes"][0].update(load_at_start=[1.0]), "one amount for each of parcels, kg, m3"),
        (lambda d: d["area"].update(boundary={"type": "Polygon"}), "not a GeoJSON geometry"),
        (lambda d: d.update(config={}), "no vehicle type 'van'"),
        (lambda d: d["village_travel"][0].update(village_id="ghost"), "no village 'ghost'"),
        (lambda d: d["village_travel"][0].update(site_id="ghost"), "no site 'ghost'"),
        (
            lambda d: d["village_travel"][0].update(walking_s=99.0),
            "village east: driving and walking make 900 s, not 802",
        ),
        (lambda d: d["seasons"][0]["beyond"].append("ghost"), "no village 'ghost'"),
        (lambda d: d["seasons"][0]["cut_off"].update(island="boredom"), "no words for 'boredom'"),
        (lambda d: d["roads"].update(season="monsoon"), "no words for 'monsoon'"),
        (lambda d: d["reach"][0].update(origin_ids=["ghost"]), "no site 'ghost'"),
    ],
)
def test_a_plan_document_that_was_tampered_with_is_refused(line: PlannedArea, change: Any, message: str) -> None:
    with pytest.raises(BadDataError) as caught:
        plan_from_json(changed(line, change))
    assert message in str(caught.value)
