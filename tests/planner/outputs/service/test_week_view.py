"""The map of the week worked out by hand, the sheets of its weekdays and of its station."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from planner.outputs.page_links import PageLinks
from planner.outputs.service.room_chart import room_chart
from planner.outputs.service.station_day import room_of_station, station_days
from planner.outputs.service.stations_page import stations_page
from planner.outputs.service.week_figures import week_figures
from planner.outputs.service.week_view import week_view
from planner.outputs.service.weekday_plan import weekday_plan
from planner.outputs.service.weekdays_page import weekdays_page
from planner.plans.service_plan import ServicePlan
from planner.routing import Reload
from planner.service.tiers import Missed, MissedReason
from planner.words import LANGUAGES, Language, speaking
from tests.languages import foreign_words, names_of, page_text
from tests.planner.outputs.maps_read import layers_of, popup_text
from tests.planner.outputs.test_first_page import BOTH, Tables
from tests.planner.outputs.test_maps_in_a_browser import Visit, browser  # noqa: F401  (a fixture)

LINKS = PageLinks(home="en")


def cells(page: str) -> list[list[str]]:
    return [[cell.strip() for cell in row] for row in Tables(page).rows if row]


def test_a_weekday_becomes_a_day_with_all_its_routes(week: ServicePlan) -> None:
    with speaking("en"):
        thursday = weekday_plan(week, week.day_of[3])
    assert [route.vehicle_id for route in thursday.routes.routes] == ["van-1", "trike-es-t1-1"]
    assert thursday.date.isoformat() == "2026-11-12"
    assert thursday.routes.cost_yuan == pytest.approx(170.55)  # 150.25 + 20.30
    # four legs of the van, two of the tricycle; what is a call at the station leads to its site
    assert [path.destination_id for path in thursday.paths] == [
        *("es-t1", "sp-middle", "es-t1", "hub-west"),
        *("sp-east", "es-t1"),
    ]
    assert {thursday.site_of_stop[visit.stop_id] for visit in thursday.routes.routes[0].visits} == {
        "es-t1",
        "sp-middle",
    }


def test_points_of_the_day_are_filled_and_all_others_hollow(week: ServicePlan) -> None:
    with speaking("en"):
        page = week_view(week, LINKS)
    rings = [
        {feature["properties"]["id"] for feature in layer}
        for layer in layers_of(page)
        if layer and all('fill="#ffffff"' in str(feature["properties"].get("icon")) for feature in layer)
    ]
    # on Monday the middle is visited; on Thursday the east, too: the west is missed, the station's own point has no day
    assert rings == [{"es-t1", "sp-east", "sp-west"}, {"es-t1", "sp-west"}]
    stops = [
        feature["properties"]["id"]
        for layer in layers_of(page)
        for feature in layer
        if "leg" not in feature["properties"] and "stop" in str(feature["properties"].get("popup"))
    ]
    assert stops == ["sp-middle", "es-t1~101", "sp-middle", "es-t1~102", "sp-east"]


def test_a_pop_up_says_when_a_point_is_visited(week: ServicePlan) -> None:
    with speaking("en"):
        page = week_view(week, LINKS)
    texts = [
        popup_text(f["properties"]["popup"]) for layer in layers_of(page) for f in layer if "popup" in f["properties"]
    ]
    (east,) = {text for text in texts if "Dongcundian" in text and "Visited on" in text}
    assert "Visited on Thu" in east
    assert "Parcels a week 30 down, 4 up" in east


@pytest.mark.parametrize("lang", BOTH)
def test_sheets_and_map_have_one_language_and_ask_no_host(week: ServicePlan, lang: Language) -> None:
    with speaking(lang):
        pages = [make(week, PageLinks(home="zh")) for make in (week_view, weekdays_page, stations_page)]
    for page in pages:
        assert foreign_words(page_text(page), lang, names_of(week.area)) == []
        assert "<b>村</b>" not in page
    assert "<script" not in pages[1] + pages[2]
    assert "http" not in pages[1] + pages[2]


def test_a_day_is_chosen_on_the_map(browser: Any, week: ServicePlan, tmp_path: Path) -> None:  # noqa: F811
    for lang in LANGUAGES:
        with speaking(lang):
            (tmp_path / LINKS.page("map")).write_text(week_view(week, LINKS), encoding="utf-8")
    for width in (1280, 390):
        visit = Visit(browser, tmp_path / "map.html", width=width)
        page = visit.page
        rows = page.locator("#rows tr:visible button")
        assert page.locator("#days button").all_inner_texts() == ["Monday", "Thursday"]
        assert rows.all_inner_texts() == ["van-1"]
        rings = "[...document.querySelectorAll('.leaflet-marker-icon path[fill=\"#ffffff\"]')]"
        assert page.evaluate(f"{rings}.length") == 3
        page.locator("#days button").last.click()
        assert rows.all_inner_texts() == ["van-1", "Daokouzhen station tricycle 1"]
        assert page.evaluate(f"{rings}.length") == 2
        assert page.inner_text("#layers section:visible h2").startswith("Which vehicle drives where on Thursday")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert visit.complaints == []
        assert visit.asked_elsewhere() == []
        page.close()


def test_each_weekday_has_its_routes_and_they_add_up(week: ServicePlan) -> None:
    with speaking("en"):
        rows = cells(weekdays_page(week, LINKS))
    monday, thursday = [row for row in rows if row[0] == "van-1"]
    # out, back, stops, calls at stations, load (90 of 1500 kg), km, hours, parcels and kg down and up, yuan
    assert monday[2:] == ["06:40", "07:40", "1", "-", "8%", "20.0", "1.0", "60", "90", "6", "39", "100.40"]
    assert thursday[2:6] == ["08:00", "12:00", "1", "2"]
    # what only passes the station is not the van's: it is counted where it is handed out
    assert thursday[7:] == ["24.0", "4.0", "10", "15", "2", "20", "150.25"]
    (trike,) = [row for row in rows if row[0] == "Daokouzhen station tricycle 1"]
    assert trike[1:] == [
        "Daokouzhen station",
        "09:00",
        "10:00",
        "1",
        "-",
        "75%",
        "8.0",
        "1.0",
        "30",
        "45",
        "4",
        "6",
        "20.30",
    ]
    assert [row[-1] for row in rows if row[0] == "Handling at stations"] == ["9.45"]
    assert [row[4:] for row in rows if row[0] == "Together"] == [
        ["1", "", "", "20.0", "1.0", "60", "90", "6", "39", "100.40"],
        ["2", "", "", "32.0", "5.0", "40", "60", "6", "26", "180.00"],
    ]


def test_calls_stand_in_their_order_with_what_they_bring(week: ServicePlan) -> None:
    with speaking("en"):
        text = page_text(weekdays_page(week, LINKS)).replace("\n", " ")
    for said in (
        "1. 06:57 Zhong ↓60 ↑6",  # 25 000 s
        "1. 08:10 Daokouzhen station (station) ↓30 ↑0",
        "3. 11:23 Daokouzhen station (station) ↓0 ↑4",
        "Xi: the station has no room (Daokouzhen station)",
    ):
        assert said in text


def test_what_is_on_hand_at_the_station(week: ServicePlan) -> None:
    with speaking("en"):
        (thursday,) = station_days(week, week_figures(week), "es-t1")
    # 30 come at 8:10, leave at 9:00; 4 come back at 10:00, are fetched by 11:30
    assert [(at, amount[0]) for at, amount in thursday.steps] == [(29_400, 30), (32_400, 0), (36_000, 4), (41_400, 0)]
    assert thursday.peak == (30, 45, 0.3)
    assert thursday.peak_s == 29_400
    assert room_of_station(week, "es-t1") == (40, float("inf"), float("inf"))


def test_a_second_trip_takes_its_goods_when_it_begins(week: ServicePlan) -> None:
    (day,) = week.days[1:]
    ((station, plan),) = day.tiers.station_plans
    (route,) = plan.routes
    first = route.visits[0]
    second = replace(first, stop_id="sp-west", arrival_s=34_800, service_start_s=34_800, departure_s=35_000,
                     delivered=(5.0, 7.5, 0.05), picked_up=(0.0, 0.0, 0.0))  # fmt: skip
    reload = Reload(
        depot_id="es-t1",
        after=1,
        arrival_s=34_000,
        departure_s=34_200,
        distance_m=1,
        driving_s=1,
        load_after=(5, 7.5, 0.05),
    )
    changed = replace(route, visits=(first, second), reloads=(reload,))
    tiers = replace(day.tiers, station_plans=((station, replace(plan, routes=(changed,))),))
    again = replace(week, days=(week.days[0], replace(day, tiers=tiers)))
    with speaking("en"):
        (thursday,) = station_days(again, week_figures(again), "es-t1")
    # 30 leave at 9:00 (here 35 were never brought: nothing is below nothing), 4 are back with the reload at 9:26:40
    assert [at for at, _ in thursday.steps] == [29_400, 32_400, 34_000, 34_200, 36_000, 41_400]
    assert [amount[0] for _, amount in thursday.steps] == [30, 0, 4, 0, 0, 0]


def test_the_stations_sheet_has_arrivals_sorting_departures_and_whose_day_it_is(week: ServicePlan) -> None:
    with speaking("en"):
        page = stations_page(week, LINKS)
    rows = cells(page)
    assert ["08:10", "van-1", "30", "45", "08:15–08:45"] in rows
    assert ["09:00", "tricycle 1", "10:00", "1", "30", "4", "75%"] in rows
    assert ["11:23", "van-1", "4", "6", "10:00–10:04"] in rows
    assert ["Dongcundian", "Dong", "-", "-", "-", "09:10 tricycle 1", "-", "-", "-"] in rows
    assert ["Xi", "Xi", "-", "-", "-", "-", "-", "-", "-"] in rows
    text = page_text(page)
    assert "Trucks call 08:00–16:00; room: 40 parcels" in text
    assert "Most on hand: 30 parcels, 45 kg, 0.3 m³ at 08:10, 75% of the room" in text


def test_a_truck_that_waits_is_said_to_fetch_when_it_loads(week: ServicePlan) -> None:
    """The truck is there at 11:23 and the goods since 10:04: if it loads at 11:25 only, the sheet says 11:25."""
    (day,) = week.days[1:]
    (route,) = day.tiers.hub_plan.routes
    visits = tuple(
        replace(visit, service_start_s=41_100.0) if visit.stop_id == "es-t1:up:1" else visit for visit in route.visits
    )
    assert visits != route.visits
    hub_plan = replace(day.tiers.hub_plan, routes=(replace(route, visits=visits),))
    later = replace(week, days=(week.days[0], replace(day, tiers=replace(day.tiers, hub_plan=hub_plan))))
    with speaking("en"):
        assert ["11:25", "van-1", "4", "6", "10:00–10:04"] in cells(stations_page(later, LINKS))


def test_goods_that_no_route_takes_on_are_said_to_stay(week: ServicePlan) -> None:
    (day,) = week.days[1:]
    ((station, plan),) = day.tiers.station_plans
    (point,) = {id_ for one in day.tiers.consignments for id_ in one.point_ids}
    missed = (Missed(point_id=point, station_id="es-t1", reason=MissedReason.ROUTE),)
    tiers = replace(day.tiers, station_plans=((station, replace(plan, routes=())),), missed=missed)
    left = replace(week, days=(week.days[0], replace(day, tiers=tiers)))
    with speaking("en"):
        rows = cells(stations_page(left, LINKS))
        (thursday,) = station_days(left, week_figures(left), "es-t1")
    assert ["08:10", "van-1", "30", "45", "its points have no route that day"] in rows
    assert ["11:23", "van-1", "4", "6", "its points have no route that day"] in rows
    assert [(at, amount[0]) for at, amount in thursday.steps] == [(29_400, 30)]


def test_a_station_of_its_own_room_and_hours(week: ServicePlan) -> None:
    config = json.loads(json.dumps(week.config))
    config["service"]["own_stations"] = [{"site_id": "es-t1", "room_parcels": 60, "closes": 17 * 3600}]
    with speaking("en"):
        text = page_text(stations_page(replace(week, config=config), LINKS))
    assert "Trucks call 08:00–17:00; room: 60 parcels" in text
    assert "50% of the room" in text


def test_the_chart_has_a_step_for_each_change_and_the_room() -> None:
    drawing = room_chart([(8 * 3600, 30.0), (9 * 3600, 0.0)], 40.0, "30 < 40")
    # from 8 to 9 o'clock: 44 to 628; 30 of 40 of the height from 110 up to 16 are 39.5
    assert 'd="M44.0 110.0H44.0V39.5H628.0V110.0V110.0Z"' in drawing
    assert 'class="limit" d="M44 16.0H628"' in drawing
    assert "30 &lt; 40" in drawing
    assert room_chart([], 40.0, "") == ""
    assert "limit" not in room_chart([(0.0, 1.0), (60.0, 0.0)], float("inf"), "")
