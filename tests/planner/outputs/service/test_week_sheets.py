"""The workbook, tables and map layers of the week worked out by hand: the same figures as its pages, and its document."""

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path

import openpyxl
import pyogrio
import pytest
from rich.console import Console

from planner.cli.service_tables import print_service, service_figures
from planner.outputs.service import write_service
from planner.outputs.service.service_page import service_page
from planner.outputs.service.week_layers import write_week_layers
from planner.outputs.service.week_sheets import points_csv, week_workbook, weekdays_csv
from planner.outputs.service.week_view import week_view
from planner.outputs.service.weekdays_page import weekdays_page
from planner.plans.service_documents import service_from_json, service_to_json
from planner.plans.service_plan import ServicePlan
from planner.words import speaking
from tests.languages import foreign_words, names_of, page_text
from tests.planner.outputs.maps_read import layers_of
from tests.planner.outputs.service.week_world import with_buses
from tests.planner.outputs.sheets_read import LINKS, OWN_FORMULA
from tests.planner.outputs.test_first_page import Tables


@pytest.fixture(scope="module")
def book(week: ServicePlan) -> openpyxl.Workbook:
    with speaking("en"):
        return openpyxl.load_workbook(io.BytesIO(week_workbook(week)), data_only=True)


def rows_of(book: openpyxl.Workbook, title: str) -> list[list[object]]:
    """The rows of a sheet below its notice and headings."""
    return [list(row) for row in book[title].iter_rows(min_row=3, values_only=True)]


def table(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_summary_has_the_weeks_figures(book: openpyxl.Workbook, week: ServicePlan) -> None:
    found = {row[0]: row[1] for row in rows_of(book, "Summary")}
    assert found["Points visited"] == 3
    assert found["Visits a week"] == 4
    assert found["Places not served"] == 3
    assert found["Vehicles needed"] == 2
    assert found["Daokouzhen station tricycle"] == found["van"] == 1
    assert found["Distance a week"] == 52
    assert found["On duty a week"] == 6
    assert (found["Parcels down"], found["Parcels up"]) == (100, 12)
    assert found["Cost a week"] == 280.40
    assert found["Cost a year"] == 14_580.80
    assert found["Cost a parcel"] == pytest.approx(2.804)


def test_weekdays_add_up_to_the_week(book: openpyxl.Workbook) -> None:
    monday, thursday, total = rows_of(book, "Week")
    assert monday == ["Monday", 1, 1, 20, 1, 60, 90, 6, 39, 0, 100.40, pytest.approx(100.40 / 60)]
    assert thursday == ["Thursday", 2, 2, 32, 5, 40, 60, 6, 26, 1, 180, 4.5]
    assert total[1:] == [2, 3, 52, 6, 100, 150, 12, 65, 1, 280.40, pytest.approx(2.804)]


def test_points_have_a_mark_for_each_day(book: openpyxl.Workbook) -> None:
    rows = {row[0]: row for row in rows_of(book, "Points")}
    assert [day for day, mark in zip(range(7), rows["sp-middle"][3:10], strict=True) if mark] == [0, 3]
    assert rows["sp-east"][10:12] == [1, 1]
    assert rows["sp-east"][13] == "by the station Daokouzhen station"
    assert rows["es-t1"][3:11] == [None] * 7 + [0]
    (total,) = [row for id_, row in rows.items() if not str(id_).startswith(("sp-", "es-"))]
    # 30 + 70 + 5 and the 50 of the station's own point; 4 visits
    assert (total[10], total[15]) == (4, 155)


def test_routes_of_weekdays_add_up_to_the_weeks_money(book: openpyxl.Workbook) -> None:
    *rows, total = rows_of(book, "Routes of weekdays")
    assert [row[:2] for row in rows] == [
        ["Monday", "van-1"],
        ["Thursday", "van-1"],
        ["Thursday", "Daokouzhen station tricycle 1"],
        ["Thursday", "Handling at stations"],
    ]
    assert [row[14] for row in rows] == [100.40, 150.25, 20.30, 9.45]
    assert rows[2][2:] == ["Daokouzhen station", "09:00", "10:00", 1, 0, 8, 1, 0.75, 30, 45, 4, 6, 20.30]
    assert total[5:9] == [3, 2, 52, 6]
    assert total[10:] == [100, 150, 12, 65, 280.40]


def test_calls_say_what_only_passes_the_station(book: openpyxl.Workbook) -> None:
    rows = rows_of(book, "Stop list")
    assert [row[3] for row in rows] == ["sp-middle", "es-t1", "sp-middle", "es-t1", "sp-east"]
    assert [row[11] for row in rows] == ["no", "yes", "no", "yes", "no"]
    handed_out = sum(row[7] for row in rows if row[11] == "no")
    assert handed_out == 100


def test_choices_and_gaps_stand_in_sheets_of_their_own(book: openpyxl.Workbook) -> None:
    (township,) = rows_of(book, "Townships")
    assert township[3:6] == [200, 190.5, 180]
    two, five = rows_of(book, "Frequencies")
    assert two == [2, "yes", 270, 0, 14_040, 50, 2, "in the search only: this plan, confirmed, misses visits"]
    assert five == [5, "no", 611.5, 341.5, 31_798, 112.3, 4, "no plan found"]
    assert [row[1] for row in rows_of(book, "Not served")] == ["every day", "Thursday", "every day"]
    about = {row[0]: row[1] for row in rows_of(book, "About")}
    assert about["Year"] == "2026"
    assert "assumption: a try" in str([row[1] for row in rows_of(book, "About")])


def test_formulas_are_our_own_and_text_stays_text(week: ServicePlan) -> None:
    with speaking("zh"):
        book = openpyxl.load_workbook(io.BytesIO(week_workbook(week)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    assert len(formulas) > 20
    assert all(OWN_FORMULA.fullmatch(str(formula)) for formula in formulas)
    assert "=1+1村" in [cell.value for cell in cells if cell.data_type == "s"]
    for sheet in book:
        assert "不可用于实际决策" in str(sheet["A1"].value)  # what is not real is said on each
        texts = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.data_type == "s")
        assert foreign_words(texts, "zh", names_of(week.area)) == []


def test_tables_for_programs_have_a_mark_and_no_sums(week: ServicePlan) -> None:
    with speaking("zh"):
        points, routes = table(points_csv(week)), table(weekdays_csv(week))
    assert {row["站点编码"]: row["每周班次"] for row in points} == {
        "es-t1": "0",
        "sp-east": "1",
        "sp-middle": "2",
        "sp-west": "1",
    }
    assert points[0]["每周服务计划"] == week.id
    assert {row["站点编码"]: row["名称"] for row in points}["sp-middle"] == "'=1+1村"  # no spreadsheet runs it
    assert len(routes) == 4
    assert sum(float(row["费用（元）"]) for row in routes) == pytest.approx(280.40)
    assert sum(int(row["下行件数"] or 0) for row in routes) == 100
    assert sum(float(row["里程（公里）"] or 0) for row in routes) == 52


def test_layers_have_points_with_visits_and_routes_of_each_weekday(week: ServicePlan, tmp_path: Path) -> None:
    path = tmp_path / "service.gpkg"
    with speaking("en"):
        write_week_layers(week, path)
    first = path.read_bytes()
    names = [name for name, _ in pyogrio.list_layers(path)]
    days = [f"{kind}_{day}" for day in ("monday", "thursday") for kind in ("route_legs", "route_stops")]
    assert [name for name in names if name != "layer_styles"] == ["points", *days, "boundary", "about"]
    points = pyogrio.read_dataframe(path, layer="points").set_index("site_id")
    assert points["visits"].to_dict() == {"es-t1": 0, "sp-east": 1, "sp-middle": 2, "sp-west": 1}
    assert points.loc["sp-middle", "weekdays"] == "monday,thursday"
    assert points.loc["sp-east", "station_id"] == "es-t1"
    legs = pyogrio.read_dataframe(path, layer="route_legs_thursday")
    assert legs["distance_m"].sum() == 32_000
    stops = pyogrio.read_dataframe(path, layer="route_stops_thursday")
    assert list(stops["site_id"]) == ["es-t1", "sp-middle", "es-t1", "sp-east"]
    assert list(stops["delivery_parcels"]) == [30, 10, 0, 30]
    styles = pyogrio.read_dataframe(path, layer="layer_styles")
    assert set(styles["f_table_name"]) == {"points", *days, "boundary"}
    assert "LineSymbolizer" in styles.set_index("f_table_name").loc["route_legs_monday", "styleSLD"]
    with speaking("en"):
        write_week_layers(week, path)
    assert path.read_bytes() == first


def test_page_workbook_tables_and_document_agree(week: ServicePlan, tmp_path: Path) -> None:
    write_service(week, tmp_path, home="en")
    read = service_from_json((tmp_path / "service.json").read_text(encoding="utf-8"), week.network)
    document = sum(route.cost_yuan for day in read.days for route in day.routes) + read.days[1].tiers.cost.stations_yuan
    book = openpyxl.load_workbook(tmp_path / "service.xlsx", data_only=True)
    routes = table((tmp_path / "weekdays.csv").read_bytes())
    with speaking("en"):
        page = page_text(service_page(week, LINKS))
    (shown,) = re.findall(r"Cost a week\n([\d,]+) yuan", page)
    money = [document, sum(float(row["Cost (yuan)"]) for row in routes), rows_of(book, "Week")[-1][10]]
    assert money == [pytest.approx(280.40)] * 3
    assert shown == "280"
    assert service_to_json(read) == service_to_json(week)


def test_what_buses_carry_is_in_every_total(week: ServicePlan) -> None:
    bused = with_buses(week)
    with speaking("en"):
        book = openpyxl.load_workbook(io.BytesIO(week_workbook(bused)), data_only=True)
        page = page_text(service_page(bused, LINKS))
        days = Tables(weekdays_page(bused, LINKS)).rows
        routes = table(weekdays_csv(bused))
    # 280.40 + 3.10 + 5.00; 52 + 1.5 km; 100 + 8 parcels down, 12 + 1 up, 65 + 2 kg
    assert rows_of(book, "Week")[-1][1:11] == [2, 3, 53.5, 6, 108, 162, 13, 67, 1, 288.50]
    assert [row[7:] for row in rows_of(book, "Routes of weekdays") if row[1] == "Rural buses"] == [
        [1.5, None, None, 8, 12, 1, 2, 8.10]
    ]
    assert rows_of(book, "Routes of weekdays")[-1][14] == 288.50
    assert sum(float(row["Cost (yuan)"]) for row in routes) == pytest.approx(288.50)
    assert "53.5 km" in page
    assert "by bus alone: 1." in page  # the east on Monday
    assert "collected 13 parcels, 67 kg" in page
    (row,) = [[cell.strip() for cell in row] for row in days if row and row[0].strip() == "Rural buses"]
    assert row[7:] == ["1.5", "", "8", "12", "1", "2", "8.10"]
    assert "108.50" in [cell.strip() for row in days for cell in row]  # Monday: 100.40 + 8.10


def test_what_buses_serve_is_not_hollow(week: ServicePlan) -> None:
    with speaking("en"):
        layers = layers_of(week_view(with_buses(week), LINKS))
    hollow = [
        {feature["properties"]["id"] for feature in layer}
        for layer in layers
        if layer and 'fill="#ffffff"' in str(layer[0]["properties"].get("icon"))
    ]
    assert hollow[0] == {"es-t1", "sp-west"}


def test_the_terminal_and_programs_are_told_the_same(week: ServicePlan, tmp_path: Path) -> None:
    told = service_figures(week, tmp_path)
    assert (told["points"], told["visits"], told["parcels"]) == (3, 4, 100)
    assert (told["week_yuan"], told["year_yuan"], told["distance_m"]) == (280.40, 14_580.80, 52_000)
    assert [(day["stops"], day["parcels"], day["cost_yuan"]) for day in told["days"]] == [
        (1, 60, 100.40),
        (2, 40, 180.0),
    ]
    shown = Console(file=io.StringIO(), width=120)
    with speaking("en"):
        print_service(shown, week, tmp_path)
    text = shown.file.getvalue()  # type: ignore[attr-defined]
    assert "4 visits a week to 3 points with 2 vehicles: 280 yuan a week, 14,581 yuan a year" in text
    assert re.search(r"Thu +2 +2 +32 +5\.0 +40 +180", text)


def test_all_that_is_shown_is_what_the_document_holds(week: ServicePlan, tmp_path: Path) -> None:
    """Counted from the JSON alone: routes of hub and stations with what stations cost, and goods handed over at points."""
    raw = json.loads(service_to_json(week))
    sites = {point["site_id"] for point in raw["points"]}
    yuan = metres = parcels = visits = 0.0
    most: dict[str, int] = {}
    for day in raw["days"]:
        routes = [
            route
            for plan in (day["tiers"]["hub_plan"], *(own for _, own in day["tiers"]["station_plans"]))
            for route in plan["routes"]
        ]
        yuan += sum(route["cost_yuan"] for route in routes) + day["tiers"]["cost"]["stations_yuan"]
        metres += sum(route["distance_m"] for route in routes)
        at_points = [visit for route in routes for visit in route["visits"] if visit["stop_id"] in sites]
        visits += len(at_points) + len(day["tiers"]["missed"])  # a visit that cannot be made is a visit of the week
        parcels += sum(visit["delivered"][0] for visit in at_points)
        out = Counter(route["vehicle_type_id"] for route in routes)
        most = {kind: max(most.get(kind, 0), out[kind]) for kind in {*most, *out}}
    counted = (yuan, metres / 1000, parcels, visits, sum(most.values()))
    told = service_figures(week, tmp_path)
    programs = (
        told["week_yuan"],
        told["distance_m"] / 1000,
        told["parcels"],
        told["visits"],
        sum(told["vehicles"].values()),
    )
    with speaking("en"):
        summary = {
            row[0]: row[1] for row in rows_of(openpyxl.load_workbook(io.BytesIO(week_workbook(week))), "Summary")
        }
        routes_csv, page = table(weekdays_csv(week)), page_text(service_page(week, LINKS))
    names = ("Cost a week", "Distance a week", "Parcels down", "Visits a week", "Vehicles needed")
    assert programs == pytest.approx(counted)
    assert [summary[name] for name in names] == pytest.approx(list(counted), abs=0.05)
    of_csv = [
        sum(float(row[name] or 0) for row in routes_csv) for name in ("Cost (yuan)", "Distance (km)", "Parcels down")
    ]
    assert of_csv == pytest.approx(list(counted[:3]), abs=0.05 * len(routes_csv))
    for said in (f"{round(yuan):,} yuan", f"{metres / 1000:,.1f} km", f"{int(visits)} visits a week"):
        assert said in page
