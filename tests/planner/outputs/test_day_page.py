"""The page of a day says what the document says, in one language; its timeline has every minute of every vehicle."""

import re
from dataclasses import replace

import pytest

from planner.model import Fact
from planner.outputs.day_page import day_page
from planner.outputs.maps import routes_map
from planner.outputs.page_links import PageLinks
from planner.outputs.timeline import Span, spans
from planner.outputs.workbook.day_sheets import day_summary
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import DayPlan
from planner.routing import Pause, PauseKind, Route, Unassigned, UnassignedReason, Visit
from planner.units import shown_minutes
from planner.words import Language, figures, speaking, term
from tests.languages import foreign_words, names_of, page_text
from tests.planner.outputs.test_first_page import BOTH, Tables

FOUND = Fact(code="found_by_engine", params={"engine": "x", "seed": 1})


@pytest.fixture
def day(line: PlannedArea) -> DayPlan:
    """The line's day: one van that brings parcels to the middle and the ends."""
    return line.day


def page_in(lang: Language, plan: DayPlan) -> str:
    with speaking(lang):
        return day_page(plan, PageLinks(home="zh"), network_href="../network/index.html", area_href="../index.html")


@pytest.mark.parametrize("lang", BOTH)
def test_each_vehicle_stands_with_the_figures_of_its_route(day: DayPlan, lang: Language) -> None:
    rows = {row[0]: row for row in Tables(page_in(lang, day)).rows if row}
    assert day.routes.routes
    for route in day.routes.routes:
        called = route.vehicle_id if lang == "en" else route.vehicle_id.replace("van-", "厢式货车")
        parcels, kg_down = (sum(visit.delivered[k] for visit in route.visits) for k in (0, 1))
        kg_up = sum(visit.picked_up[1] for visit in route.visits)
        service = sum(visit.departure_s - visit.service_start_s for visit in route.visits)
        with speaking(lang):
            assert rows[called][1:8] == [
                str(len(route.visits)),
                figures.clock(route.start_s),
                figures.clock(route.end_s),
                f"{route.distance_m / 1000:.1f}",
                f"{shown_minutes(route.driving_s):.1f}",  # every place of this world lies on a road
                "0.0",
                f"{shown_minutes(service):.1f}",
            ]
            assert rows[called][9] == f"{(route.end_s - route.start_s) / 3600:.1f}"
        assert rows[called][10:13] == [f"{parcels:.0f}", f"{kg_down:.0f}", f"{kg_up:.0f}"]
        assert rows[called][14:16] == [f"{route.cost_yuan:.0f}", f"{route.cost_yuan / parcels:.2f}"]


@pytest.mark.parametrize("lang", BOTH)
def test_totals_are_those_of_the_document_and_the_bound_stands_in_the_fold(day: DayPlan, lang: Language) -> None:
    page = page_in(lang, day)
    above, fold = page.split('<details class="fold">')
    with speaking(lang):
        for total in (
            figures.kilometres(sum(route.distance_m for route in day.routes.routes)),
            figures.yuan(day.routes.cost_yuan),
            figures.weekday(day.date),
        ):
            assert total in above
        assert figures.yuan(day.routes.lower_bound_yuan) in fold
    assert 'href="../network/index.html"' in above
    assert 'href="../index.html"' in above


@pytest.mark.parametrize("lang", BOTH)
def test_what_is_not_served_and_who_is_cut_off_stand_with_the_reason(day: DayPlan, lang: Language) -> None:
    left = Unassigned(
        stop_id="sp-west",
        reason=UnassignedReason.FLEET_USED_UP,
        details=Fact(code="found_by_engine", params={"engine": "x", "seed": 1}),
    )
    place = {one.village_id: one.site_id for one in day.open_stage.hand_over}["east"]
    assert place is not None
    plan = replace(day, routes=replace(day.routes, unassigned=(left,)), cut_off={"east": "closed_this_season"})
    rows = Tables(page_in(lang, plan)).rows
    site, village = plan.area.site_by_id, plan.area.village_by_id["east"]
    key = {"zh": "name", "en": "name_latin"}[lang]
    with speaking(lang):
        (cut,) = [row for row in rows if row and row[0] == getattr(village, key) and len(row) == 4]
        assert cut[2].startswith(term("closed_this_season"))
        assert getattr(site[place], key) in cut[2]
        (row,) = [row for row in rows if row and row[0] == getattr(site["sp-west"], key) and len(row) == 4]
        assert row[2].startswith(term("fleet_used_up"))


@pytest.mark.parametrize("lang", BOTH)
def test_a_village_that_hands_over_nowhere_is_not_served(day: DayPlan, lang: Language) -> None:
    assert (day.demand.without_point, day.cut_off, day.routes.unassigned) == (("island",), {}, ())
    page = page_in(lang, day)
    with speaking(lang):
        (row,) = [row for row in Tables(page).rows if row and row[0] == {"zh": "岛村", "en": "Dao"}[lang]]
        assert row[2] == term("no_road_in_reach")
        summary = {row[0]: row[1] for row in day_summary(day).rows}
    assert {"zh": "1 个村未安排", "en": "1 village not served"}[lang] in page
    assert {"zh": "全部覆盖", "en": "all are served"}[lang] not in page
    assert summary[{"zh": "暂存或无法到达的村", "en": "Villages held or cut off"}[lang]] == 1
    assert summary[{"zh": "全部村", "en": "Villages, all"}[lang]] == 4
    everyone = replace(day, demand=replace(day.demand, without_point=(), waiting=()))
    assert {"zh": "全部", "en": "all are served"}[lang] in page_in(lang, everyone)
    # one that a closure cuts off as well is counted once
    both = replace(day, cut_off={"island": "closed_this_season"})
    assert both.without_site == ()
    assert {"zh": "1 个村未安排", "en": "1 village not served"}[lang] in page_in(lang, both)


@pytest.mark.parametrize(("kg", "said"), [(993.2, "100%"), (990.0, "99%"), (984.0, "99%"), (1000.0, "100%")])
def test_page_and_map_round_the_load_up(day: DayPlan, kg: float, said: str) -> None:
    vehicles = [{**one, "capacity_kg": 1000.0, "capacity_m3": 100.0} for one in day.config["routing"]["vehicles"]]
    routes = tuple(replace(one, load_at_start=(1.0, kg, 1.0)) for one in day.routes.routes)
    plan = replace(
        day,
        routes=replace(day.routes, routes=routes),
        config={**day.config, "routing": {**day.config["routing"], "vehicles": vehicles}},
    )
    row = next(row for row in Tables(page_in("en", plan)).rows if row and row[0] == routes[0].vehicle_id)
    assert row[13] == said
    assert said in Tables(routes_map(plan, PageLinks(home="zh"))).rows[1]


@pytest.mark.parametrize("lang", BOTH)
def test_the_page_has_no_word_of_the_other_language(day: DayPlan, lang: Language) -> None:
    plan = replace(day, season=replace(day.season, season="summer", of_date="drift_ice", by="configuration"))
    names = {*names_of(plan.area), plan.id, *(route.vehicle_id for route in plan.routes.routes)}
    assert foreign_words(page_text(page_in(lang, plan)), lang, names) == []


def test_a_season_that_contradicts_the_date_is_a_warning(day: DayPlan) -> None:
    right = replace(day, season=replace(day.season, season="summer", of_date="summer"))
    wrong = replace(day, season=replace(day.season, season="summer", of_date="drift_ice"))
    warning = "on the roads of summer, but 10 November 2026 falls in drift ice"
    assert warning in page_in("en", wrong)
    assert "on the roads of" not in page_in("en", right)


def route(visits: tuple[Visit, ...], end_s: float, pauses: tuple[Pause, ...] = (), back_s: float = 0.0) -> Route:
    return Route(
        vehicle_id="v",
        vehicle_type_id="van",
        depot_id="hub",
        start_s=0.0,
        end_s=end_s,
        load_at_start=(1.0, 1.0, 1.0),
        visits=visits,
        return_distance_m=0.0,
        return_driving_s=back_s,
        distance_m=0.0,
        driving_s=sum(visit.driving_s for visit in visits) + back_s,
        cost_yuan=0.0,
        pauses=pauses,
    )


def visit(arrival_s: float, begins_s: float, departure_s: float, driving_s: float) -> Visit:
    return Visit(
        stop_id="s",
        arrival_s=arrival_s,
        service_start_s=begins_s,
        departure_s=departure_s,
        distance_m=0.0,
        driving_s=driving_s,
        delivered=(1.0, 1.0, 1.0),
        picked_up=(0.0, 0.0, 0.0),
        load_after=(0.0, 0.0, 0.0),
    )


def test_a_route_is_driving_waiting_service_and_breaks_without_a_gap() -> None:
    # out at 0, 100 s of driving with a break of 30 s after 60, there at 130, open at 150, served till 200, back at 250
    pause = Pause(kind=PauseKind.BREAK, break_id="lunch", after=0, start_s=60.0, end_s=90.0)
    found = spans(route((visit(130.0, 150.0, 200.0, 100.0),), 250.0, (pause,), back_s=50.0))
    assert found == [
        Span(kind="driving", start_s=0.0, end_s=60.0),
        Span(kind="break", start_s=60.0, end_s=90.0),
        Span(kind="driving", start_s=90.0, end_s=130.0),
        Span(kind="waiting", start_s=130.0, end_s=150.0),
        Span(kind="service", start_s=150.0, end_s=200.0),
        Span(kind="driving", start_s=200.0, end_s=250.0),
    ]


def test_the_timeline_has_every_second_of_every_route(day: DayPlan) -> None:
    for one in day.routes.routes:
        parts = spans(one)
        assert [part.end_s for part in parts[:-1]] == pytest.approx([part.start_s for part in parts[1:]])
        assert (parts[0].start_s, parts[-1].end_s) == pytest.approx((one.start_s, one.end_s))
        assert sum(part.seconds for part in parts if part.kind == "driving") == pytest.approx(one.driving_s)
    page = page_in("en", day)
    assert page.count('<path class="load"') == len(day.routes.routes)
    assert not re.search(r"NaN|inf\b", page)


def test_what_stays_behind_stands_on_the_first_cards_and_above_the_vehicles(day: DayPlan) -> None:
    # a tenth of a parcel each: 10 to the west, 20, 30 to the east, and 5 of the island, which no road reaches
    cards = page_in("en", day).split('class="cards"')[1].split("</ul>")[0]
    assert "5 parcels stay behind, 7.7% of the day" in cards  # 5 / 65
    (route,) = day.routes.routes[:1]
    visit = max(route.visits, key=lambda one: one.delivered[0])
    left = Unassigned(stop_id=visit.stop_id, reason=UnassignedReason.FLEET_USED_UP, details=FOUND)
    rest = replace(route, visits=tuple(one for one in route.visits if one is not visit))
    short = replace(day, routes=replace(day.routes, routes=(rest, *day.routes.routes[1:]), unassigned=(left,)))
    whole = sum(one.delivered[0] for path in day.routes.routes for one in path.visits)
    held = sum(one.delivery_parcels for one in day.demand.waiting)
    parcels = round(visit.delivered[0]) + held
    page = page_in("en", short)
    cards = page.split('class="cards"')[1].split("</ul>")[0]
    assert f"{parcels} parcels stay behind, {100 * parcels / (whole + held):.1f}% of the day" in cards
    assert page.index("On no vehicle that day") < page.index("<h2>Vehicles</h2>")
