"""The bulletin's workbook and Word document: whole in both languages, text stays text, the same bytes each time."""

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest

from planner.model import Text
from planner.outputs.bulletin import write_bulletin
from planner.outputs.bulletin.bulletin_brief import answers
from planner.outputs.bulletin.bulletin_texts import change_text, completion_text, sentences, value_text
from planner.outputs.bulletin.figures_template import write_figures_template
from planner.pipeline.bulletin.definitions import headings, indicators
from planner.pipeline.bulletin.entered import read_figures
from planner.pipeline.bulletin.make import Before, make_bulletin
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import Bulletin
from planner.plans.bulletin import IndicatorFigure, Month, change, completion
from planner.words import LANGUAGES, Language, speaking
from tests.languages import foreign_words
from tests.planner.pipeline.month_worlds import NOVEMBER, month_facts, month_network


@pytest.fixture(scope="module")
def bulletin(line: PlannedArea) -> Bulletin:
    """November, held against an October in which one village of four was served and ten shops were open."""
    october = make_bulletin(
        replace(month_facts(line, entered={("B1.1", ""): 10}), month=Month.of("2026-10")), indicators()
    )
    served = october.figure_of["A2", ""]
    figures = tuple(replace(one, value=0.25, part=1.0) if one == served else one for one in october.figures)
    facts = month_facts(
        line, days=(10, 11), entered={("B1.1", ""): 15, ("B1.1", "t1"): 9, ("B1.3", ""): 12.5, ("B6", ""): 0.965}
    )
    return make_bulletin(
        facts, indicators(), before=Before(month=replace(october, figures=figures)), figures_file="=1+1.xlsx"
    )


def written(bulletin: Bulletin, line: PlannedArea, folder: Path, lang: Language) -> Path:
    folder.mkdir()
    write_bulletin(bulletin, month_network(line), folder, home=lang)
    return folder


def cells_of(path: Path, sheet: int) -> list[list[object]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(path).worksheets[sheet].iter_rows()]


def test_the_workbook_has_numbers_with_points_and_percent(
    bulletin: Bulletin, line: PlannedArea, tmp_path: Path
) -> None:
    folder = written(bulletin, line, tmp_path / "en", "en")
    book = openpyxl.load_workbook(folder / "bulletin.xlsx", data_only=True)
    rows = {row[0].value: row for row in book["Indicators"].iter_rows()}
    # of four villages two are served, one was: 25 points more; 50 percent of 78.9 percent
    assert [cell.value for cell in rows["A2"]][3:] == [
        *(0.5, "-", 0.25, pytest.approx(25.0), "-", "-"),
        *(0.789, pytest.approx(0.5 / 0.789)),
    ]
    assert rows["A2"][6].number_format.count('" points"') == 3
    # 15 shops after 10: 50 percent more
    assert [cell.value for cell in rows["B1.1"]][3:] == [15, "-", 10, pytest.approx(0.5), "-", "-", "-", "-"]
    assert rows["B1.1"][6].number_format.startswith("+0.0%")
    assert (rows["A11"][3].value, rows["A11"][4].value) == (0.75, 2)  # three of four villages on each of two days
    assert rows["B1.2"][3].value == "not filled in"
    assert rows["A8.2"][3].value == 0.5
    assert [cell.value for cell in book["Services"][4]][:3] == [
        "Whole county",
        0.5,
        0.0,
    ]  # express: two of four villages
    assert [[cell.value for cell in row][:4] for row in book["Not served"].iter_rows(min_row=4)] == [
        ["Daokouzhen", "Dong", 300, "yes"],
        ["Daoxiang", "Dao", 50, "no"],
    ]
    with zipfile.ZipFile(folder / "bulletin.xlsx") as parts:
        assert sum(name.startswith("xl/charts/chart") for name in parts.namelist()) == 2


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_changes_are_formulas_that_come_to_what_the_document_says(
    bulletin: Bulletin, line: PlannedArea, tmp_path: Path
) -> None:
    folder = written(bulletin, line, tmp_path / "en", "en")
    bare = tmp_path / "bare" / "bulletin.xlsx"
    bare.parent.mkdir()
    with zipfile.ZipFile(folder / "bulletin.xlsx") as parts, zipfile.ZipFile(bare, "w") as copy:
        for name in parts.namelist():  # without what formulas come to: whoever opens it has to work it out
            copy.writestr(name, re.sub(rb"(<f>[^<]*</f>)<v>[^<]*</v>", rb"\1", parts.read(name)))
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(bare)], check=True, capture_output=True, timeout=120)
    written_cells = openpyxl.load_workbook(bare)["Indicators"]
    found = openpyxl.load_workbook(tmp_path / "bulletin.xlsx", data_only=True)["Indicators"]
    formulas = 0
    for row in range(4, found.max_row + 1):
        indicator = bulletin.indicator_of[found.cell(row, 1).value]
        figure = bulletin.figure_of[indicator.code, ""]
        expected = [
            change(indicator, figure.value, figure.previous),
            change(indicator, figure.value, figure.year_before),
            completion(indicator, figure.value),
        ]
        for column, value in zip((7, 9, 11), expected, strict=True):
            shown, kind = found.cell(row, column).value, written_cells.cell(row, column).data_type
            times = 100 if indicator.in_percent and column < 11 else 1
            assert (kind == "f") == (value is not None), (indicator.code, column)
            assert shown == ("-" if value is None else pytest.approx(value * times, abs=1e-12)), (
                indicator.code,
                column,
            )
            formulas += kind == "f"
    assert formulas > 20


def test_the_first_page_says_who_is_served_who_is_not_what_it_costs_what_to_decide(
    bulletin: Bulletin, line: PlannedArea
) -> None:
    with speaking("en"):
        found = {one.question: one.lines for one in answers(bulletin, month_network(line))}
    assert "50.0% (2 of 4)" in found["How many villages are served"][0]
    # east 300 people, poor; the island 50
    assert found["Who is not served"][:2] == [
        "Not served: 2 villages (350 people).",
        "By township: Daokouzhen: Dong; Daoxiang: Dao.",
    ]
    costs = found["What it costs"]
    # 30,000 yuan of government and 10,000 of companies
    assert costs[0] == "Planned for 2026: 40,000 yuan."
    assert costs[1] == "Who pays: government 30,000 yuan, firms 10,000 yuan."
    assert "How much has come in is not filled in." in costs
    assert costs[-1].endswith("a parcel (over 2 days).")
    assert any("Registered poor villages still without service" in line for line in found["What to decide"])
    assert found["How far the figures of days carry"] == [
        "A11, A14.1, A14.2, A14.3 rest on 2 days only, fewer than 10: they say little yet."
    ]
    came = replace(bulletin, figures=tuple(_came_in(one) for one in bulletin.figures))
    with speaking("en"):
        costs = next(one.lines for one in answers(came, month_network(line)) if one.question == "What it costs")
    assert "Come in so far: 25,000 yuan; still to come: 15,000 yuan." in costs


def _came_in(figure: IndicatorFigure) -> IndicatorFigure:
    return replace(figure, value=2.5, reason=None) if (figure.code, figure.place_id) == ("A15.6", "") else figure


def test_texts_that_look_like_markup_or_formulas_stay_text_in_every_sheet(
    bulletin: Bulletin, line: PlannedArea, tmp_path: Path
) -> None:
    odd = "<r><t>x</t></r>"
    places = tuple(replace(one, name=Text(odd)) for one in bulletin.townships)
    folder = written(replace(bulletin, townships=places, area_name=Text("=1+1")), line, tmp_path / "odd", "en")
    book = openpyxl.load_workbook(folder / "bulletin.xlsx")
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert sum(cell.value == odd for cell in cells) > 3
    formulas = [cell for cell in cells if cell.data_type == "f"]
    assert formulas
    assert all(re.fullmatch(r"=\(?[A-K]\d+[-/][A-K]\d+(\)\*100|\)/[A-K]\d+)?", cell.value) for cell in formulas)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_document_reads_like_a_notice(
    bulletin: Bulletin, line: PlannedArea, tmp_path: Path, lang: Language
) -> None:
    folder = written(bulletin, line, tmp_path / lang, lang)
    document = docx.Document(str(folder / "bulletin.docx"))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    tables = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert ("2026年11月" if lang == "zh" else "November 2026") in text
    assert len(document.inline_shapes) == 3  # two charts and the map
    assert any(row[0] == "A2" and row[3] == "50.0%" and "25.0" in row[5] for row in tables)
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(docx.oxml.ns.qn("w:eastAsia")) == "FangSong"
    xml = document.sections[0].footer._element.xml
    assert "PAGE" in xml and "NUMPAGES" in xml  # noqa: PT018
    names = {"西<b>村</b></script>", "三村 <i>线</i>", "李"}
    words = "\n".join([text, *(" ".join(row) for row in tables)])
    for name in names:
        words = words.replace(name, "")
    if lang == "en":
        assert foreign_words(words, "en") == []


def test_the_same_bulletin_gives_the_same_bytes(bulletin: Bulletin, line: PlannedArea, tmp_path: Path) -> None:
    one, two = (written(bulletin, line, tmp_path / name, "zh") for name in ("one", "two"))
    for name in ("bulletin.json", "bulletin.xlsx", "bulletin.docx"):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
    with zipfile.ZipFile(io.BytesIO((one / "bulletin.docx").read_bytes())) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_figures_in_words(bulletin: Bulletin) -> None:
    of = bulletin.indicator_of
    with speaking("en"):
        assert value_text(of["A2"], 0.5) == "50.0%"
        assert value_text(of["A9"], 2) == "enhanced"
        assert value_text(of["B1.1"], None) == "-"
        assert change_text(of["A2"], 0.5, 0.5004) == "0.0 points"
        assert change_text(of["A2"], 0.5, 0.25) == "+25.0 points"
        assert change_text(of["B1.1"], 5, 10) == "-50.0%"
        assert change_text(of["B1.1"], 5, 0) == "-"
        assert completion_text(of["A2"], 0.789) == "100.0%"
        first = sentences(bulletin)[0]
        assert first == (
            "At the end of November 2026, 50.0% (2 of 4) of administrative villages of Sancun <i>xian</i> had service "
            "within the standard, +25.0 points on the month before."
        )


def test_what_has_not_changed_is_said_so(bulletin: Bulletin) -> None:
    figures = tuple(replace(one, previous=0.5) if one.code == "A2" else one for one in bulletin.figures)
    for lang, said in (("en", "within the standard, as in the month before."), ("zh", "，与上期持平。")):
        with speaking(lang):  # type: ignore[arg-type]
            assert sentences(replace(bulletin, figures=figures))[0].endswith(said)


def test_sentences_end_as_their_language_has_it(bulletin: Bulletin) -> None:
    for lang, end in (("zh", "。"), ("en", ".")):
        with speaking(lang):  # type: ignore[arg-type]
            said = sentences(bulletin)
        assert len(said) >= 4
        assert all(one.endswith(end) for one in said)


@pytest.mark.parametrize("name", ["table.xlsx", "table.csv"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_template_is_read_again(line: PlannedArea, tmp_path: Path, name: str, lang: Language) -> None:
    area = month_network(line).area
    with speaking(lang):
        write_figures_template(tmp_path / name, headings(lang), area, indicators(), NOVEMBER)
    assert read_figures(tmp_path / name, area, indicators(), NOVEMBER) == {}  # nothing is filled in, nothing is wrong
    if name.endswith(".csv"):
        return
    book = openpyxl.load_workbook(tmp_path / name)
    sheet = book.active
    entered = [one for one in indicators() if one.entered]
    assert sheet is not None
    assert sheet.max_row == 1 + len(entered) + 2 * sum(one.by_township for one in entered)
    sheet["G2"] = 7
    book.save(tmp_path / name)
    assert [figure.value for figure in read_figures(tmp_path / name, area, indicators(), NOVEMBER).values()] == [7]


def test_a_name_is_no_formula(bulletin: Bulletin, line: PlannedArea, tmp_path: Path) -> None:
    odd = replace(bulletin, area_name=Text("=1+1"))
    folder = written(odd, line, tmp_path / "odd", "en")
    for row in openpyxl.load_workbook(folder / "bulletin.xlsx")["Overview"].iter_rows():
        assert all(cell.data_type != "f" for cell in row)
