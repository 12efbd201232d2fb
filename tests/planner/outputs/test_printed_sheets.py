"""Sheets of workbooks on paper: as wide as the page where that can be read, else on several pages side by side."""

import io
import re
import zipfile

from planner.outputs.workbook.cells import Sheet
from planner.outputs.workbook.sheet_writer import SheetWriter
from planner.outputs.workbook.widths import pages_of_columns


def printed_sheet(columns: int) -> tuple[str, str]:
    """Return the XML of a sheet of so many columns of 20 letters each, and that of its workbook."""
    writer = SheetWriter()
    rows = [[f"{row}-{column}".ljust(20, "x") for column in range(columns)] for row in range(3)]
    writer.add(Sheet("Villages", [f"c{column}" for column in range(columns)], rows), "Contains assumptions", "plan-1")
    with zipfile.ZipFile(io.BytesIO(writer.finished())) as book:
        return book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/workbook.xml").decode()


def test_a_page_ends_before_the_column_that_no_longer_fits() -> None:
    # 10 and 15 are a quarter of 100 at the most and stand on each page: 25 + 40 + 30 = 95, then 25 + 50, then 25 + 60
    assert pages_of_columns([10, 15, 40, 30, 50, 60], 100) == ([4, 5], 2, 95)


def test_a_column_wider_than_a_page_has_one_of_its_own() -> None:
    assert pages_of_columns([30, 120, 20], 100) == ([2], 1, 150)


def test_no_more_than_three_columns_are_repeated() -> None:
    # 3 x 4 = 12 on each page; 22 columns of 4 more make 100
    breaks, repeated, widest = pages_of_columns([4] * 30, 100)
    assert (breaks, repeated, widest) == ([25], 3, 100)


def test_a_narrow_sheet_is_as_wide_as_the_page() -> None:
    sheet, book = printed_sheet(5)
    assert 'fitToPage="1"' in sheet
    assert "<colBreaks" not in sheet
    assert "$1:$2" in book or "$2:$2" in book  # its headings on every page


def test_a_wide_sheet_goes_on_beside_itself_with_its_first_columns_and_headings() -> None:
    """Twelve columns of 22 digits each: 264 on a page would be 5 pt; two repeated take 44 of 200, seven more fit."""
    sheet, book = printed_sheet(12)
    assert "fitToPage" not in sheet
    breaks = [int(id_) for id_ in re.findall(r'<brk id="(\d+)"', sheet)]
    assert breaks == [9]
    scale = re.search(r'scale="(\d+)"', sheet)
    assert scale is not None
    assert int(scale[1]) == 126 * 100 // (9 * 22)
    assert re.search(r"\$A:\$B,", book)
