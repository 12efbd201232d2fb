"""Workbooks as LibreOffice opens them: without repair, every formula computed anew, every figure that of the API."""

import json
import re
import shutil
import subprocess
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from api.routers.courier import list_routes
from api.routers.networks import get_seasons
from api.routers.siting import get_siting
from planner.outputs.geofiles import stations_geojson, villages_geojson
from planner.outputs.workbook import write_day_workbook, write_network_workbook
from planner.plans import DayPlan
from planner.words import LANGUAGES, speaking
from tests.conftest import result_in

pytestmark = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed (Debian: libreoffice-calc-nogui)"
)
Cells = dict[str, Any]
_KEPT = re.compile(rb"(<f>[^<]*</f>)<v>[^<]*</v>")
DIGITS = 1e-14
"""How near two figures are that are alike in all 15 digits that spreadsheets save."""
ITEMS, SOURCES = ("equipment", "agent", "rent"), ("government", "firms", "society", "beneficiaries")


class Books:
    """The workbooks of a network and its day: as written, and as LibreOffice saved them without what we had computed."""

    def __init__(self, folder: Path, day: DayPlan) -> None:
        self.day, self.network, self.folder = day, day.network, folder
        for lang in LANGUAGES:
            with speaking(lang):
                write_network_workbook(day.network, folder / f"network-{lang}.xlsx")
                write_day_workbook(day, folder / f"day-{lang}.xlsx")
        (folder / "bare").mkdir()
        self.names = [path.name for path in sorted(folder.glob("*.xlsx"))]
        for name in self.names:
            _without_results(folder / name, folder / "bare" / name)
        self._convert("xlsx", [f"bare/{name}" for name in self.names])
        self._convert("pdf", self.names)

    def _convert(self, kind: str, names: list[str]) -> None:
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{self.folder}/office", "--convert-to", kind]
        done = subprocess.run(
            [*command, "--outdir", "opened", *names], cwd=self.folder, capture_output=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr

    def rows(self, plan: str, title: str) -> list[Cells]:
        """Return the rows of a sheet by heading, as LibreOffice has them; there is a notice above the headings."""
        book = openpyxl.load_workbook(self.folder / "opened" / f"{plan}-en.xlsx", data_only=True)
        heads, *rows = book[title].iter_rows(min_row=2, values_only=True)
        return [dict(zip(heads, row, strict=True)) for row in rows]


def _without_results(written: Path, bare: Path) -> None:
    """Copy a workbook without what its formulas come to, so that whoever opens it has to compute it."""
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(bare, "w") as copy:
        for name in parts.namelist():
            copy.writestr(name, _KEPT.sub(rb"\1", parts.read(name)))


@pytest.fixture(scope="module")
def books(demo_out: Path, tmp_path_factory: pytest.TempPathFactory) -> Books:
    return Books(tmp_path_factory.mktemp("books"), result_in(demo_out, "baiquan"))


@pytest.fixture(scope="module")
def siting(books: Books) -> Cells:
    """What the API says of phases, money, remedies and equity."""
    with speaking("en"):
        found: Cells = json.loads(bytes(get_siting(books.network).body))
    return found


def features(collection: Cells) -> dict[str, Cells]:
    return {
        one["properties"]["id"]: {**one["properties"], "at": one["geometry"]["coordinates"]}
        for one in collection["features"]
    }


def test_each_formula_comes_to_what_we_wrote_and_no_other_cell_changes(books: Books) -> None:
    seen = 0
    for name in books.names:
        formulas = openpyxl.load_workbook(books.folder / name)
        written = openpyxl.load_workbook(books.folder / name, data_only=True)
        opened = openpyxl.load_workbook(books.folder / "opened" / name, data_only=True)
        assert opened.sheetnames == written.sheetnames
        for sheet in written:
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                found, formula = opened[sheet.title][cell.coordinate].value, formulas[sheet.title][cell.coordinate]
                where = (name, sheet.title, cell.coordinate, formula.value)
                if isinstance(cell.value, (int, float)):
                    assert found == pytest.approx(cell.value, rel=DIGITS, abs=0), where
                else:
                    assert found == cell.value, where
                seen += formula.data_type == "f"
    assert seen > 2 * 150


def test_it_prints_on_a4_landscape(books: Books) -> None:
    for name in books.names:
        pages = re.findall(
            rb"/MediaBox\s*\[([^\]]*)\]", (books.folder / "opened" / name).with_suffix(".pdf").read_bytes()
        )
        sizes = {tuple(round(float(edge)) for edge in page.split()) for page in pages}
        assert sizes == {(0, 0, 842, 595)}, name
        assert len(pages) >= len(openpyxl.load_workbook(books.folder / name, read_only=True).sheetnames)


def test_places_are_those_of_the_api(books: Books) -> None:
    villages, sites = features(villages_geojson(books.network)), features(stations_geojson(books.network))
    rows = {row["Code"]: row for row in books.rows("network", "Village list")}
    assert set(rows) == set(villages)
    columns = {
        "People": "population",
        "Households": "households",
        "Registered poor households": "poor_households",
        "Minutes": "minutes_to_site",
        "Driving (min)": "minutes_driving",
        "Walking (min)": "minutes_walking",
        "Walk to the road (m)": "access_m",
    }
    for id_, one in villages.items():
        assert {heading: rows[id_][heading] for heading in columns} == {h: one[key] for h, key in columns.items()}, id_
        assert rows[id_]["Served"] == ("yes" if one["covered"] else "no")
    *rows, total = books.rows("network", "Sites")
    assert {row["Code"] for row in rows} == set(sites)
    for row in rows:
        one = sites[row["Code"]]
        assert [row["Longitude"], row["Latitude"]] == pytest.approx(one["at"], rel=DIGITS)
        assert (row["Serves (villages or points)"], row["Villages handing over here"]) == (
            one["serves"],
            one["villages_handing_over"],
        )
        assert (row["Opening cost (yuan)"] or 0) == one["opening_cost_yuan"]
        assert (row["Opens in"] or "") == one["phase"]
    assert total["Opening cost (yuan)"] == sum(one["opening_cost_yuan"] for one in sites.values())
    left = {id_: one for id_, one in villages.items() if one["reason"]}
    assert {row["Code"]: (row["People"], row["Minutes"]) for row in books.rows("network", "Not covered")} == {
        id_: (one["population"], one["minutes_to_site"]) for id_, one in left.items()
    }


def test_townships_add_up_from_the_villages_of_the_api(books: Books) -> None:
    sums: dict[str, list[int]] = defaultdict(lambda: [0] * 6)
    for one in features(villages_geojson(books.network)).values():
        for code in (one["township_id"], "total"):
            for place, amount in enumerate((1, one["population"], int(one["registered_poor"]))):
                sums[code][2 * place] += amount
                sums[code][2 * place + 1] += amount * one["covered"]
    rows = books.rows("network", "Townships")
    assert {row["Code"] for row in rows} == set(sums)
    for row in rows:
        code, _, *figures = row.values()
        villages, served, people, reached, poor, poor_served = sums[code]
        wanted = [villages, served, served / villages, people, reached, reached / people]
        assert figures == [
            one if isinstance(one, str) else pytest.approx(one, rel=DIGITS)
            for one in (*wanted, poor, poor_served, poor_served / poor if poor else "-")
        ], code


def test_stages_budgets_and_money_are_those_of_the_api(books: Books, siting: Cells) -> None:
    *rows, total = books.rows("network", "Stages")
    phases = siting["phases"]["phases"]
    assert [row["Opening cost (yuan)"] for row in rows] == [phase["opening_cost_yuan"] for phase in phases]
    assert total["New service points"] == sum(len(phase["added"]) for phase in phases)
    for row, phase in zip(rows, phases, strict=True):
        shares = phase["coverage"]["shares"]
        for heading, key in (("people", "population"), ("villages", "villages"), ("poor villages", "poor_villages")):
            assert row[f"Share of {heading} served"] == pytest.approx(shares[key], rel=DIGITS), (row["Stage"], key)
        assert row["Open by then"] == len(phase["coverage"]["opened"])
    amounts = {
        "Budget for service points (yuan)": "budget_yuan",
        "Opening service points (yuan)": "opening_yuan",
        "Left for service points (yuan)": "left_yuan",
        "Opening express stations (yuan)": "stations_yuan",
        "Opening cost, both tiers (yuan)": "building_yuan",
    }
    for row, budget in zip(books.rows("network", "Budget"), siting["budgets"], strict=True):
        assert {heading: row[heading] for heading in amounts} == {h: budget[key] for h, key in amounts.items()}
    fen: dict[tuple[str, str, str], int] = {
        (one["phase"], one["item"], one["source"]): one["fen"] for one in siting["subsidies"]["entries"]
    }
    stages = siting["subsidies"]["phases"]

    def yuan(chosen: list[str], items: tuple[str, ...], sources: tuple[str, ...]) -> float:
        return sum(fen[stage, item, source] for stage in chosen for item in items for source in sources) / 100

    wanted = [
        [yuan(chosen, items, sources) for sources in (*[(one,) for one in SOURCES], SOURCES)]
        for chosen in (*[[stage] for stage in stages], stages)
        for items in (*[(one,) for one in ITEMS], ITEMS)
    ]
    assert [list(row.values())[2:] for row in books.rows("network", "Money")] == wanted
    asked = [
        [*(yuan(chosen, (item,), sources) for item in ITEMS), yuan(chosen, ITEMS, sources)]
        for chosen in (*[[stage] for stage in stages], stages)
        for sources in (*[(one,) for one in SOURCES if chosen != stages], SOURCES)
    ]
    assert [list(row.values())[2:] for row in books.rows("network", "Funding")] == [
        [*row, "not filled in", row[-1]] for row in asked
    ]


def test_equity_remedies_and_seasons_are_those_of_the_api(books: Books, siting: Cells) -> None:
    groups = {group["id"]: group["equity"] for group in siting["equity"]["groups"]}
    for row in books.rows("network", "Equity"):
        one = groups[row["Code"]] if row["Code"] else siting["equity"]["overall"]
        assert row["Gini coefficient"] == pytest.approx(one["gini"], rel=DIGITS)
        assert row["Villages"] == one["reached"] + one["unreached"]
        for heading, key in (("Longest", "maximum_s"), ("95% of people within", "p95_s"), ("Mean by people", "mean_s")):
            assert 0 <= row[f"{heading} (min)"] - one[key] / 60 <= 0.1 + 1e-9, (row["Township"], key)
    remedies = {remedy["demand_id"]: remedy["cost_yuan"] for remedy in siting["remedies"]}
    assert {row["Code"]: row["Its cost (yuan)"] for row in books.rows("network", "Not covered")} == remedies
    seasons = get_seasons(books.network).seasons
    assert [
        (row["Villages beyond the standard"], row["Villages cut off"]) for row in books.rows("network", "Seasons")
    ] == [(len(season.beyond), len(season.cut_off)) for season in seasons]


def test_the_first_sheet_answers_with_the_figures_of_the_api(books: Books, siting: Cells) -> None:
    """How many villages are served, who is not, what this year costs, what is to be decided."""
    villages = features(villages_geojson(books.network)).values()
    sheet = books.rows("network", "Summary")
    rows = {row["Item"]: (row["Figure"], row["Of"], row["Share"]) for row in sheet if row["Item"]}
    inside = [one for one in villages if one["covered"]]
    people, served = sum(one["population"] for one in villages), sum(one["population"] for one in inside)
    assert rows["Villages served"] == pytest.approx(
        (len(inside), len(villages), len(inside) / len(villages)), rel=DIGITS
    )
    assert rows["People served"] == pytest.approx((served, people, served / people), rel=DIGITS)
    assert rows["People not served"] == pytest.approx((people - served, people, 1 - served / people), rel=100 * DIGITS)
    assert rows["Villages not served"][0] == len(villages) - len(inside)
    first, *_ = siting["phases"]["phases"]
    share = first["coverage"]["shares"]["population"]
    assert rows["2026: people served"][2] == pytest.approx(share, rel=DIGITS)
    paid, budget = siting["budgets"][0]["opening_yuan"], siting["budgets"][0]["budget_yuan"]
    assert rows["Paid from the budget for service points"] == pytest.approx((paid, budget, paid / budget), rel=DIGITS)
    assert rows["Left in the budget for service points"][0] == siting["budgets"][0]["left_yuan"]
    fen = [one["fen"] for one in siting["subsidies"]["entries"]]
    this_year = sum(one["fen"] for one in siting["subsidies"]["entries"] if one["phase"] == "2026")
    assert rows["With stations and running costs"][0] == this_year / 100
    assert rows["All phases"][0] == sum(fen) / 100
    assert f"Confirm the {len(first['added'])} service points to open" in rows


def test_routes_are_those_of_the_api(books: Books) -> None:
    *rows, total = books.rows("day", "Routes")
    routes = {route.vehicle: route for route in list_routes(books.day).routes}
    assert [row["Vehicle"] for row in rows] == list(routes)
    for row in rows:
        one = routes[row["Vehicle"]]
        assert (row["Stops"], row["Start"], row["Back"]) == (one.stops, one.start, one.end)
        assert row["Distance (km)"] == pytest.approx(one.distance_m / 1000, rel=DIGITS)
        assert row["Cost (yuan)"] == one.cost_yuan
        assert row["Yuan a parcel"] == pytest.approx(one.parcel_yuan, rel=DIGITS)
        assert 0 <= row["Fullest (rounded up)"] - one.load_share < 0.01
        for heading, seconds in (("Driving", one.driving_s), ("Walking", one.walking_s), ("On duty", one.duty_s)):
            assert 0 <= row[f"{heading} (min)"] - seconds / 60 <= 0.1 + 1e-9
    assert total["Cost (yuan)"] == pytest.approx(round(books.day.routes.cost_yuan, 2), rel=DIGITS)
    assert total["Stops"] == sum(one.stops for one in routes.values())
    parcels = sum(visit.delivered[0] for route in books.day.routes.routes for visit in route.visits)
    assert total["Yuan a parcel"] == pytest.approx(total["Cost (yuan)"] / parcels, rel=DIGITS)
    fleet = books.rows("day", "Fleet")
    assert fleet[-1]["On the road"] == len(routes)
    assert fleet[-1]["Cost (yuan)"] == pytest.approx(total["Cost (yuan)"], rel=DIGITS)
