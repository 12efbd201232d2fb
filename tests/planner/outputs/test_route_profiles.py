"""What a route's legs carry both ways and when they are driven, worked out by hand."""

import re
from dataclasses import replace

import pytest

from planner.model import Fact
from planner.outputs.leg_loads import leg_loads
from planner.outputs.maps import routes_map
from planner.outputs.maps.route_profile import LEFT, RIGHT, WIDTH, fullest_dimension, load_profile, route_profile
from planner.outputs.timeline import driving_of_legs
from planner.pipeline.whole_plan import PlannedArea
from planner.routing import (
    Pause,
    PauseKind,
    Relaxation,
    RelaxationKind,
    Reload,
    Route,
    Unassigned,
    UnassignedReason,
    Visit,
)
from planner.words import LANGUAGES, Language, say, speaking, term
from tests.planner.outputs.maps_read import LINKS, layers_of, popups

ROOM = (float("inf"), 1000.0, 8.0)


def visit(stop: str, arrival_s: float, *, down: float, up: float, after: float, driving_s: float = 600.0) -> Visit:
    """A stop of ten minutes; amounts in kg, a parcel and a hundredth of a cubic metre each two."""
    return Visit(
        stop_id=stop,
        arrival_s=arrival_s,
        service_start_s=arrival_s,
        departure_s=arrival_s + 600,
        distance_m=5000.0,
        driving_s=driving_s,
        delivered=(down / 2, down, down / 200),
        picked_up=(up / 2, up, up / 200),
        load_after=(after / 2, after, after / 200),
    )


@pytest.fixture
def route() -> Route:
    """From 8:00 with 300 kg: 100 kg down at a, 200 kg down and 50 kg up at b, at the depot 400 kg on, those down at c."""
    return Route(
        vehicle_id="van-1",
        vehicle_type_id="van",
        depot_id="hub",
        start_s=28_800.0,
        end_s=28_800.0 + 7 * 600 + 900,
        load_at_start=(150.0, 300.0, 1.5),
        visits=(
            visit("a", 29_400.0, down=100, up=0, after=200),
            visit("b", 30_600.0, down=200, up=50, after=50),
            visit("c", 33_000.0 + 300, down=400, up=30, after=30),
        ),
        reloads=(
            Reload(
                depot_id="hub",
                after=2,
                arrival_s=31_800.0,
                departure_s=32_700.0,
                distance_m=5000.0,
                driving_s=600.0,
                load_after=(200.0, 400.0, 2.0),
            ),
        ),
        return_distance_m=5000.0,
        return_driving_s=0.0,
        distance_m=25_000.0,
        driving_s=2400.0,
        cost_yuan=100.0,
    )


def test_down_and_up_on_each_leg_are_what_is_handed_out_later_and_what_was_collected(route: Route) -> None:
    found = [(both.down[1], both.up[1]) for both in leg_loads(route)]
    # to a: all for a and b; to b: b's; to the depot: b's produce; to c: c's; home: c's produce
    assert found == [(300.0, 0.0), (200.0, 0.0), (0.0, 50.0), (400.0, 0.0), (0.0, 30.0)]
    for both, leg in zip(leg_loads(route), route.legs(), strict=True):
        assert [down + up for down, up in zip(*both, strict=True)] == pytest.approx(leg.load)


def test_a_load_lies_between_two_departures(route: Route) -> None:
    assert load_profile(route, 1) == [
        (28_800.0, 30_000.0, 300.0, 0.0),
        (30_000.0, 31_200.0, 200.0, 0.0),
        (31_200.0, 32_700.0, 0.0, 50.0),
        (32_700.0, 33_900.0, 400.0, 0.0),
    ]  # the last leg takes no time


def test_a_leg_is_driven_around_the_break_on_it(route: Route) -> None:
    # 8:00 to 8:20 for ten minutes of driving, a break from 8:05 for five, the rest is waiting
    longer = replace(route.visits[0], arrival_s=30_000.0, service_start_s=30_000.0, departure_s=30_000.0)
    pause = Pause(kind=PauseKind.BREAK, break_id="lunch", after=0, start_s=29_100.0, end_s=29_400.0)
    changed = replace(route, visits=(longer, *route.visits[1:]), pauses=(pause,))
    legs = [[(span.start_s, span.end_s) for span in leg] for leg in driving_of_legs(changed)]
    assert legs[0] == [(28_800.0, 29_100.0), (29_400.0, 29_700.0)]
    assert legs[1:] == [[(30_000.0, 30_600.0)], [(31_200.0, 31_800.0)], [(32_700.0, 33_300.0)], []]


def test_an_open_start_has_no_leg_to_the_first_stop(route: Route) -> None:
    changed = replace(route, open_start=True, open_end=True)
    assert len(driving_of_legs(changed)) == len(changed.legs()) == len(leg_loads(changed)) == 3
    assert driving_of_legs(changed)[0][0].start_s == 30_000.0
    assert [step[:2] for step in load_profile(changed, 1)] == [
        (30_000.0, 31_200.0),
        (31_200.0, 32_700.0),
        (32_700.0, route.end_s),
    ]


def test_the_drawing_has_the_load_in_scale(route: Route) -> None:
    assert fullest_dimension(route, ROOM) == 1  # 400 of 1000 kg are more than 2 of 8 m3
    drawing = route_profile(route, ROOM)
    hour = (WIDTH - LEFT - RIGHT) / 2  # from 8 to 10
    rects = re.findall(r'class="(down|up)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', drawing)
    kind, x, y, width, height = rects[0]
    assert (kind, float(x)) == ("down", LEFT)
    assert float(width) == pytest.approx(hour / 3, abs=0.06)  # twenty minutes
    assert float(height) == pytest.approx(82 * 0.3, abs=0.06)  # 300 kg of 1000 in 82 units
    assert float(y) + float(height) == pytest.approx(132, abs=0.1)
    assert [one[0] for one in rects] == ["down", "down", "up", "down"]
    assert drawing.count("</text>") == 3 + 3 + 3  # hours, stops, and of the load its unit, the fullest and the room


def test_a_leg_s_pop_up_tells_both_ways_apart(line: PlannedArea) -> None:
    text = popups(routes_map(line.day, LINKS))
    # 60 parcels of 1.5 kg and 0.01 m3 go out; 6 parcels (9 kg, 0.06 m3) and 30 kg of garlic (0.075 m3) come back
    assert "Load down 60 parcels, 90 kg, 0.6 m³\nLoad up 0 parcels, 0 kg, 0.0 m³" in text
    assert "Load down 0 parcels, 0 kg, 0.0 m³\nLoad up 6 parcels, 39 kg, 0.1 m³" in text


def test_a_leg_is_played_while_it_is_driven(line: PlannedArea) -> None:
    legs = [
        one["properties"]["leg"]
        for layer in layers_of(routes_map(line.day, LINKS))
        for one in layer
        if "leg" in one["properties"]
    ]
    # 801.5 s each way; served from 7:00 for 240 s and 6 s for each of 66 parcels; 0.6 of 8 m3 down, 39 of 1500 kg up
    assert [leg["drive"] for leg in legs] == [
        [[pytest.approx(25_200 - 801.5, abs=1), 25_200]],
        [[25_836, pytest.approx(25_836 + 801.5, abs=1)]],
    ]
    assert [(leg["down"], leg["up"]) for leg in legs] == [(0.075, 0.0), (0.0, 0.026)]


def test_vehicles_stand_in_natural_order(line: PlannedArea) -> None:
    (route,) = line.day.routes.routes
    names = ("van-1", "van-10", "van-2")
    routes = replace(line.day.routes, routes=tuple(replace(route, vehicle_id=name) for name in names))
    day = replace(line.day, routes=routes, paths=line.day.paths * 3, walks=line.day.walks * 3)
    page = routes_map(day, LINKS)
    rows = page.partition('<div id="rows"')[2].partition("</table>")[0]
    assert re.findall(r"</svg>(van-\d+)", rows) == ["van-1", "van-2", "van-10"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_stop_on_no_route_says_why_and_what_would_serve_it(line: PlannedArea, lang: Language) -> None:
    left = Unassigned(
        stop_id="sp-west",
        reason=UnassignedReason.FLEET_USED_UP,
        details=Fact(code="found_by_engine", params={"engine": "x", "seed": 1}),
        relaxations=(
            Relaxation(
                kind=RelaxationKind.CLOSES_LATER,
                vehicle_id="van-1",
                vehicle_type_id="van",
                amount=1200.0,
                until_s=62_400.0,
            ),
        ),
    )
    day = replace(line.day, routes=replace(line.day.routes, unassigned=(left,)))
    with speaking(lang):
        said = {
            feature["properties"]["popup"]["title"]: dict(feature["properties"]["popup"]["rows"])
            for layer in layers_of(routes_map(day, LINKS))
            for feature in layer
            if feature["properties"].get("id") == "sp-west"
        }
        ((title, rows),) = said.items()
        assert {"zh": "西", "en": "Xi"}[lang] in title
        assert rows[say("On no route")].startswith(term("fleet_used_up"))
        (serves,) = (text for label, text in rows.items() if label.casefold() == term("would_serve").casefold())
    assert "17:20" in serves  # 62400 s
