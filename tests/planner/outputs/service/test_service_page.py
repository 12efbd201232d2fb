"""The first page of a service plan says what the week worked out by hand comes to, in one language."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from planner.config.assumptions import assumptions
from planner.model import Fact
from planner.outputs.page_links import PageLinks
from planner.outputs.service import write_service
from planner.outputs.service.service_files import service_names
from planner.outputs.service.service_page import service_page
from planner.outputs.service.week_figures import week_figures
from planner.outputs.service.week_names import week_fleet
from planner.outputs.service.week_rows import conflict_texts, township_rows
from planner.plans.service_documents import service_from_json, service_to_json
from planner.plans.service_plan import ServicePlan
from planner.routing import Relaxation, RelaxationKind
from planner.service.tiers import Missed, MissedReason
from planner.words import Language, sentence, speaking, term
from tests.languages import foreign_words, names_of, page_text
from tests.planner.outputs.test_first_page import BOTH, Tables


def page_in(lang: Language, plan: ServicePlan) -> str:
    with speaking(lang):
        return service_page(plan, PageLinks(home="zh"), network_href="../n.html", area_href="../a.html")


def rows_of(lang: Language, plan: ServicePlan) -> dict[str, list[str]]:
    """The rows of all tables by their first cell, a later table's before an earlier one's."""
    return {row[0].strip(): [cell.strip() for cell in row] for row in Tables(page_in(lang, plan)).rows if row}


def test_the_week_is_a_document(week: ServicePlan) -> None:
    assert service_from_json(service_to_json(week), week.network) == week


def test_weekdays_and_week_add_up_to_what_was_worked_out_by_hand(week: ServicePlan) -> None:
    rows = rows_of("en", week)
    # vehicles, stops, km, hours, parcels down, up, kg up, missed, yuan
    assert rows["Monday"][1:] == ["1", "1", "20.0", "1.0", "60", "6", "39", "-", "100"]
    assert rows["Tuesday"][1:] == ["nobody drives"]
    # a van and a tricycle, 24 + 8 km, 4 + 1 h; 180.00 yuan: the week's 280 less Monday's 100
    assert rows["Thursday"][1:] == ["2", "2", "32.0", "5.0", "40", "6", "26", "1", "180"]
    assert rows["The week"][1:] == ["2", "3", "52.0", "6.0", "100", "12", "65", "1", "280"]


def test_cards_have_the_weeks_figures(week: ServicePlan) -> None:
    page = page_text(page_in("en", week))
    for figure in (
        "3",  # of four points one has no day
        "4 visits a week",  # east 1, middle 2, west 1
        "3 places not served",  # the station's own point, the west on Thursday, the island
        "Daokouzhen station tricycle 1, van 1",
        "52.0 km",
        "280 yuan",
        "14,581 yuan a year",  # 280.40 x 52 = 14580.8
        "2.80 yuan",  # 280.40 / 100
        "collected 12 parcels, 65 kg",
    ):
        assert figure in page


def test_a_loading_before_the_start_is_on_duty(week: ServicePlan) -> None:
    config = json.loads(json.dumps(week.config))
    config["routing"]["vehicles"][0]["loading_duration_s"] = 1800
    # two departures of the van, half an hour each
    assert week_figures(replace(week, config=config)).duty_s == 7 * 3600


def test_costs_of_routes_and_stations_add_up_to_their_day(week: ServicePlan) -> None:
    thursday = week_figures(week).day_of[3]
    assert [one.cost_yuan for one in thursday.drives] == [150.25, 20.30]
    assert thursday.stations_yuan == 9.45
    # the tricycle holds 60 kg and 2 m3: 45 kg are three quarters
    assert [round(one.load_share, 3) for one in thursday.drives][1] == 0.75


@pytest.mark.parametrize("lang", BOTH)
def test_points_stand_with_their_days_reason_and_way(week: ServicePlan, lang: Language) -> None:
    rows = rows_of(lang, week)
    names = {one.id: one.name_latin if lang == "en" else one.name for one in week.area.sites}
    east, middle, never = rows[names["sp-east"]], rows[names["sp-middle"]], rows[names["es-t1"]]
    with speaking(lang):
        assert term("row_of_the_table") in east[2]
        assert term("least_visits_of_a_point") in middle[2]
    assert [row[-2:] for row in (east, middle, never)] == [["30", "4"], ["70", "4"], ["50", "4"]]
    assert east[3] == {"en": "by the station Daokouzhen station", "zh": "经 道口镇快递站 转运"}[lang]
    assert middle[3] == {"en": "directly from the hub", "zh": "县级共配中心直送"}[lang]
    assert never[3] == {"en": "not visited", "zh": "未服务"}[lang]
    page = page_in(lang, week)
    # seven marks for each of four points; Thursday of the east, Monday and Thursday of the middle, Thursday of the west
    assert page.count("<i ") == 28
    assert page.count('<i class="on"') == 4


@pytest.mark.parametrize("lang", BOTH)
def test_what_is_not_served_stands_with_reason_and_remedy(week: ServicePlan, lang: Language) -> None:
    tables = Tables(page_in(lang, week)).rows
    names = {one.id: one.name_latin if lang == "en" else one.name for one in (*week.area.sites, *week.area.villages)}
    gaps = {row[0]: row[1:] for row in tables if len(row) == 4}
    with speaking(lang):
        assert gaps[names["es-t1"]][1] == term("piles_up_beyond_any_vehicle")
        assert term("station_has_no_room") in gaps[names["sp-west"]][1]
    assert gaps[names["sp-west"]][0] == {"en": "Thursday", "zh": "星期四"}[lang]
    assert gaps[names["sp-west"]][2] == {"en": "room for 45 parcels", "zh": "场地可容 45 件"}[lang]
    assert names["island"] in gaps


def test_frequencies_stand_beside_the_plan(week: ServicePlan) -> None:
    rows = rows_of("en", week)
    assert rows["2 (as planned)"][1:] == [
        "270",
        "-",
        "14,040 yuan",
        "50.0",
        "2",
        "in the search only: this plan, confirmed, misses visits",
    ]
    # 611.5 - 270 = 341.5, to the even; a year 611.5 x 52 = 31798
    assert rows["5"][1:6] == ["612", "+342", "31,798 yuan", "112.3", "4"]
    assert rows["5"][6] == "no plan found"
    assert "week 270 yuan, confirmed 280" in page_in("en", week)
    assert "本计划一周估算 270 元，确认后 280 元" in page_in("zh", week)


def test_the_fleet_is_not_said_to_do_what_is_not_known(week: ServicePlan) -> None:
    two, five = week.frequencies
    proven = rows_of("en", replace(week, frequencies=(two, replace(five, proven=True))))
    assert proven["5"][6] == "no, proven"
    monday = week.days[0]
    nothing_missed = replace(week, days=(monday,), not_visited=())
    assert rows_of("en", nothing_missed)["2 (as planned)"][6] == "yes"


def test_townships_stand_with_both_costs_and_the_reason(week: ServicePlan) -> None:
    (row,) = [row for row in Tables(page_in("en", week)).rows if "200.00" in row]
    assert row[3:6] == ["200.00", "190.50", "180.00"]
    assert row[1:3] == ["in part by the station", "parts of it go cheaper by different ways"]
    assert row[6] == "Daokouzhen station: Dongcundian"


def test_the_fold_says_the_bound_and_what_the_search_came_to(week: ServicePlan) -> None:
    fold = page_in("en", week).split('<details class="fold">')[1]
    assert "192 yuan a week" in fold  # 80 + 100 + 12
    assert "took the week to cost 270 yuan" in fold
    assert "it costs 280 yuan" in fold


def test_what_is_assumed_of_the_service_is_said(week: ServicePlan) -> None:
    assert "service" in {one.section for one in assumptions(week.config)}
    assert "visits a week and who pays for the running: assumption: a try" in page_text(page_in("en", week))


@pytest.mark.parametrize("lang", BOTH)
def test_the_page_has_one_language_and_nothing_from_elsewhere(week: ServicePlan, lang: Language) -> None:
    page = page_in(lang, week)
    assert foreign_words(page_text(page), lang, names_of(week.area)) == []
    assert "<b>村</b>" not in page  # a village's name is text
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_files_are_written_in_both_languages(week: ServicePlan, tmp_path: Path) -> None:
    written = write_service(week, tmp_path, home="zh")
    names = {path.name for path in written}
    assert {"service.json", "index.html", "index.zh.html", "index.en.html"} <= names
    assert (tmp_path / "index.html").read_bytes() == (tmp_path / "index.zh.html").read_bytes()
    assert service_from_json((tmp_path / "service.json").read_text(encoding="utf-8"), week.network) == week
    page = (tmp_path / "index.en.html").read_text(encoding="utf-8")
    assert f'href="../../../network/{week.network.id[-12:]}/index.en.html"' in page
    assert 'href="../../../index.en.html"' in page
    alone = tmp_path / "alone"
    write_service(week, alone, home="en", network_beside=False, area_page=False)
    assert "../../.." not in (alone / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", ["service.md", "service.zh-CN.md"])
def test_the_documents_list_every_file_that_may_be_written_and_no_other(document: str) -> None:
    text = (Path(__file__).parents[4] / "docs" / document).read_text(encoding="utf-8")
    table = text[text.index("`index.html`") : text.index("`service.json`") + len("`service.json`")]
    listed = set(re.findall(r"^\| (.*?) \|", f"\n| {table}", re.MULTILINE))
    files = {name for cell in listed for name in re.findall(r"`([^`]+)`", cell)} | {"service.json"}
    assert files == {name for name in service_names() if not name.endswith((".zh.html", ".en.html"))}


@pytest.mark.parametrize("lang", BOTH)
def test_what_stands_against_the_week_is_said_before_what_it_leaves_out(week: ServicePlan, lang: Language) -> None:
    fact = Fact(code="bus_dearer_than_vans")  # any fact with words
    page = page_in(lang, replace(week, conflicts=(fact,)))
    with speaking(lang):
        gaps = {"en": "Not served (3)", "zh": "（3）</h2>"}[lang]
        assert page.index(f"<li>{sentence(fact, {})}</li>") < page.index(gaps)


@pytest.mark.parametrize("lang", BOTH)
def test_vehicles_of_conflicts_have_names_and_a_way_that_breaks_says_by_how_much(
    week: ServicePlan, lang: Language
) -> None:
    more = {"count": 1, "vehicle_type": "trike-es-t1", "days": (Fact(code="weekday_1"),)}
    asked = Relaxation(
        kind=RelaxationKind.MORE_ROOM,
        vehicle_id="trike-es-t1-1",
        vehicle_type_id="trike-es-t1",
        room=(0.0, 139.2, 0.0),
    )
    missed = Missed(point_id="sp-middle", station_id="es-t1", reason=MissedReason.ROUTE, relaxations=(asked,))
    (township,) = week.townships
    broken = replace(
        township, station_yuan=None, breaks=(missed,), part_yuan=190.0, part_by_station=(("sp-east", "es-t1"),)
    )
    plan = replace(week, conflicts=(Fact(code="week_more_vehicles", params=more),), townships=(broken,))
    again = service_from_json(service_to_json(plan), plan.network)
    assert again == plan
    assert '"part_by_station"' not in service_to_json(week)
    with speaking(lang):
        (conflict,), (row,), fleet = conflict_texts(again), township_rows(again), week_fleet(again)
        name = fleet.called("trike-es-t1")
    assert name in conflict
    assert "trike-es-t1" not in conflict
    assert {"en": "tricycle", "zh": "三轮车"}[lang] in row.reason
    assert "trike-es-t1" not in row.reason
    assert "139.2" in row.reason
    assert "190" in row.reason
