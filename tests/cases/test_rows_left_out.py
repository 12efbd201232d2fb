"""Villages whose rows are left out stay in every whole: no share is "100 %" of the villages that are left."""

import datetime
import io
import math
import random
import re
from dataclasses import replace

import openpyxl
import pytest
from rich.console import Console

from api.schemas import NetworkReply
from planner.cli.network_tables import network_figures
from planner.cli.plan_tables import _shares
from planner.cli.stored_tables import print_networks
from planner.config import load_config
from planner.errors import BadDataError
from planner.geodata.assemble import read_area_with_findings
from planner.geodata.rejects import RejectsFile
from planner.model import RowsLeftOut
from planner.outputs.day_page import day_page
from planner.outputs.equity import village_equity
from planner.outputs.known_shares import covered_text
from planner.outputs.maps import coverage_map
from planner.outputs.network_links import Listed
from planner.outputs.network_page import network_page
from planner.outputs.page_links import PageLinks
from planner.outputs.workbook import write_day_workbook, write_network_workbook
from planner.pipeline.area_run import AreaRun
from planner.pipeline.site import plan_network
from planner.plans import network_from_json, to_json
from planner.plans.summaries import DaySummary, NetworkSummary
from planner.words import figures, say, speaking
from tests.conftest import write_line_of_three_villages

HEADINGS = "id,name,name_latin,township,lon,lat,population,households,registered_poor\n"
FAULTS = ("far", "no_township", "not_a_number", "same_id", "same_row", "no_people")


def row(id_, lon="10.05", lat="0.0", people=100, poor="否", township="t1", homes=30):
    return f"{id_},村{id_},V,{township},{lon},{lat},{people},{homes},{poor}\n"


def villages_with_faults(rng, *, faults):
    """Return a table and what must be left out of it: villages, people, poor villages, villages of unknown people."""
    lines = [row(f"g{i}", lon=f"{10 + i * 0.05:.2f}", people=rng.randint(1, 900)) for i in range(rng.randint(1, 4))]
    villages = people = poor_villages = unknown = 0
    for number, fault in enumerate(faults):
        count, poor = rng.randint(1, 900), rng.choice(["是", "否"])
        bad = {
            "far": lambda n=number, c=count, p=poor: [row(f"b{n}", lon="11.7", people=c, poor=p)],
            "no_township": lambda n=number, c=count, p=poor: [row(f"b{n}", people=c, poor=p, township="t9")],
            "not_a_number": lambda n=number, c=count, p=poor: [row(f"b{n}", lon="east", people=c, poor=p)],
            # one id, two villages of different names: nobody knows whose it is
            "same_id": lambda n=number, c=count, p=poor: [
                row(f"b{n}", people=c, poor=p),
                row(f"b{n}", people=c, poor=p).replace(f"村b{n}", f"屯b{n}"),
            ],
            "same_row": lambda n=number, c=count, p=poor: [row(f"b{n}", people=c, poor=p)] * 2,
            "no_people": lambda n=number, _=count, p=poor: [row(f"b{n}", people="many", poor=p)],
        }[fault]()
        lines += bad
        each = 2 if fault == "same_id" else 1
        villages += each
        people += 0 if fault == "no_people" else each * count
        poor_villages += each * (poor == "是")
        unknown += fault == "no_people"
    rng.shuffle(lines)
    return HEADINGS + "".join(lines), (villages, people, poor_villages, unknown)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = write_line_of_three_villages(tmp_path_factory.mktemp("left"))
    config = made / "area.toml"
    crs = 'id = "line"\nmetric_crs = "EPSG:32632"'  # guessing it takes most of the reading
    config.write_text(config.read_text(encoding="utf-8").replace('id = "line"', crs), encoding="utf-8")
    (made / "sites.csv").write_text("tier,place,name,status\ncounty_hub,t1,共配中心,existing\n", encoding="utf-8")
    return made


def counted(area):
    rows = area.rows_left_out
    return rows.villages, rows.population, rows.poor_villages, rows.without_people


def test_200_tables_with_faults_are_counted_whole(folder):
    for seed in range(200):
        rng = random.Random(seed)
        text, expected = villages_with_faults(rng, faults=rng.choices(FAULTS, k=rng.randint(0, 4)))
        (folder / "villages.csv").write_text(text, encoding="utf-8")
        area = read_area_with_findings(load_config(folder), rejects=RejectsFile(path=folder / f"r-{seed}.csv")).area
        assert counted(area) == expected, (seed, text)
        assert area.villages_total == len(area.villages) + expected[0]


def planned(folder, faults, seed=1):
    text, expected = villages_with_faults(random.Random(seed), faults=faults)
    (folder / "villages.csv").write_text(text, encoding="utf-8")
    run = AreaRun.for_siting(
        load_config(folder), rejects=RejectsFile(path=folder / f"r-{len(list(folder.iterdir()))}.csv")
    )
    plan = plan_network(run)
    return replace(plan, roads=replace(plan.roads, imputed_speed_share=0.5, imputed_surface_share=0.5)), expected


def shares_in(page):
    return re.sub(r"(width|height): 100\.0%", "", page)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_share_is_the_whole_where_rows_were_left_out(folder, language, tmp_path):
    plan, (villages, people, _, _) = planned(folder, ["far", "not_a_number", "same_row"])
    area = plan.area
    good = sum(village.population for village in area.villages)
    covered = {one.demand_id for one in plan.stations.service_points.assignments}
    assert covered == {village.id for village in area.villages}  # the planned ones all are served
    shares = plan.stations.service_points.shares
    assert shares.population == pytest.approx(good / (good + people))
    assert (shares.villages, shares.villages_total) == (
        pytest.approx(len(covered) / (len(covered) + villages)),
        len(covered) + villages,
    )
    again = network_from_json(to_json(plan))
    assert again.area.rows_left_out == area.rows_left_out
    assert NetworkSummary.row_of(plan, _now())["population_covered"] == pytest.approx(shares.population)
    with pytest.raises(BadDataError, match="inconsistent"):
        network_from_json(
            to_json(plan).replace(f'"rows_left_out":{{"villages":{villages}', '"rows_left_out":{"villages":-1')
        )
    figures = network_figures(plan, tmp_path)["service_points"]["shares"]
    assert figures["villages"] == pytest.approx(shares.villages)
    with speaking(language):
        page = network_page(plan, PageLinks(home="zh"))
        whole = coverage_map(plan, PageLinks(home="zh"))
        write_network_workbook(plan, tmp_path / "n.xlsx")
        table = _shares(area, covered)
    assert f"{len(covered) + villages}" in page
    assert not any("100.0%" in shares_in(text) for text in (page, whole, *table))
    assert re.search({"en": "rows of villages left out: 3", "zh": "未纳入规划的村级数据行：3"}[language], page)
    cells = [
        cell for sheet in openpyxl.load_workbook(tmp_path / "n.xlsx", data_only=True) for line in sheet for cell in line
    ]
    assert not any(cell.value == 1 and "%" in cell.number_format for cell in cells if not isinstance(cell.value, bool))


def test_people_of_rows_without_a_figure_leave_no_share_of_people(folder, tmp_path):
    plan, (_, _, _, unknown) = planned(folder, ["no_people"])
    assert unknown == 1
    assert network_figures(plan, tmp_path)["service_points"]["shares"]["population"] is None
    page = network_page(plan, PageLinks(home="zh"))
    assert "100.0%" not in shares_in(page)
    assert "100.0%" not in shares_in(coverage_map(plan, PageLinks(home="zh")))
    listed = NetworkSummary.of_row({**NetworkSummary.row_of(plan, _now()), "published": True})
    assert listed.population_covered is None
    assert NetworkReply.model_validate(listed).population_covered is None
    told = Console(width=300, record=True, file=io.StringIO())
    print_networks(told, [listed])
    assert "%" not in told.export_text()


@pytest.mark.parametrize("faults", [["no_people"], ["far", "no_people"], ["far"], []])
def test_one_share_of_people_stands_everywhere(folder, faults, tmp_path):
    """List, API, command line, page and ``--json``: the share by hand from the tables, or nothing in all of them."""
    plan, (_, people, _, unknown) = planned(folder, faults, seed=5)
    good = sum(village.population for village in plan.area.villages)
    covered = {one.demand_id for one in plan.stations.service_points.assignments}
    served = sum(village.population for village in plan.area.villages if village.id in covered)
    right = served / (good + people)
    known = right if right < 1 or not unknown else None
    text = "-" if known is None else f"{math.floor(known * 1000 + 0.5) / 10:.1f}%"
    listed = NetworkSummary.of_row({**NetworkSummary.row_of(plan, _now()), "published": True})
    figure = network_figures(plan, tmp_path)["service_points"]["shares"]["population"]
    assert [listed.population_covered, NetworkReply.model_validate(listed).population_covered, figure] == (
        [None] * 3 if known is None else [pytest.approx(known)] * 3
    )
    assert covered_text(listed) == text
    page = network_page(plan, PageLinks(home="zh"), networks=[Listed("there", listed)])
    assert f'<td data-label="{say("People served")}" class="n">{text}</td>' in page
    assert say("{share} of {people}", share=text, people=figures.people(good + people)) in page
    assert _shares(plan.area, covered)[0] == text


def test_without_faults_a_document_is_what_it_was(folder):
    plan, _ = planned(folder, [])
    assert "rows_left_out" not in to_json(plan)
    assert plan.stations.service_points.shares.villages == 1


def _now():
    return datetime.datetime(2026, 11, 29, tzinfo=datetime.UTC)


def test_a_share_of_no_poor_villages_is_null_for_programs(folder, tmp_path):
    plan, _ = planned(folder, [], seed=3)
    plan = replace(
        plan,
        area=replace(plan.area, villages=tuple(replace(one, registered_poor=False) for one in plan.area.villages)),
    )
    shares = network_figures(plan, tmp_path)["service_points"]["shares"]
    assert (shares["poor_villages_total"], shares["poor_villages"], shares["villages"]) == (0, None, 1.0)


@pytest.mark.parametrize("faults", [["far", "no_people", "same_row"], ["no_people"], ["same_id", "not_a_number"]])
def test_whoever_counts_the_not_served_counts_and_names_those_left_out(folder, faults, tmp_path):
    """Heading, sentence, decisions, workbook and equity: by hand from the tables, each beside its words."""
    plan, (villages, people, poor, unknown) = planned(folder, faults, seed=9)
    planned_people = sum(one.population for one in plan.area.villages)
    covered = {one.demand_id for one in plan.stations.service_points.assignments}
    missed = len(plan.area.villages) - len(covered) + villages
    missed_people = planned_people + people - sum(v.population for v in plan.area.villages if v.id in covered)
    with speaking("en"):
        page = network_page(plan, PageLinks(home="zh"))
        write_network_workbook(plan, tmp_path / "n.xlsx")
        faulty = f"{figures.villages(villages)} left out, their rows are at fault"
    assert f"Villages not served ({missed})" in page
    told = f"Not served: {figures.villages(missed)} ({figures.people(missed_people)}, as far as known), among them {faulty}."
    assert told in page
    assert page.count(faulty) >= 3  # the sentence, the table, seasons or equity
    poor_left = sum(v.registered_poor and v.id not in covered for v in plan.area.villages) + poor
    if poor_left:
        assert f"still without service in this phase: {poor_left}" in page
    book = openpyxl.load_workbook(tmp_path / "n.xlsx", data_only=True)
    summary = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True)}
    assert (summary["Villages not served"], summary["People not served"]) == (missed, missed_people)
    rows = [row for row in book["Not covered"].iter_rows(values_only=True) if row[1] == faulty]
    assert [row[3] for row in rows] == ["-" if unknown == villages else f"{people:,}" + "+" * (unknown > 0)]
    assert [*book["Equity"].iter_rows(values_only=True)][-1][2] == villages
    assert village_equity(plan).left_out == villages


def test_a_day_counts_and_names_the_villages_left_out(line, tmp_path):
    rows = RowsLeftOut(villages=4, population=70, households=20, poor_villages=1, without_people=1)
    network = replace(line.network, area=replace(line.network.area, rows_left_out=rows))
    day = replace(line.day, network=network)
    without = len({*day.cut_off, *day.without_site}) + 4
    assert DaySummary.row_of(day, _now())["without_place"] == without
    with speaking("en"):
        page = day_page(day, PageLinks(home="en"), network_href="x")
        write_day_workbook(day, tmp_path / "d.xlsx")
        assert f"{figures.villages(without)} not served" in page
    assert f"On no vehicle that day ({without - 4 + 1})" in page  # those left out are one row
    assert "4 villages left out, their rows are at fault" in page
    (row,) = (
        one
        for one in openpyxl.load_workbook(tmp_path / "d.xlsx")["Held"].iter_rows(values_only=True)
        if one[1] == "4 villages left out, their rows are at fault"
    )
    assert row[3] == "70+"
