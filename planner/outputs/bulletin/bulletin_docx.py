"""The bulletin as a Word document: what a county sends round, with two charts, and definitions at the end."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from planner.outputs.bulletin.bulletin_brief import BriefAnswer, answers, stage_of, villages_not_served
from planner.outputs.bulletin.bulletin_charts import county_chart, township_chart
from planner.outputs.bulletin.bulletin_rows import (
    definition_cells,
    definition_headings,
    indicator_cells,
    indicator_headings,
    not_served_cells,
    not_served_headings,
)
from planner.outputs.bulletin.bulletin_texts import (
    fact_text,
    in_one_line,
    month_text,
    not_filled_in,
    ranking,
    spoken,
    stage_number,
    title_text,
    value_text,
)
from planner.outputs.notice import notice_of_plan
from planner.outputs.pictures import MissingFontError, coverage_picture
from planner.plans import NetworkPlan
from planner.plans.bulletin import Bulletin
from planner.words import error_text, say

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNDATED = datetime.datetime(1980, 1, 1)
_BODY, _HEADS, _LATIN = "FangSong", "SimHei", "Times New Roman"
"""Fonts of official documents by the names that Word knows them by on every system, and the one of Latin letters."""
_WIDTHS = (1.3, 4.3, 1.6, 1.7, 1.7, 1.9, 1.9, 1.5, 1.4)
_BESIDE = ("A1", "A3", "A4")
_SHADE = "D9E2F3"
_LONGEST_PROPERTY = 255
"""Letters that a property of a Word document holds."""


def write_bulletin_docx(bulletin: Bulletin, network: NetworkPlan, path: Path) -> None:
    """Write the Word document; the same bulletin gives the same bytes: no part says when it was made."""
    document = docx.Document()
    _set_up(document, bulletin)
    _title(document, bulletin, notice_of_plan(network).text)
    for answer in answers(bulletin, network):
        _answer(document, answer)
    _head(document, say("Indicators"), new_page=True)
    _table(document, indicator_headings(), [indicator_cells(bulletin, one) for one in bulletin.indicators], _WIDTHS)
    _head(document, say("Townships by rank"))
    _ranking(document, bulletin)
    _pictures(document, bulletin, network)
    if left := villages_not_served(network, stage_of(bulletin, network)):
        _head(document, say("Villages not served"))
        cells = [[str(cell) for cell in not_served_cells(one)] for one in left]
        _table(document, not_served_headings(), cells, (2.4, 2.6, 1.6, 2.0, 4.2, 1.8, 2.8))
    _missing(document, bulletin)
    _head(document, say("Definitions and sources"))
    rows = [definition_cells(bulletin, one) for one in bulletin.indicators]
    _table(document, definition_headings(), rows, (1.3, 3.6, 6.6, 4.2, 1.7))
    path.write_bytes(_same_bytes(document))


def _set_up(document: Any, bulletin: Bulletin) -> None:
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2)
    for name, size, font, bold in (
        ("Normal", 12, _BODY, False),
        ("Title", 20, _HEADS, True),
        ("Heading 1", 14, _HEADS, True),
        ("Caption", 10, _BODY, False),
    ):
        style = document.styles[name]
        style.font.size, style.font.bold, style.font.name = Pt(size), bold, _LATIN
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), font)
    language_tag = OxmlElement("w:lang")
    language_tag.set(qn("w:val"), "en-GB")
    language_tag.set(qn("w:eastAsia"), "zh-CN")
    document.styles["Normal"].element.get_or_add_rPr().append(language_tag)
    header = section.header.paragraphs[0]
    header.text = f"{spoken(bulletin.issuer) or spoken(bulletin.area_name)}    {month_text(bulletin)}"
    header.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind in ("PAGE", "NUMPAGES"):
        if kind == "NUMPAGES":
            footer.add_run(" / ")
        _field(footer, kind)
    properties = document.core_properties
    title = f"{title_text(bulletin)} {month_text(bulletin)}"
    properties.title, properties.author = title[:_LONGEST_PROPERTY], spoken(bulletin.issuer)[:_LONGEST_PROPERTY]
    properties.created = properties.modified = properties.last_printed = _UNDATED
    properties.comments, properties.identifier = "", bulletin.id


def _field(paragraph: Any, instruction: str) -> None:
    """Add a field that Word fills in, such as the number of the page."""
    for kind, text in (("begin", None), (None, instruction), ("end", None)):
        run = paragraph.add_run()
        element = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), str(kind))
        run._r.append(element)


def _title(document: Any, bulletin: Bulletin, notice: str) -> None:
    title = document.add_paragraph(title_text(bulletin), style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for border in title.style.element.get_or_add_pPr().findall(qn("w:pBdr")):
        title.style.element.get_or_add_pPr().remove(border)
    period = document.add_paragraph(month_text(bulletin))
    period.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if notice:
        warning = document.add_paragraph()
        run = warning.add_run(notice)
        run.font.color.rgb, run.font.size = RGBColor(0xC0, 0, 0), Pt(10)


def _head(document: Any, text: str, *, new_page: bool = False) -> None:
    document.add_heading(text, level=1).paragraph_format.page_break_before = new_page


def _answer(document: Any, answer: BriefAnswer) -> None:
    """Write a question of the first page and what answers it, close together: all of them stand on one page."""
    heading = document.add_heading(answer.question, level=1)
    heading.paragraph_format.space_before = Pt(8)
    for line in answer.lines if answer.a_list else [in_one_line(answer.lines)]:
        paragraph = document.add_paragraph(line)
        paragraph.paragraph_format.space_after = Pt(1)
        for run in paragraph.runs:
            run.font.size = Pt(10.5)


def _caption(document: Any, text: str) -> None:
    caption = document.add_paragraph(text, style="Caption")
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _ranking(document: Any, bulletin: Bulletin) -> None:
    """Write the townships by rank of the villages served, with how they stand in the indicators beside it."""
    beside = [bulletin.indicator_of[code] for code in _BESIDE if code in bulletin.indicator_of]
    place_of = {spoken(place.name): place.id for place in bulletin.townships}
    rows = []
    for name, figure in ranking(bulletin, "A2"):
        others = [value_text(one, bulletin.figure_of[one.code, place_of[name]].value) for one in beside]
        rows.append([str(figure.rank), name, value_text(bulletin.indicator_of["A2"], figure.value), *others])
    headings = [say("Rank"), say("Township"), spoken(bulletin.indicator_of["A2"].name)]
    _table(document, [*headings, *(spoken(one.name) for one in beside)], rows, (1.4, 3.2, 3.2, 3.2, 3.2, 3.2))


def _pictures(document: Any, bulletin: Bulletin, network: NetworkPlan) -> None:
    """Add two charts and the map; where no font of the system can write them the document says so, and is whole."""
    _head(document, say("Charts and map"))
    stage = stage_number(bulletin, network)
    pictures: list[tuple[Callable[[], bytes | None], str]] = [
        (lambda: county_chart(bulletin), say("Coverage of the county against month before and target")),
        (lambda: township_chart(bulletin), say("Service by township")),
        (lambda: coverage_picture(network, stage=stage), say("Who is served at the month's end")),
    ]
    for make, title in pictures:
        try:
            picture = make()
        except MissingFontError as error:
            document.add_paragraph(f"{title}: {error_text(error)}")
            continue
        if picture is not None:
            document.add_picture(io.BytesIO(picture), width=Cm(16.5))
            document.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
            document.paragraphs[-1].paragraph_format.keep_with_next = True
            _caption(document, title)


def _missing(document: Any, bulletin: Bulletin) -> None:
    rows = [[one.code, spoken(one.name), fact_text(figure.reason)] for one, figure in not_filled_in(bulletin)]
    if rows:
        _head(document, say("Not filled in"))
        _table(document, [say("No."), say("Indicator"), say("Why there is no figure")], rows, (2.6, 6.4, 8.0))


def _table(document: Any, headings: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
    """Write a table whose headings are on each page, and whose rows no page break parts."""
    table = document.add_table(rows=1 + len(rows), cols=len(headings), style="Table Grid")
    table.autofit = False
    _narrow_margins(table)
    for column, width in zip(table.columns, widths, strict=False):
        column.width = Cm(width)
    for number, (line, texts) in enumerate(zip(table.rows, (headings, *rows), strict=True)):
        line_about = line._tr.get_or_add_trPr()
        line_about.append(OxmlElement("w:cantSplit"))
        if number == 0:
            line_about.append(OxmlElement("w:tblHeader"))
        for cell, text, width in zip(line.cells, texts, widths, strict=False):
            cell.width = Cm(width)
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(text)
            run.font.size, run.bold = Pt(9), number == 0
            if number == 0:
                _shade(cell)


def _narrow_margins(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "50")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", _SHADE)):
        shade.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _same_bytes(document: Any) -> bytes:
    """Return the file without a trace of when it was written, which the zip archive would note."""
    written, same = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(same, "w") as archive:
        for name in sorted(parts.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = zipfile.ZipInfo(name, date_time=_EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part, parts.read(name))
    return same.getvalue()
