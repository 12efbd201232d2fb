"""The workbook of one day, made by hand: every cell of its routes, fleet and summary worked out, as the file holds it."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from planner.model import Fact, PointDemand, Walk
from planner.outputs.workbook import money_sheets, write_day_workbook
from planner.outputs.workbook.cells import Formula, Sheet
from planner.outputs.workbook.day_sheets import routes_sheet
from planner.outputs.workbook.sheet_writer import SheetWriter
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import DayPlan
from planner.routing import Unassigned, UnassignedReason
from planner.words import speaking
from tests.planner.outputs.courier.heilongjiang import heilongjiang, route


def point(number: int, village_id: str, down: int, up: int) -> PointDemand:
    return PointDemand(
        site_id=f"sp-{number}", village_ids=(village_id,) if village_id else (),
        delivery_parcels=down, delivery_kg=down * 1.5, delivery_m3=down * 0.01,
        pickup_parcels=up, pickup_kg=up * 2.5, pickup_m3=up * 0.02,
    )  # fmt: skip


@pytest.fixture
def day(line: PlannedArea) -> DayPlan:
    """A van with two stops, a tricycle that loads again after its first of two, and a stop to which no way leads.

    A parcel down is 1.5 kg and 0.01 m³, one comes up at each stop, of 2.5 kg and 0.02 m³; a leg is 1 km and two minutes.
    """
    van = replace(route("van-1", [("sp-1", 25_200, 100), ("sp-2", 27_000, 50)]), cost_yuan=123.45)
    cart = replace(route("cart-1", [("sp-3", 28_800, 40), ("sp-4", 31_200, 20)], 1), cost_yuan=75.0)
    (again,) = cart.reloads
    cart = replace(cart, reloads=(replace(again, load_after=(20.0, 30.0, 0.2)),))
    plan = heilongjiang(line, [van, cart])
    (kind,) = plan.config["routing"]["vehicles"]
    vans = kind | {"name": {"zh": "厢式货车", "en": "Van"}}
    carts = kind | {
        "id": "cart", "name": {"zh": "三轮车", "en": "Tricycle"}, "count": 3, "units": [],
        "capacity_kg": 200.0, "capacity_m3": 1.0, "capacity_parcels": 60,
        "fixed_cost_yuan": 40.0, "cost_per_km_yuan": 0.25, "cost_per_hour_yuan": 20.0, "cost_per_driving_hour_yuan": 2.5,
    }  # fmt: skip
    points = (
        *(point(1, "west", 100, 1), point(2, "middle", 50, 1), point(3, "east", 40, 1), point(4, "", 20, 1)),
        point(5, "island", 7, 3),
    )
    left = Unassigned(stop_id="sp-5", reason=UnassignedReason.UNREACHABLE, details=Fact(code="no_depot_has_a_way"))
    # on the first leg of each vehicle somebody walks: a minute of 50 m, half a minute of 25 m
    none = Walk(metres=0.0, seconds=0.0)
    walks = (Walk(metres=50.0, seconds=60.0), none, none, Walk(metres=25.0, seconds=30.0), none, none, none)
    return replace(
        plan,
        config=plan.config | {"routing": plan.config["routing"] | {"vehicles": [vans, carts]}},
        demand=replace(plan.demand, points=points, waiting=()),
        routes=replace(plan.routes, unassigned=(left,), cost_yuan=198.45),
        walks=walks,
        cut_off={},
    )


def cells(path: Path, title: str, *, formulas: bool = False) -> list[list[object]]:
    """The cells below the notice, formulas as what they come to, or as they are."""
    with speaking("en"):
        sheet = openpyxl.load_workbook(path, data_only=not formulas)[title]
    return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]


ROUTES: list[list[object]] = [
    # what a vehicle is called, stops, first and last minute, km, driving and walking, on duty, fullest, cost
    # three legs of the van: 6 minutes, one on foot; 6:58 to 7:37; 150 parcels of 8 m³: 18.75 %, of 1500 kg 15 %
    # then parcels down, yuan a parcel (123.45 / 150), what is loaded and what comes up
    ["Van 1", 2, "06:58", "07:37", 3.0, 5.0, 1.0, 39.0, 0.19, 123.45, 150, 0.82, 150, 225.0, 1.5, 2, 5.0, 0.04],
    # four legs of the tricycle: 8 minutes; 7:58 to 8:47; 40 parcels of 60 are 66.7 %, more than kg and m³ are; two loads
    ["Tricycle 1", 2, "07:58", "08:47", 4.0, 7.5, 0.5, 49.0, 0.67, 75.0, 60, 1.25, 60, 90.0, 0.6, 2, 5.0, 0.04],
]
ALL: list[object] = ["total", 4, None, None, 7.0, *[None] * 4, 198.45, 210, 0.945, 210, 315.0, 2.1, 4, 10.0, 0.08]
FLEET: list[list[object]] = [
    ["Van", 12, 1, 2, 3.0, 123.45, 1500, 8, "-", 150, 1.2, 30, 0],
    ["Tricycle", 3, 1, 2, 4.0, 75.0, 200, 1, 60, 40, 0.25, 20, 2.5],
    ["total", 15, 2, 4, 7.0, 198.45, *[None] * 7],
]
SUMMARY: dict[str, tuple[object, object]] = {
    "Vehicles": (2, None),
    "Stops": (4, None),
    "Stops on no route": (1, None),
    # nothing is in a table: west, middle and east are estimated, the island's stop is on no route
    **{"Villages entered": (0, None), "Villages estimated": (3, None), "Villages that have nothing": (0, None)},
    **{"Villages held or cut off": (1, None), "Villages, all": (4, None)},
    **{f"Parcels in the table, {side}": (0, None) for side in ("down", "up")},
    **{"Parcels estimated, down": (217, None), "Parcels estimated, up": (7, None)},
    **{"Parcels on routes, down": (210, None), "Parcels on routes, up": (4, None)},
    **{"Parcels of stops on no route, down": (7, None), "Parcels of stops on no route, up": (3, None)},
    **{f"Parcels held, {side}": (0, None) for side in ("down", "up")},
    **{"Distance": (7.0, "km"), "Driving": (12.5, "minutes"), "Walking": (1.5, "minutes")},
    **{"Parcels up": (4, "10 kg"), "Parcels down": (210, "315 kg"), "Cost": (198.45, "yuan")},
    "Cost a parcel brought to a stop": (0.945, "yuan"),
}


def near(row: list[object]) -> list[object]:
    return [pytest.approx(one, abs=1e-9) if isinstance(one, float) else one for one in row]


def test_every_cell_of_routes_fleet_and_summary(day: DayPlan, tmp_path: Path) -> None:
    path = tmp_path / "day.xlsx"
    with speaking("en"):
        write_day_workbook(day, path)
    head, *rows = cells(path, "Routes")
    by_vehicle = sorted(ROUTES, key=lambda row: str(row[0]))  # cart-1 before van-1
    assert rows == [near(row) for row in (*by_vehicle, ALL)]
    # what a parcel costs in all is what the sums of cost and of parcels come to
    *_, total = cells(path, "Routes", formulas=True)
    named = [head["ABCDEFGHIJKLMNOPQR".index(letter)] for letter in re.findall("[A-Z]", str(total[11]))]
    assert (head[11], named) == ("Yuan a parcel", ["Cost (yuan)", "Parcels down"])
    assert cells(path, "Fleet")[1:] == [near(row) for row in FLEET]
    summary = {str(row[0]): (row[1], row[2]) for row in cells(path, "Summary")[1:]}
    assert {key: summary[key] for key in SUMMARY} == {key: tuple(near(list(row))) for key, row in SUMMARY.items()}
    said_of_it = {"Area", "Day plan", "Network", "Date", "Season", "Season differs", "Caution", "What this is about"}
    assert summary.keys() - SUMMARY.keys() == said_of_it


def test_the_chart_shows_the_columns_that_its_axes_name(day: DayPlan) -> None:
    with speaking("en"):
        sheet = routes_sheet(day)
    (chart,) = sheet.charts
    assert (chart.first, chart.last, sheet.headings[chart.names]) == (0, 1, "Vehicle")
    assert [sheet.headings[column] for column in chart.bars] == [chart.axis] == ["Fullest (rounded up)"]
    assert chart.line is not None
    assert sheet.headings[chart.line] == "Cost (yuan)"


def test_sums_stand_below_what_is_filtered_and_a_notice_prints_its_ampersand(tmp_path: Path) -> None:
    writer = SheetWriter()
    rows = [["a", 1], ["b", 2], ["total", Formula("SUM(B[0]:B[1])", 3)]]
    writer.add(Sheet("Sums", ["Name", "Figure"], rows, 1), "R&D & more", "plan&1")
    (tmp_path / "sums.xlsx").write_bytes(writer.finished())
    (sheet,) = openpyxl.load_workbook(tmp_path / "sums.xlsx")
    assert sheet.auto_filter.ref == "A2:B4"  # notice, headings, two rows; the sum is in row 5
    assert sheet["B5"].value == "=SUM(B3:B4)"
    with zipfile.ZipFile(tmp_path / "sums.xlsx") as parts:
        text = parts.read("xl/worksheets/sheet1.xml").decode().replace("&amp;", "&")
    # a single ampersand begins an order of the header: C is for the middle, L for the left, R for the right
    assert "<oddHeader>&CR&&D && more</oddHeader>" in text
    assert "<oddFooter>&Lplan&&1&R&P / &N</oddFooter>" in text


def test_a_sum_of_stages_stands_only_where_it_is_that(line: PlannedArea, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is closed after the last stage is in the whole's amount and in no stage's."""
    keys = ("budget", "carried", "opening", "closing", "running", "left", "station_budget", "stations", "station_left")
    none = dict.fromkeys((*keys, "building"))
    stages = [
        {"name": name, "points_opened": points, "stations_opened": stations, "amounts": none | amounts}
        for name, points, stations, amounts in (
            ("2026", 2, 1, {"opening": 1000.0, "closing": 200.0}),
            ("2027", 1, 1, {"opening": 500.0, "closing": 0.0}),
            ("all", 3, 1, {"opening": 1500.0, "closing": 700.0}),
        )
    ]
    monkeypatch.setattr(money_sheets, "budget_rows", lambda _: stages)
    with speaking("en"):
        sheet = money_sheets.budget_sheet(line.network)
    assert list(sheet.headings)[3:] == ["Opening service points (yuan)", "Closing sites (yuan)"]
    name, points, stations, opening, closing = list(sheet.rows)[-1]
    assert isinstance(points, Formula)
    assert isinstance(opening, Formula)
    assert (name, points.value, opening.value) == ("all", 3, 1500.0)
    assert (stations, closing) == (1, 700.0)
