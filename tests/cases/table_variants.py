"""Made-up villages, and the many ways in which an office writes the same table of them; the truth is the table itself."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

TOWNS = {"230231100": "东河镇", "230231101": "西山乡", "230231102": "南坪镇"}
NAMES = ("永安", "和平", "胜利", "双龙", "新立", "太平", "青松", "白桦", "红旗", "兴旺", "长安", "富饶")


@dataclass(frozen=True)
class Truth:
    """One village as it is."""

    id: str
    name: str
    town: str
    lon: float
    lat: float
    people: int
    homes: int


def villages(draw: random.Random) -> list[Truth]:
    found = []
    names = draw.sample(NAMES, len(NAMES))
    for number, name in enumerate(names):
        code = sorted(TOWNS)[number * 3 // len(names)]
        lon, lat = round(draw.uniform(125.95, 126.35), 6), round(draw.uniform(47.45, 47.75), 6)
        people = draw.randrange(300, 3900)
        found.append(
            Truth(
                id=f"{code}{200 + number % 4}",
                name=f"{name}村",
                town=TOWNS[code],
                lon=lon,
                lat=lat,
                people=people,
                homes=people // 3,
            )
        )
    return found


HEADINGS = {
    "town": ["乡镇", "乡镇名称", "所属乡镇", "乡（镇）", "所在乡镇", "乡 镇", "乡镇\n（街道）"],
    "name": ["村名", "村名称", "行政村", "建制村名称", "村委会名称", "*村名", "行政村\n名称", "村 名"],
    "id": ["编码", "行政区划代码", "统计用区划代码", "村代码"],
    "lon": ["经度", "东经", "经度（°）", "经度\n(例:126.5)", "1.经度", "Longitude", "经度(E)"],
    "lat": ["纬度", "北纬", "纬度（°）", "纬度\n(例:46.8)", "2.纬度", "Latitude", "纬度(N)"],
    "people": [
        "人口",
        "人口（人）",
        "总人口",
        "常住人口",
        "人口数\n（单位：人）",
        "2022年人口",
        "总人口（人，2022年末）",
    ],
    "homes": ["户数", "户数（户）", "总户数", "户 数"],
}


@dataclass
class Layout:
    """How a table is laid out: its rows of cells from the first on, and merged ranges (top, left, bottom, right from 1)."""

    rows: list[list[object]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)


def decorated(draw: random.Random, truth: list[Truth], *, merge_towns: bool = True) -> Layout:
    """Return the table with a title, headings of one or two rows, totals, remarks, blanks, towns once for their block."""
    page = Layout()
    columns = ["town", "name", "id", "lon", "lat", "homes", "people"]
    if draw.random() < 0.3:
        columns = ["serial", *columns]
    if draw.random() < 0.3:
        columns += ["remark"]
    if draw.random() < 0.4:
        columns.remove("id")
    two = draw.random() < 0.4
    if draw.random() < 0.5:
        page.rows.append(["某县行政村基本情况统计表", *[None] * (len(columns) - 1)])
        page.merges.append((1, 1, 1, len(columns)))
        if draw.random() < 0.5:
            page.rows.append(["填报单位：某局", None, "日期：2023年5月"])
    _headings(draw, page, columns, two=two)
    once = draw.choice(["each", "merged", "once"]) if merge_towns else "each"
    _body(draw, page, columns, truth, once)
    if draw.random() < 0.5:
        word = draw.choice(["合计", "总计", "合 计", "共计", "全县合计"])
        figures = {"homes": sum(t.homes for t in truth), "people": sum(t.people for t in truth)}
        page.rows.append([word if n == 0 else figures.get(c) for n, c in enumerate(columns)])
    if draw.random() < 0.4:
        page.rows.append([draw.choice(["注：数据截至2022年底", "填表人：张某　审核人：李某", "备注：以上为户籍口径"])])
    return page


def _headings(draw: random.Random, page: Layout, columns: list[str], *, two: bool) -> None:
    heading = {c: draw.choice(HEADINGS[c]) for c in columns if c in HEADINGS} | {"serial": "序号", "remark": "备注"}
    if not two:
        page.rows.append([heading[c] for c in columns])
        return
    top = len(page.rows) + 1
    groups = {"lon": "地理坐标", "lat": "地理坐标", "homes": "人口情况", "people": "人口情况"}
    page.rows.append([groups.get(c, heading[c]) if c not in ("lat", "people") else None for c in columns])
    page.rows.append([heading[c] if c in groups else None for c in columns])
    for number, c in enumerate(columns, start=1):
        if c in ("lon", "homes"):
            page.merges.append((top, number, top, number + 1))
        elif c not in groups:
            page.merges.append((top, number, top + 1, number))


def _body(draw: random.Random, page: Layout, columns: list[str], truth: list[Truth], once: str) -> None:
    subtotals = draw.random() < 0.3
    place, serial = columns.index("town") + 1, 0
    for town in dict.fromkeys(t.town for t in truth):
        mine = [t for t in truth if t.town == town]
        top = len(page.rows) + 1
        for number, one in enumerate(mine):
            serial += 1
            cells = {**vars(one), "serial": serial, "remark": None}
            if once != "each" and number:
                cells["town"] = None
            page.rows.append([cells[c] for c in columns])
            if draw.random() < 0.04:
                page.rows.append([None] * len(columns))
        if once == "merged" and len(page.rows) > top:
            page.merges.append((top, place, len(page.rows), place))
        if subtotals:
            word = draw.choice(["小计", "小 计", f"{town}小计"])
            page.rows.append(
                [word if c == "name" else sum(t.people for t in mine) if c == "people" else None for c in columns]
            )


def write_workbook(path: Path, sheets: dict[str, Layout], *, hidden: tuple[str, ...] = ()) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, page in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(page.rows, start=1):
            for place, value in enumerate(row, start=1):
                sheet.cell(number, place).value = value
        for top, left, bottom, right in page.merges:
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    book.save(path)


def dms(value: float, style: str) -> str:
    """Return degrees in a notation, to a hundredth of a second at least."""
    whole, rest = int(value), (value - int(value)) * 60
    minutes, seconds = int(rest), (rest - int(rest)) * 60
    if seconds > 59.994:
        minutes, seconds = minutes + 1, 0.0
    if minutes == 60:
        whole, minutes = whole + 1, 0
    exact = whole + minutes / 60 + seconds / 3600
    tenths = (exact - whole) * 60
    return {
        "signs": f"{whole}°{minutes}′{seconds:.2f}″",
        "ascii": f"{whole}°{minutes:02d}'{seconds:05.2f}\"",
        "chinese": f"{whole}度{minutes}分{seconds:.2f}秒",
        "minutes": f"{whole}°{tenths:.4f}′" if tenths < 59.9999 else f"{whole + 1}°0.0000′",
        "colons": f"{whole}:{minutes:02d}:{seconds:05.2f}",
        "wide": "".join(chr(ord(c) + 0xFEE0) if c.isdigit() or c == "." else c for c in f"{value:.6f}"),
        "comma": f"{value:.6f}".replace(".", ","),
        "sign": f"{value:.6f}°",
        "unseen": f"\u202a{value:.6f}\u202c\u200b",
    }[style]


NOTATIONS = ("signs", "ascii", "chinese", "minutes", "colons", "wide", "comma", "sign", "unseen")
