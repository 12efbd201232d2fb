"""Two networks and two days of the line of three villages side by side, changed by hand."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from planner.cli.comparison_tables import print_comparison, print_day_comparison
from planner.config import CostItem, FundingSource
from planner.coverage import Assignment, SolveStatus, StationPlan
from planner.coverage.appraise import Change, SiteCost, SpendingPhase, fund
from planner.errors import BadDataError
from planner.outputs.comparison import compare_plans
from planner.outputs.day_comparison import compare_days
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import DayPlan, NetworkPlan
from planner.words import LANGUAGES, speaking
from tests.languages import foreign_words, names_of


def handing_over(plan: NetworkPlan, **ways: dict[str, object]) -> NetworkPlan:
    """Return the plan with the ways of some villages changed."""
    (stage,) = plan.stages
    changed = tuple(replace(one, **ways.get(one.village_id, {})) for one in stage.hand_over)
    return replace(plan, stages=(replace(stage, hand_over=changed),))


def changed(plan: NetworkPlan) -> NetworkPlan:
    """Return the plan with west and middle no longer covered, east's point open and paid for."""
    points = plan.stations.service_points
    left = replace(points.uncovered[0], demand_id="west", nearest_site_id="sp-east", nearest_duration_s=1603.0)
    more = replace(left, demand_id="middle", nearest_duration_s=801.5)
    other = replace(
        points,
        opened=("sp-east",),
        assignments=(Assignment(demand_id="east", site_id="sp-east", duration_s=0.0),),
        uncovered=(*points.uncovered, more, left),
        standard_s=700.0,
        opening_cost_yuan=2000.0,
    )
    phase = SpendingPhase(name="whole_plan", years=1, added=("sp-east",), opened=("sp-east",))
    money = fund(
        [phase],
        {"sp-east": SiteCost(equipment_fen=200_001, agent_fen=0, rent_fen=0)},
        {item: {FundingSource.GOVERNMENT: 0.5, FundingSource.FIRMS: 0.5} for item in CostItem},
    )
    stations = StationPlan(service_points=other, express_stations=plan.stations.express_stations)
    made = replace(plan, stations=stations, subsidies=money)
    return handing_over(
        made,
        west={"site_id": "sp-east", "covered": False, "duration_s": 1603.0},
        middle={"site_id": "sp-east", "covered": False, "duration_s": 801.5},
        east={"site_id": "sp-east", "covered": True, "duration_s": 0.0},
    )


def without(plan: NetworkPlan, village_id: str) -> NetworkPlan:
    """Return the plan of an area that does not have this village."""
    villages = tuple(village for village in plan.area.villages if village.id != village_id)
    sites = tuple(site for site in plan.area.sites if site.place_id != village_id)
    points = plan.stations.service_points
    tier = replace(points, assignments=tuple(one for one in points.assignments if one.demand_id != village_id))
    (stage,) = plan.stages
    ways = tuple(one for one in stage.hand_over if one.village_id != village_id)
    return replace(
        plan,
        area=replace(plan.area, villages=villages, sites=sites),
        stations=replace(plan.stations, service_points=tier),
        stages=(replace(stage, hand_over=ways),),
    )


def printed(before: NetworkPlan | DayPlan, after: NetworkPlan | DayPlan) -> str:
    out = io.StringIO()
    console = Console(file=out, width=200)
    if isinstance(before, NetworkPlan) and isinstance(after, NetworkPlan):
        print_comparison(console, before, after, compare_plans(before, after))
    elif isinstance(before, DayPlan) and isinstance(after, DayPlan):
        print_day_comparison(console, before, after, compare_days(before, after))
    return out.getvalue()


def test_two_networks_side_by_side_count_the_people_behind_the_villages(line: PlannedArea) -> None:
    found = compare_plans(line.network, changed(line.network))
    lost, faster = found.people[Change.LOST], found.people[Change.FASTER]
    # west 100 people in 30 households; middle 200 in 60, registered poor with 20
    assert (lost.villages, lost.population, lost.households, lost.poor_villages, lost.poor_households) == (
        2,
        300,
        90,
        1,
        20,
    )
    assert (faster.villages, faster.population) == (1, 300)
    assert [(m.source.value, m.before_fen, m.after_fen) for m in found.money] == [
        ("government", None, 100_001),
        ("firms", None, 100_000),
        ("society", None, 0),
        ("beneficiaries", None, 0),
    ]
    assert found.same_roads
    assert not found.stations.service_points.same_standard
    moves = {move.village_id: (move.before_site_id, move.after_site_id) for move in found.moved}
    assert moves == dict.fromkeys(("east", "middle", "west"), ("sp-middle", "sp-east"))


def test_minutes_compared_are_those_of_the_place_where_a_village_hands_over(line: PlannedArea) -> None:
    # siting assigns west as before, but it hands over at the station now, 100 s away instead of 801.5
    after = handing_over(line.network, west={"site_id": "es-t1", "duration_s": 100.0})
    found = compare_plans(line.network, after)
    (point,) = found.stations.service_points.points
    assert (point.demand_id, point.change, point.after_site_id, point.after_s) == (
        "west",
        Change.FASTER,
        "es-t1",
        100.0,
    )
    assert [(move.village_id, move.after_site_id) for move in found.moved] == [("west", "es-t1")]
    assert "13.4 min → 1.7 min" not in printed(line.network, after)  # faster ways are counted, not listed
    assert "Xi west hands over at" in printed(line.network, after)


def test_villages_that_one_network_alone_has_are_said_with_their_people(line: PlannedArea) -> None:
    fewer = without(line.network, "east")
    gone, come = compare_plans(line.network, fewer), compare_plans(fewer, line.network)
    # east has 300 people in 100 households, and is not poor
    assert (gone.removed, gone.added, gone.removed_people.population) == (("east",), (), 300)
    assert (come.removed, come.added, come.added_people.households) == ((), ("east",), 100)
    assert gone.stations.service_points.only_before == ("east",)
    assert all(people.villages == 0 for people in gone.people.values())
    assert "no longer there: Dong" in printed(line.network, fewer)
    assert "new: Dong" in printed(fewer, line.network)


def test_stages_of_the_same_name_are_compared_by_tier(line: PlannedArea) -> None:
    (stage,) = line.network.stages
    more = replace(line.network, stages=(replace(stage, opened=(*stage.opened, "sp-west")),))
    points, stations = compare_plans(line.network, more).stages
    assert (points.opened, points.closed, points.kept) == (("sp-west",), (), ("sp-middle",))
    assert (stations.opened, stations.closed, stations.kept) == ((), (), ("es-t1",))
    # 100 + 200 + 300 of 650; the island is not served
    assert (points.before_population, points.after_population) == (600, 600)


def test_what_opens_at_a_later_stage_is_not_open_yet_and_not_closed(line: PlannedArea) -> None:
    (stage,) = line.network.stages
    fewer = replace(stage, opened=tuple(id_ for id_ in stage.opened if id_ != "sp-middle"))
    later = replace(line.network, stages=(fewer, replace(stage, name="later")))
    points = compare_plans(line.network, later).stages[0]
    assert (points.opened, points.not_yet, points.closed, points.kept) == ((), ("sp-middle",), (), ())
    never = replace(line.network, stages=(fewer, replace(fewer, name="later")))
    points = compare_plans(line.network, never).stages[0]
    assert (points.not_yet, points.closed) == ((), ("sp-middle",))


def test_a_network_without_a_solution_is_said_first_and_nothing_compared(line: PlannedArea) -> None:
    points = replace(line.network.stations.service_points, status=SolveStatus.INFEASIBLE)
    empty = replace(line.network, stations=replace(line.network.stations, service_points=points))
    for said in (printed(line.network, empty), printed(empty, line.network)):
        assert f"{empty.id} has no solution" in said
        assert "People served" not in said


def test_plans_of_different_areas_are_refused(line: PlannedArea) -> None:
    other = replace(line.network, area=replace(line.network.area, id="other"))
    for compare in (
        lambda: compare_plans(line.network, other),
        lambda: compare_days(line.day, replace(line.day, network=other)),
    ):
        with pytest.raises(BadDataError) as caught:
            compare()
        assert [str(problem) for problem in caught.value.problems] == ["the first plan is of line, the second of other"]


def later(day: DayPlan, seconds: float, **changes: object) -> DayPlan:
    """Return the day with everything ``seconds`` later."""
    (route,) = day.routes.routes
    visits = tuple(replace(visit, arrival_s=visit.arrival_s + seconds) for visit in route.visits)
    moved = replace(route, visits=visits, **changes)
    return replace(day, routes=replace(day.routes, routes=(moved,)))


def test_a_stop_moves_with_its_vehicle_or_by_more_than_ten_minutes(line: PlannedArea) -> None:
    assert compare_days(line.day, line.day).moved == compare_days(line.day, later(line.day, 600.0)).moved == ()
    (move,) = compare_days(line.day, later(line.day, 601.0)).moved
    assert (move.stop_id, move.after_s - move.before_s) == ("sp-middle", 601.0)
    (move,) = compare_days(line.day, later(line.day, 0.0, vehicle_id="van-2")).moved
    assert (move.before_vehicle_id, move.after_vehicle_id) == ("van-1", "van-2")


def test_days_are_compared_by_what_they_come_to(line: PlannedArea) -> None:
    (route,) = line.day.routes.routes
    empty = replace(line.day, routes=replace(line.day.routes, routes=(), cost_yuan=0.0))
    found = compare_days(line.day, empty)
    assert (found.before.vehicles, found.before.stops, found.before.parcels_down) == (1, 1, 60)
    assert (found.before.distance_m, found.before.cost_yuan) == (route.distance_m, round(line.day.routes.cost_yuan, 2))
    assert (found.after.vehicles, found.after.stops, found.after.distance_m) == (0, 0, 0)
    assert (found.only_before, found.only_after) == (("sp-middle",), ())
    winter = replace(line.day, season=replace(line.day.season, season="heavy_snow"))
    assert "Season: summer → heavy snow" in printed(line.day, winter)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_comparisons_are_said_in_one_language(line: PlannedArea, lang: str) -> None:
    names = names_of(line.network.area)
    with speaking(lang):  # type: ignore[arg-type]
        texts = [
            printed(line.network, changed(line.network)),
            printed(line.network, without(line.network, "east")),
            printed(line.day, later(line.day, 700.0)),
        ]
    for text in texts:
        assert not foreign_words(text, lang, names)  # type: ignore[arg-type]


def test_days_side_by_side_call_vehicles_as_people_do(line: PlannedArea) -> None:
    (route,) = line.day.routes.routes
    other = replace(line.day, routes=replace(line.day.routes, routes=(replace(route, vehicle_id="van-2"),)))
    with speaking("zh"):
        out = printed(line.day, other)
    assert "厢式货车1 " in out
    assert "→ 厢式货车2 " in out
    assert "van-" not in out
