import csv
from pathlib import Path

import pytest

from planner.config import load_config
from planner.errors import BadDataError
from planner.geodata.assemble import read_area_with_findings
from planner.geodata.market_days import market_days_in, names_no_calendar


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("逢三六九", "ends-3 ends-6 ends-9"),
        ("逢3、6、9", "ends-3 ends-6 ends-9"),
        ("逢3、6、9日", "ends-3 ends-6 ends-9"),
        ("每月逢五、逢十", "ends-5 ends-10"),
        ("农历逢五逢十", "lunar-ends-5 lunar-ends-10"),
        ("农历 逢1、4、7 大集", "lunar-ends-1 lunar-ends-4 lunar-ends-7"),
        ("公历逢0", "ends-10"),
        ("一四七", "ends-1 ends-4 ends-7"),
        ("2.5.8", "ends-2 ends-5 ends-8"),
        ("每周三", "week-3"),
        ("周三、周六", "week-3 week-6"),
        ("每周二、五、日", "week-2 week-5 week-7"),
        ("星期天", "week-7"),
        ("每月5日、15日、25日", "date-5 date-15 date-25"),
        ("农历初五、十五、廿五", "lunar-date-5 lunar-date-15 lunar-date-25"),
        ("农历初十、二十、三十", "lunar-date-10 lunar-date-20 lunar-date-30"),
        ("5, 15, 25", "date-5 date-15 date-25"),
        ("逢双日", "ends-2 ends-4 ends-6 ends-8 ends-10"),
        ("逢单", "ends-1 ends-3 ends-5 ends-7 ends-9"),
        ("逢五；农历初八", "ends-5 lunar-date-8"),
        ("农历逢五，公历周六", "lunar-ends-5 week-6"),
        ("Tuesday and Friday", "week-2 week-5"),
        ("days ending in 3, 6 and 9", "ends-3 ends-6 ends-9"),
        ("无", ""),
        ("", ""),
        ("-", ""),
    ],
)
def test_market_days_as_offices_write_them(cell: str, days: str) -> None:
    found = market_days_in(cell)
    assert found is not None
    assert " ".join(found) == days


@pytest.mark.parametrize("cell", ["不定期", "逢年过节", "45", "每月32日", "周八", "三六九街", "often"])
def test_what_names_no_day_is_not_guessed(cell: str) -> None:
    assert market_days_in(cell) is None


def test_days_of_the_month_say_of_which_calendar() -> None:
    assert [names_no_calendar(cell) for cell in ("逢三六九", "农历逢五", "公历逢五", "每周三", "")] == [
        *(True, False, False),
        *(False, False),
    ]


def test_the_column_of_a_table_of_townships_is_read(line_folder: Path) -> None:
    table = line_folder / "townships.csv"
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))

    def write(cell: str) -> None:
        lines = [",".join([*row, f'"{cell if number else "集日"}"']) for number, row in enumerate(rows)]
        table.write_text("\n".join(lines), encoding="utf-8")

    write("逢三、六、九")
    reading = read_area_with_findings(load_config(line_folder))
    assert {one.market_days for one in reading.area.townships} == {("ends-3", "ends-6", "ends-9")}
    assert [one.code for one in reading.findings].count("solar_market_day") == 1
    write("不定期")
    with pytest.raises(BadDataError) as caught:
        read_area_with_findings(load_config(line_folder))
    assert "集日" in str(caught.value)
    assert "names no day that can be told" in str(caught.value)
