"""Weights of produce and of parcels from a table of orders to the lots, the demand of the point and the day's page."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from planner.config import load_config
from planner.model import ReadAs, WaitingDemand
from planner.outputs.order_lines import orders_details, orders_line
from planner.pipeline.area_run import AreaRun
from planner.pipeline.day import OrdersFile, plan_day
from planner.pipeline.site import plan_network
from planner.plans import DayPlan, day_from_json, to_json
from planner.plans.lots import lots_of
from planner.words import speaking
from tests.conftest import write_line_of_three_villages

HEAD = ("编码", "下行件数", "上行件数", "上行（千克）", "产品", "农产品（千克）")


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> DayPlan:
    folder: Path = write_line_of_three_villages(tmp_path_factory.mktemp("line"))
    rows = [
        ("west", "无", 6, "", "大豆", 83),  # its parcels were not weighed: 6 x 1.5 kg
        ("middle", "—", 4, 10, "大蒜", ""),  # one weight for both: 4 x 1.5 kg of parcels, 4 kg of garlic
        ("east", "十二", "", "", "西瓜", 160),  # as many parcels as are estimated: 300 people x 0.01 = 3, 4.5 kg
    ]
    with (folder / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    config = load_config(folder)
    network = plan_network(AreaRun.for_siting(config))
    return plan_day(network, config, orders=OrdersFile(path=folder / "orders.csv")).plan


def test_parcels_weigh_something_beside_produce(day: DayPlan) -> None:
    of_village = {one.village_id: one for one in day.demand.villages}
    assert {id_: one.pickup_kg for id_, one in of_village.items()} == pytest.approx(
        {"west": 83 + 9, "middle": 10, "east": 160 + 4.5}
    )
    assert sum(point.pickup_kg for point in day.demand.points) == pytest.approx(92 + 10 + 164.5)
    # 400 kg of produce, 0.01 m³ a parcel: what goes up has the room of both
    assert of_village["west"].pickup_m3 == pytest.approx(0.06 + 83 / 400)


def test_lots_weigh_what_was_entered_and_say_so(day: DayPlan) -> None:
    lots = {
        lot.village_id: (lot.product, lot.kg, lot.basis.value)
        for lot in lots_of(day_from_json(to_json(day), day.network))
    }
    assert lots == {
        "west": ("大豆", 83, "ordered"),
        "middle": ("大蒜", 4, "assumed"),  # what parcels of an assumed weight left
        "east": ("西瓜", 160, "ordered"),
    }


def test_the_plan_says_what_words_were_read_as(day: DayPlan) -> None:
    assert day.demand.orders is not None
    assert day_from_json(to_json(day), day.network).demand.orders == day.demand.orders
    assert set(day.demand.orders.read_as) == {
        ReadAs(cell="无", figure="0", cells=1),
        ReadAs(cell="—", figure="", cells=1),
        ReadAs(cell="十二", figure="12", cells=1),
    }
    with speaking("zh"):
        told, line = orders_details(day), orders_line(day)
    # 83, 4 and 160 kg of produce; parcels: 6, 4 and 3 of 1.5 kg
    assert "上行：农产品 247.0 千克，快件 19.5 千克" in told
    # nobody wrote the parcels to the middle nor those from the east: three villages entered, two of them in part
    assert line == "人工录入 3 个村（其中 2 个村有一项按估计）；估计 0 个村；暂存或无法到达：1 个村"
    waiting = WaitingDemand(
        village_id="island",
        **dict.fromkeys(("delivery_parcels", "delivery_kg", "delivery_m3", "pickup_m3"), 0),
        pickup_parcels=3,
        pickup_kg=4.5,
    )
    held = replace(day, demand=replace(day.demand, waiting=(waiting,)))
    with speaking("zh"):
        assert "上行：农产品 247.0 千克，快件 19.5 千克；暂存 4.5 千克" in orders_details(held)
    assert [line for line in told if "格写" in line] == [
        "1 格写“—”，按未填读",
        "1 格写“十二”，按 12 读",
        "1 格写“无”，按 0 读",
    ]
