"""Figures with units, codes of spreadsheets, rows of totals: read exactly, or named without a digit lost."""

import csv
import io
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.config import Datum
from planner.geodata.doctor import check_files
from planner.geodata.examined import Report
from planner.geodata.findings import Finding
from tests.cases import table_variants
from tests.cases.table_variants import Layout, Truth, write_workbook

Rows = list[list[object]]
HEAD: list[object] = ["乡镇", "村名", "编码", "经度", "纬度", "人口", "户数"]


def villages(draw: random.Random) -> list[Truth]:
    """Return made-up villages of a county that no register has."""
    return [Truth(**{**vars(t), "id": f"990101{t.id[6:]}"}) for t in table_variants.villages(draw)]


def _rows(truth: list[Truth]) -> Rows:
    return [HEAD, *([t.town, t.name, f"{t.id}", t.lon, t.lat, t.people, t.homes] for t in truth)]


def _checked(folder: Path, rows: Rows, *, workbook: bool = False) -> Report:
    """Return what is said of a table: as text, which is quicker, or as a workbook."""
    path = folder / ("村.xlsx" if workbook else "村.csv")
    if workbook:
        write_workbook(path, {"Sheet1": Layout(rows=rows)})
    else:
        text = io.StringIO(newline="")
        csv.writer(text).writerows([["" if cell is None else cell for cell in row] for row in rows])
        path.write_bytes(text.getvalue().encode())
    return check_files([path], datum=Datum.WGS84)


def _errors(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.severity == "error"]


def _read(draw: random.Random, value: int, unit: str) -> str:
    """Return a figure as an office writes it, whose meaning is plain."""
    grouped = [f"{value:,}".replace(",", mark) for mark in (",", "，", " ", "'", "’", "\u00a0", "\u202f")]
    digits = draw.choice([str(value), *grouped])
    tail = draw.choice(["", unit, f" {unit}", f"{unit}　"])
    multiplied = draw.choice([f"{value / 10_000:.4f}万", f"{value / 1000:.3f}千", f"{value / 10_000:.4f}万{unit}"])
    return draw.choice([digits + tail, digits + tail, multiplied, f"'{value}"])


def test_figures_with_units_and_multiples_are_read(tmp_path: Path) -> None:
    for seed in range(200):
        draw = random.Random(seed)
        truth = villages(draw)
        rows = _rows(truth)
        for row, one in zip(rows[1:], truth, strict=True):
            row[5:] = [_read(draw, one.people, draw.choice("人口名")), _read(draw, one.homes, "户")]
        report = _checked(tmp_path, rows, workbook=not seed % 20)
        assert not _errors(report), (seed, rows)
        assert {(v.name, v.population, v.households) for v in report.villages} == {
            (t.name, t.people, t.homes) for t in truth
        }, seed


DOUBTFUL = [
    *("{a}-{b}", "{a}~{b}", "{a}～{b}", "{a}至{b}", "{a}—{b}", "{a}、{b}", "{a}/{b}", "{a}\x00{b}", "{a}.{b}.{a}"),
    *("{a}'{a}", "{a}_{b}", "{a},{a}", "约{a}", "{a}(含流动)", "{a}余人", "近{a}人", "{a}户", "{a}%", "{a}千{b}"),
    *("{a}.{b}7", "126.{a},47.{b}", "{a}人{b}户", "{a} {a}", "三千{a}", "{a}百五", "¥{a}", "{a}km", "{a}人次"),
]


def test_what_is_proposed_has_all_the_digits(tmp_path: Path) -> None:
    path, seen = tmp_path / "村.csv", set()
    for seed in range(300):
        draw = random.Random(seed)
        a, b = draw.randrange(11, 99), draw.randrange(1000, 9999)
        shape = draw.choice(DOUBTFUL)
        written = shape.format(a=a, b=b)
        path.write_text(
            f'乡镇,村名,编码,经度,纬度,人口\n东河镇,永安村,V1,126.12345,47.12345,"{written}"\n', encoding="utf-8"
        )
        errors = _errors(check_files([path], datum=Datum.WGS84))
        assert [one.row for one in errors] == [2], (written, errors)
        remedy = errors[0].remedy.params.get("figure")
        if remedy is not None:
            seen.add(shape)
            assert re.sub(r"\D", "", str(remedy)).rstrip("0") == re.sub(r"\D", "", written).rstrip("0"), written
    assert {"约{a}", "{a}(含流动)"} <= seen


def _wrong_code(draw: random.Random, code: str) -> str:
    """Return a code that lost digits."""
    value = float(code)
    return draw.choice([f"{value:.5E}", f"{value:.2E}", f"{value:.4e}", f"{value:.5E}".replace("E+", "E")])


def _whole_code(draw: random.Random, code: str, *, text: bool) -> object:
    """Return a code as programs keep it, with all its digits."""
    forms: list[object] = [code, f"'{code}", f"\t{code}", f"{code}.0", f"{int(code):.11E}", f"{int(code):.15e}"]
    forms += [f"{code[:6]} {code[6:9]} {code[9:]}", f"{int(code):,}", f'="{code}"' if text else float(code)]
    return draw.choice(forms)


@pytest.mark.parametrize("text", [True, False])
def test_codes_that_programs_took_for_numbers_are_read_if_their_digits_are_there(tmp_path: Path, *, text: bool) -> None:
    for seed in range(200 if text else 40):
        draw = random.Random(seed)
        truth = villages(draw)
        lost = draw.choice([0, 0, 2, len(truth)])
        rows = _rows(truth)
        for number, (row, one) in enumerate(zip(rows[1:], truth, strict=True)):
            row[2] = _wrong_code(draw, one.id) if number < lost else _whole_code(draw, one.id, text=text)
        report = _checked(tmp_path, rows, workbook=not text)
        assert {v.id for v in report.villages} == {t.id for t in truth[lost:]}, seed
        if lost == len(truth):
            assert [(f.code, f.row) for f in _errors(report)] == [("rounded_codes", None)], seed
        else:
            assert [(f.code, f.row) for f in _errors(report)] == [("rounded_code", n + 2) for n in range(lost)], seed
        assert not {"odd_code", "repeated_id"} & {f.code for f in report.findings}, seed


_FORMS: list[Callable[[str], object]] = [str, float, int, "{}.0".format]


def test_codes_in_parts_are_put_together(tmp_path: Path) -> None:
    for seed in range(200):
        draw = random.Random(seed)
        truth = villages(draw)
        number = draw.choice(_FORMS)
        whole_town = draw.random() < 0.5
        heads: list[object] = ["乡镇代码", "村代码"] if whole_town else ["县代码", "乡镇代码", "村代码"]
        rows: Rows = [["乡镇", "村名", *heads, "经度", "纬度", "人口"]]
        for t in truth:
            parts = [t.id[:9], t.id[9:]] if whole_town else [t.id[:6], t.id[6:9], t.id[9:]]
            rows.append([t.town, t.name, *map(number, parts), t.lon, t.lat, t.people])
        report = _checked(tmp_path, rows, workbook=not seed % 20)
        assert not _errors(report), seed
        assert {(v.id, v.name) for v in report.villages} == {(t.id, t.name) for t in truth}, seed


def _total(draw: random.Random, count: int) -> str:
    word = draw.choice(["合计", "小计", "总计", "共计", "总 计", "累计", "全县合计", "东河镇小计", "本页小计"])
    counted = draw.choice(
        ["", f"{count}个村", f"{count}村", f"：{count}个行政村", f"{count}个建制村。", f"（{count}个村）"]
    )
    return draw.choice(
        [word + counted, word + counted, f"共{count}个村", f"全县共有{count}个行政村", "Total", "Subtotal:"]
    )


def test_rows_of_totals_are_no_villages_and_said(tmp_path: Path) -> None:
    for seed in range(200):
        draw = random.Random(seed)
        truth = villages(draw)
        rows = _rows(truth)
        rows[0] = [*rows[0], "备注"]
        for row in rows[1:]:
            row += [draw.choice(["", "", "共3个自然屯", "含2个屯"])]
            if draw.random() < 0.1:
                row[3:5] = [None, None]
        totals = sorted(draw.sample(range(2, len(rows)), draw.randrange(1, 4)), reverse=True)
        for at in totals:
            total: list[object] = [None] * 8
            total[draw.choice([0, 1])] = _total(draw, len(truth))
            total[5] = sum(t.people for t in truth)
            rows.insert(at, total)
        report = _checked(tmp_path, rows, workbook=not seed % 20)
        assert not _errors(report), (seed, [str(f) for f in _errors(report)])
        assert {v.name for v in report.villages} == {t.name for t in truth}, seed
        said = [f.row for f in report.findings if f.code == "totals_row"]
        assert len(said) == len(totals), seed
        assert {rows[n - 1][5] for n in said if n} == {sum(t.people for t in truth)}


def test_rows_of_a_sheet_without_headings_are_said(tmp_path: Path) -> None:
    path = tmp_path / "村.xlsx"
    for seed in range(30):
        draw = random.Random(seed)
        truth = villages(draw)
        cut = draw.randrange(3, 10)
        rows = _rows(truth)
        sheets = {"第一页": Layout(rows=rows[: cut + 1]), "续表": Layout(rows=rows[cut + 1 :])}
        if draw.random() < 0.5:
            sheets = {"封面": Layout(rows=[["某县村情"], ["编制单位：某局"]]), **sheets}
        write_workbook(path, sheets)
        report = check_files([path], datum=Datum.WGS84)
        assert len(report.villages) == cut
        (said,) = [f for f in report.findings if f.code == "sheet_without_headings"]
        assert (said.severity, said.file, said.message.params["count"]) == (
            "warning",
            "村.xlsx [续表]",
            len(truth) - cut,
        )
        assert said.remedy.params["sheet"] == "第一页"
