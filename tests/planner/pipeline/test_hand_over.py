"""One rule of where a village hands over, held against a search of all open sites, and shown the same everywhere.

A village is served where its service point is; one that none serves hands over at the open site of either tier that it
reaches fastest, past points that the others fill. Every minute that is shown for it is the way to that place.
"""

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import openpyxl
import pyogrio
import pytest

from planner.config import PlanConfig, load_config, parse_config
from planner.geodata.assemble import read_area
from planner.outputs.equity import village_equity
from planner.outputs.geofiles import villages_geojson, write_network
from planner.outputs.maps import coverage_map
from planner.outputs.names import register_name
from planner.outputs.network_page import network_page
from planner.outputs.page_links import PageLinks
from planner.outputs.workbook import write_network_workbook
from planner.pipeline.area_run import AreaRun
from planner.pipeline.estimate import usual_parcels
from planner.pipeline.hand_over import with_the_rest
from planner.pipeline.site import plan_network
from planner.plans import NetworkPlan, Stage
from planner.units import shown_minutes
from planner.words import figures
from tests.conftest import result_in
from tests.planner.outputs.maps_read import data_of, row_at

LINKS = PageLinks(home="en")


def durations(run: AreaRun, village_id: str, site_ids: list[str]) -> dict[str, float]:
    """The seconds from a village to each of the sites, walk included."""
    found = run.travel.select([village_id], site_ids).durations_s[0]
    return dict(zip(site_ids, found.tolist(), strict=True))


def served_on(plan: NetworkPlan, number: int) -> dict[str, str]:
    """The service point of each village that a stage serves."""
    phases = plan.phases
    tier = plan.stations.service_points if phases is None or not phases.found else phases.phases[number].coverage
    return {one.demand_id: one.site_id for one in tier.assignments}


def check_stage(run: AreaRun, plan: NetworkPlan, number: int) -> int:
    """Hold a stage against a search of all its sites; return how many villages hand over without being served."""
    stage, served, room = plan.stages[number], served_on(plan, number), rooms(run, plan, number)
    by_id = {one.village_id: one for one in stage.hand_over}
    assert list(by_id) == [village.id for village in plan.area.villages]
    parcels = dict(zip(by_id, usual_parcels(plan.area.villages, run.config.demand).tolist(), strict=True))
    left = 0
    for village_id, one in by_id.items():
        seconds = durations(run, village_id, list(stage.opened))
        if village_id in served:
            assert (one.covered, one.site_id) == (True, served[village_id])
        else:
            assert not one.covered
            fits = {id_: s for id_, s in seconds.items() if room.get(id_, math.inf) >= parcels[village_id] - 1e-9}
            fastest = min(fits.values(), default=math.inf)
            if not math.isfinite(fastest):
                assert (one.site_id, one.duration_s) == (None, None)
                continue
            left += 1
            assert one.site_id is not None
            assert seconds[one.site_id] == pytest.approx(fastest, abs=1e-6)
            if one.site_id in room:
                room[one.site_id] -= parcels[village_id]
        assert one.duration_s == pytest.approx(seconds[one.site_id], abs=0.11)
        assert one.driving_s + one.walking_s == pytest.approx(one.duration_s, abs=0.11)
    return left


def rooms(run: AreaRun, plan: NetworkPlan, number: int) -> dict[str, float]:
    """The parcels that each open point with a capacity can take beside those of the villages that it serves."""
    usual = run.config.coverage.service_points.capacity_parcels_day
    served = served_on(plan, number)
    parcels = usual_parcels(plan.area.villages, run.config.demand).tolist()
    found = {}
    points = {id_ for id_ in plan.stages[number].opened if plan.area.site_by_id[id_].tier == "service_point"}
    for site_id in points:
        own = plan.area.site_by_id[site_id].capacity_parcels_day
        capacity = usual if own is None else own
        if capacity is not None:
            pairs = zip(plan.area.villages, parcels, strict=True)
            found[site_id] = capacity - sum(amount for village, amount in pairs if served.get(village.id) == site_id)
    return found


def check_shown(plan: NetworkPlan, folder: Path) -> None:
    """Hold what is shown of each village against its hand-over on the finished network."""
    standard_s = plan.stations.service_points.standard_s
    ways = plan.hand_over
    wanted = {
        id_: (way.site_id or "", None if way.duration_s is None else shown_minutes(way.duration_s, standard_s))
        for id_, way in ways.items()
    }
    found = {
        one["properties"]["id"]: (one["properties"]["site_id"], one["properties"]["minutes_to_site"])
        for one in json.loads(json.dumps(villages_geojson(plan)))["features"]
    }
    assert found == wanted
    write_network(plan, folder / "n.gpkg")
    frame = pyogrio.read_dataframe(folder / "n.gpkg", layer="villages", read_geometry=False)
    minutes = [None if np.isnan(value) else value for value in frame["minutes_to_site"].astype(float)]
    sites = frame["site_id"].fillna("")
    assert dict(zip(frame["id"], zip(sites, minutes, strict=True), strict=True)) == wanted
    write_network_workbook(plan, folder / "n.xlsx")
    check_sheets(plan, openpyxl.load_workbook(folder / "n.xlsx"), wanted)
    page = coverage_map(plan, LINKS)
    assert len(data_of(page)["stages"]) == len(plan.stages)
    said = row_at(page, len(plan.stages) - 1, "v", "Hands over at")  # one entry a village in the plan's order
    said_there = dict(zip([way.village_id for way in plan.finished.hand_over], said, strict=True))
    assert said_there.keys() == ways.keys()
    page = network_page(plan, LINKS)
    uncovered = {left.demand_id for left in plan.stations.service_points.uncovered}
    for id_, way in ways.items():
        if way.duration_s is not None:
            said = figures.minutes(way.duration_s, standard_s)
            assert said in said_there[id_], id_
            if id_ in uncovered:
                assert said in page, id_
    equity = village_equity(plan).overall
    assert equity.unreached == sum(way.site_id is None for way in ways.values())
    longest = max((way.duration_s for way in ways.values() if way.duration_s is not None), default=None)
    assert equity.maximum_s == (None if longest is None else pytest.approx(longest))


def check_sheets(plan: NetworkPlan, book: openpyxl.Workbook, wanted: dict[str, tuple[str, float | None]]) -> None:
    head = 1 if plan.area.synthetic_parts == plan.area.assumed_parts == () else 2
    for title, with_site in (("^Village", True), ("^Not (covered|served)", False)):
        (sheet,) = (one for one in book if re.search(title, one.title))
        heads, *rows = sheet.iter_rows(min_row=head, values_only=True)
        (minute,) = (i for i, text in enumerate(heads) if re.search(r"(^|[^\w(])Minutes", str(text)))
        found = {row[0]: row[minute] for row in rows}
        assert found == {id_: wanted[id_][1] for id_ in found}
        if with_site:
            assert set(found) == set(wanted)
            (place,) = (i for i, text in enumerate(heads) if "Hands over at" in str(text))
            named = {
                id_: register_name(plan.area, plan.area.site_by_id[site]) if site else ""
                for id_, (site, _) in wanted.items()
            }
            assert {row[0]: row[place] or "" for row in rows} == named


@pytest.mark.parametrize("area", ["baiquan", "neubrandenburg"])
def test_both_demonstrations_at_every_stage_and_in_all_that_is_shown(demo_out: Path, tmp_path: Path, area: str) -> None:
    plan = result_in(demo_out, area).network
    run = AreaRun.for_siting(load_config(area))
    left = [check_stage(run, plan, number) for number in range(len(plan.stages))]
    assert left == sorted(left, reverse=True)
    assert (left[0] > 0) is (area == "baiquan")  # Neubrandenburg's points serve all
    check_shown(plan, tmp_path)


def worlds(folder: Path, count: int) -> Iterator[PlanConfig]:
    """Small areas on the roads of the line: villages on it and off it, capacities, phases, forbidden sites."""
    import tomllib

    draw = np.random.default_rng(14)
    base = tomllib.loads((folder / "area.toml").read_text(encoding="utf-8"))
    for number in range(count):
        places = draw.permutation(21)[: draw.integers(4, 9)]
        rows = [
            f"v{i},村{i},V{i},t1,{10 + place * 0.01:.2f},{draw.choice([0, 0.004, 0.03])},{draw.integers(0, 400)},9,否,0,"
            for i, place in enumerate(places.tolist())
        ]
        text = "编码,村名,name_latin,乡镇,经度,纬度,人口,户数,贫困村,贫困户,一村一品\n" + "\n".join(rows)
        (folder / "villages.csv").write_text(text + "\n", encoding="utf-8")
        sites = "tier,place,name,status\ncounty_hub,v0,hub,existing\n"
        (folder / "sites.csv").write_text(sites + "service_point,v1,point,forbidden\n", encoding="utf-8")
        points = {"objective": "MCLP", "standard_s": float(draw.choice([60, 200, 500])), "count": 2}
        points |= {"opening_cost_yuan": 1000, "provenance": "a test"}
        coverage = base["coverage"] | {"service_points": points}
        if number % 3 == 1:
            points |= {"capacity_parcels_day": float(draw.choice([30, 45, 60]))}
        elif number % 3 == 2:
            del points["count"]
            coverage["phases"] = [{"name": f"p{i}", "count": i, "provenance": "a test"} for i in (1, 2, 3)]
        yield parse_config(base | {"coverage": coverage}, folder=folder, name="area.toml")


@pytest.mark.slow
def test_random_small_worlds_at_every_stage_and_in_all_that_is_shown(line_folder: Path, tmp_path: Path) -> None:
    left = full = 0
    for config in worlds(line_folder, 24):
        run = AreaRun.for_siting(config)
        plan = plan_network(run)
        for number in range(len(plan.stages)):
            left += check_stage(run, plan, number)
            full += passed_a_full_point(run, plan, plan.stages[number])
        check_shown(plan, tmp_path)
    assert left > 30  # the worlds have such villages
    assert full > 0  # and points that have no room for them


def passed_a_full_point(run: AreaRun, plan: NetworkPlan, stage: Stage) -> int:
    """How many villages hand over farther away than at the nearest open site."""
    count = 0
    for one in stage.hand_over:
        if not one.covered and one.site_id is not None:
            seconds = durations(run, one.village_id, list(stage.opened))
            count += min(seconds.values()) < seconds[one.site_id] - 1
    return count


def test_villages_that_are_left_out_share_the_room_of_a_point(line_folder: Path) -> None:
    config = load_config(line_folder)
    villages = read_area(config).villages
    parcels = dict(zip([village.id for village in villages], usual_parcels(villages, config.demand), strict=True))
    on_road = {id_: amount for id_, amount in parcels.items() if id_ != "island"}
    capacity = on_road["east"]  # which comes first by id, needs most and fills the point; each of the others fits alone
    assert capacity == max(on_road.values())
    points = config.coverage.service_points.model_copy(update={"capacity_parcels_day": capacity})
    limited = config.model_copy(update={"coverage": config.coverage.model_copy(update={"service_points": points})})
    places = with_the_rest(AreaRun.for_siting(limited), {}, ["sp-middle"], ["es-t1"])
    assert places == {"east": "sp-middle", "middle": "es-t1", "west": "es-t1"}
    assert with_the_rest(AreaRun.for_siting(config), {}, ["sp-middle"], ["es-t1"]) == dict.fromkeys(
        on_road, "sp-middle"
    )
