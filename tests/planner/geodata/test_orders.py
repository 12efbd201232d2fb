"""Tables of orders are read as they are meant, whatever their layout; what is wrong in them is said so that it is mended."""

from __future__ import annotations

import csv
import datetime
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from planner.config import load_config
from planner.errors import BadDataError
from planner.geodata import Severity
from planner.geodata.assemble import read_area
from planner.geodata.columns import field_of
from planner.geodata.orders.clock_times import clock_s, span_s
from planner.geodata.orders.day_orders import DayOrders, read_orders
from planner.geodata.orders.order_vocabulary import ORDERS
from planner.model import StudyArea
from planner.outputs.order_template import order_template
from planner.words import speaking
from tests.planner.geodata.order_tables import SENTINEL, WAYBILL, make_table

DAY = datetime.date(2026, 11, 30)
HEAD = ["村代码", "村名", "乡镇", "下行件数", "上行件数", "下行公斤", "产品", "最早", "最晚", "冷链"]


@pytest.fixture(scope="module")
def area() -> StudyArea:
    return read_area(load_config("baiquan"))


@pytest.fixture(scope="module")
def places(area: StudyArea) -> dict[str, str]:
    """Each village hands over at a service point of its own."""
    return {village.id: f"sp-{village.id}" for village in area.villages}


def written(folder: Path, rows: Sequence[Sequence[object]], name: str = "t.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def errors(orders: DayOrders) -> list[tuple[int | None, str, str]]:
    return [(one.row, one.code, str(one)) for one in orders.findings if one.severity is Severity.ERROR]


def read(path: Path, area: StudyArea, places: Mapping[str, str], **options: bool) -> DayOrders:
    return read_orders(path, area, DAY, places, **options)


def test_two_hundred_tables_say_what_was_meant_and_nothing_of_people(
    tmp_path: Path, area: StudyArea, places: dict[str, str]
) -> None:
    forms = set()
    for seed in range(200):
        made = make_table(tmp_path, area, seed)
        orders = read(made.path, area, places)
        assert not errors(orders), (seed, errors(orders))
        found = {id_: dict(one.amounts) for id_, one in orders.villages.items()}
        assert found.keys() == made.truth.keys(), seed
        for id_, truth in made.truth.items():
            assert found[id_] == pytest.approx(truth), (seed, id_)
        for side in ("delivery", "pickup"):
            meant = sum(one.get(f"{side}_parcels", 0) for one in made.truth.values())
            assert getattr(orders.table, f"{side}_parcels") == meant, seed
        assert orders.table.skipped_columns
        kept = pickle.dumps(orders)
        assert SENTINEL.encode() not in kept
        assert WAYBILL.encode() not in kept
        assert orders.table.a_row_is == ("parcel" if made.parcels else "village")
        forms.add((made.path.suffix, made.parcels))
        made.path.unlink()
    assert len(forms) == 6


def test_three_faults_are_told_at_once_in_words_that_mend_them(
    tmp_path: Path, area: StudyArea, places: dict[str, str]
) -> None:
    villages = list(area.villages)
    rows: list[list[object]] = [HEAD]
    for number, village in enumerate(villages):
        township = area.township_by_id[village.township_id].name
        rows.append(["", village.name, township, 10 + number % 5, 0, "", "", "", "", ""])
    rows[6][3] = "三五"  # row 7 of the file
    rows[20][1] = rows[20][1][0] + "不" + str(rows[20][1])[1:]  # row 21: a character too many
    rows[31][1:3] = rows[9][1:3]  # row 32: the village of row 10 again
    found = errors(read(written(tmp_path, rows), area, places))
    assert [(row, code) for row, code, _ in found] == [(7, "not_a_number"), (21, "unknown_place"), (32, "double_row")]
    texts = [text for _, _, text in found]
    assert "'三五'" in texts[0]
    assert "write 35 if that is meant" in texts[0]
    assert f"{villages[19].name} ({area.township_by_id[villages[19].township_id].name}, {villages[19].id})" in texts[1]
    assert "stands in row 10, too" in texts[2]
    rows[6][3], rows[20][1] = 30, villages[19].name
    rows[31][1:3] = [villages[30].name, area.township_by_id[villages[30].township_id].name]
    mended = read(written(tmp_path, rows), area, places)
    assert not errors(mended)
    assert (len(mended.villages), mended.table.villages, mended.table.rows) == (186, 186, 186)
    assert mended.table.delivery_parcels == sum(int(str(row[3])) for row in rows[1:])


def row(village: object, *, code: object = "", township: object = "", **cells: object) -> list[object]:
    """A row of ``HEAD``: its cells by the names of the fields."""
    fields = ["down", "up", "kg", "product", "earliest", "latest", "cold"]
    return [code, village, township, *(cells.get(field, "") for field in fields)]


@pytest.mark.parametrize(
    ("cells", "code", "says"),
    [
        ({"down": -3}, "out_of_range", "-3"),
        ({"down": 2.5}, "not_whole", "whole"),
        ({"down": "约30"}, "not_a_number", "write 30"),
        ({"down": "一百二"}, "not_a_number", "write"),
        ({"down": "12箱"}, "not_a_number", "12"),
        ({"down": 3, "kg": 0}, "no_weight", "3 parcels"),
        ({"down": 3, "kg": "5米"}, "not_a_number", "5"),
        ({"down": 3, "earliest": "10:00", "latest": "9:00"}, "closes_first", "10:00"),
        ({"down": 3, "earliest": "25:00"}, "no_clock_time", "8:30"),
        ({"down": 3, "latest": "2026-12-01 09:00"}, "no_clock_time", "16:30"),
        ({"down": 3, "cold": "也许"}, "not_yes_or_no", "yes or no"),
    ],
)
def test_an_odd_cell_is_an_error_with_its_row_and_what_to_write(
    tmp_path: Path, area: StudyArea, places: dict[str, str], cells: dict[str, object], code: str, says: str
) -> None:
    village = area.villages[3]
    ((number, found, text),) = errors(read(written(tmp_path, [HEAD, row(village.name, **cells)]), area, places))
    assert (number, found) == (2, code)
    assert says in text


def test_names_of_two_villages_are_told_apart_by_township_or_asked_for(
    tmp_path: Path, area: StudyArea, places: dict[str, str]
) -> None:
    first = area.villages[0]
    other = next(village for village in area.villages if village.township_id != first.township_id)
    twins = tuple(replace(village, name=first.name) if village.id == other.id else village for village in area.villages)
    area = replace(area, villages=twins)
    ((number, code, text),) = errors(read(written(tmp_path, [HEAD, row(first.name, down=1)]), area, places))
    assert (number, code) == (2, "ambiguous_village")
    assert all(part in text for part in (first.id, other.id, "write the township"))
    township = area.township_by_id[other.township_id].name
    told = read(written(tmp_path, [HEAD, row(first.name, township=township, down=1)]), area, places)
    assert list(told.villages) == [other.id]
    ((_, code, text),) = errors(
        read(written(tmp_path, [HEAD, row(first.name, code=area.villages[5].id, down=1)]), area, places)
    )
    assert code == "code_contradicts_name"


def test_codes_that_a_spreadsheet_rounded_are_not_needed_beside_names(
    tmp_path: Path, area: StudyArea, places: dict[str, str]
) -> None:
    village = area.villages[4]
    township = area.township_by_id[village.township_id].name
    orders = read(written(tmp_path, [HEAD, row(village.name, code="2.3E+11", township=township, down=4)]), area, places)
    assert not errors(orders)
    assert orders.villages[village.id].amounts == {"delivery_parcels": 4}
    assert "rounded_codes" in {one.code for one in orders.findings}


def test_zero_is_zero_and_empty_is_not(tmp_path: Path, area: StudyArea, places: dict[str, str]) -> None:
    none, open_ = area.villages[:2]
    orders = read(written(tmp_path, [HEAD, row(none.name, down=0), row(open_.name, down="")]), area, places)
    assert orders.villages[none.id].amounts == {"delivery_parcels": 0}
    assert orders.villages[open_.id].amounts == {}


def test_sites_are_found_by_id_and_name_and_not_beside_their_villages(
    tmp_path: Path, area: StudyArea, places: dict[str, str]
) -> None:
    station = next(site for site in area.sites if site.id.startswith("es-"))
    point = area.site_by_id[f"sp-{area.villages[8].id}"]
    rows = [["站点", "下行件数"], [station.name, 40], [point.id, 7]]
    orders = read(written(tmp_path, rows), area, places)
    assert not errors(orders)
    assert {id_: one.amounts["delivery_parcels"] for id_, one in orders.points.items()} == {station.id: 40, point.id: 7}
    assert orders.table.a_row_is == "point"
    both = [["站点", "村名", "下行件数"], [point.id, "", 7], ["", area.villages[8].name, 3]]
    assert [code for _, code, _ in errors(read(written(tmp_path, both), area, places))] == ["part_and_whole"]


def test_parcels_are_added_up_and_one_waybill_twice_is_said(
    tmp_path: Path, area: StudyArea, places: dict[str, str]
) -> None:
    a, b = area.villages[:2]
    rows = [
        ["快递单号", "村名", "姓名", "收件人电话", "方向", "kg"],
        ["SF1", a.name, SENTINEL, "13800000001", "下行", 2.5],
        ["SF2", a.name, SENTINEL, "13800000002", "", ""],
        ["SF2", b.name, SENTINEL, "13800000003", "上行", 4],
    ]
    orders = read(written(tmp_path, rows), area, places)
    assert orders.villages[a.id].amounts == {"delivery_parcels": 2, "delivery_kg": 2.5}
    assert orders.villages[a.id].unweighed == {"delivery_kg": 1}
    assert orders.villages[b.id].amounts == {"pickup_parcels": 1, "pickup_kg": 4}
    (twice,) = [one for one in orders.findings if one.code == "repeated_waybill"]
    assert "4 and 3" in str(twice)
    assert orders.table.skipped_columns == ("姓名", "收件人电话")
    assert "SF2" not in repr(orders)


def test_two_rows_of_headings_and_other_units(tmp_path: Path, area: StudyArea, places: dict[str, str]) -> None:
    village = area.villages[2]
    book = openpyxl.Workbook()
    sheet = book.active
    for line in (
        ["拜泉县每日件量"],
        ["收件人", None, "下行", None, "上行", None],
        ["姓名", "所属村", "件数", "重量（斤）", "件数", "重量（吨）"],
        [SENTINEL, village.name, 12, 30, 1, 0.25],
    ):
        sheet.append(line)
    sheet.merge_cells("C2:D2")
    sheet.merge_cells("E2:F2")
    book.save(tmp_path / "two.xlsx")
    orders = read(tmp_path / "two.xlsx", area, places)
    assert not errors(orders)
    assert orders.villages[village.id].amounts == {
        "delivery_parcels": 12,
        "delivery_kg": 15,
        "pickup_parcels": 1,
        "pickup_kg": 250,
    }
    assert SENTINEL not in repr(orders)


@pytest.mark.parametrize(
    "heading", ["收件人", "收货人姓名", "手机", "联系电话", "详细地址", "身份证号码", "Phone", "Full name", "微信号"]
)
def test_columns_about_people_have_no_field(heading: str) -> None:
    assert ORDERS.is_of_persons(heading)
    assert field_of(heading, ORDERS) is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("8", 8),
        ("早上8点", 8),
        ("下午2:30", 14.5),
        ("晚上12点", 24),
        ("12 am", 0),
        ("中午1点", 13),
        ("两点一刻", 2.25),
        ("8.30", 8.5),
    ],
)
def test_times_of_day_in_many_notations(text: str, hours: float) -> None:
    assert clock_s(text, DAY) == hours * 3600


def test_a_span_in_one_cell() -> None:
    assert span_s("上午9点到下午3点", DAY) == (9 * 3600, 15 * 3600)
    assert span_s("9:00", DAY) is None


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", [".xlsx", ".csv"])
def test_the_table_to_fill_in_reads_back_as_what_was_filled_in(
    tmp_path: Path, area: StudyArea, places: dict[str, str], lang: str, kind: str
) -> None:
    path = tmp_path / f"t{kind}"
    with speaking(lang):  # type: ignore[arg-type]
        path.write_bytes(order_template(area, kind))
    empty = read(path, area, places)
    assert not errors(empty)
    assert not [one for one in empty.findings if one.code in ("unused_columns", "of_persons")]
    assert len(empty.villages) == 186
    assert not any(one.amounts for one in empty.villages.values())
    filled = [5, 2, 7.5, 4, 0.05, 1.2, "西瓜", 296, "8:00", "11:30", "是"]  # 4 kg of parcels and 296 of melons go up
    if kind == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))
        lines[3][3:] = map(str, filled)
        written(tmp_path, lines, path.name)
    else:
        book = openpyxl.load_workbook(path)
        for place, value in enumerate(filled, start=4):
            is_time = isinstance(value, str) and ":" in value
            book.active.cell(4, place).value = datetime.time.fromisoformat(f"{value:0>5}") if is_time else value
        assert book.active.data_validations.count == 11
        assert book.active.cell(4, 1).number_format == "@"
        book.save(path)
    code = sorted(area.villages, key=lambda village: (village.township_id, village.id))[2].id
    one = read(path, area, places).villages[code]
    assert dict(one.amounts) == dict(
        zip(
            ["delivery_parcels", "pickup_parcels", "delivery_kg", "pickup_kg", "delivery_m3", "pickup_m3"],
            [5, 2, 7.5, 300, 0.05, 1.2],
            strict=True,
        )
    )
    assert (one.products, one.earliest_s, one.latest_s, one.cold) == ({"西瓜": 296}, 8 * 3600, 11.5 * 3600, True)


def test_what_is_no_table_of_orders_is_refused_by_name(tmp_path: Path, area: StudyArea, places: dict[str, str]) -> None:
    ((_, code, text),) = errors(read(written(tmp_path, [["村名", "人口"], ["兴农", 3]]), area, places))
    assert code == "no_figures"
    assert "--template" in text
    with pytest.raises(BadDataError, match="no such file"):
        read(tmp_path / "none.csv", area, places)
    with pytest.raises(BadDataError, match="orders are read from"):
        read(written(tmp_path, [["a"]], "t.pdf"), area, places)
