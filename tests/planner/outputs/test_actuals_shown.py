import datetime
import io
from dataclasses import replace

import openpyxl
import pytest

from planner.config import usual_viability
from planner.outputs.actuals import actuals_page, actuals_workbook
from planner.outputs.page_links import PageLinks
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import MergedInto, PeriodActuals, PlaceActuals, ViabilityVerdict
from planner.words import LANGUAGES, Language, speaking
from tests.languages import foreign_words, names_of, page_text
from tests.planner.outputs.test_first_page import Tables


@pytest.fixture(scope="module")
def found(line: PlannedArea) -> PeriodActuals:
    place = PlaceActuals(
        site_id="sp-middle",
        village_ids=("east", "middle"),
        people=500,
        days=2,
        entered_down=12.0,
        estimated_down=16.0,
        entered_up=None,
        estimated_up=0.0,
        parcels_a_day=13.0,
        income_yuan_month=195.0,
        verdict=ViabilityVerdict.BELOW,
        gap_yuan_month=255.0,
        merge=MergedInto(site_id="es-t1", mean_added_s=120.0, most_added_s=300.0, parcels_a_day=20.0),
        visits_a_week=4,
    )
    return PeriodActuals(
        area=line.day.area,
        network_id=line.network.id,
        first=datetime.date(2026, 11, 1),
        last=datetime.date(2026, 11, 28),
        until=datetime.date(2026, 11, 28),
        ahead=(),
        days=(datetime.date(2026, 11, 2), datetime.date(2026, 11, 3)),
        viability=usual_viability(),
        places=(replace(place, site_id="es-t1", village_ids=("west",), people=100, verdict=None, merge=None), place),
        without_place=("island",),
        error=0.25,
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_who_cannot_live_and_what_would_mend_it(
    line: PlannedArea, found: PeriodActuals, lang: Language
) -> None:
    with speaking(lang):
        page = actuals_page(found, line.network.config, PageLinks(home=lang))
    assert foreign_words(page_text(page), lang, names_of(found.area)) == []
    rows = Tables(page).rows
    # 12 entered of 16 estimated: a quarter less
    assert [row[4:7] for row in rows if len(row) == 11][1:] == [["12.0", "16.0", "-25%"]] * 2
    assert rows[-1][-2:] == ["195 ▼", {"en": "below viability", "zh": "难以维持"}[lang]]
    words = {
        "en": ("2.0 min more on average, 5.0 at most", "4 visits a week"),
        "zh": ("平均多 2.0 分钟，最多 5.0 分钟", "每周投递 4 次"),
    }
    assert [text for text in words[lang] if text not in page] == []
    assert "</script>" not in page  # names from data are text


def test_the_workbook_has_the_figures_as_numbers_and_names_as_text(line: PlannedArea, found: PeriodActuals) -> None:
    with speaking("en"):
        content = actuals_workbook(found, line.network.config)
        assert content == actuals_workbook(found, line.network.config)
    sheet, _ = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    rows = list(sheet.iter_rows(values_only=True))
    top = next(number for number, row in enumerate(rows) if row[0] == "Site code")
    station, point = rows[top + 1 : top + 3]
    assert point[0] == "sp-middle"
    assert point[2:11] == (2, 500, 2, 12, 16, None, None, 13, 195)
    assert (station[11], point[11]) == ("-", "below viability")
    assert "4 visits a week" in str(point[12])
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_names_that_look_like_markup_or_formulas_stay_text(line: PlannedArea, found: PeriodActuals) -> None:
    odd = {"sp-middle": "<r><t>x</t></r>", "es-t1": "=1+1"}
    sites = tuple(replace(site, name=odd.get(site.id, site.name)) for site in found.area.sites)
    with speaking("zh"):
        content = actuals_workbook(replace(found, area=replace(found.area, sites=sites)), line.network.config)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    cells = {row[0].value: row[1] for row in sheet.iter_rows()}
    assert [cells[id_].value for id_ in odd] == list(odd.values())
    assert {cells[id_].data_type for id_ in odd} == {"s"}
