"""Figures as offices write them are read exactly, or each wrong cell is named: nothing is wrong in silence."""

import random
from pathlib import Path

from planner.config import Datum
from planner.geodata.doctor import check_files
from tests.cases.table_variants import Layout, villages, write_workbook

HEAD: list[object] = ["乡镇", "村名", "村代码", "经度", "纬度"]
WRONG = [
    "#N/A",
    "#REF!",
    "#DIV/0!",
    "2023-05-01",
    "12.5%",
    0.25,
    "一千",
    "约900",
    "1千2",
    "12,34",
    "-",
    -5,
    "=A1+1",
    "1e400",
]


def _year(draw: random.Random, heading: str, year: int) -> str:
    return draw.choice(
        [f"{year}年{heading}", f"{year}{heading}", f"{heading}（{year}年）", f"{heading}{year}", f"{year}年末{heading}"]
    )


def _figure(draw: random.Random, value: int, multiple: int) -> object:
    if multiple != 1:
        return draw.choice([value / multiple, f"{value / multiple:.4f}"])
    wide = "".join(chr(ord(c) + 0xFEE0) for c in f"{value:,}")
    return draw.choice([value, float(value), str(value), f"{value:,}", wide, f" {value}\u3000", f"{value}.0"])


def test_of_several_populations_the_latest_resident_one_is_read_in_its_unit(tmp_path: Path) -> None:
    path = tmp_path / "villages.xlsx"
    for seed in range(200):
        draw = random.Random(seed)
        truth = villages(draw)
        unit, multiple = draw.choice([("", 1), ("", 1), ("（万人）", 10_000), ("（千人）", 1000)])
        old, new = sorted(draw.sample(range(2010, 2026), 2))
        meant, other = draw.choice(
            [
                (f"常住人口{unit}", f"户籍人口{unit}"),
                (_year(draw, "人口", new), _year(draw, "人口", old)),
                (_year(draw, "常住人口", new), _year(draw, "常住人口", old)),
                (_year(draw, "常住人口", old), _year(draw, "户籍人口", new)),
            ]
        )
        multiple = multiple if unit and unit in meant else 1
        columns = [(meant, 0), (other, 7)]
        draw.shuffle(columns)
        rows: list[list[object]] = [[*HEAD, *(heading for heading, _ in columns)]]
        rows += [
            [t.town, t.name, f"V{n}", t.lon, t.lat, *(_figure(draw, t.people + more, multiple) for _, more in columns)]
            for n, t in enumerate(truth)
        ]
        write_workbook(path, {"Sheet1": Layout(rows=rows)})
        report = check_files([path], datum=Datum.WGS84)
        assert {v.name: v.population for v in report.villages} == {t.name: t.people for t in truth}, (
            seed,
            meant,
            other,
        )
        assert [f.code for f in report.findings].count("column_chosen") == 1


def test_cells_that_are_no_figures_are_named_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "villages.xlsx"
    for seed in range(200):
        draw = random.Random(seed)
        truth = villages(draw)
        wrong = draw.sample(range(len(truth)), draw.randrange(1, 5))
        column = draw.choice(["人口", "户数"])
        rows: list[list[object]] = [[*HEAD, column]]
        rows += [
            [t.town, t.name, f"V{n}", t.lon, t.lat, draw.choice(WRONG) if n in wrong else t.people]
            for n, t in enumerate(truth)
        ]
        write_workbook(path, {"Sheet1": Layout(rows=rows)})
        report = check_files([path], datum=Datum.WGS84)
        assert {f.row for f in report.findings if f.severity == "error"} == {n + 2 for n in wrong}, seed
        assert {v.name for v in report.villages} == {t.name for n, t in enumerate(truth) if n not in wrong}, seed
