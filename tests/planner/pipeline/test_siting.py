"""From configuration, sites and travel times to siting problems, both tiers, phases and money."""

import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planner.config import CostItem, FundingSource, load_config, parse_config
from planner.coverage import AssignmentRule, SolveStatus
from planner.coverage.appraise import Limit, fen_of
from planner.errors import BadDataError, ConfigError
from planner.geodata.assemble import read_area
from planner.model import Fact, SharedHouse, Tier, TravelMatrix
from planner.pipeline.area_curve import area_curve
from planner.pipeline.area_run import AreaRun
from planner.pipeline.siting import site_area, subsidies_of
from planner.pipeline.siting.problems import phased_problem, service_point_problem, station_problem
from planner.plans import network_from_json, to_json
from tests.conftest import result_in

# the line of conftest.py: west, middle and east 801.5 s apart, an island that no road reaches; one township
RUNNING = {"agent_yuan_year": 5400.0, "rent_yuan_year": 1200.5}
SHARES = {
    "equipment": {"government": 0.6, "firms": 0.4},
    "agent": {"beneficiaries": 1.0},
    "rent": {"government": 0.335, "society": 0.665},
}
SUBSIDIES = {"service_points": RUNNING, "express_stations": RUNNING, "shares": SHARES, "provenance": "a test"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.conftest import write_line_of_three_villages

    return write_line_of_three_villages(tmp_path_factory.mktemp("line"))


def configured(folder, *, points=None, stations=None, **coverage):
    """Return the line's configuration with these keys of its siting changed; None removes one."""
    import tomllib

    content = copy.deepcopy(tomllib.loads((folder / "area.toml").read_text(encoding="utf-8")))
    for section, changes in (("service_points", points), ("express_stations", stations)):
        tier = content["coverage"][section] | (changes or {})
        content["coverage"][section] = {key: value for key, value in tier.items() if value is not None}
    content["coverage"] |= coverage
    return parse_config(content, folder=folder, name="area.toml")


def sited(folder, **changes):
    config = configured(folder, **changes)
    area = read_area(config)
    return config, area, straight(area)


def straight(area) -> TravelMatrix:
    """Return travel along the line at 801.5 s for 0.1 degree; no way to the island."""
    places = [*area.villages, *area.sites]
    along = np.array([place.lon if place.lat > -0.05 else np.inf for place in places])
    with np.errstate(invalid="ignore"):
        seconds = np.abs(along[:, None] - along[None, :]) * 8015.0
    seconds[np.isnan(seconds)] = np.inf
    ids = tuple(place.id for place in places)
    return TravelMatrix(origin_ids=ids, destination_ids=ids, durations_s=seconds, distances_m=seconds, unreachable={})


MCLP = {"objective": "MCLP", "count": 1}


def test_every_rule_comes_from_the_configuration(folder):
    points = {
        **MCLP,
        "sites_needed": 2,
        "decay_s": 1800,
        "capacity_parcels_day": 50,
        "minimum_parcels_day": 5,
        "assignment": "free",
        "township_most": 2,
        "weight": "parcels",
    }
    config, area, travel = sited(folder, points=points)
    problem = service_point_problem(area, travel, config)
    rules = problem.rules
    assert (rules.sites_needed, rules.decay_s, rules.assignment) == (2, 1800, AssignmentRule.FREE)
    assert (rules.capacity.tolist(), rules.minimum_load.tolist()) == ([50] * 4, [5] * 4)
    # 0.1 parcels down and 0.01 up for each of 300, 50, 200 and 100 people (east, island, middle, west)
    assert rules.load == pytest.approx([33, 5.5, 22, 11])
    assert problem.weights == pytest.approx([33, 5.5, 22, 11])
    assert (rules.township, rules.township_limits) == (("t1",) * 4, {"t1": (0, 2)})


def test_a_plain_configuration_asks_for_no_rule(folder):
    config, area, travel = sited(folder)
    assert not service_point_problem(area, travel, config).rules.in_force


def test_sites_have_figures_of_their_own(folder):
    points = {**MCLP, "capacity_parcels_day": 50, "closing_cost_yuan": 300, "co_location_bonus": 7}
    config, area, travel = sited(folder, points={**points, "closing_cost_yuan": None})
    sites = {site.place_id: site for site in area.sites_of(Tier.SERVICE_POINT)}
    from planner.model import SiteStatus

    changed = {
        sites["west"].id: {"status": SiteStatus.EXISTING, "closable": True, "capacity_parcels_day": 9.0},
        sites["middle"].id: {"co_located_with": SharedHouse.SUPPLY_COOP},
    }
    area = replace(area, sites=tuple(replace(site, **changed.get(site.id, {})) for site in area.sites))
    with pytest.raises(ConfigError, match=f"closable sites without a closing cost: {sites['west'].id}"):
        service_point_problem(area, travel, config)
    rules = service_point_problem(area, travel, configured(folder, points=points)).rules
    # in the order of ids: east, island, middle, west
    assert rules.capacity.tolist() == [50, 50, 50, 9]
    assert rules.closing_cost_yuan.tolist() == [np.inf, np.inf, np.inf, 300]
    assert rules.bonus.tolist() == [0, 0, 7, 0]


@pytest.mark.parametrize(
    ("facility", "house"), [("供销社", SharedHouse.SUPPLY_COOP), ("shop", SharedHouse.SHOP), ("庙", None)]
)
def test_facilities_of_the_village_count_only_if_they_are_asked_for(folder, facility, house):
    from planner.pipeline.siting.tier_rules import shared_house

    config, area, _ = sited(folder)
    area = replace(area, villages=tuple(replace(village, facilities=("村委会", facility)) for village in area.villages))
    site = area.sites_of(Tier.SERVICE_POINT)[0]
    assert shared_house(area, config.coverage.service_points, site) is None
    asked = configured(folder, points={"co_location": "facilities"}).coverage.service_points
    assert shared_house(area, asked, site) is house


def test_a_township_by_name_and_by_code_is_one(folder):
    townships = [{"township": "道口镇", "least": 1}, {"township": "t1", "most": 3}]
    config, area, travel = sited(folder, points={**MCLP, "townships": townships})
    with pytest.raises(ConfigError, match="道口镇, t1 are one township, t1: give its limits once"):
        site_area(area, travel, config)


def test_townships_that_are_not_there_and_closings_of_nothing_are_all_named(folder):
    townships = [{"township": "道口镇", "least": 1}, {"township": "t9"}]
    config, area, travel = sited(folder, points={**MCLP, "closing_cost_yuan": 1, "townships": townships})
    with pytest.raises(ConfigError) as caught:
        service_point_problem(area, travel, config)
    assert len(caught.value.problems) == 2
    assert (
        "coverage.service_points: townships: no township 't9' in the area: write its code" in caught.value.problems[0]
    )
    assert "calls no site closable" in caught.value.problems[1]


def test_a_township_may_be_called_by_its_name(folder):
    townships = [{"township": "道口镇", "least": 2}]
    config, area, travel = sited(folder, points={**MCLP, "count": 2, "townships": townships})
    assert service_point_problem(area, travel, config).rules.township_limits == {"t1": (2, None)}


def test_room_counts_points_and_stations_are_loaded_by_them(folder):
    config, area, travel = sited(folder, stations={"room_points": 2})
    siting = site_area(area, travel, config)
    points = siting.stations.service_points
    rules = station_problem(area, travel, config, points.opened, points.assignments).rules
    assert (rules.capacity.tolist(), rules.load.tolist()) == ([2], [1])


def test_both_tiers_together_link_every_open_point_to_a_station_with_room(folder):
    stations = {"objective": "MCLP", "standard_s": 900, "room_points": 1, "count": 1}
    config, area, travel = sited(
        folder, points={**MCLP, "count": 3, "standard_s": 100}, stations=stations, tiers="together"
    )
    siting = site_area(area, travel, config)
    points, above = siting.stations.service_points, siting.stations.express_stations
    # a point serves its own village only, east's site is forbidden, the station (at middle) has room for one: the larger
    # of middle (200) and west (100)
    assert [area.site_by_id[id_].place_id for id_ in points.opened] == ["middle"]
    assert [(link.demand_id, link.site_id) for link in above.assignments] == [(points.opened[0], above.opened[0])]
    assert (above.shares.villages, above.shares.population_total, above.status) == (1, 200, SolveStatus.OPTIMAL)
    apart = site_area(area, travel, configured(folder, points={**MCLP, "count": 3, "standard_s": 100}))
    assert len(apart.stations.service_points.opened) == 2


PHASES = [
    {"name": "2026", "budget_yuan": 1000, "provenance": "a test"},
    {"name": "2027-2028", "years": 2, "budget_yuan": 1000, "cover_poor_villages": True, "provenance": "a test"},
]
IN_PHASES = {"objective": "MCLP", "standard_s": 100}


def test_phases_build_the_largest_first_and_all_poor_villages_by_their_phase(folder):
    config, area, travel = sited(folder, points=IN_PHASES, phases=PHASES, subsidies=SUBSIDIES)
    siting = site_area(area, travel, config)
    # 1000 yuan a point: middle (200 people, poor) in 2026, west (100) after it
    assert [[area.site_by_id[id_].place_id for id_ in phase.added] for phase in siting.phases.phases] == [
        ["middle"],
        ["west"],
    ]
    points = siting.stations.service_points
    assert (points.opening_cost_yuan, points.status, points.value) == (2000, SolveStatus.OPTIMAL, 200 + 300)
    money = subsidies_of(area, config, siting.stations, siting.phases)
    # equipment: the point and, in the phase of the first point it serves, the station of 5000; two agents for one year, then
    # three for two years
    assert money.fen(phase="2026", item=CostItem.EQUIPMENT) == fen_of(6000)
    assert money.fen(phase="2027-2028", item=CostItem.EQUIPMENT) == fen_of(1000)
    assert money.fen(phase="2026", item=CostItem.AGENT) == fen_of(2 * 5400)
    assert money.fen(phase="2027-2028", item=CostItem.AGENT) == fen_of(2 * 3 * 5400)
    assert money.fen(item=CostItem.AGENT, source=FundingSource.BENEFICIARIES) == money.fen(item=CostItem.AGENT)
    # rents: 2 * 1200.50 = 2401.00 yuan, of which 33.5 % are 804.335: the half fen goes to the earlier of equal remainders
    rents = {s: money.fen(phase="2026", item=CostItem.RENT, source=s) for s in FundingSource}
    assert (rents[FundingSource.GOVERNMENT], rents[FundingSource.SOCIETY]) == (80434, 159666)


def test_a_village_left_out_has_its_cheapest_remedy(folder):
    config, area, travel = sited(folder, points={**MCLP, "standard_s": 100})
    remedies = {remedy.demand_id: remedy for remedy in site_area(area, travel, config).remedies}
    # middle is open; west's own site costs 1000 yuan and is one too many, from middle it takes 801.5 s: 14 minutes; the site
    # in the east is forbidden; no road reaches the island
    above = (Fact(code="above_count"),)
    assert (remedies["west"].site_ids, remedies["west"].cost_yuan, remedies["west"].lifts) == (
        ("sp-west",),
        1000,
        above,
    )
    assert remedies["west"].standard_s == remedies["east"].standard_s == 14 * 60
    assert (remedies["east"].site_ids, remedies["east"].cost_yuan) == ((), None)
    assert (remedies["island"].cost_yuan, remedies["island"].standard_s) == (None, None)


def test_running_costs_in_the_budget_leave_less_for_building(folder):
    phases = [{**phase, "years": 1, "budget_yuan": 8000} for phase in PHASES]
    config, area, travel = sited(
        folder, points=IN_PHASES, phases=phases, subsidies=SUBSIDIES, running_costs="in_budget", carry_over=True
    )
    problem = phased_problem(area, travel, config)
    assert (problem.carry_over, problem.running_cost_yuan.tolist()) == (True, [6600.5] * 4)
    # 1000 + 6600.50 of 8000 in the first year; then 399.50 are left, and a second point asks for 1000 + 2 * 6600.50
    siting = site_area(area, travel, config)
    assert [len(phase.added) for phase in siting.phases.phases] == [1, 0]


def test_a_plan_that_no_phases_hold_says_why_and_has_no_money(folder):
    phases = [{"name": "2026", "budget_yuan": 0, "target_share": 0.5, "provenance": "a test"}]
    config, area, travel = sited(folder, points=IN_PHASES, phases=phases, subsidies=SUBSIDIES)
    siting = site_area(area, travel, config)
    assert siting.stations.service_points.status is SolveStatus.INFEASIBLE
    assert siting.stations.service_points.conflicts == siting.phases.conflicts != ()
    assert subsidies_of(area, config, siting.stations, siting.phases) is None


def test_without_phases_all_is_one_phase(folder):
    config, area, travel = sited(folder, subsidies={**SUBSIDIES, "years": 3})
    siting = site_area(area, travel, config)
    money = subsidies_of(area, config, siting.stations, siting.phases)
    assert money.phases == ("whole_plan",)
    # LSCP opens one point (1000), one station (5000)
    assert money.fen(item=CostItem.EQUIPMENT) == fen_of(6000)
    assert money.fen(item=CostItem.AGENT) == fen_of(3 * 2 * 5400)


def test_a_part_of_a_fen_is_refused_by_site(folder):
    config, area, travel = sited(folder, points={"opening_cost_yuan": 1000.005}, subsidies=SUBSIDIES)
    siting = site_area(area, travel, config)
    with pytest.raises(ConfigError, match=r"site sp-middle: 1000\.005 yuan is not an amount in whole fen"):
        subsidies_of(area, config, siting.stations, siting.phases)


def test_the_curve_of_a_plan_that_covers_all_is_that_of_covered_people(folder):
    run = AreaRun(config=configured(folder, points={"standard_s": 100}))
    curve = area_curve(run, [0, 1, 2, 3])
    # east's site is forbidden: middle 200, west 100
    assert [point.value for point in curve.points] == [0, 200, 300]
    assert curve.full_at == 2
    money = area_curve(run, [1500.0], limit=Limit.BUDGET)
    assert [point.value for point in money.points] == [200]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"points": {"decay_s": 2000}}, "decay_s goes with MCLP, not with LSCP"),
        ({"points": {**MCLP, "decay_s": 10}}, "decay_s must be more than standard_s"),
        ({"points": {**MCLP, "covered_share": 0.9}}, "covered_share goes with LSCP / FIXEDCHARGE"),
        ({"points": {"co_location_bonus": 1}}, "co_location_bonus must be below 1 with LSCP"),
        ({"points": {"township_least": 3, "township_most": 2}}, "township_most must not be below"),
        (
            {"points": {"capacity_parcels_day": 50, "minimum_parcels_day": 80}},
            "minimum_parcels_day must not be above capacity_parcels_day",
        ),
        ({"points": {"townships": [{"township": "a"}, {"township": "a"}]}}, "names a more than once"),
        ({"points": {"townships": [{"township": "a", "least": 2, "most": 1}]}}, "must not be below least"),
        ({"points": {"room_points": 3}}, "it is stations that have room for points"),
        ({"stations": {"room_points": 3, "capacity_parcels_day": 3}}, "two measures of one thing"),
        ({"tiers": "together"}, "express_stations.objective must be LSCP too"),
        (
            {"points": MCLP, "stations": {"objective": "MCLP", "sites_needed": 2}, "tiers": "together"},
            "express_stations takes no sites_needed",
        ),
        ({"phases": PHASES}, "service_points.objective is LSCP, phases take MCLP"),
        ({"points": MCLP, "phases": PHASES}, "remove those of service_points"),
        ({"points": IN_PHASES, "phases": [PHASES[0], PHASES[0]]}, "the names 2026 repeat"),
        ({"points": IN_PHASES, "phases": PHASES, "running_costs": "in_budget"}, "needs phases, and subsidies"),
        (
            {"points": IN_PHASES, "phases": PHASES, "running_costs": "in_budget", "subsidies": SUBSIDIES},
            "phases of the same number of years",
        ),
        ({"carry_over": True}, "carry_over is for phases"),
        ({"points": IN_PHASES}, "MCLP needs count"),
        (
            {"subsidies": {**SUBSIDIES, "shares": {**SHARES, "rent": {"society": 0.9}}}},
            "rent sums to 0.9, it must be 1",
        ),
        ({"points": {"standard_s": float("nan")}}, "standard_s"),
    ],
)
def test_what_does_not_go_together_is_refused_when_it_is_read(folder, changes, words):
    with pytest.raises(ConfigError) as caught:
        configured(folder, **changes)
    assert words in str(caught.value)


def test_the_embedded_phases_hold_and_the_document_keeps_them(demo_out: Path):
    plan = result_in(demo_out, "baiquan").network
    assert [phase.name for phase in plan.phases.phases] == [p.name for p in load_config("baiquan").coverage.phases]
    assert plan.phases.phases[0].target_met
    before = set()
    for phase, wanted in zip(plan.phases.phases, load_config("baiquan").coverage.phases, strict=True):
        assert before <= set(phase.coverage.opened)
        assert phase.opening_cost_yuan <= wanted.budget_yuan
        before = set(phase.coverage.opened)
    assert plan.phases.phases[1].coverage.shares.poor_villages == 1
    money = plan.subsidies
    assert money.fen() == sum(entry.fen for entry in money.entries) == sum(money.fen(source=s) for s in FundingSource)
    stations = plan.stations
    assert money.fen(item=CostItem.EQUIPMENT) == fen_of(
        stations.service_points.opening_cost_yuan + stations.express_stations.opening_cost_yuan
    )
    assert network_from_json(to_json(plan)) == plan


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"phases":["2026","2027-2028","2029-2030"]', '"phases":["2026","2027-2028","2031"]', "subsidies.phases are"),
        ('"added":["', '"added":["nowhere","', "phases: no site 'nowhere' in the area"),
    ],
)
def test_a_document_whose_phases_do_not_fit_is_refused(demo_out: Path, old, new, words):
    text = to_json(result_in(demo_out, "baiquan").network)
    assert old in text
    with pytest.raises(BadDataError) as caught:
        network_from_json(text.replace(old, new, 1))
    assert words in str(caught.value)
