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
from planner.errors import BadDataError, ConfigError, PlanNotFoundError
from planner.geodata.assemble import read_area
from planner.model import Fact, Tier
from planner.outputs.notice import assumed_parts
from planner.pipeline.area_run import AreaRun
from planner.pipeline.whole_plan import PlannedArea, plan_area
from planner.plans import DayPlan, NetworkPlan, ReadPlans, day_from_json, network_from_json, read_plans, to_json
from planner.routing.check import check
from planner.writing import unprintable
from tests.conftest import folders_in, result_in


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
    planned = plan_area(load_config(line_folder))
    network, day = planned.network, planned.day
    left = {u.demand_id: u.reason for u in network.stations.service_points.uncovered}
    assert left == {"east": UncoveredReason.ONLY_FORBIDDEN_SITES, "island": UncoveredReason.NO_ROAD}
    assert {village for point in day.demand.points for village in point.village_ids} == {"east", "middle", "west"}
    # the point and the station in the middle are both 801.5 s from the east: the point is named first
    assert network.hand_over["east"].site_id == "sp-middle"
    assert network.hand_over["east"].duration_s == pytest.approx(801.5, abs=0.1)
    assert not network.hand_over["east"].covered
    assert next(point for point in day.demand.points if "east" in point.village_ids).site_id == "sp-middle"


def test_a_demand_that_cannot_be_held_is_an_answer_and_no_exception(line_folder: Path) -> None:
    config = line_folder / "area.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace('objective = "LSCP"', 'objective = "MCLP"\nbudget_yuan = 1\ncover_poor_villages = true'),
        encoding="utf-8",
    )
    planned = plan_area(load_config(line_folder))
    points = planned.network.stations.service_points
    assert points.status is SolveStatus.INFEASIBLE
    assert "middle" in str([conflict.params for conflict in points.conflicts])
    assert network_from_json(to_json(planned.network)) == planned.network
    assert day_from_json(to_json(planned.day), planned.network) == planned.day


def test_no_service_point_asked_for_is_an_answer_that_ends_with_four(
    line_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = line_folder / "area.toml"
    text = config.read_text(encoding="utf-8").replace('objective = "LSCP"', 'objective = "MCLP"\ncount = 0')
    config.write_text(text, encoding="utf-8")
    planned = plan_area(load_config(line_folder))
    points, stations = planned.network.stations.service_points, planned.network.stations.express_stations
    assert (points.status, points.opened, points.value) == (SolveStatus.OPTIMAL, (), 0)
    assert {left.reason for left in points.uncovered if left.demand_id != "island"} == {UncoveredReason.COUNT_USED_UP}
    assert (stations.status, stations.opened) == (SolveStatus.INFEASIBLE, ())
    assert stations.conflicts == (Fact(code="stations_not_sited"),)
    assert planned.day.demand.without_point == ("east", "island", "middle", "west")
    monkeypatch.setattr(
        sys,
        "argv",
        ["planner", "site", str(line_folder), "--out", str(line_folder / "out"), "--store", "sqlite://", "--json"],
    )
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
    stations = plan_area(load_config(line_folder)).network.stations
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
    area = planned.network.area
    assert [area.site_by_id[depot.id].place_id for depot in planned.problem.depots] == ["east"]
    assert {area.site_by_id[route.depot_id].place_id for route in planned.day.routes.routes} == {"east"}


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
    assert not planned.day.routes.unassigned
    assert check(planned.problem, planned.day.routes) == ()
    assert {route.depot_id for route in planned.day.routes.routes} <= set(hubs)


def _area(folder: Path, text: str):
    (folder / "area.toml").write_text(text, encoding="utf-8")
    return read_area(load_config(folder))


def test_a_ferry_that_closes_cuts_off_its_village() -> None:
    config = load_config("baiquan")
    reasons = {
        season: dict(AreaRun(config=config.under(season=season)).travel.unreachable)
        for season in ("summer", "drift_ice")
    }
    assert reasons["summer"] == {}
    assert {reason.value for reason in reasons["drift_ice"].values()} == {"closed_this_season"}


@pytest.mark.parametrize("area", ["harbin", "baiquan", "neubrandenburg"])
def test_every_parcel_is_on_a_route_or_left_with_a_reason_exactly_once(demo_out: Path, area: str) -> None:
    plan = result_in(demo_out, area)
    visited = [visit.stop_id for route in plan.routes.routes for visit in route.visits]
    left = [stop.stop_id for stop in plan.routes.unassigned]
    wanted = [point.site_id for point in plan.demand.points if point.delivery_kg or point.pickup_kg]
    assert sorted([*visited, *left]) == sorted(wanted)
    handed_over = [village for point in plan.demand.points for village in point.village_ids]
    assert sorted([*handed_over, *plan.demand.without_point]) == [village.id for village in plan.area.villages]
    people = {village.id: village.population for village in plan.area.villages}
    # 5.1 by post x 3 for all carriers; two go by China's calendar, whose 10 November is in the weeks of a sale
    of_all = 5.1 * 3 * len(people) * {"harbin": 1.4, "baiquan": 1.4, "neubrandenburg": 1.0}[area]
    share = sum(people[village] for village in handed_over) / sum(people.values())
    parcels = sum(point.delivery_parcels for point in plan.demand.points)
    assert parcels == pytest.approx(of_all * share, abs=0.5 + 1e-6)


def test_both_areas_say_what_is_synthetic_and_what_is_assumed(demo_out: Path) -> None:
    baiquan, real = (result_in(demo_out, area) for area in ("baiquan", "neubrandenburg"))
    assert any("道路" in part.in_language("zh") for part in baiquan.area.synthetic_parts)
    assert {village.coordinate_source for village in baiquan.area.villages} == {"synthetic"}
    assert {township.coordinate_source for township in baiquan.area.townships} == {"geonames"}
    assert {village.coordinate_source for village in real.area.villages} == {"osm"}
    assert real.area.synthetic_parts == ()
    for part in ("population", "hub", "stations", "parcels", "vehicle van", "opening hours"):
        assert any(part in what for what in assumed_parts(real.area, real.config)), part
    for part in ("standard, number and cost of service points", "express stations"):
        assert any(part in what for what in assumed_parts(real.area, real.network.config)), part
    home = demo_out / "neubrandenburg"  # its language is English: pages have the plain name in it
    network, day = folders_in(demo_out, "neubrandenburg")
    vehicle = real.routes.routes[0].vehicle_id
    pages = [home / "index.html", network / "index.html", network / "coverage.html"]
    pages += [day / "index.html", day / "routes.html", day / "routes" / f"{vehicle}.html"]
    for page in pages:
        assert "contains assumed data" in page.read_text(encoding="utf-8"), page


TEXTS = st.text(max_size=30).filter(lambda text: not unprintable(text))  # what no file can hold is refused


@given(name=TEXTS, product=TEXTS)
@settings(max_examples=40, deadline=None)
def test_any_text_survives_the_plan_documents(line: PlannedArea, name: str, product: str) -> None:
    area = line.network.area
    villages = (replace(area.villages[0], name=name, product=product), *area.villages[1:])
    network = replace(line.network, area=replace(area, villages=villages))
    assert network_from_json(to_json(network)) == network
    day = replace(line.day, network=network)
    assert day_from_json(to_json(day), network) == day


def read(text: str) -> ReadPlans:
    """The plans of a document, none of which stands on another."""

    def find(network_id: str) -> NetworkPlan:
        raise PlanNotFoundError(f"no plan {network_id!r} in the store")

    return read_plans(text, name="p.json", find_network=find)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense", "not JSON"),
        ("[]", "schema is None"),
        ('{"schema": "rural-service-planner/plan/9"}', "expected rural-service-planner/network/3"),
        ('{"schema": "rural-service-planner/network/9"}', "expected rural-service-planner/network/3"),
        ('{"schema": "rural-service-planner/day/9"}', "rural-service-planner/day/3"),
        ('{"schema": "rural-service-planner/day/2"}', "rural-service-planner/day/3"),
        ('{"schema": "rural-service-planner/network/3"}', "area: missing: add it"),
        ('{"schema": "rural-service-planner/day/3"}', "network_id is missing"),
        ('{"schema": "rural-service-planner/plan/2"}', "the plan is not complete"),
    ],
)
def test_a_document_that_is_no_plan_is_refused(text: str, message: str) -> None:
    with pytest.raises(BadDataError, match=r"p\.json") as caught:
        read(text)
    assert message in str(caught.value)


def test_a_day_is_no_network_a_network_no_day_and_a_day_stands_on_its_own_network(line: PlannedArea) -> None:
    with pytest.raises(BadDataError, match="a day plan, not a network plan"):
        network_from_json(to_json(line.day))
    with pytest.raises(BadDataError, match="a network plan, not a day plan"):
        day_from_json(to_json(line.network), line.network)
    other = replace(line.network, config={**line.network.config, "seed": 2})
    with pytest.raises(BadDataError, match=f"stands on the network {line.network.id}, not on {other.id}"):
        day_from_json(to_json(line.day), other)
    with pytest.raises(PlanNotFoundError, match=line.network.id):
        read(to_json(line.day))


def test_the_document_of_a_day_holds_its_network_s_id_and_not_the_network(line: PlannedArea) -> None:
    document = json.loads(to_json(line.day))
    assert document["network_id"] == line.network.id
    assert not {"network", "area", "stations", "stages", "road_lines"} & document.keys()
    found = read_plans(to_json(line.day), name="d", find_network=lambda id_: {line.network.id: line.network}[id_])
    assert (found.network, found.day) == (line.network, line.day)
    assert read(to_json(line.network)) == ReadPlans(network=line.network)


def changed(plan: NetworkPlan | DayPlan, change: Any) -> str:
    document = json.loads(to_json(plan))
    change(document)
    return json.dumps(document)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["area"].update(id="../up"), "may hold letters, digits"),
        (lambda d: d["stations"]["service_points"]["opened"].append("ghost"), "no site 'ghost'"),
        (lambda d: d["stations"]["service_points"]["shares"].update(population=0.5), "the assignments make 0.9231"),
        (lambda d: d["area"].update(boundary={"type": "Polygon"}), "not a GeoJSON geometry"),
        (lambda d: d.update(stages=[]), "stages: there is none"),
        (lambda d: d["stages"][0]["opened"].append("ghost"), "no site 'ghost'"),
        (lambda d: d["stages"][0].update(opened=["es-t1"]), "what the last one has open is not what stations has"),
        (lambda d: d["stages"][0].update(opened=["es-t1"]), "hands over at sp-middle, which is not open"),
        (lambda d: hand_over(d, "west").update(village_id="ghost"), "no village 'ghost'"),
        (lambda d: hand_over(d, "west").update(site_id="ghost"), "no site 'ghost'"),
        (lambda d: hand_over(d, "west").update(site_id="es-t1"), "village west: hands over at es-t1, stations says"),
        (lambda d: hand_over(d, "west").update(covered=False), "village west: hands over at sp-middle, stations says"),
        (
            lambda d: hand_over(d, "west").update(duration_s=600.0),
            "village west: hands over in 600 s, stations says 80",
        ),
        (lambda d: hand_over(d, "east").update(walking_s=99.0), "village east: driving and walking make 900 s, not 80"),
        (lambda d: d["seasons"][0]["beyond"].append("ghost"), "no village 'ghost'"),
        (lambda d: d["reach"][0].update(origin_ids=["ghost"]), "no site 'ghost'"),
        (lambda d: d["seasons"][0]["cut_off"].update(island="boredom"), "boredom"),
        (lambda d: d["roads"].update(season="monsoon"), "monsoon"),
    ],
)
def test_a_network_document_that_was_tampered_with_is_refused(line: PlannedArea, change: Any, message: str) -> None:
    with pytest.raises(BadDataError) as caught:
        network_from_json(changed(line.network, change))
    assert message in str(caught.value)


def hand_over(document: dict[str, Any], village_id: str) -> dict[str, Any]:
    return next(one for one in document["stages"][-1]["hand_over"] if one["village_id"] == village_id)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["routes"]["routes"][0].update(vehicle_id="../../evil"), "may hold letters, digits"),
        (lambda d: d["routes"]["routes"][0]["visits"][0].update(stop_id="ghost"), "no site 'ghost'"),
        (lambda d: d["demand"]["without_point"].append("ghost"), "no village 'ghost'"),
        (lambda d: d["cut_off"].update(ghost="unreachable"), "no village 'ghost'"),
        (lambda d: d["cut_off"].update(island="boredom"), "boredom"),
        (lambda d: d.update(paths=[]), "one way for each leg"),
        (lambda d: d["routes"]["routes"][0].update(visits=[]), "visits nothing"),
        (lambda d: d["routes"]["routes"][0].update(distance_m=5.0), "its legs make 22264"),
        (lambda d: d["routes"].update(cost_yuan=1.0), "routes.cost_yuan is 1.00"),
        (lambda d: d["routes"]["routes"][0].update(load_at_start=[1.0]), "one amount for each of parcels, kg, m3"),
        (lambda d: d.update(config={}), "config.routing: missing"),
        (lambda d: d["config"]["routing"]["vehicles"][0].update(id="cart"), "no vehicle type 'van'"),
        (lambda d: d.update(stage=1), "stage is 1, the network has 1"),
        (lambda d: d.update(date="2026-11-11"), "demand.date is 2026-11-10, the plan's is 2026-11-11"),
        (lambda d: d["demand"]["points"][0].update(site_id="sp-west"), "the site sp-west is not open on 2026-11-10"),
        (lambda d: d["season"].update(season="monsoon"), "monsoon"),
        (lambda d: d["roads"].update(season="monsoon"), "monsoon"),
    ],
)
def test_a_day_document_that_was_tampered_with_is_refused(line: PlannedArea, change: Any, message: str) -> None:
    with pytest.raises(BadDataError) as caught:
        day_from_json(changed(line.day, change), line.network)
    assert message in str(caught.value)
