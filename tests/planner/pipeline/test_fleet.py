"""Vehicles of area.toml: each drives by its own profile and keeps what can be said of it, seen by a replay made by hand."""

import datetime
import math
import random
import re
from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from planner.config import PlanConfig, VehicleConfig, parse_config
from planner.errors import ConfigError
from planner.model import Demand, PointDemand
from planner.pipeline.area_run import AreaRun
from planner.pipeline.examine import examine_files
from planner.pipeline.fleet import day_places, fleet_travel, routing_problem, with_told_profiles
from planner.routing import Route, RoutePlan, VehicleType
from planner.routing.solve import solve_routing
from planner.words import render
from tests.conftest import CONFIG

DOCS = Path(__file__).parents[3] / "docs"
# On the equator 0.02 degrees are 6378137 * pi / 9000 = 2226.39 m. The hub and five points lie on a secondary road, the last
# one 0.002 degrees (221.15 m, as a degree of latitude there is 110574 m) beside it
STEP_M = 6378137 * math.pi / 9000
ASIDE_M = 221.149
POINTS = ("hub", *(f"sp-{n}" for n in range(1, 6)))
KPH = {"van": 50.0, "tricycle": 30.0, "light_truck": 47.0, "truck": 45.0}  # of secondary roads in profiles.toml
WALK_KPH = 4.0


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> AreaRun:
    folder = tmp_path_factory.mktemp("fleet")
    nodes = "".join(f"<node id='{n + 1}' version='1' lon='{10 + n * 0.02}' lat='0.0'/>" for n in range(7))
    refs = "".join(f"<nd ref='{n + 1}'/>" for n in range(7))
    way = f"<way id='1' version='1'>{refs}<tag k='highway' v='secondary'/><tag k='surface' v='asphalt'/></way>"
    (folder / "roads.osm").write_text(f"<osm version='0.6'>{nodes}{way}</osm>", encoding="utf-8")
    rows = [f"v{n},v{n},t1,{10 + n * 0.02},{0.002 if n == 5 else 0},100,30,no,0," for n in range(6)]
    head = "id,name,township,lon,lat,population,households,registered_poor,poor_households,product\n"
    (folder / "villages.csv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    (folder / "townships.csv").write_text(
        "id,name,lon,lat,coordinate_source\nt1,t,10.0,0.0,surveyed\n", encoding="utf-8"
    )
    sites = [f"sp-{n},service_point,v{n},p{n},existing" for n in range(1, 6)]
    text = "id,tier,place,name,status\nhub,county_hub,v0,hub,existing\n" + "\n".join(sites) + "\n"
    (folder / "sites.csv").write_text(text, encoding="utf-8")
    ring = "[[9.95,-0.05],[10.25,-0.05],[10.25,0.05],[9.95,0.05],[9.95,-0.05]]"
    (folder / "boundary.geojson").write_text(f'{{"type":"Polygon","coordinates":[{ring}]}}', encoding="utf-8")
    (folder / "area.toml").write_text(CONFIG, encoding="utf-8")
    return AreaRun(config=config_with(folder), given_season="summer")


def config_with(folder: Path, *vehicles: dict[str, Any], **routing: Any) -> PlanConfig:
    import tomllib

    content = tomllib.loads(CONFIG)
    van = content["routing"]["vehicles"][0]
    content["routing"] |= {"vehicles": [{**van, **vehicle} for vehicle in vehicles or ({},)], **routing}
    return parse_config(content, folder=folder, name="area.toml")


def demand_of(parcels: dict[str, int]) -> Demand:
    points = tuple(
        PointDemand(
            site_id=id_,
            village_ids=(),
            delivery_parcels=n,
            delivery_kg=n * 10.0,
            delivery_m3=n * 0.01,
            pickup_parcels=0,
            pickup_kg=0.0,
            pickup_m3=0.0,
        )
        for id_, n in parcels.items()
    )
    return Demand(date=datetime.date(2026, 11, 10), points=points, without_point=())


def planned(run: AreaRun, config: PlanConfig, parcels: dict[str, int], iterations: int = 2) -> RoutePlan:
    from dataclasses import replace

    here = replace(run, config=config, given_area=run.area, given_roads=run.roads)
    demand = demand_of(parcels)
    travel = fleet_travel(here, day_places(here.area, demand))
    problem = routing_problem(here.area, demand, travel, config)
    return solve_routing(problem, iterations=iterations, seed=1, threads=1)


def legs_by_hand(places: list[str], kph: float, factor: float) -> Iterator[tuple[float, float]]:
    """Seconds and driven metres between the places, from their numbers alone."""
    for a, b in pairwise(places):
        metres = abs(POINTS.index(a) - POINTS.index(b)) * STEP_M
        ends = [a, b].count("sp-5") if a != b else 0
        yield metres / (kph / 3.6 * factor) + ends * ASIDE_M / (WALK_KPH / 3.6), metres


def faults_of(route: Route, vehicle: dict[str, Any], reserve: float, parcels: dict[str, int]) -> Iterator[str]:
    """What a route breaks of what was said of its vehicle; nothing here knows the code that planned it."""
    calls = route.calls()
    places = ["" if route.open_start else "hub"]
    places += [getattr(call, "stop_id", "hub") for call in calls]
    places += [] if route.open_end else ["hub"]
    legs = list(
        legs_by_hand([place for place in places if place], KPH[vehicle["profile"]], vehicle.get("speed_factor", 1.0))
    )
    driving, metres = sum(s for s, _ in legs), sum(m for _, m in legs)
    loading = vehicle.get("loading_duration_s", 0)
    start, end = 8 * 3600 + loading, 17 * 3600
    duty = route.end_s - route.start_s + loading
    if abs(driving - route.driving_s) > 1.5 or abs(metres - route.distance_m) > 2:
        yield f"driven {route.driving_s:.0f} s {route.distance_m:.0f} m, by hand {driving:.0f} s {metres:.0f} m"
    if route.start_s < start - 1e-3 or route.end_s > end + 1e-3:
        yield "outside the shift"
    for key, found in (("max_duration_s", duty), ("max_driving_s", driving), ("max_distance_m", metres)):
        if found > vehicle.get(key, math.inf) + 1.5:
            yield f"{key} {found}"
    if len(route.visits) > vehicle.get("max_stops", 99):
        yield "max_stops"
    if len(route.reloads) > vehicle.get("max_reloads", 0):
        yield "max_reloads"
    if any(r.departure_s - r.arrival_s < vehicle.get("reload_duration_s", 0) - 1e-3 for r in route.reloads):
        yield "reload_duration_s"
    trips: list[float] = [0.0]
    for call in calls:
        if hasattr(call, "stop_id"):
            trips[-1] += parcels[call.stop_id] * 10.0
        else:
            trips.append(0.0)
    if max(trips) > vehicle["capacity_kg"] * (1 - reserve) + 1e-6:
        yield f"load {trips}"
    for pause in vehicle.get("breaks", ()):
        opens, closes = (int(pause[k][:2]) * 3600 + int(pause[k][3:]) * 60 for k in ("opens", "closes"))
        taken = [p for p in route.pauses if opens - 1e-3 <= p.start_s <= closes + 1e-3]
        if route.start_s <= closes < route.end_s and not any(
            p.end_s - p.start_s >= pause["duration_s"] - 1e-3 for p in taken
        ):
            yield "break"
    cost = (
        vehicle["fixed_cost_yuan"]
        + vehicle["cost_per_km_yuan"] * metres / 1000
        + vehicle["cost_per_hour_yuan"] * duty / 3600
        + vehicle.get("cost_per_driving_hour_yuan", 0) * driving / 3600
    )
    if abs(cost - route.cost_yuan) > 0.05:
        yield f"cost {route.cost_yuan:.2f}, by hand {cost:.2f}"


def made_up(chance: random.Random, id_: str) -> dict[str, Any]:
    """One vehicle type with some of what can be said of it."""
    vehicle: dict[str, Any] = {
        "id": id_,
        "count": chance.randint(1, 2),
        "profile": chance.choice(list(KPH)),
        "capacity_kg": chance.choice([150.0, 300.0, 600.0]),
        "fixed_cost_yuan": chance.choice([0.0, 40.0]),
        "cost_per_km_yuan": chance.choice([0.2, 1.2]),
        "cost_per_hour_yuan": chance.choice([20.0, 30.0]),
        "shift_start": "08:00",
        "shift_end": "17:00",
    }
    reload_ = {"max_reloads": chance.randint(1, 2), "reload_duration_s": chance.choice([0, 600])}
    for more in (
        {"speed_factor": chance.choice([0.8, 1.25])},
        {"max_duration_s": chance.choice([3600, 7200])},
        {"max_driving_s": chance.choice([1200, 2400])},
        {"max_distance_m": chance.choice([9000, 14000, 20000])},
        {"max_stops": chance.randint(1, 4)},
        {"loading_duration_s": chance.choice([600, 1800])},
        {"breaks": [{"opens": "08:20", "closes": "09:00", "duration_s": 900}]},
        {"cost_per_driving_hour_yuan": 5.0},
        reload_,
        {"open_end": True},
    ):
        if chance.random() < 0.3:
            vehicle |= more
    return vehicle


def test_each_vehicle_keeps_what_is_said_of_it(run: AreaRun) -> None:
    routes = 0
    for seed in range(200):
        chance = random.Random(seed)
        fleet = [made_up(chance, id_) for id_ in ("a", "b")[: chance.randint(1, 2)]]
        reserve = chance.choice([0.0, 0.1, 0.3])
        parcels = {id_: chance.randint(1, 9) for id_ in POINTS[1:]}
        plan = planned(run, config_with(run.config.folder, *fleet, load_reserve=reserve), parcels, iterations=1)
        said = {vehicle["id"]: vehicle for vehicle in fleet}
        for route in plan.routes:
            faults = list(faults_of(route, said[route.vehicle_type_id], reserve, parcels))
            assert not faults, (seed, route.vehicle_id, faults)
            routes += 1
    assert routes > 200


def test_a_tricycle_is_as_slow_as_its_profile_and_kilometres_have_no_walk(run: AreaRun) -> None:
    config = config_with(run.config.folder, {"profile": "tricycle"})
    (route,) = planned(run, config, {"sp-5": 1}).routes
    assert route.distance_m == pytest.approx(2 * 5 * STEP_M, abs=1)
    assert route.driving_s == pytest.approx(2 * (5 * STEP_M / (30 / 3.6) + ASIDE_M / (4 / 3.6)), abs=1)


def test_skills_admissions_and_ready_goods_of_stops_are_heeded(run: AreaRun) -> None:
    fleet = ({"id": "a", "skills": ["cold"]}, {"id": "b", "fixed_cost_yuan": 1.0})
    stops = [
        {"site_id": "sp-1", "needs": ["cold"], "ready": "10:00"},
        {"site_id": "sp-2", "only_vehicles": ["b"]},
        {"site_id": "sp-3", "not_vehicles": ["b"]},
    ]
    config = config_with(run.config.folder, *fleet, stops=stops)
    plan = planned(run, config, {"sp-1": 1, "sp-2": 1, "sp-3": 1})
    by = {visit.stop_id: route for route in plan.routes for visit in route.visits}
    assert {id_: route.vehicle_type_id for id_, route in by.items()} == {"sp-1": "a", "sp-2": "b", "sp-3": "a"}
    assert by["sp-1"].start_s >= 10 * 3600


@pytest.mark.parametrize(
    ("vehicle", "routing", "said"),
    [
        ({"profile": "trike"}, {}, "routing.vehicles.0.profile: no vehicle 'trike': choose one of van, tricycle"),
        ({"end_depot_id": "sp-1"}, {}, "'sp-1' is no county hub; there is hub ([[routing.vehicles]] number 1, "),
        (
            {"max_reloads": 1, "reload_depot_ids": ["x"]},
            {},
            "routing.vehicles.0.reload_depot_ids: 'x' is no county hub",
        ),
        ({}, {"stops": [{"site_id": "x"}]}, "routing.stops: no such sites: x"),
        (
            {},
            {"stops": [{"site_id": "sp-1", "only_vehicles": ["w"]}]},
            "routing.stops.0: 'w' is no vehicle; there is van",
        ),
        ({"reload_duration_s": 60}, {}, "max_reloads is missing"),
        ({"loading_duration_s": 40000}, {}, "loading_duration_s is 40000, which leaves nothing of 39600 s on duty"),
        ({"open_end": True, "end_depot_id": "hub"}, {}, "end_depot_id and open_end"),
        ({"max_distance_m": math.inf}, {}, "max_distance_m: Input should be a finite number"),
        ({"speed_factor": 0}, {}, "speed_factor: Input should be greater than or equal to 0.1"),
        ({}, {"load_reserve": 1.0}, "load_reserve: Input should be less than 1"),
        ({}, {"speed_of_day": [["08:00", 0.9], ["07:00", 1.0]]}, "speed_of_day: each time must be later"),
    ],
)
def test_what_does_not_fit_is_one_clear_error(
    run: AreaRun, vehicle: dict[str, Any], routing: dict[str, Any], said: str
) -> None:
    from planner.pipeline.area_roads import read_roads

    def plan() -> None:
        config = config_with(run.config.folder, vehicle, **routing)
        read_roads(config)
        planned(run, config, {"sp-1": 1})

    with pytest.raises(ConfigError) as found:
        plan()
    assert len(found.value.problems) == 1
    assert said in str(found.value.problems[0])


def test_no_field_of_a_vehicle_is_forgotten() -> None:
    """The table of the documents has every key of area.toml, and every field of a problem's vehicle, in both languages."""
    for page in ("routing.md", "routing.zh-CN.md"):
        text = (DOCS / page).read_text(encoding="utf-8")
        table = text.split("\n### ", 1)[1].split("\n\n", 1)[0]
        rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("| `")]
        keys = {key for row in rows for key in re.findall(r"`(\w+)`", row[0])}
        assert keys == set(VehicleConfig.model_fields)
        known = {name for row in rows for name in re.findall(r"`(\w+)`", row[2])}
        known |= {key for row in rows if "`" not in row[2] and row[2].strip() for key in re.findall(r"`(\w+)`", row[0])}
        assert known == {field.name for field in fields(VehicleType)}


@pytest.mark.parametrize(
    ("name", "profile"), [("电动三轮车", "tricycle"), ("E-Trike", "tricycle"), ("厢式货车 1.5 t", "")]
)
def test_a_name_that_tells_the_vehicle_stands_in_for_a_profile(run: AreaRun, name: str, profile: str) -> None:
    config = config_with(run.config.folder, {"id": "a", "name": name})
    assert with_told_profiles(config).routing.vehicles[0].profile == profile
    other = config_with(run.config.folder, {"id": "a", "name": name, "profile": "truck"})
    assert with_told_profiles(other).routing.vehicles[0].profile == "truck"


def test_the_check_says_which_vehicle_has_no_profile(tmp_path: Path, run: AreaRun) -> None:
    folder = run.config.folder
    (folder / "area.toml").write_text(CONFIG.replace("厢式货车", "电动三轮车"), encoding="utf-8")
    findings = [one for one in examine_files([folder], datum=None).findings if one.code == "profile_by_name"]
    assert [render(one.line) for one in findings]
    assert findings[0].value == "van"
