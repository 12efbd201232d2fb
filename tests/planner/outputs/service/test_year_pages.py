"""Pages, sheets and the table of a service plan's year and phases: the island behind a ferry, and money that adds up."""

import csv
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest

from planner.config import load_config
from planner.outputs.page_links import PageLinks
from planner.outputs.service import write_service
from planner.outputs.service.seasons_page import seasons_page, villages_page
from planner.outputs.service.year_picture import year_picture
from planner.pipeline.service.plan import plan_service
from planner.pipeline.whole_plan import plan_area
from planner.plans import ServicePlan
from planner.words import Language, speaking
from tests.planner.pipeline.service.test_phases import MONEY
from tests.planner.pipeline.service.test_year import river

LINKS = PageLinks(home="en")


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> ServicePlan:
    folder = river(tmp_path_factory.mktemp("river"))
    with (folder / "area.toml").open("a", encoding="utf-8") as config:
        config.write(MONEY)
    config_of = load_config(folder)
    return plan_service(plan_area(config_of).network, config_of).plan


@pytest.fixture(scope="module")
def folder(plan: ServicePlan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    write_service(plan, folder, home="en")
    return folder


def card_of(page: str, find: str) -> str:
    return next(text for text in page.split("<section ") if re.search(rf'data-find="[^"]* {find}"', text))


def test_the_card_of_the_island_says_when_and_what_to_lay_in(plan: ServicePlan) -> None:
    with speaking("en"):
        page = villages_page(plan, LINKS)
    island = card_of(page, "island")
    # 90 days to the end of March, 10 in May, 61 from November on; 35 parcels a week of 1.5 kg for 151 days
    assert "cut off on 161 days of the year" in island
    assert "2026-11-01 to 2027-03-31 (151 days)" in island
    assert "755 parcels, 1,132 kg" in island
    assert "its only road or ferry is closed this season" in island
    # the first village with its own point: no way to go, 801.5 s from the hub in summer and 942.9 s on ice
    assert "cut off on" not in card_of(page, "middle")
    assert "2.4 min more in frozen river than in" in card_of(page, "middle")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_hold_what_data_say_as_text(plan: ServicePlan, lang: Language) -> None:
    with speaking(lang):
        for page in (seasons_page(plan, LINKS), villages_page(plan, LINKS)):
            assert "<i>线" not in page
            assert not re.search(r'(src|href)="https?:', page)


def test_the_calendar_has_a_cell_for_each_day(plan: ServicePlan) -> None:
    assert plan.seasons is not None
    with speaking("en"):
        picture = year_picture(plan.seasons)
    widths = [float(wide) for wide in re.findall(r'<rect [^>]*? width="([\d.]+)"', picture)]
    assert sum(widths) == pytest.approx(365 * 24)
    # November has two seasons, May two, each of the others one: fourteen runs
    assert len(widths) == 14
    assert picture.count(">drift ice<") == 2


def test_money_of_the_phases_is_the_same_in_page_map_workbook_and_document(plan: ServicePlan, folder: Path) -> None:
    document = json.loads((folder / "service.json").read_text(encoding="utf-8"))
    due = sum(phase["total_fen"] for phase in document["phases"])
    assert due == sum(one["fen"] for phase in document["phases"] for one in phase["money"])
    page = (folder / "phases.html").read_text(encoding="utf-8")
    shown = f"{due // 100:,}.{due % 100:02d}"
    captions = re.findall(r"all it costs: ([\d,.]+) yuan", page)  # beneath the maps
    assert [round(float(text.replace(",", "")) * 100) for text in captions] == [
        phase["total_fen"] for phase in document["phases"]
    ]
    assert re.findall(r'class="n">([\d,.]+)</td></tr>\n</table>', page) == [shown, shown]
    book = openpyxl.load_workbook(folder / "service.xlsx", data_only=True)
    for title in ("Phases of the service", "Money of the phases"):
        rows = [[cell for cell in row if cell is not None] for row in book[title].iter_rows(values_only=True)]
        assert round(float(str(rows[-1][-1])) * 100) == due


def test_the_year_is_the_same_on_its_page_and_in_its_sheet(plan: ServicePlan, folder: Path) -> None:
    assert plan.seasons is not None
    shown = round(plan.seasons.year_yuan)
    assert f'<td class="n">{shown:,}</td></tr>\n</table>' in (folder / "seasons.html").read_text(encoding="utf-8")
    sheet = openpyxl.load_workbook(folder / "service.xlsx", data_only=True)["Seasons of the year"]
    last = [row for row in sheet.iter_rows(values_only=True) if any(row)][-1]
    assert (last[2], last[-1]) == (365, shown)
    assert sheet.max_row - 2 - (1 if "synthetic" in str(sheet.cell(1, 1).value) else 0) == len(plan.seasons.seasons)


def test_the_table_of_villages_has_a_row_for_each_gap(folder: Path) -> None:
    text = (folder / "villages.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    island = [row for row in rows if row["Village code"] == "island"]
    assert [(row["Cut off from"], row["Cut off until"]) for row in island] == [
        ("2025-11-01", "2026-03-31"),
        ("2026-05-01", "2026-05-10"),
        ("2026-11-01", "2027-03-31"),
    ]
    # five a day from the day after the last visit to the day before the next, on Mondays, Wednesdays and Fridays:
    # 1 November to 31 March, 30 April to 10 May, 31 October to 1 April
    assert [row["Parcels to lay in"] for row in island] == ["755", "55", "765"]
    assert {row["Days cut off in the year"] for row in island} == {"161"}
    assert [len([row for row in rows if row["Village code"] == id_]) for id_ in ("east", "middle", "west")] == [1, 1, 1]
