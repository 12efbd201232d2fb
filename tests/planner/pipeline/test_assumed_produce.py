"""Produce whose weight nobody wrote is estimated as without a table and has its lot; 0 and 无 are none."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from planner.config import load_config
from planner.geodata import Severity
from planner.geodata.orders.day_orders import DayOrders, read_orders
from planner.model import Demand, DemandBasis
from planner.pipeline.area_run import AreaRun
from planner.pipeline.assumed_produce import with_assumed_produce
from planner.pipeline.day_demand import with_orders
from planner.pipeline.demand import estimate_demand
from tests.conftest import write_line_of_three_villages

DAY = datetime.date(2026, 11, 10)
ORDERED, ASSUMED = DemandBasis.ORDERED, DemandBasis.ASSUMED
# 0.5 kg a household of a village with a product, 60 households make garlic (大蒜) in the middle; a parcel weighs 1.5 kg
GARLIC = 30.0
HEAD = ("编码", "下行件数", "上行件数", "产品")
LIST = ("运单号", "编码", "方向", "重量（千克）", "产品")
Ask = Callable[..., tuple[Demand, DayOrders]]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    folder: Path = write_line_of_three_villages(tmp_path_factory.mktemp("line"))
    config = load_config(folder)
    area = AreaRun.for_siting(config).area
    villages = [village.id for village in area.villages if village.id != "island"]

    def asked(
        head: Sequence[str], *rows: Sequence[object], places: dict[str, str] | None = None
    ) -> tuple[Demand, DayOrders]:
        path = folder / "orders.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *rows])
        at = places or {id_: f"sp-{id_}" for id_ in villages}
        estimate = estimate_demand(area.villages, at, config.demand, DAY)
        orders = read_orders(path, area, DAY, at, kg_per_parcel=1.5)
        orders = with_assumed_produce(orders, area, at, config.demand, DAY)
        demand = with_orders(estimate, orders, demand=config.demand, routing=config.routing, opened=set(at.values()))
        return demand, orders

    return asked


def lots(demand: Demand, village_id: str = "middle") -> dict[str, tuple[float, DemandBasis]]:
    basis = {one.village_id: one.basis["pickup_kg"] for one in demand.villages}
    return {
        made.product: (made.kg, made.basis or basis[village_id])
        for point in demand.points
        for made in point.produce
        if made.village_id == village_id
    }


def up(demand: Demand, village_id: str = "middle") -> tuple[float, float, float]:
    (one,) = [one for one in demand.villages if one.village_id == village_id]
    (point,) = [point for point in demand.points if village_id in point.village_ids]
    if len(point.village_ids) == 1:
        assert point.pickup_kg == pytest.approx(one.pickup_kg)
        assert point.pickup_m3 == pytest.approx(one.pickup_m3)
    return one.pickup_parcels, one.pickup_kg, one.pickup_m3


def test_who_counts_parcels_only_keeps_the_produce(ask: Ask) -> None:
    demand, orders = ask(HEAD[:3], ("west", 10, 2), ("middle", 15, 2), ("east", 15, 2))
    # two parcels of 1.5 kg and 0.01 m³; 30 kg of garlic at 400 kg to the cubic metre
    assert up(demand) == pytest.approx((2, 2 * 1.5 + GARLIC, 2 * 0.01 + GARLIC / 400))
    assert lots(demand) == {"大蒜": (GARLIC, ASSUMED)}
    assert up(demand, "west") == pytest.approx((2, 3, 0.02))  # has no product
    assert sum(point.pickup_kg for point in demand.points) == pytest.approx(3 * 2 * 1.5 + GARLIC)
    assert [(one.severity, one.message.params["count"], one.message.params["kg"]) for one in orders.findings] == [
        (Severity.NOTE, 1, "30.0")
    ]


@pytest.mark.parametrize(
    ("head", "row", "parcels", "garlic"),
    [
        (HEAD, ("middle", 3, 0, ""), 0, GARLIC),  # no parcels, and not a word of produce
        (HEAD, ("middle", 3, 5, "大蒜"), 5, GARLIC),
        (HEAD, ("middle", 3, 5, "—"), 5, GARLIC),
        (HEAD, ("middle", 3, 5, "无"), 5, 0),  # there is no product
        ((*HEAD, "农产品（千克）"), ("middle", 3, 5, "大蒜", ""), 5, GARLIC),
        ((*HEAD, "农产品（千克）"), ("middle", 3, 5, "大蒜", "—"), 5, GARLIC),
        ((*HEAD, "农产品（千克）"), ("middle", 3, 5, "大蒜", "无"), 5, 0),
        ((*HEAD, "农产品（千克）"), ("middle", 3, 5, "", 0), 5, 0),
        ((*HEAD, "农产品（克）"), ("middle", 3, 5, "大蒜", 7000), 5, 7),
    ],
)
def test_an_empty_weight_of_produce_is_estimated_and_zero_is_none(
    ask: Ask, head: Sequence[str], row: Sequence[object], parcels: int, garlic: float
) -> None:
    demand, _ = ask(head, row)
    assert up(demand)[:2] == pytest.approx((parcels, parcels * 1.5 + garlic))
    basis = ORDERED if garlic == 7 else ASSUMED
    assert lots(demand) == ({"大蒜": (garlic, basis)} if garlic else {})


def test_a_weight_of_all_that_goes_up_is_all_of_it(ask: Ask) -> None:
    head = ("编码", "上行件数", "上行（千克）")
    demand, _ = ask(head, ("middle", 5, 20))
    assert (up(demand)[1], lots(demand)) == (20, {})
    # with a column for produce 上行（千克） is that of the parcels, and an empty cell of produce is not known
    demand, _ = ask((*head, "农产品（千克）"), ("middle", 5, 20, ""))
    assert (up(demand)[1], lots(demand)) == (20 + GARLIC, {"大蒜": (GARLIC, ASSUMED)})


def test_products_without_a_weight_share_the_estimate(ask: Ask) -> None:
    head = ("编码", "上行件数", "产品", "农产品（千克）")
    demand, _ = ask(head, ("middle", 4, "大蒜", 12), ("middle", "", "玉米", ""))
    # two products are named: the one without a weight has half of the 30 kg
    assert lots(demand) == {"大蒜": (12, ORDERED), "玉米": (15, ASSUMED)}
    assert up(demand)[1] == pytest.approx(4 * 1.5 + 12 + 15)
    demand, _ = ask(head, ("west", 4, "西瓜、玉米", ""))  # 30 households, a product that the area's files do not know
    assert lots(demand, "west") == {"玉米": (7.5, ASSUMED), "西瓜": (7.5, ASSUMED)}
    # nothing else of what goes up is told: parcels are estimated, 200 people x 0.01, and the product is the one named
    demand, _ = ask(head, ("middle", "", "玉米", ""))
    assert (up(demand), lots(demand)) == (pytest.approx((2, 33, 0.02 + 30 / 400)), {"玉米": (GARLIC, ASSUMED)})


def test_parcels_beside_a_row_of_weighed_produce_weigh_something(ask: Ask) -> None:
    demand, _ = ask(("编码", "上行件数", "上行（千克）", "产品"), ("middle", 6, "", ""), ("middle", "", 50, "大蒜"))
    assert (up(demand)[:2], lots(demand)) == ((6, 6 * 1.5 + 50), {"大蒜": (50, ORDERED)})


def test_each_village_and_product_of_a_list_has_its_lot(ask: Ask) -> None:
    rows = [
        ("A1", "middle", "上行", 20, "大蒜"),
        ("A2", "middle", "上行", "", "大蒜"),  # not weighed: a parcel's 1.5 kg
        ("A3", "middle", "上行", "", "玉米"),
        ("A4", "west", "上行", 4, "西瓜"),
        ("A5", "west", "下行", 3, "西瓜"),
    ]
    demand, _ = ask(LIST, *rows)
    assert lots(demand) == {"大蒜": (21.5, ASSUMED), "玉米": (1.5, ASSUMED)}
    assert up(demand)[:2] == (3, 20 + 2 * 1.5)
    assert lots(demand, "west") == {"西瓜": (4, ORDERED)}
    # a list has all that goes up, and a column for produce is a weight there, too
    demand, _ = ask((*LIST, "农产品（千克）"), ("A1", "middle", "上行", "", "大蒜", 9))
    assert (up(demand)[:2], lots(demand)) == ((1, 9), {"大蒜": (9, ORDERED)})


def test_a_point_has_the_produce_of_its_villages(ask: Ask) -> None:
    both = {"middle": "sp-middle", "west": "sp-middle", "east": "sp-east"}
    head = ("站点", "下行件数", "上行件数", "产品", "农产品（千克）")
    for row, parcels in ((("sp-middle", 9, 4, "", ""), 4), (("sp-middle", 9, "", "", ""), 3)):
        demand, _ = ask(head, row, places=both)
        (point,) = [point for point in demand.points if point.site_id == "sp-middle"]
        # not told: 300 people x 0.01
        assert (point.pickup_parcels, point.pickup_kg) == pytest.approx((parcels, parcels * 1.5 + GARLIC))
        assert [(made.village_id, made.product, made.kg) for made in point.produce] == [("middle", "大蒜", GARLIC)]
    demand, orders = ask(head, ("sp-middle", 9, 4, "大蒜", 12), ("sp-east", 1, 1, "玉米", 8), places=both)
    # the middle alone has garlic, and the east alone is at its point
    assert (lots(demand), lots(demand, "east")) == ({"大蒜": (12, ORDERED)}, {"玉米": (8, ORDERED)})
    assert [one.code for one in orders.findings] == []
    demand, orders = ask(head, ("sp-middle", 9, 4, "玉米", 12), places=both)
    assert [(one.severity, one.row, one.code) for one in orders.findings] == [(Severity.WARNING, 2, "product_of_point")]


def test_the_note_is_not_of_villages_that_the_table_leaves_alone(ask: Ask) -> None:
    demand, orders = ask(HEAD[:2], ("middle", 3))
    assert (lots(demand), orders.findings) == ({"大蒜": (GARLIC, ASSUMED)}, ())
