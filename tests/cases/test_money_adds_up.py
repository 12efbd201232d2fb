"""Money adds up for a reader of the workbook: every figure is worked out again from its sheets alone."""

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from planner.config import load_config
from planner.model import SiteStatus, StudyArea, Tier
from planner.outputs.siting import budget_figures
from planner.outputs.workbook import write_network_workbook
from planner.outputs.workbook.books import network_sheets
from planner.outputs.workbook.cells import Formula
from planner.pipeline.area_run import AreaRun
from planner.pipeline.hand_over import network_stages
from planner.pipeline.site import plan_network
from planner.plans.upgrade import NETWORK_PARTS
from tests.conftest import CONFIG, SITES, result_in, write_line_of_three_villages

NEAR = 0.005
TIERS = {"service point": "service points", "express station": "express stations"}


def sheets_of(path: Path) -> dict[str, list[dict[str, object]]]:
    """Return the rows of each sheet by heading; a notice may stand above the headings."""
    found = {}
    for made in openpyxl.load_workbook(path, data_only=True):
        rows = list(made.iter_rows(values_only=True))
        heads, *rest = rows[1:] if sum(cell is not None for cell in rows[0]) == 1 else rows
        rest = [row for row in rest if row[0] != "total"]
        found[made.title] = [dict(zip(map(str, heads), row, strict=True)) for row in rest]
    return found


def held(cell: object) -> object:
    """Return what a cell holds when it is read: of a formula what it comes to."""
    value = cell.value if isinstance(cell, Formula) else cell
    return None if value == "" else value


def add_up(sheets: dict[str, list[dict[str, object]]]) -> float:
    """Assert that budgets, opening costs, remainders and sums agree in all sheets; return the opening cost of both tiers."""
    opened: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in sheets["Sites"]:
        cost = row["Opening cost (yuan)"]
        assert (cost is None) == (row["Status now"] != "candidate" or row["Is open"] != "yes"), row
        if row["Tier"] not in TIERS:
            assert not cost  # a hub is in no stage's money
        elif cost is not None:
            opened[row["Opens in"] or "whole plan", row["Tier"]].append(cost)
    rows = sheets["Budget"]
    stages, last = (rows[:-1], rows[-1]) if len(rows) > 1 else (rows, rows[0])
    assert {stage for stage, _ in opened} <= {row["Stage"] for row in stages}
    for row in stages:
        for tier, name in TIERS.items():
            costs = opened[row["Stage"], tier]
            assert len(costs) == row[f"New {name}"]
            assert abs(sum(costs) - row[f"Opening {name} (yuan)"]) < NEAR
        spent = row["Opening service points (yuan)"] + (row.get("Closing sites (yuan)") or 0)
        spent += row.get("Staff and rent in the budget (yuan)") or 0
        budget = row.get("Budget for service points (yuan)")
        carried = row.get("Left from stages before (yuan)") or 0
        assert (row.get("Left for service points (yuan)") is None) == (budget is None)
        if budget is not None:
            assert abs(budget + carried - spent - row["Left for service points (yuan)"]) < NEAR
    both = sum(sum(costs) for costs in opened.values())
    for heading in last:
        if heading.startswith(("Opening", "New")):
            assert abs(last[heading] - sum(row[heading] for row in stages)) < NEAR, heading
    assert abs(last["Opening cost, both tiers (yuan)"] - both) < NEAR
    summary = {row["Item"]: row["Figure"] for row in sheets["Summary"]}
    assert abs(summary["Opening cost, both tiers"] - both) < NEAR
    if "Money" in sheets:
        equipment = [row for row in sheets["Money"] if row["Item"] == "equipment"]
        assert abs(equipment[-1]["Total (yuan)"] - both) < NEAR
        for row in equipment:
            assert abs(sum(row[head] for head in row if head.endswith("(yuan)")) - 2 * row["Total (yuan)"]) < NEAR
    for row in sheets.get("Stages", []):
        (same,) = (one for one in stages if one["Stage"] == row["Stage"])
        assert abs(row["Opening cost (yuan)"] - same["Opening service points (yuan)"]) < NEAR
    return both


@pytest.mark.parametrize("area", ["harbin", "baiquan", "neubrandenburg"])
def test_the_sheets_of_the_demonstrations_add_up(demo_out: Path, tmp_path: Path, area: str) -> None:
    plan = result_in(demo_out, area).network
    write_network_workbook(plan, tmp_path / "network.xlsx")
    both = add_up(sheets_of(tmp_path / "network.xlsx"))
    assert both == plan.stations.service_points.opening_cost_yuan + plan.stations.express_stations.opening_cost_yuan > 0


PHASE = '[[coverage.phases]]\nname = "{name}"\nprovenance = "made up"\n'
SUBSIDIES = """[coverage.subsidies]
provenance = "made up"
service_points = { agent_yuan_year = 5400.5, rent_yuan_year = 1200.01 }
express_stations = { agent_yuan_year = 36000, rent_yuan_year = 12000 }
shares = { equipment = { government = 0.6, firms = 0.4 }, agent = { firms = 1 }, rent = { society = 0.3, firms = 0.7 } }
"""


def section(rng: np.random.Generator) -> str:
    """Return the configuration of the line of villages with or without phases, budgets and subsidies."""
    text = CONFIG.replace("count = 1", f"count = {rng.integers(1, 3)}")
    if rng.random() < 0.7:
        carries = str(bool(rng.random() < 0.5)).lower()
        phases = ""
        for number in range(int(rng.integers(1, 4))):
            phases += PHASE.format(name=f"stage {number}")
            phases += f"budget_yuan = {price(rng)}\n" if rng.random() < 0.8 else ""
            phases += f"station_budget_yuan = {price(rng)}\n" if rng.random() < 0.5 else ""
        text = text.replace('objective = "LSCP"', 'objective = "MCLP"').replace("[demand]", phases + "[demand]")
        text = text.replace("[coverage.service", f"[coverage]\ncarry_over = {carries}\n[coverage.service", 1)
    return text.replace("[demand]", SUBSIDIES + "[demand]") if rng.random() < 0.6 else text


def price(rng: np.random.Generator) -> float:
    return round(float(rng.integers(0, 300_000) / rng.choice([1, 10, 100])), 2)


def priced(area: StudyArea, rng: np.random.Generator) -> StudyArea:
    """Return the area with prices of their own for its sites, some there already, some forbidden."""
    kinds = [SiteStatus.EXISTING, SiteStatus.FORBIDDEN, *[SiteStatus.CANDIDATE] * 3]
    sites = [
        site
        if site.tier is Tier.COUNTY_HUB
        else replace(site, status=kinds[rng.integers(len(kinds))], opening_cost_yuan=price(rng))
        for site in area.sites
    ]
    return replace(area, sites=tuple(sites))


def test_the_sheets_of_made_up_money_add_up(tmp_path: Path) -> None:
    folder = write_line_of_three_villages(tmp_path)
    sites = [f"express_station,{place},,candidate" for place in ("west", "middle", "east")]
    (folder / "sites.csv").write_text(SITES + "\n".join(sites) + "\n", encoding="utf-8")
    first = AreaRun.for_siting(load_config(folder))
    base, kinds = plan_network(first), set()
    for seed in range(200):
        rng = np.random.default_rng(seed)
        (folder / "area.toml").write_text(section(rng), encoding="utf-8")
        area, config = priced(first.area, rng), load_config(folder)
        run = AreaRun.for_siting(config, given_area=area, given_roads=first.roads)
        run.__dict__["travel"] = first.travel  # the same places on the same roads
        siting = run.siting
        if not siting.stations.service_points.opened:
            continue
        plan = replace(
            base,
            area=area,
            config=config.parts(NETWORK_PARTS),
            stations=siting.stations,
            phases=siting.phases,
            stages=network_stages(run, siting),
            remedies=siting.remedies,
            subsidies=run.subsidies,
        )
        rows = {
            sheet.title: [
                dict(zip(sheet.headings, map(held, row), strict=True)) for row in sheet.rows if row[0] != "total"
            ]
            for sheet in network_sheets(plan)
        }
        both = add_up(rows)
        if seed % 20 == 0:  # what a reader opens holds the same
            write_network_workbook(plan, tmp_path / "network.xlsx")
            assert add_up(sheets_of(tmp_path / "network.xlsx")) == both
        said = budget_figures(plan)
        assert said[-1]["building_yuan"] == pytest.approx(both)
        over = [row for row in said if (row["station_left_yuan"] or 0) < 0 and row["stage"].startswith("stage")]
        named = [one for one in plan.stations.express_stations.relaxed if one.code == "stations_above_phase_budget"]
        assert [row["stage"] for row in over] == [one.params["phase"] for one in named]
        kinds.add((plan.phases is None, plan.subsidies is None, bool(over)))
    assert len(kinds) == 6  # with and without phases, subsidies, and stations above their budget
