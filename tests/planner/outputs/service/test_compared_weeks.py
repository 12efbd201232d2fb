"""Two service plans side by side: the week worked out by hand, and the same with a day moved and a way changed."""

import json
from dataclasses import asdict, replace

import pytest

from planner.errors import BadDataError
from planner.outputs.notice import notice_of_plan
from planner.outputs.page_links import PageLinks
from planner.outputs.service.compared_weeks import PointChanged, compare_weeks, compared_weeks_page
from planner.plans.service_plan import ServicePlan
from planner.words import Language, speaking
from tests.languages import foreign_words, names_of, page_text
from tests.planner.outputs.service.week_world import without_stations
from tests.planner.outputs.test_first_page import BOTH, Tables


@pytest.fixture(scope="module")
def other(week: ServicePlan) -> ServicePlan:
    """Monday alone: the east directly, the middle then only, the west not at all."""
    east, middle = week.point_of["sp-east"], week.point_of["sp-middle"]
    points = (
        week.point_of["es-t1"],
        replace(east, pattern=0b0000001, station_id=""),
        replace(middle, pattern=0b0000001),
    )
    return replace(without_stations(week), points=points, config={**week.config, "seed": 2})


def test_totals_and_weekdays_are_those_of_each_plan(week: ServicePlan, other: ServicePlan) -> None:
    found = compare_weeks(week, other)
    assert (found.before.cost_yuan, found.after.cost_yuan) == (280.40, 100.40)
    assert found.before.year_yuan == 14_580.80
    assert (found.before.distance_m, found.after.distance_m) == (52_000, 20_000)
    assert (found.before.visits, found.after.visits) == (4, 2)
    assert (found.before.vehicles, found.after.vehicles) == ({"trike-es-t1": 1, "van": 1}, {"van": 1})
    assert (found.before.parcels_down, found.after.parcels_down) == (100, 60)
    assert (found.before.missed, found.after.missed) == (3, 0)
    monday, thursday = found.weekdays
    assert monday.before == monday.after
    assert thursday.before is not None
    assert (thursday.before.cost_yuan, thursday.after) == (180.0, None)
    json.dumps(asdict(found))  # programs read it


def test_points_say_what_changes(week: ServicePlan, other: ServicePlan) -> None:
    found = {one.site_id: one for one in compare_weeks(week, other).points}
    assert {id_: one.changed for id_, one in found.items()} == {
        "sp-east": PointChanged.BOTH,
        "sp-middle": PointChanged.DAYS,
        "sp-west": PointChanged.REMOVED,
    }
    assert (found["sp-middle"].before_weekdays, found["sp-middle"].after_weekdays) == ((0, 3), (0,))
    assert (found["sp-east"].before_station_id, found["sp-east"].after_station_id) == ("es-t1", "")
    back = {one.site_id: one.changed for one in compare_weeks(other, week).points}
    assert back["sp-west"] is PointChanged.ADDED


def test_a_way_alone_may_change(week: ServicePlan) -> None:
    east = week.point_of["sp-east"]
    moved = replace(week, points=tuple(replace(one, station_id="") if one == east else one for one in week.points))
    (change,) = compare_weeks(week, moved).points
    assert change.changed is PointChanged.WAY


def test_the_page_has_both_plans_and_their_difference(week: ServicePlan, other: ServicePlan) -> None:
    with speaking("en"):
        page = compared_weeks_page(week, other, PageLinks(home="en"), page="two")
    rows = {row[0]: row[1:] for row in Tables(page).rows if row}
    assert rows["Yuan a week"] == ["280", "100", "-180"]
    assert rows["Distance (km)"] == ["52.0", "20.0", "-32.0"]
    assert rows["Visits a week"] == ["4", "2", "-2"]
    assert rows["Parcels down"] == ["100", "60", "-40"]
    assert rows["Vehicles"] == ["Daokouzhen station tricycle 1, van 1", "van 1", ""]
    assert rows["Monday"] == ["1", "1", "1", "1", "20.0", "20.0", "100", "100", "="]
    assert rows["Thursday"] == ["2", "-", "2", "-", "32.0", "-", "180", "-", "-180"]
    assert rows["Dongcundian"][0] == "on other days, by another way"
    assert rows["Dongcundian"][3:] == ["by the station Daokouzhen station", "directly from the hub"]
    assert "Served alike in both: 1 point." in page_text(page)
    assert "Settings differ: seed 1 → 2" in page_text(page)


def test_what_is_assumed_is_said_once_where_both_rest_on_the_same(week: ServicePlan) -> None:
    with speaking("en"):
        page = compared_weeks_page(week, week, PageLinks(home="en"), page="two")
        notice = notice_of_plan(week)
    assert page.count('<details class="notice">') == 1
    assert notice.text
    for part in notice.parts:
        assert part in page_text(page)


def test_a_plan_with_itself_says_so(week: ServicePlan) -> None:
    with speaking("en"):
        text = page_text(compared_weeks_page(week, week, PageLinks(home="en"), page="two"))
    assert "Both are one and the same plan" in text
    assert "Points served otherwise (0)" in text


@pytest.mark.parametrize("lang", BOTH)
def test_the_page_has_one_language(week: ServicePlan, other: ServicePlan, lang: Language) -> None:
    with speaking(lang):
        page = compared_weeks_page(week, other, PageLinks(home="zh"), page="two")
    assert foreign_words(page_text(page), lang, [*names_of(week.area), "seed"]) == []
    assert "<b>村</b>" not in page


def test_plans_of_two_areas_are_not_compared(week: ServicePlan) -> None:
    elsewhere = replace(week, network=replace(week.network, area=replace(week.area, id="elsewhere")))
    with pytest.raises(BadDataError, match="give two service plans of one area"):
        compare_weeks(week, elsewhere)
