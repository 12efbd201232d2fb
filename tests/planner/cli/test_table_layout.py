"""Tables break between words only, whatever the width."""

import io

import pytest
from rich.console import Console

from planner.cli.table_layout import table_of

ROWS = (("minivan-1", "3,060,000", "2026-11-10", "Xin an"), ("van-12", "139.1 min", "2027-2028", "Aiguo village"))


def printed(width: int, *headings: str) -> list[str]:
    table = table_of(*headings)
    for row in ROWS:
        table.add_row(*row)
    console = Console(file=io.StringIO(), width=width)
    console.print(table)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [40, 43, 46, 50, 80])
def test_figures_dates_ids_and_words_stay_whole(width: int) -> None:
    lines = printed(width, "Vehicle", "Parcels delivered", "Years", "Village")
    words = {word for line in lines for word in line.split()}
    for text in (*(cell for row in ROWS for cell in row), "Vehicle", "Parcels delivered", "Years", "Village"):
        assert set(text.split()) <= words, text
    assert max(map(len, lines)) <= width


def test_a_table_is_no_wider_than_its_texts() -> None:
    lines = printed(240, "Vehicle", "Parcels", "Years", "Village")
    assert (
        max(map(len, lines)) == 2 + (9 + 1) + (9 + 1) + (10 + 1) + (13 + 1) + 3
    )  # edges, columns with padding, dividers
    assert any("139.1 min" in line for line in lines)


def test_a_figure_keeps_its_unit_where_there_is_room() -> None:
    # 9 + 9 + 10 cells of figures and ids and 7 of "Village"; 2 edges and 3 dividers
    assert any("139.1 min" in line for line in printed(40, "Vehicle", "Parcels", "Years", "Village"))


def test_chinese_headings_break_between_characters_not_figures() -> None:
    lines = printed(40, "车辆名称编号", "补助合计金额", "年度起止时间", "建制村名称")
    text = "\n".join(lines)
    assert "3,060,000" in text
    assert "2026-11-10" in text
    assert "minivan-1" in text
