"""Each indicator of the bulletin, worked out by hand on the month of `month_worlds`."""

import datetime
from dataclasses import replace

import pytest

from planner.model import AMOUNTS, RowsLeftOut, VillageDemand, said
from planner.pipeline.bulletin.definitions import indicators
from planner.pipeline.bulletin.formulas import NOT_FILLED_IN
from planner.pipeline.bulletin.make import FORMULAS, make_bulletin
from planner.pipeline.bulletin.month_facts import MonthFacts
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import SeasonTravel
from tests.planner.pipeline.month_worlds import month_facts, with_villages

COUNTY = ""
NO_WEEK = said("no data: no whole week of the month has {days} planned days", days=5)
WEEK = (9, 10, 11, 12, 13)  # Monday to Friday


def values(code: str, facts: MonthFacts) -> dict[str, float | None]:
    return {place: tally.value for place, tally in FORMULAS[code](facts).items()}


def reason(code: str, facts: MonthFacts, place: str = COUNTY) -> object:
    tally = FORMULAS[code](facts)[place]
    assert tally.value is None
    return tally.reason


def test_a1_of_two_poor_villages_the_middle_is_served(line: PlannedArea) -> None:
    facts = month_facts(line)
    assert values("A1", facts) == {
        COUNTY: 1 / 2,
        "t1": 1 / 2,
        "t2": None,
    }  # t2 has no poor village: no share of nothing


def test_a2_two_of_four_villages_are_served(line: PlannedArea) -> None:
    assert values("A2", month_facts(line)) == {COUNTY: 2 / 4, "t1": 2 / 3, "t2": 0.0}


def test_villages_left_out_count_as_not_served(line: PlannedArea) -> None:
    facts = month_facts(line)
    area = replace(
        facts.area, rows_left_out=RowsLeftOut(villages=4, population=0, households=0, poor_villages=2, without_people=4)
    )
    facts = replace(facts, network=replace(facts.network, area=area))
    assert values("A2", facts)[COUNTY] == 2 / 8
    assert values("A1", facts)[COUNTY] == 1 / 4
    assert FORMULAS["A2"](facts)[COUNTY].note == said("{count} villages whose rows are at fault count as not", count=4)


def test_a3_a_point_stands_in_one_of_four_villages(line: PlannedArea) -> None:
    assert values("A3", month_facts(line)) == {COUNTY: 1 / 4, "t1": 1 / 3, "t2": 0.0}


def test_a4_three_of_four_villages_hand_over_somewhere(line: PlannedArea) -> None:
    assert values("A4", month_facts(line)) == {COUNTY: 3 / 4, "t1": 3 / 3, "t2": 0.0}


def test_a5_one_of_two_townships_has_a_station_or_the_hub(line: PlannedArea) -> None:
    assert values("A5", month_facts(line)) == {COUNTY: 1 / 2}


def test_a6_the_hub_has_800_square_metres_and_the_station_not_100(line: PlannedArea) -> None:
    facts = month_facts(line)
    assert values("A6.1", facts) == {COUNTY: 1}
    assert values("A6.2", facts) == {COUNTY: 0, "t1": 0, "t2": 0}  # known to be 99 m²
    unknown = replace(
        facts,
        network=replace(
            facts.network,
            area=replace(facts.area, sites=tuple(replace(site, floor_area_m2=None) for site in facts.area.sites)),
        ),
    )
    assert reason("A6.2", unknown) == said("no data: the base database says it of none")


def test_a7_five_square_metres_do_for_two_hundred_residents_only(line: PlannedArea) -> None:
    facts = month_facts(line)
    assert values("A7", facts) == {COUNTY: 1.0, "t1": 1.0, "t2": None}
    assert values("A7", with_villages(facts, middle={"population": 500}))[COUNTY] == 0.0
    no_rules = tuple(replace(site, has_rules=None) for site in facts.area.sites)
    unknown = replace(facts, network=replace(facts.network, area=replace(facts.area, sites=no_rules)))
    assert values("A7", unknown)[COUNTY] is None


def test_a8_of_an_unknown_village_nobody_says_that_it_has_no_shop(line: PlannedArea) -> None:
    facts = month_facts(line)
    assert values("A8.1", facts) == {COUNTY: 2 / 4, "t1": 2 / 3, "t2": None}
    assert FORMULAS["A8.1"](facts)[COUNTY].note == said("of {count} it is not known; they count as not", count=1)
    assert values("A8.2", facts) == {COUNTY: 1 / 2}


@pytest.mark.parametrize(
    ("shops", "centre_m2", "grade"),
    [(False, 9000, 0), (True, 4999, 1), (True, 5000, 2), (True, 8000, 3), (True, None, None)],
)
def test_a9_is_the_lowest_of_its_parts(line: PlannedArea, shops: bool, centre_m2: float | None, grade: int) -> None:
    facts = month_facts(line, **({} if centre_m2 is None else {"county_centre_m2": centre_m2}))
    facts = with_villages(facts, **{id_: {"shop": True} for id_ in ("west", "middle", "east")}, island={"shop": shops})
    townships = tuple(replace(one, trade_centre=True) for one in facts.area.townships)
    facts = replace(facts, network=replace(facts.network, area=replace(facts.area, townships=townships)))
    assert values("A9", facts)[COUNTY] == grade  # three shops of four are less than 90 %


def test_a10_the_county_counts_where_a_line_was_filled_in(line: PlannedArea) -> None:
    assert reason("A10.3", month_facts(line)) == NOT_FILLED_IN
    assert values("A10.3", month_facts(line, entered={("A10.2", COUNTY): 2}))[COUNTY] == 1.0
    assert values("A10.3", month_facts(line, entered={("A10.2", COUNTY): 0}))[COUNTY] == 0.0


def test_a10_a_station_with_buses_counts_as_a_point_with_buses_does(line: PlannedArea) -> None:
    facts = month_facts(line)
    sites = tuple(replace(one, services=("客货邮",)) if one.id == "es-t1" else one for one in facts.area.sites)
    told = replace(facts, network=replace(facts.network, area=replace(facts.area, sites=sites)))
    found = make_bulletin(told, indicators()).figure_of
    assert [found["A10.1", place].value for place in (COUNTY, "t1", "t2")] == [1, 1, 0]


def test_a11_three_of_four_villages_are_brought_parcels_each_day(line: PlannedArea) -> None:
    assert values("A11", month_facts(line, days=(10, 11))) == {COUNTY: 3 / 4, "t1": 1.0, "t2": 0.0}
    facts = month_facts(line, days=(10, 11))
    idle = replace(facts.days[1], routes=replace(facts.days[1].routes, routes=()))
    assert values("A11", replace(facts, days=(facts.days[0], idle)))[COUNTY] == (3 + 0) / 2 / 4
    assert reason("A11", month_facts(line)) == said("no data: no day of the month is planned")


def test_a11_a_village_without_parcels_is_neither_reached_nor_missed(line: PlannedArea) -> None:
    # four villages of which the island has no way: 3 of 4 on the first day; on the second nobody in the middle orders,
    # though the vehicle comes to its point for its neighbours: 2 of 3; in all (3 + 2) of (4 + 3)
    facts = month_facts(line, days=(10, 11))
    first, second = facts.days
    amounts = dict.fromkeys(AMOUNTS, 0.0)
    ordered = tuple(
        VillageDemand(village_id=id_, **{**amounts, "delivery_parcels": parcels})
        for id_, parcels in (("west", 1.0), ("middle", 0.0), ("east", 2.0))
    )
    second = replace(second, demand=replace(second.demand, villages=ordered))
    assert values("A11", replace(facts, days=(first, second))) == {COUNTY: pytest.approx(5 / 7), "t1": 1.0, "t2": 0.0}
    # parcels for whom nobody drives are missed: 3 + 0 of 4 + 3, in the township of 3 + 2
    idle = replace(second, routes=replace(second.routes, routes=()))
    found = values("A11", replace(facts, days=(first, idle)))
    assert found == {COUNTY: pytest.approx(3 / 7), "t1": pytest.approx(3 / 5), "t2": 0.0}
    # nobody orders at all: only the island that nothing reaches is left
    points = tuple(replace(one, delivery_parcels=0) for one in second.demand.points)
    none = replace(second, demand=replace(second.demand, points=points))
    found = FORMULAS["A11"](replace(facts, days=(none,)))
    assert (found[COUNTY].part, found[COUNTY].whole, found["t1"].value) == (0, 1, None)


def test_days_stand_beside_what_is_worked_out_from_them(line: PlannedArea) -> None:
    two = month_facts(line, days=(10, 11))
    for code in ("A11", "A14.1", "A14.2", "A14.3"):
        assert FORMULAS[code](two)[COUNTY].days == 2, code
    few = said("too few days: {days} of {needed}", days=2, needed=10)
    mean = said("mean over {count} planned days", count=2)
    assert FORMULAS["A11"](two)[COUNTY].note == said("{note}; {more}", note=mean, more=few)
    assert FORMULAS["A11"](month_facts(line, days=(10, 11), fewest_days=2))[COUNTY].note == mean
    week = FORMULAS["A12.1"](month_facts(line, days=(*WEEK, 30)))["t1"]  # of the 30th no week is whole
    assert (week.days, week.note) == (5, said("too few days: {days} of {needed}", days=5, needed=10))
    assert FORMULAS["A2"](two)[COUNTY].days is None


def test_a12_counts_the_days_of_whole_weeks(line: PlannedArea) -> None:
    # from Monday to Friday three villages are delivered to each day, the island never: (5 + 5 + 5 + 0) / 4
    facts = month_facts(line, days=WEEK, visits_a_week=5)
    assert values("A12.1", facts) == {COUNTY: 3.75, "t1": 5.0, "t2": 0.0}
    assert values("A12.2", facts) == {COUNTY: 0.0, "t1": 5.0, "t2": 0.0}
    assert values("A12.3", facts) == {COUNTY: 3 / 4, "t1": 1.0, "t2": 0.0}
    # a week of six and one of five days: 5.5 a week
    assert values("A12.1", month_facts(line, days=(*WEEK, 14, 16, 17, 18, 19, 20)))["t1"] == 5.5
    # of October's last week the first day of November is a Sunday: five of its days are no week of November
    october = tuple(replace(day, date=datetime.date(2026, 10, 25 + n)) for n, day in enumerate(facts.days, start=1))
    sunday = month_facts(line, days=(1,)).days
    assert reason("A12.1", replace(facts, days=(*october, *sunday))) == NO_WEEK
    # four days of a week say nothing, and the week from 30 November goes on in December
    few = month_facts(line, days=(9, 10, 11, 12, 30), visits_a_week=5)
    assert reason("A12.1", few) == NO_WEEK
    assert reason("A12.3", month_facts(line, days=WEEK)) == said("no data: [bulletin] visits_a_week is not set")


def test_a13_fifty_people_of_the_island_have_no_road(line: PlannedArea) -> None:
    facts = month_facts(line)
    assert values("A13.1", facts) == {COUNTY: 50, "t1": 0, "t2": 50}
    assert values("A13.2", facts) == {COUNTY: 600 / 650, "t1": 1.0, "t2": 0.0}
    thaw = SeasonTravel(season="spring_thaw", mean_s=None, longest_s=None, beyond=(), cut_off={"east": "no_road"})
    cut_off = replace(facts, network=replace(facts.network, seasons=(thaw,)))
    assert values("A13.1", cut_off)[COUNTY] == 300 + 50


def test_a14_cost_load_and_motor_vehicles(line: PlannedArea) -> None:
    # 600 people: 60 parcels down, 6 up; at 300 yuan a day five yuan for each that is brought, whichever number of days
    facts = month_facts(line, days=(10, 11))
    facts = replace(facts, days=tuple(replace(day, routes=replace(day.routes, cost_yuan=300.0)) for day in facts.days))
    assert values("A14.1", facts)[COUNTY] == pytest.approx(5.0)
    # fullest at the start: 60 parcels of 0.01 m³ in 8 m³, which is more than 90 of 1500 kg
    assert values("A14.2", facts)[COUNTY] == pytest.approx(0.6 / 8)
    assert values("A14.3", facts)[COUNTY] == 1.0
    routing = facts.days[0].config["routing"]
    carts = {**routing, "vehicles": [{**one, "profile": "tricycle"} for one in routing["vehicles"]]}
    by_cart = replace(facts.days[0], config={**facts.days[0].config, "routing": carts})
    assert values("A14.3", replace(facts, days=(facts.days[1], by_cart)))[COUNTY] == 1 / 2


def test_a15_money_of_the_stage_in_force_in_ten_thousand_yuan(line: PlannedArea) -> None:
    # 30,000 yuan of government and 10,000 of companies in 2026; what is planned for 2027 is not counted
    facts = month_facts(line, entered={("A15.6", COUNTY): 3})
    assert values("A15.1", facts) == {COUNTY: 4.0}
    assert values("A15.2", facts) == {COUNTY: 3.0}
    assert values("A15.3", facts) == {COUNTY: 1.0}
    assert values("A15.4", facts) == {COUNTY: 0.0}
    assert values("A15.7", facts) == {COUNTY: 3 / 4}
    assert reason("A15.7", month_facts(line)) == NOT_FILLED_IN


def test_a15_money_that_came_in_by_source(line: PlannedArea) -> None:
    # of 30,000 yuan of government 21,000 came in, of 10,000 of companies all; society and beneficiaries were to pay nothing
    facts = month_facts(line, entered={("A15.6.1", COUNTY): 2.1, ("A15.6.2", COUNTY): 1.0, ("A15.6.3", COUNTY): 0.0})
    assert values("A15.7.1", facts) == {COUNTY: pytest.approx(0.7)}
    assert values("A15.7.2", facts) == {COUNTY: 1.0}
    assert reason("A15.7.3", facts) == said("no data: there is none of which it could be a share")
    assert reason("A15.7.4", facts) == NOT_FILLED_IN


def test_a10_sites_come_from_the_base_database_where_nobody_filled_them_in(line: PlannedArea) -> None:
    facts = month_facts(line)
    assert make_bulletin(facts, indicators()).figure_of["A10.1", COUNTY].reason == NOT_FILLED_IN
    sites = tuple(
        replace(site, services=(*site.services, "客货邮")) if site.id == "sp-middle" else site
        for site in facts.area.sites
    )
    told = replace(facts, network=replace(facts.network, area=replace(facts.area, sites=sites)))
    found = make_bulletin(told, indicators()).figure_of  # the open point in the middle, of township t1
    assert [found["A10.1", place].value for place in (COUNTY, "t1", "t2")] == [1, 1, 0]
    assert found["A10.1", COUNTY].source.code == "network plan {id}, base database"
    entered = replace(told, entered=month_facts(line, entered={("A10.1", COUNTY): 7}).entered)
    filled = make_bulletin(entered, indicators(), figures_file="f.xlsx").figure_of["A10.1", COUNTY]
    assert (filled.value, filled.source.code) == (7, "table of the bureau: {file}")


def test_a16_villages_whose_point_offers_it(line: PlannedArea) -> None:
    facts = month_facts(line)
    assert values("A16.1", facts) == {COUNTY: 2 / 4, "t1": 2 / 3, "t2": 0.0}
    assert values("A16.4", facts) == {COUNTY: 0.0, "t1": 0.0, "t2": 0.0}  # it is known what the point offers
    sites = tuple(replace(site, services=()) for site in facts.area.sites)
    unknown = replace(facts, network=replace(facts.network, area=replace(facts.area, sites=sites)))
    assert reason("A16.1", unknown) == said("no data: the base database says it of none")


def test_b3_share_of_produce(line: PlannedArea) -> None:
    assert values("B3.3", month_facts(line, entered={("B3.2", COUNTY): 30, ("B3.1", COUNTY): 120})) == {COUNTY: 1 / 4}
    nothing = month_facts(line, entered={("B3.2", COUNTY): 0, ("B3.1", COUNTY): 0})
    assert reason("B3.3", nothing) == said("no data: there is none of which it could be a share")
    assert reason("B3.3", month_facts(line)) == NOT_FILLED_IN
