"""The bureau's own counts of past days and months: read, refused with all faults, and set beside orders."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.config import load_config
from planner.errors import BadDataError
from planner.geodata.orders.order_places import OrderPlace
from planner.geodata.orders.past_figures import PastFigure, read_past_figures
from planner.pipeline.actuals import open_places, period_actuals, period_of
from planner.pipeline.area_run import AreaRun
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import PeriodActuals, ViabilityVerdict
from planner.plans.store import open_store
from planner.writing import csv_text

UNTIL = datetime.date(2026, 11, 20)
HEADINGS = ("服务点", "村名", "日期", "下行件数", "上行件数")


def table(folder: Path, *rows: tuple[str, ...]) -> Path:
    (folder / "past.csv").write_bytes(csv_text(HEADINGS, rows).encode("utf-8-sig"))
    return folder / "past.csv"


def read(folder: Path, line: PlannedArea, *rows: tuple[str, ...]) -> tuple[PastFigure, ...]:
    places = open_places(line.network, UNTIL)
    return read_past_figures(table(folder, *rows), line.network.area, places, UNTIL)


VIABILITY = """
[viability]
residents = 500
agent_yuan_month = 450
income_yuan_per_parcel = 0.5
fewest_visits_week = 3
fewest_days = 20
provenance = "for the test"
"""


@pytest.fixture
def compared(line: PlannedArea, line_folder: Path) -> Callable[[tuple[PastFigure, ...]], PeriodActuals]:
    """What reported figures come to where no day with orders is kept."""
    path = line_folder / "area.toml"
    path.write_text(path.read_text(encoding="utf-8") + VIABILITY, encoding="utf-8")
    run = AreaRun.for_siting(load_config(line_folder), given_area=line.network.area)

    def found(reported: tuple[PastFigure, ...]) -> PeriodActuals:
        with open_store("sqlite://") as store:
            period = period_of(store, "line", None, None, until=UNTIL, reported=reported)
            return period_actuals(run, line.network, store, period, reported=reported, figures_file="past.csv")

    return found


def test_a_month_of_a_point_and_days_of_a_village_are_read(tmp_path: Path, line: PlannedArea) -> None:
    found = read(
        tmp_path,
        line,
        ("sp-middle", "", "2026年10月", "620", "31"),
        ("", "岛村", "2026/11/5", "1", ""),
        ("", "岛村", "2026-11-21", "9", ""),  # has not come
        ("sp-middle", "", "2026-11", "40", ""),  # up to the 20th
    )
    october, island, november = found
    assert october == PastFigure(
        place=OrderPlace(site_id="sp-middle"),
        first=datetime.date(2026, 10, 1),
        last=datetime.date(2026, 10, 31),
        down=620,
        up=31,
    )
    assert (island.place.village_id, island.first, island.up) == ("island", island.last, None)
    assert (november.last, len(november.dates)) == (UNTIL, 20)


def test_what_is_said_of_a_table_that_can_be_read_hides_none_of_its_rows(tmp_path: Path, line: PlannedArea) -> None:
    past = tmp_path / "past.csv"  # no byte-order mark, and a column that nobody knows
    past.write_text("服务点,月份,下行件数,附注\nsp-middle,2026年10月,310,甲\n", encoding="utf-8")
    (one,) = read_past_figures(past, line.network.area, open_places(line.network, UNTIL), UNTIL)
    assert (one.down, len(one.dates)) == (310, 31)


def test_all_faults_are_listed_at_once(tmp_path: Path, line: PlannedArea) -> None:
    with pytest.raises(BadDataError) as error:
        read(
            tmp_path,
            line,
            ("nowhere", "", "2026-10", "1", ""),
            ("sp-middle", "", "上月", "1", ""),
            ("sp-middle", "", "2026-13", "1", ""),
            ("sp-middle", "", "2026-10-02", "十几", ""),
            ("sp-middle", "", "2026-10", "31", ""),
            ("sp-middle", "", "2026-10-05", "1", ""),
        )
    said = "\n".join(map(str, error.value.problems))
    for row in (2, 3, 4, 5, 7):
        assert f"row {row}" in said, said
    assert "row 6," not in said.replace("in row 6, too", "")
    no_date = tmp_path / "no.csv"
    no_date.write_text("服务点,下行件数\nsp-middle,3\n", encoding="utf-8")
    with pytest.raises(BadDataError, match="cannot be used"):
        read_past_figures(no_date, line.network.area, {}, UNTIL)


def test_what_was_reported_goes_before_orders_and_estimates(compared, tmp_path: Path, line: PlannedArea) -> None:
    # November up to the 20th: 200 down and 20 up in 20 days, 10 and 1 a day: 11 x 30 x 0.5 = 165 of 450 yuan
    found = compared(read(tmp_path, line, ("sp-middle", "", "2026-11", "200", "20")))
    (place,) = [one for one in found.places if one.site_id == "sp-middle"]
    assert place.reported is not None
    assert (place.reported.down, place.reported.up, place.reported.days) == (10.0, 1.0, 20)
    assert (place.days, place.entered_down) == (0, None)
    assert (place.parcels_a_day, place.income_yuan_month) == (pytest.approx(11), pytest.approx(165))
    assert place.verdict is ViabilityVerdict.BELOW
    # one village of three, on one day: the others as estimated, 100 and 200 people x 0.1 down, and 600 x 0.01 up
    few = compared(read(tmp_path, line, ("", "东村", "2026-11-19", "7", "")))
    (place,) = [one for one in few.places if one.site_id == "sp-middle"]
    assert place.reported is not None
    assert (place.reported.days, place.verdict) == (1, ViabilityVerdict.TOO_FEW_DAYS)
    assert place.parcels_a_day == pytest.approx(7 + 30 + 6)
    # October has 31 days, more than the four weeks that are looked at: a month that is reported counts whole
    october = compared(read(tmp_path, line, ("sp-middle", "", "2026-10", "310", "")))
    (place,) = [one for one in october.places if one.site_id == "sp-middle"]
    assert place.reported is not None
    assert (october.first, place.reported.days, place.reported.down) == (datetime.date(2026, 10, 1), 31, 10.0)
