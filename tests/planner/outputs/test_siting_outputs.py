"""Phases, money, equity, the curve and two plans side by side, as people see them."""

import io
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from rich.console import Console

from planner.cli.plan_tables import print_stations
from planner.cli.siting_tables import print_phases
from planner.config import Objective
from planner.coverage import (
    CoverageSolution,
    Remedy,
    SolveStatus,
    Uncovered,
    UncoveredReason,
)
from planner.coverage.appraise import Curve, CurvePoint, Limit
from planner.coverage.explain.conflicts import fact
from planner.outputs.chart import Line, Mark, line_chart
from planner.outputs.conflicts import named_conflicts
from planner.outputs.curve import curve_page
from planner.outputs.equity import village_equity
from planner.outputs.geofiles import stations_geojson
from planner.outputs.maps import coverage_map
from planner.outputs.network_page import network_page
from planner.outputs.page_links import PageLinks
from planner.outputs.remedies import remedy_text
from planner.outputs.siting import siting_rows
from planner.outputs.workbook import write_network_workbook
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import NetworkPlan
from planner.words import LANGUAGES, Language, speaking
from tests.conftest import result_in

LINKS = PageLinks(home="en")


@pytest.fixture(scope="module")
def phased(demo_out: Path) -> NetworkPlan:
    return result_in(demo_out, "baiquan").network


def sheet(book: openpyxl.Workbook, title: str) -> list[dict[str, object]]:
    """Return the rows under the headings, which are in the second row: the first says that data are synthetic.

    A last row that adds up the others is none of them, and adds them up.
    """
    (found,) = (one for one in book if title in one.title)
    heads, *rows = found.iter_rows(min_row=2, values_only=True)
    names = [re.sub(r"^[^A-Za-z]* (?=[A-Z])", "", str(head)) for head in heads]
    *parts, total = rows
    if total[0] != "total":
        return [dict(zip(names, row, strict=True)) for row in rows]
    for number, figure in enumerate(total[1:], start=1):
        if isinstance(figure, int) or (figure is not None and "yuan" in names[number]):
            assert figure == sum(row[number] or 0 for row in parts), names[number]
    return [dict(zip(names, row, strict=True)) for row in parts]


def test_the_workbook_has_phases_money_equity_and_who_is_left_out(phased: NetworkPlan, tmp_path: Path) -> None:
    write_network_workbook(phased, tmp_path / "network.xlsx")
    book = openpyxl.load_workbook(tmp_path / "network.xlsx", data_only=True)
    phases = sheet(book, "Stages")
    assert [row["Stage"] for row in phases] == ["2026", "2027-2028", "2029-2030"]
    assert sum(row["Opening cost (yuan)"] for row in phases) == phased.stations.service_points.opening_cost_yuan
    money = sheet(book, "Money")
    parts = [row for row in money if "total" not in str(row["Item"]) and "all phases" not in str(row["Stage"])]
    total = money[-1]["Total (yuan)"]
    assert len(parts) == 3 * 3
    assert round(sum(row["Total (yuan)"] for row in parts), 2) == total == phased.subsidies.fen() / 100
    equity = sheet(book, "Equity")
    assert sum(row["Villages"] for row in equity[:-1]) == equity[-1]["Villages"] == 186
    left = sheet(book, "Not covered")
    assert [row["Code"] for row in left] == [u.demand_id for u in phased.stations.service_points.uncovered]


def test_opening_costs_of_open_sites_add_up_to_what_the_plan_spends(phased: NetworkPlan, tmp_path: Path) -> None:
    """Sites that exist already cost nothing more and open in no stage."""
    spent = phased.stations.service_points.opening_cost_yuan + phased.stations.express_stations.opening_cost_yuan
    write_network_workbook(phased, tmp_path / "network.xlsx")
    sites = sheet(openpyxl.load_workbook(tmp_path / "network.xlsx", data_only=True), "Sites")
    existing = [row for row in sites if row["Status now"] == "existing"]
    assert sum(row["Opening cost (yuan)"] or 0 for row in sites if row["Is open"] == "yes") == spent > 0
    assert existing
    assert {(row["Opening cost (yuan)"], row["Opens in"]) for row in existing} == {(None, None)}
    drawn = [feature["properties"] for feature in stations_geojson(phased)["features"]]
    assert sum(one["opening_cost_yuan"] for one in drawn if one["open"]) == spent
    assert {one["phase"] for one in drawn if one["open"] and one["tier"] != "county_hub"} == {
        "",
        "2026",
        "2027-2028",
        "2029-2030",
    }
    assert {one["phase"] for one in drawn if not one["new"]} == {""}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_names_in_a_workbook_are_those_of_the_registers_in_every_column(
    phased: NetworkPlan, tmp_path: Path, lang: Language
) -> None:
    """Where a village hands over to a point of its own, both cells are alike, so that one is found by the other."""
    with speaking(lang):
        write_network_workbook(phased, tmp_path / "network.xlsx")
    book = openpyxl.load_workbook(tmp_path / "network.xlsx", data_only=True)
    titles = ("站点", "各村") if lang == "zh" else ("Sites", "Village list")
    sites = {row[0]: row[1] for row in book[titles[0]].iter_rows(min_row=3, values_only=True)}
    villages = list(book[titles[1]].iter_rows(min_row=3, values_only=True))
    at_home = [id_ for id_, way in phased.hand_over.items() if way.site_id == f"sp-{id_}"]
    assert len(at_home) > 10
    assert {row[10] for row in villages} - {None} <= set(sites.values())
    for row in villages:
        assert row[0] not in at_home or row[10] == row[1]
    committees = {village.name for village in phased.area.villages if village.name.endswith("村民委员会")}
    assert committees
    short = re.compile("|".join(rf"{name.removesuffix('民委员会')}(?!民委员会)" for name in sorted(committees)))
    for title in ("阶段", "未覆盖") if lang == "zh" else ("Stages", "Not covered"):
        for cells in book[title].iter_rows(min_row=3, values_only=True):
            assert not [cell for cell in cells if short.search(str(cell))]


def test_a_plan_without_phases_has_no_sheet_of_them(line: PlannedArea, tmp_path: Path) -> None:
    write_network_workbook(line.network, tmp_path / "network.xlsx")
    titles = openpyxl.load_workbook(tmp_path / "network.xlsx", data_only=True).sheetnames
    assert any("Equity" in title for title in titles)
    assert not any(word in title for title in titles for word in ("Stages", "Money"))


def test_the_index_page_shows_phases_money_and_equity(phased: NetworkPlan, line: PlannedArea) -> None:
    page = network_page(phased, LINKS)
    for words in ("<th>Phase</th>", "2027-2028", "beneficiaries", "Gini"):
        assert words in page
    plain = network_page(line.network, LINKS)
    assert "<th>Phase</th>" not in plain
    assert "beneficiaries" not in plain
    assert "Townships compared" in plain


def test_phases_whose_budgets_pay_openings_only_show_no_running_costs(phased: NetworkPlan, tmp_path: Path) -> None:
    # running_costs is apart: what agents and rents cost stands under the money, not as nothing under the phases
    write_network_workbook(phased, tmp_path / "network.xlsx")
    rows = sheet(openpyxl.load_workbook(tmp_path / "network.xlsx", data_only=True), "Stages")
    assert [row["Running cost (yuan)"] for row in rows] == [None] * 3
    assert [row["running"] for row in siting_rows(phased)["phases"]] == ["-"] * 3
    first, *rest = phased.phases.phases
    paid = replace(phased.phases, phases=(replace(first, running_cost_yuan=1200.5), *rest))
    assert [row["running"] for row in siting_rows(replace(phased, phases=paid))["phases"]] == [
        "1,200.50",
        "0.00",
        "0.00",
    ]


def test_conflicts_name_places_and_do_not_go_on_for_ever(line: PlannedArea) -> None:
    area = line.network.area
    lonely = fact("mandatory_without_site", point_id="island", standard_s=900.0)
    crowded = fact("township_has_too_many", township_id="t1", most=1, existing=2)
    assert named_conflicts(area, [lonely, crowded]) == [
        "mandatory point Dao island has no allowed site within 15.0 min",
        "township Daokouzhen t1 may have 1 open sites, 2 exist there already",
    ]
    with speaking("zh"):
        assert named_conflicts(area, [lonely, crowded]) == [
            "必须覆盖的需求点 岛村 island 在 15.0 分钟内没有允许的点位",
            "乡镇 道口镇 t1 最多开放 1 个点位，已有 2 个",
        ]
    many = named_conflicts(area, [fact("count_below_existing", count=1, existing=number) for number in range(13)])
    assert many[9] == "count is 1, but 9 sites exist already"
    assert many[10:] == ["... and 3 more"]


def test_a_plan_that_opens_nothing_has_no_equity(line: PlannedArea) -> None:
    points = line.network.stations.service_points
    nothing = CoverageSolution.not_sited(
        points.objective, points.standard_s, fact("load_above_any_site", point_id="island", load=5.0)
    )
    plan = replace(line.network, stations=replace(line.network.stations, service_points=nothing))
    page = network_page(plan, LINKS)
    assert "point Dao island has a load of 5, more than any site within the standard holds" in page
    assert "Gini" not in page


def test_the_index_page_of_a_plan_that_cannot_be_lists_a_few_villages_and_says_where_all_are(
    phased: NetworkPlan, tmp_path: Path
) -> None:
    points = phased.stations.service_points
    every = tuple(
        Uncovered(demand_id=id_, reason=UncoveredReason.NO_PLAN, nearest_site_id=None, nearest_duration_s=None)
        for id_ in sorted(phased.area.village_by_id)
    )
    assert len(every) == 186  # baiquan's villages
    nothing = replace(
        CoverageSolution.not_sited(points.objective, points.standard_s, fact("rules_exclude")), uncovered=every
    )
    plan = replace(phased, stations=replace(phased.stations, service_points=nothing), remedies=())
    page = network_page(plan, LINKS)
    assert "186" in page
    assert page.count("no plan meets the requirements") == 10
    assert "176" in page
    write_network_workbook(plan, tmp_path / "network.xlsx")
    rows = sheet(openpyxl.load_workbook(tmp_path / "network.xlsx", data_only=True), "Not covered")
    assert len(rows) == 186


def test_why_planning_each_year_alone_fails_is_shown_beside_the_phases(phased: NetworkPlan) -> None:
    why = (fact("alone_fails_in", phase="2026"), fact("running_above_budget", running_yuan=1234.5, budget_yuan=2026.0))
    plan = replace(phased, phases=replace(phased.phases, alone=None, alone_conflicts=why))
    page = network_page(plan, LINKS)
    for words in (
        "planning each phase alone fails in phase 2026",
        "running what exists costs 1,234.5 yuan, the budget is 2,026 yuan",
    ):
        assert words in page
    out = io.StringIO()
    print_phases(Console(file=out, width=200), plan.area, plan.phases)
    assert "planning each phase alone fails in phase 2026" in out.getvalue()


def test_a_remedy_in_words(line: PlannedArea) -> None:
    remedy = Remedy(
        demand_id="west",
        site_ids=("sp-west",),
        station_ids=("es-t1",),
        cost_yuan=6000.0,
        lifts=(fact("above_count"), fact("above_township", township_id="t1"), fact("above_station_budget")),
        standard_s=840.0,
    )
    point, station = (line.network.area.site_by_id[id_] for id_ in ("sp-west", "es-t1"))
    assert remedy_text(line.network.area, remedy) == (
        f"open {point.name_latin} sp-west, {station.name_latin} es-t1: +6,000 yuan, one more than the number of points, "
        "above the maximum of township Daokouzhen t1, above the stations' budget; or allow 14.0 min"
    )
    with speaking("zh"):
        assert remedy_text(line.network.area, remedy) == (
            f"新开 {point.name} sp-west、{station.name} es-t1：+6,000 元，超出点位数量、"
            "超出乡镇 道口镇 t1 上限、超出快递站预算；或时限放宽到 14.0 分钟"
        )
    nothing = replace(remedy, site_ids=(), station_ids=(), cost_yuan=None, lifts=(), standard_s=None)
    assert remedy_text(line.network.area, nothing) == remedy_text(line.network.area, None) == "-"


def test_remedies_stand_beside_the_reasons(phased: NetworkPlan, tmp_path: Path) -> None:
    assert len(phased.remedies) == len(phased.stations.service_points.uncovered) > 0
    write_network_workbook(phased, tmp_path / "network.xlsx")
    rows = sheet(openpyxl.load_workbook(tmp_path / "network.xlsx", data_only=True), "Not covered")
    costs = {remedy.demand_id: remedy.cost_yuan for remedy in phased.remedies}
    assert {row["Code"]: row["Its cost (yuan)"] for row in rows} == costs
    for page in (network_page(phased, LINKS), coverage_map(phased, LINKS)):
        assert "cheapest remedy" in page.lower()


def test_equity_of_the_line_by_hand(line: PlannedArea) -> None:
    report = village_equity(line.network)
    # 200 people at 0 s, 100 and 300 at 801.5 s, 50 on an island: mean 400 * 801.5 / 600; only the 200 and the 400 differ:
    # 2 * 200 * 400 * 801.5 / (2 * 600 * 400 * 801.5) = 1/3
    assert (report.overall.mean_s, report.overall.gini) == (pytest.approx(801.5 * 2 / 3, abs=0.1), pytest.approx(1 / 3))
    assert (report.overall.unreached, report.overall.unreached_weight) == (1, 50)
    assert [group.name for group in report.groups] == ["Daokouzhen"]


def test_the_map_numbers_open_sites_by_phase_and_only_a_phased_plan_does(
    phased: NetworkPlan, line: PlannedArea
) -> None:
    page = coverage_map(phased, LINKS)
    for words in ("0: existing", "1: opens in 2026", "2: opens in 2027-2028", "3: opens in 2029-2030"):
        assert words in page
    assert "opens in" not in coverage_map(line.network, LINKS)
    assert page == coverage_map(phased, LINKS)


def test_stations_open_with_the_first_point_they_serve(phased: NetworkPlan) -> None:
    first = phased.phase_of_site
    links = phased.stations.express_stations.assignments
    assert phased.stations.express_stations.opened
    for station in phased.stations.express_stations.opened:
        served = [first[link.demand_id] for link in links if link.site_id == station]
        assert first[station] == min(served, default=2)


def point(limit: float, value: float | None, bound: float | None, **changes: object) -> CurvePoint:
    given = {"status": SolveStatus.FEASIBLE if value is not None else SolveStatus.INFEASIBLE, "carried": False}
    return CurvePoint(
        limit=limit,
        value=value,
        bound=bound,
        gap=None if value is None or bound is None else abs(bound - value) / value,
        opened=("s",) * int(limit),
        opening_cost_yuan=1000.0 * limit,
        population_covered=int(value or 0),
        villages_covered=1,
        poor_villages_covered=0,
        conflicts=() if value is not None else (fact("in_phase", phase="<exist>", conflict=fact("rules_exclude")),),
        **{**given, **changes},
    )


def test_the_curve_page_shows_values_bounds_and_marks_and_escapes(line: PlannedArea) -> None:
    points = (point(1, None, None), point(2, 300, 350), point(3, 300, 400, carried=True))
    curve = Curve(
        objective=Objective.MCLP,
        limit=Limit.COUNT,
        standard_s=600,
        points=points,
        full_at=3,
        knee_at=2,
        knee_people=50,
    )
    page = curve_page(line.network.area, curve, line.network.config)
    assert "Sancun &lt;i&gt;xian&lt;/i&gt;" in page
    assert "phase &lt;exist&gt;: the siting rules" in page
    assert "plan of a smaller limit" in page
    assert "16.67%" in page
    assert "http" not in page.replace("http-equiv", "")
    # two lines of two points each, the carried one is a ring
    assert page.count("<circle") == 4
    assert page.count('fill="#fff"') == 1
    assert page == curve_page(line.network.area, curve, line.network.config)


def test_a_chart_places_its_points_on_its_axes() -> None:
    drawn = line_chart(
        [Line(pairs=[(0, 0), (10, 100)], colour="#000000", text="a")],
        x_title="x",
        y_title="<y>",
        marks=[Mark(x=5, text="half")],
    )
    # x from 84 to 720, y from 328 up to 34
    assert 'cx="84.0" cy="328.0"' in drawn
    assert 'cx="720.0" cy="34.0"' in drawn
    assert 'd="M402.0 34V328"' in drawn
    assert "&lt;y&gt;" in drawn
    assert line_chart([], x_title="x", y_title="y") == ""
    assert "NaN" not in line_chart([Line(pairs=[(5, 5)], colour="#000", text="one")], x_title="x", y_title="y")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_of_the_workbook_is_cut_off_in_print(phased: NetworkPlan, tmp_path: Path, lang: Language) -> None:
    """Each cell has room for its text: a Chinese character takes two digits' width, a line 15 points."""
    with speaking(lang):
        write_network_workbook(phased, tmp_path / "network.xlsx")
    wrapped = set()
    for found in openpyxl.load_workbook(tmp_path / "network.xlsx", data_only=True):
        for cell in (cell for row in found.iter_rows(min_row=2) for cell in row if isinstance(cell.value, str)):
            wide = sum(2 if ord(one) > 255 else 1 for one in cell.value)
            beside = found[cell.row][cell.column :]
            part = cell.column == 1 and cell.font.b and all(one.value is None for one in beside)  # runs over its row
            columns = [cell, *(beside if part else ())]
            room = sum(found.column_dimensions[get_column_letter(one.column)].width for one in columns)
            if wide > room:
                assert cell.alignment.wrap_text, (found.title, cell.coordinate)
                assert found.row_dimensions[cell.row].height / 15 * room >= wide, (found.title, cell.coordinate)
                wrapped.add(found.title)
    assert len(wrapped) >= 3


def test_minutes_of_an_uncovered_village_say_where_they_lead(phased: NetworkPlan) -> None:
    (left, *_) = phased.stations.service_points.uncovered
    village = phased.area.village_by_id[left.demand_id]
    station = next(one for one in phased.area.sites if one.name.endswith("镇快递站"))
    now = [
        replace(one, site_id=station.id, duration_s=48.0) if one.village_id == village.id else one
        for one in phased.finished.hand_over
    ]
    plan = replace(phased, stages=(*phased.stages[:-1], replace(phased.stages[-1], hand_over=tuple(now))))
    out = io.StringIO()
    with speaking("zh"):
        print_stations(Console(file=out, width=200), plan)
    assert f"{village.id}：" in out.getvalue()
    assert f"现到{station.name}（乡镇快递站）0.8 分钟" in out.getvalue()


def test_running_costs_are_a_column_where_budgets_pay_them(phased: NetworkPlan) -> None:
    for paid in (0.0, 1234.0):
        phases = tuple(replace(one, running_cost_yuan=paid) for one in phased.phases.phases)
        out = io.StringIO()
        with speaking("en"):
            print_phases(Console(file=out, width=200), phased.area, replace(phased.phases, phases=phases))
        assert ("Yuan to run" in out.getvalue()) == bool(paid)
        assert ("1,234" in out.getvalue()) == bool(paid)
