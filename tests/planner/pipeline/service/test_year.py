"""The year of three villages and an island behind a ferry, worked out by hand.

The hub is in the west. Middle (200 people) hands over at its own point with west (100) and east (300): 60 parcels down and 6
up a day. The island (50) has its own point, 5 parcels a day. Three visits a week, on any days. The ferry rests on drift ice
(1 to 10 May, 1 to 25 November) and on frozen rivers (26 November to 31 March).
"""

import calendar
import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from planner.config import TravelConfig, load_config
from planner.outputs.page_links import PageLinks
from planner.outputs.service.season_rows import year_conflicts
from planner.outputs.service.service_page import service_page
from planner.pipeline.service.plan import plan_service
from planner.pipeline.service.village_years import days_without
from planner.pipeline.service.year_calendar import YearCalendar, weekday_counts
from planner.pipeline.whole_plan import plan_area
from planner.plans import ServicePlan, service_from_json, service_to_json
from planner.plans.service_faults import service_faults
from planner.plans.service_seasons import CutAt, Gap, SeasonWeek, ServiceYear, Spell, VillageYear
from planner.words import speaking
from tests.conftest import RIVER, write_line_of_three_villages
from tests.planner.pipeline.service.conftest import SERVICE

DAY = datetime.date
ROAD_S = 801.50
FERRY_S = 600 + 11057.43 / (8 / 3.6)


def river(folder: Path, hub: str = "west") -> Path:
    write_line_of_three_villages(folder)
    (folder / "roads.osm").write_text(RIVER, encoding="utf-8")
    config = folder / "area.toml"
    text = config.read_text(encoding="utf-8").replace('season = "summer"\n', "", 1)
    config.write_text(text + SERVICE.replace('closed_weekdays = ["sunday"]\n', ""), encoding="utf-8")
    sites = folder / "sites.csv"
    sites.write_text(sites.read_text(encoding="utf-8").replace("hub,west", f"hub,{hub}"), encoding="utf-8")
    return folder


def planned(folder: Path, *, only_week: bool = False) -> ServicePlan:
    config = load_config(folder)
    return plan_service(plan_area(config).network, config, only_week=only_week).plan


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> ServicePlan:
    return planned(river(tmp_path_factory.mktemp("river")))


@pytest.fixture(scope="module")
def year(plan: ServicePlan) -> ServiceYear:
    assert plan.seasons is not None
    return plan.seasons


def season(year: ServiceYear, name: str) -> SeasonWeek:
    return next(one for one in year.seasons if one.season == name)


def card(year: ServiceYear, village_id: str) -> VillageYear:
    return next(one for one in year.villages if one.village_id == village_id)


def test_every_day_of_the_year_is_in_one_season(plan: ServicePlan, year: ServiceYear) -> None:
    # 90 days to the end of March and 36 from 26 November; April; 10 and 25 days; 11 May to the end of October
    assert {one.season: one.days for one in year.seasons} == {
        "frozen_river": 126,
        "spring_thaw": 30,
        "drift_ice": 35,
        "summer": 174,
    }
    assert year.days == 365
    leap = YearCalendar(year=2028, travel=TravelConfig.model_validate(plan.config["travel"]))
    assert sum(spell.days for spells in leap.seasons.values() for spell in spells) == 366
    for name, spells in leap.seasons.items():
        months = [(month, calendar.Calendar().itermonthdates(2028, month)) for month in range(1, 13)]
        days = [day for month, around in months for day in around if day.month == month]
        inside = [day for day in days if any(s.first <= day <= s.last for s in spells)]
        assert weekday_counts(spells) == tuple(sum(d.weekday() == k for d in inside) for k in range(7)), name


def test_a_season_costs_what_its_roads_make_of_the_same_days(plan: ServicePlan, year: ServiceYear) -> None:
    # 66 parcels come and go a day at the middle's point, whatever the days: in a week 462, at 6 s each, and three stops of
    # 240 s. Winter: three times 2 x 942.9 s of road, thaw and summer: over the middle to the island and back
    service_s = 462.0 * 6 + 3 * 240
    winter = 3 * (150 + 1.2 * 22.2639) + 30 / 3600 * (3 * 2 * ROAD_S / 0.85 + service_s)
    assert season(year, "frozen_river").week_yuan == pytest.approx(winter, abs=0.05)
    service_s += 38.5 * 6 + 3 * 240  # the island's parcels, 5.5 a day
    ways_s = 3 * 2 * (ROAD_S + FERRY_S)
    summer = 3 * (150 + 1.2 * 2 * (11.13195 + 11.05743)) + 30 / 3600 * (ways_s + service_s)
    # parcels of the island are whole: 5.5 a day up to half a parcel more or less a visit
    assert season(year, "summer").week_yuan == pytest.approx(summer, abs=0.3)
    assert season(year, "summer").week_distance_m == pytest.approx(6 * (11131.95 + 11057.43), abs=1)
    # the week that was asked for, of 10 November, is that of drift ice
    assert plan.season.season == "drift_ice"
    assert season(year, "drift_ice").week_yuan == pytest.approx(plan.week_yuan)
    assert season(year, "drift_ice").extra == season(year, "summer").extra == {}
    assert year.vehicles == {"van": 1}


def test_the_year_is_the_sum_over_its_days(plan: ServicePlan, year: ServiceYear) -> None:
    day, total, metres = DAY(2026, 1, 1), 0.0, 0.0
    while day.year == 2026:
        found = [one for one in year.season_of(day).weekdays if one.weekday == day.weekday()]
        total += sum(one.cost_yuan for one in found)
        metres += sum(one.distance_m for one in found)
        day += datetime.timedelta(days=1)
    assert year.year_yuan == pytest.approx(total)
    assert year.year_distance_m == pytest.approx(metres)
    assert not year.cuts_off_hub
    with pytest.raises(LookupError):
        year.season_of(DAY(2027, 1, 1))


def test_the_island_is_cut_off_while_the_ferry_rests(plan: ServicePlan, year: ServiceYear) -> None:
    assert season(year, "frozen_river").unreached == {"sp-island": "closed_this_season"}
    assert season(year, "summer").unreached == {}
    winter, spring, next_winter = card(year, "island").gaps
    assert [(gap.first, gap.last) for gap in (winter, spring, next_winter)] == [
        (DAY(2025, 11, 1), DAY(2026, 3, 31)),
        (DAY(2026, 5, 1), DAY(2026, 5, 10)),
        (DAY(2026, 11, 1), DAY(2027, 3, 31)),
    ]
    # 90 days to March, 10 in May, 61 in November and December
    assert [gap.days_in(2026) for gap in (winter, spring, next_winter)] == [90, 10, 61]
    assert year.days_cut_off(card(year, "island")) == 161
    assert next_winter.seasons == ("drift_ice", "frozen_river")
    assert (next_winter.at, next_winter.reason) == (CutAt.POINT, "closed_this_season")
    # 35 parcels of 1.5 kg a week, 151 days and those between them and the visits before and after
    assert next_winter.last_service is not None
    assert next_winter.next_service is not None
    besides = (
        (DAY(2026, 11, 1) - next_winter.last_service).days - 1 + (next_winter.next_service - DAY(2027, 3, 31)).days - 1
    )
    assert next_winter.parcels == pytest.approx(35 * (151 + besides) / 7)
    assert next_winter.kg == pytest.approx(52.5 * (151 + besides) / 7)
    assert all(card(year, other).gaps == () for other in ("east", "middle", "west"))


def test_stock_is_due_on_the_last_day_of_service(plan: ServicePlan, year: ServiceYear) -> None:
    # the island shares the days of the one other point
    days = plan.point_of["sp-middle"].weekdays
    for gap in card(year, "island").gaps:
        before, after = gap.first - datetime.timedelta(days=1), gap.last + datetime.timedelta(days=1)
        while before.weekday() not in days:
            before -= datetime.timedelta(days=1)
        while after.weekday() not in days:
            after += datetime.timedelta(days=1)
        assert (gap.last_service, gap.next_service) == (before, after)


def test_how_much_longer_it_is_in_the_worst_season(year: ServiceYear) -> None:
    east = card(year, "east")
    assert east.best is not None
    assert east.worst is not None
    assert east.best.total_s == pytest.approx(2 * ROAD_S, abs=0.2)
    # frozen rivers, at 85 % of the speed; as far as ever
    assert east.worst.season == "frozen_river"
    assert east.longer_s == pytest.approx(2 * ROAD_S / 0.85 - 2 * ROAD_S, abs=0.2)
    assert east.longer_m == 0
    assert [east.week_parcels, east.week_kg] == pytest.approx([210, 315])
    frozen = next(way for way in card(year, "island").ways if way.season == "frozen_river")
    assert (frozen.own_s, frozen.supply_s, frozen.total_s) == (0.0, None, None)


def test_a_season_that_cuts_off_the_hub_says_so_and_what_helps(tmp_path: Path) -> None:
    # the hub on the island has no road that leads anywhere while the ferry rests; the station is on the other side
    (tmp_path / "isle").mkdir()
    plan = planned(river(tmp_path / "isle", hub="island"))
    assert plan.seasons is not None
    found = season(plan.seasons, "frozen_river").hub_cut_off
    assert found is not None
    assert (found.reached, found.points) == (0, 2)
    assert found.stand_in is not None
    assert found.stand_in.points == 1
    assert plan.area.site_by_id[found.stand_in.site_id].tier == "express_station"
    assert found.weeks == pytest.approx(126 / 7)  # from 26 November to 31 March
    assert season(plan.seasons, "summer").hub_cut_off is None
    assert plan.seasons.cuts_off_hub
    with speaking("en"):
        (said, helps), *_ = year_conflicts(plan)
        assert said == "frozen river cuts off the hub: it reaches 0 of the 2 points that it reaches in spring thaw."
        assert helps.startswith("The smallest change: 1 of the others are served from")
        assert said in service_page(plan, PageLinks(home="en"))
    assert {one.village_id for one in plan.seasons.villages if one.gaps} == {"east", "island", "middle", "west"}


def test_the_year_is_kept_and_broken_years_are_refused(plan: ServicePlan, year: ServiceYear) -> None:
    text = service_to_json(plan)
    assert service_from_json(text, plan.network) == plan
    first = year.seasons[0]
    shorter = replace(first, spells=(Spell(first=DAY(2026, 1, 2), last=DAY(2026, 3, 31)), *first.spells[1:]))
    broken = replace(year, seasons=(shorter, *year.seasons[1:]), villages=year.villages[1:])
    said = "; ".join(map(str, service_faults(replace(plan, seasons=broken))))
    assert "days that are not in one season: 2026-01-01" in said
    assert f"{year.villages[0].village_id} has 0 cards" in said
    assert not list(service_faults(plan))


def test_only_the_week_is_a_document_as_before(tmp_path: Path) -> None:
    (tmp_path / "week").mkdir()
    plan = planned(river(tmp_path / "week"), only_week=True)
    assert plan.seasons is None
    assert '"seasons"' not in service_to_json(plan)


def test_goods_are_laid_in_from_the_last_visit_to_the_next() -> None:
    # visited on 30 March, cut off on 1 and 2 April, visited again on the 5th: 31 March to 4 April
    first, last, before, after = DAY(2026, 4, 1), DAY(2026, 4, 2), DAY(2026, 3, 30), DAY(2026, 4, 5)
    assert days_without(first, last, before, after) == 5
    assert days_without(first, last, None, after) == 4
    assert days_without(first, last, before, None) == 3
    assert days_without(first, last, None, None) == 2


def test_gaps_count_their_days_of_a_year() -> None:
    gap = Gap(
        first=DAY(2027, 12, 30),
        last=DAY(2028, 1, 2),
        seasons=(),
        at=CutAt.VILLAGE,
        reason="",
        last_service=None,
        next_service=None,
        parcels=0.0,
        kg=0.0,
    )
    assert [gap.days, gap.days_in(2026), gap.days_in(2027), gap.days_in(2028)] == [4, 0, 2, 2]
