"""The legs of a route with a reload and an open end, in every place that shows or checks legs.

The van leaves the hub in the west at 7:00 for the middle, comes back to reload, drives past the middle to the east and ends
there. On the line of three villages from one village to the next are D = 11131.949 m and 801.5 s, so that the legs are

    hub → middle (D), middle → hub (D), hub → east (2 D)

and no way back. With 240 s at each stop and 600 s at the reload it is in the middle 7:13:21-7:17:21, at the hub
7:30:43-7:40:43, in the east 8:07:26-8:11:26; pages show the nearest minute.
"""

import csv
import io
import re
from dataclasses import replace
from urllib.parse import unquote

import gpxpy
import pytest

from planner.config import PlanConfig
from planner.errors import BadDataError
from planner.outputs.courier import CourierDay, route_csv, route_gpx, route_kml, route_page
from planner.outputs.geofiles import paths_of, route_features
from planner.outputs.maps import routes_map
from planner.outputs.workbook.day_sheets import routes_sheet
from planner.pipeline.area_run import AreaRun
from planner.pipeline.day import leg_paths
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import DayPlan, day_from_json, to_json
from planner.routing import Reload, Route, Visit
from planner.words import speaking
from tests.planner.outputs.maps_read import LINKS, layers_of, popup_text

D, SECONDS = 11131.949, 801.5
HUB, MIDDLE, EAST = "hub-west", "sp-middle", "sp-east"
NOTHING = (0.0, 0.0, 0.0)


class StraightRoads:
    """Roads on which every way is the straight line, told by the longitudes of its ends."""

    def paths(self, pairs, points, **_):
        place = dict(zip(points.ids, zip(points.lons, points.lats, strict=True), strict=True))
        return [(place[origin], place[destination]) for origin, destination in pairs]


def visit(stop_id: str, arrival_s: float, distance_m: float, delivered: float) -> Visit:
    return Visit(
        stop_id=stop_id,
        arrival_s=arrival_s,
        service_start_s=arrival_s,
        departure_s=arrival_s + 240,
        distance_m=distance_m,
        driving_s=SECONDS * distance_m / D,
        delivered=(delivered, delivered, 0.0),
        picked_up=NOTHING,
        load_after=NOTHING,
    )


@pytest.fixture
def reloading(line: PlannedArea) -> DayPlan:
    """A plan whose first route reloads and ends at its last stop, and whose second is the plain one there was."""
    reload = Reload(
        depot_id=HUB,
        after=1,
        arrival_s=27_043,
        departure_s=27_643,
        distance_m=D,
        driving_s=SECONDS,
        load_after=(7.0, 7.0, 0.0),
    )
    route = Route(
        vehicle_id="van-2",
        vehicle_type_id="van",
        depot_id=HUB,
        start_s=25_200,
        end_s=29_486,
        load_at_start=(5.0, 5.0, 0.0),
        visits=(visit(MIDDLE, 26_001.5, D, 5.0), visit(EAST, 29_246, 2 * D, 7.0)),
        return_distance_m=0.0,
        return_driving_s=0.0,
        distance_m=4 * D,
        driving_s=4 * SECONDS,
        cost_yuan=10.0,
        open_end=True,
        reloads=(reload,),
    )
    return planned(line.day, route)


def planned(plan: DayPlan, route: Route) -> DayPlan:
    """The plan with this route before its own, and the ways of both."""
    routes = replace(
        plan.routes, routes=(route, *plan.routes.routes), cost_yuan=plan.routes.cost_yuan + route.cost_yuan
    )
    config = PlanConfig.model_validate({**plan.network.config, **plan.config})
    run = AreaRun(config=config, given_area=plan.area, given_roads=StraightRoads())
    return replace(plan, routes=routes, paths=leg_paths(run, routes), walks=())


def test_each_leg_of_a_route_has_its_way(reloading: DayPlan) -> None:
    ends = [(path.origin_id, path.destination_id) for path in reloading.paths]
    assert ends[:3] == [(HUB, MIDDLE), (MIDDLE, HUB), (HUB, EAST)]
    lons = [[lon for lon, _ in path.coordinates] for path in reloading.paths]
    assert lons[:3] == [[10.0, 10.1], [10.1, 10.0], [10.0, 10.2]]
    first, second = reloading.routes.routes
    assert paths_of(reloading, first) == reloading.paths[:3]
    assert paths_of(reloading, second) == reloading.paths[3:]


def test_the_document_holds_and_a_lost_leg_is_noticed(reloading: DayPlan) -> None:
    assert day_from_json(to_json(reloading), reloading.network) == reloading
    lost = replace(reloading, paths=reloading.paths[:2] + reloading.paths[3:])
    with pytest.raises(BadDataError, match="one way for each leg"):
        day_from_json(to_json(lost), lost.network)
    route = replace(reloading.routes.routes[0], distance_m=3 * D)
    short = replace(reloading, routes=replace(reloading.routes, routes=(route, *reloading.routes.routes[1:])))
    with pytest.raises(BadDataError, match="distance_m is 33396, its legs make 44528"):
        day_from_json(to_json(short), short.network)


def test_geojson_has_three_legs_and_two_stops(reloading: DayPlan) -> None:
    features = list(route_features(reloading, reloading.routes.routes[0]))
    told = [
        (each.get("leg"), each["origin_id"], each["destination_id"], each["distance_m"])
        if "leg" in each
        else (each["stop"], each["site_id"])
        for each in (feature["properties"] for feature in features)
    ]
    assert told == [
        (1, HUB, MIDDLE, 11131.9),
        (1, MIDDLE),
        (2, MIDDLE, HUB, 11131.9),
        (0, HUB),
        (3, HUB, EAST, 22263.9),
        (2, EAST),
    ]


def test_the_courier_is_led_to_the_reload_and_not_home(reloading: DayPlan) -> None:
    route = reloading.routes.routes[0]
    page = route_page(replace(CourierDay.of(reloading), china=True), route, LINKS)
    places = [
        tuple(unquote(end).split(",")[-1] for end in ends)
        for ends in re.findall(r"from=([^&]+)&amp;to=([^&]+)&amp;", page)
    ]
    hub, middle, east = (reloading.area.site_by_id[id_].name for id_ in (HUB, MIDDLE, EAST))
    assert places == [(hub, middle), (middle, hub), (hub, east)]
    assert "07:31–07:41" in page  # the reload
    assert not re.search(r"\breturn\b", re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL))
    track = gpxpy.parse(route_gpx(CourierDay.of(reloading), route))
    assert [len(segment.points) for segment in track.tracks[0].segments] == [2, 2, 2]
    # the hub is a point of its own between the stops, with its hours and what is taken along: 7 parcels
    wanted = [("1 ", middle), ("", f"{hub}: unload and load again"), ("2 ", east)]
    for point, (begins, ends) in zip(track.waypoints, wanted, strict=True):
        assert point.name.startswith(begins)
        assert point.name.endswith(ends)
    assert track.waypoints[1].description.startswith("07:31–07:41 ↓ 7 parcels, 7.0 kg")
    marks = re.findall(r"<Placemark>\s*<name>(.*?)</name>", route_kml(CourierDay.of(reloading), route), re.DOTALL)
    assert len(marks) == 4  # three calls and the way


def test_the_sheet_of_routes_adds_up_all_trips(reloading: DayPlan) -> None:
    # 5 parcels on the first trip, 7 on the second; 2 and 3 parcels are collected, one before the reload and one after
    route = reloading.routes.routes[0]
    visits = tuple(
        replace(one, picked_up=(up, 10 * up, 0.0), load_after=(up, 10 * up, 0.0))
        for one, up in zip(route.visits, (2.0, 3.0), strict=True)
    )
    routes = (replace(route, visits=visits), *reloading.routes.routes[1:])
    plan = replace(reloading, routes=replace(reloading.routes, routes=routes))
    with speaking("en"):
        sheet = routes_sheet(plan)
        page = route_page(CourierDay.of(plan), routes[0], LINKS)
    at = {heading: place for place, heading in enumerate(sheet.headings)}
    row = next(row for row in sheet.rows if row[1] == 2)
    said = ("Parcels down", "Parcels loaded", "Loaded (kg)", "Parcels up", "Up (kg)")
    assert [float(row[at[heading]]) for heading in said] == [12, 12, 12, 5, 50]
    assert "12 parcels, 12.0 kg, 0.00 m³ in 2 trips" in page
    # the route ends at its last stop: nothing that was collected on the second trip is brought back
    assert "To collect, stays on board" in page


def test_the_courier_table_has_a_line_a_leg(reloading: DayPlan) -> None:
    data = route_csv(CourierDay.of(reloading), reloading.routes.routes[0]).decode("utf-8-sig")
    lines = [tuple(row[number] for number in (1, 3, 5, 8)) for row in list(csv.reader(io.StringIO(data)))[1:]]
    assert lines == [
        (MIDDLE, "07:13", "11.13", "5"),
        (HUB, "07:31", "11.13", "0"),
        (EAST, "08:07", "22.26", "7"),
    ]


def parcels_on_legs(page: str, vehicle: str) -> list[list[str]]:
    """How many parcels are on board of a vehicle on each leg, down and up, as a map's pop-ups say."""
    legs = (one for features in layers_of(page) for one in features if one["geometry"]["type"] == "LineString")
    said = (popup_text(one["properties"]["popup"]) for one in legs if "leg" in one["properties"])
    return [re.findall(r"Load (?:down|up) (\d+)", text) for text in said if text.startswith(vehicle)]


def test_the_map_shows_the_load_of_each_leg(reloading: DayPlan) -> None:
    # 5 parcels to the middle, none back to the hub, 7 on to the east
    told = parcels_on_legs(routes_map(reloading, LINKS), reloading.routes.routes[0].vehicle_id)
    assert told[:3] == [["5", "0"], ["0", "0"], ["7", "0"]]


def test_a_route_that_starts_at_its_first_stop_has_no_leg_there(line: PlannedArea) -> None:
    # middle (from 7:00), EAST, hub: D and 2 D
    route = Route(
        vehicle_id="van-2",
        vehicle_type_id="van",
        depot_id=HUB,
        start_s=25_200,
        end_s=28_084.5,
        load_at_start=(12.0, 12.0, 0.0),
        visits=(visit(MIDDLE, 25_200, 0.0, 5.0), visit(EAST, 26_241.5, D, 7.0)),
        return_distance_m=2 * D,
        return_driving_s=2 * SECONDS,
        distance_m=3 * D,
        driving_s=3 * SECONDS,
        cost_yuan=10.0,
        open_start=True,
    )
    plan = planned(line.day, route)
    assert [(path.origin_id, path.destination_id) for path in plan.paths[:2]] == [(MIDDLE, EAST), (EAST, HUB)]
    assert day_from_json(to_json(plan), plan.network) == plan
    lines = list(csv.reader(io.StringIO(route_csv(CourierDay.of(plan), route).decode("utf-8-sig"))))[1:]
    assert [(row[1], row[5]) for row in lines] == [
        (MIDDLE, "0.00"),
        (EAST, "11.13"),
        (HUB, "22.26"),
    ]
    assert route_page(CourierDay.of(plan), route, LINKS).count('href="geo:') == 2
    told = [f["properties"].get("leg", f["properties"].get("site_id")) for f in route_features(plan, route)]
    assert told == [MIDDLE, 1, EAST, 2]
    assert parcels_on_legs(routes_map(plan, LINKS), "van-2") == [["0", "0"], ["0", "0"]]
