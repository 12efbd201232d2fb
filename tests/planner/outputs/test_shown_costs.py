"""Money that stands in a column adds up to the sum beside it, to the last digit shown, wherever a day's costs are shown."""

import io
import random
import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console

from api.routers.courier import list_routes
from planner.cli.plan_tables import day_figures, print_routes
from planner.outputs.day_page import day_page
from planner.outputs.page_links import PageLinks
from planner.outputs.route_figures import shown_costs
from planner.outputs.workbook import write_day_workbook
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import DayPlan


def with_costs(day: DayPlan, costs: list[float]) -> DayPlan:
    """Return the day with as many routes as costs, each like the first."""
    first, count = day.routes.routes[0], len(day.routes.routes[0].legs())
    routes = tuple(replace(first, vehicle_id=f"van-{number:02d}", cost_yuan=cost) for number, cost in enumerate(costs))
    many = len(costs)
    return replace(
        day,
        routes=replace(day.routes, routes=routes, cost_yuan=sum(costs)),
        paths=day.paths[:count] * many,
        walks=day.walks[:count] * many,
    )


def some_costs(rng: random.Random) -> list[float]:
    """Return costs of all sizes; many are a fraction of a fen above or below one, so that rounding all alike goes wrong."""
    return [
        rng.choice(
            [rng.uniform(0, 900), round(rng.uniform(1, 900), 2) + rng.choice([0.004, 0.0049, 0.005, 0.006]), 0.0]
        )
        for _ in range(rng.randint(1, 12))
    ]


def test_300_days_add_up_and_no_route_is_a_unit_off(line: PlannedArea) -> None:
    wrong_one_by_one = 0
    for seed in range(300):
        costs = some_costs(random.Random(seed))
        day = with_costs(line.day, costs)
        for digits in (0, 2):
            shown = shown_costs(day, digits)
            unit = Fraction(1, 10**digits)
            assert sum(Decimal(f"{yuan:.{digits}f}") for yuan in shown.values()) == Decimal(f"{sum(costs):.{digits}f}")
            for (vehicle, yuan), cost in zip(shown.items(), costs, strict=True):
                assert abs(Fraction(f"{yuan:.{digits}f}") - Fraction(cost)) < unit + Fraction(1, 10**6), (seed, vehicle)
        wrong_one_by_one += round(sum(round(cost, 2) for cost in costs), 2) != round(sum(costs), 2)
    assert wrong_one_by_one > 100


@pytest.mark.parametrize("seed", range(4))
def test_page_workbook_table_json_and_api_add_up(line: PlannedArea, tmp_path: Path, seed: int) -> None:
    day = with_costs(line.day, some_costs(random.Random(1000 + seed)))
    total = round(day.routes.cost_yuan, 2)
    figures = day_figures(day, tmp_path)
    assert figures["cost_yuan"] == total
    assert round(sum(one.cost_yuan for one in figures["vehicles"].values()), 2) == total
    assert round(sum(route.cost_yuan for route in list_routes(day).routes), 2) == total
    write_day_workbook(day, tmp_path / "day.xlsx")
    book = openpyxl.load_workbook(tmp_path / "day.xlsx", data_only=True)
    rows = [*book["Routes"].iter_rows(values_only=True)]
    (head,) = (number for number, row in enumerate(rows) if "Cost (yuan)" in row)
    column = rows[head].index("Cost (yuan)")
    *routes, under = rows[head + 1 :]
    assert round(sum(row[column] for row in routes), 2) == total == under[column]
    (summed,) = (row[1] for row in book["Summary"].iter_rows(values_only=True) if row[0] == "Cost")
    assert summed == total
    page = day_page(day, PageLinks(home="en"), network_href="x")
    cells = re.findall(r'<td data-label="Yuan" class="n">([\d,]+)</td>', page)
    assert sum(int(cell.replace(",", "")) for cell in cells) == round(day.routes.cost_yuan)
    assert f"<b>{round(day.routes.cost_yuan):,} yuan</b>" in page
    assert "rounded up" in page
    told = Console(width=300, record=True, file=io.StringIO())
    print_routes(told, day)
    lines = [re.split(r"\s{2,}|\s*[│┃]\s*", text.strip()) for text in told.export_text().splitlines() if "van-" in text]
    assert sum(int(cells[-2].replace(",", "")) for cells in lines) == round(day.routes.cost_yuan)
