"""Tables of orders as offices and carriers write them, made at random beside the figures that they mean."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

from planner.model import StudyArea, Village

SENTINEL = "张三丰Zxq"
"""Stands in every cell about people: it may be nowhere afterwards."""
WAYBILL = "YT77"
PERSONS = ("收件人", "手机号", "收件人地址", "联系电话", "身份证号", "Recipient", "phone", "客户姓名")
_HEADINGS = {
    "id": ("村代码", "区划代码", "code"),
    "name": ("村名", "行政村", "Village"),
    "township": ("乡镇", "所属乡镇", "township"),
    "delivery_parcels": ("下行件数", "派件数量", "Parcels down", "下行（件）", "delivery_parcels"),
    "pickup_parcels": ("上行件数", "揽件量", "Parcels up", "件数上行"),
    "delivery_kg": ("下行kg", "下行重量（公斤）", "Down (kg)", "下行公斤"),
    "pickup_kg": ("上行千克", "上行重量(kg)", "Up (kg)"),
    "delivery_m3": ("下行方", "下行体积（立方米）", "Down (m³)"),
    "pickup_m3": ("上行m3", "上行体积"),
    "kg": ("重量", "kg", "weight (kg)"),
    "direction": ("方向", "direction"),
    "waybill": ("运单号", "快递单号", "waybill no"),
}
_MANY = {"weight (kg)": "weight(kg)"}
FIGURES = ("delivery_parcels", "pickup_parcels", "delivery_kg", "pickup_kg", "delivery_m3", "pickup_m3")


@dataclass
class MadeTable:
    """A table's file and what it means: figures by village, those of parcels added up."""

    path: Path
    truth: dict[str, dict[str, float]]
    parcels: bool
    sides: set[str] = field(default_factory=set)


def make_table(folder: Path, area: StudyArea, seed: int) -> MadeTable:
    """Write one table of some of the area's villages."""
    rng = random.Random(seed)
    villages = rng.sample(list(area.villages), rng.randint(2, 10))
    return _parcels(folder, area, villages, rng) if rng.random() < 0.4 else _villages(folder, area, villages, rng)


def _villages(folder: Path, area: StudyArea, villages: Sequence[Village], rng: random.Random) -> MadeTable:
    given = ["delivery_parcels", *(name for name in FIGURES[1:] if rng.random() < 0.6)]
    truth: dict[str, dict[str, float]] = {}
    rows = []
    for village in villages:
        figures: dict[str, float] = {}
        for name in given:
            if rng.random() < 0.2:
                continue  # an empty cell
            if name.endswith("parcels"):
                figures[name] = float(rng.choice([0, 0, *range(1, 60)]))
            else:
                figures[name] = round(rng.uniform(0.1, 90), rng.choice([1, 2]))
        for side in ("delivery", "pickup"):
            if figures.get(f"{side}_parcels") == 0:
                figures.update({name: 0.0 for name in figures if name.startswith(side)})
        truth[village.id] = figures
        rows.append(_place(village, area, rng) | {name: f"{value:g}" for name, value in figures.items()})
    path = _write(folder, rows, given, rng, total=rng.random() < 0.3)
    return MadeTable(path, truth, parcels=False)


def _parcels(folder: Path, area: StudyArea, villages: Sequence[Village], rng: random.Random) -> MadeTable:
    with_direction, with_kg = rng.random() < 0.6, rng.random() < 0.6
    truth: dict[str, dict[str, float]] = {}
    rows = []
    sides = set()
    for number in range(rng.randint(len(villages), 60)):
        village = villages[number] if number < len(villages) else rng.choice(villages)
        side = rng.choice(["delivery", "delivery", "pickup"]) if with_direction else "delivery"
        sides.add(side)
        row = _place(village, area, rng) | {"waybill": f"{WAYBILL}{number:010d}"}
        if with_direction:
            row["direction"] = rng.choice(
                {"delivery": ["下行", "派件", "down"], "pickup": ["上行", "揽件", "up"]}[side]
            )
        own = truth.setdefault(village.id, {})
        own[f"{side}_parcels"] = own.get(f"{side}_parcels", 0) + 1
        if with_kg:
            kg = round(rng.uniform(0.1, 20), 2)
            row["kg"] = f"{kg:g}"
            own[f"{side}_kg"] = own.get(f"{side}_kg", 0) + kg
        rows.append(row)
    given = ["waybill", *(["direction"] if with_direction else []), *(["kg"] if with_kg else [])]
    return MadeTable(_write(folder, rows, given, rng, total=False), truth, parcels=True, sides=sides)


def _place(village: Village, area: StudyArea, rng: random.Random) -> dict[str, str]:
    township = area.township_by_id[village.township_id].name
    short = village.name.replace("村民委员会", "村").replace("村村", "村")
    return {"id": village.id, "name": rng.choice([village.name, short]), "township": township}


def _write(folder: Path, rows: list[dict[str, str]], given: Sequence[str], rng: random.Random, *, total: bool) -> Path:
    keys = rng.choice([["id"], ["name", "township"], ["id", "name"], ["id", "name", "township"]])
    columns = [(name, _heading(name, rng)) for name in (*keys, *given)]
    columns += [("", heading) for heading in rng.sample(PERSONS, rng.randint(1, 4))]
    if rng.random() < 0.5:
        columns.append(("", "备注"))
    rng.shuffle(columns)
    rng.shuffle(rows)
    lines = [[heading for _, heading in columns]]
    lines += [
        [row.get(name, "") if name else f"{SENTINEL}{place}" for name, _ in columns] for place, row in enumerate(rows)
    ]
    if total and "name" in keys:
        sums = {name: sum(float(row.get(name) or 0) for row in rows) for name in given}
        lines.append(["合计" if name == "name" else f"{sums[name]:g}" if name in sums else "" for name, _ in columns])
    if rng.random() < 0.3:
        lines.insert(0, ["某县每日件量表", *[""] * (len(columns) - 1)])
    return _save(folder, lines, rng)


def _heading(name: str, rng: random.Random) -> str:
    return rng.choice(_HEADINGS[name])


def _save(folder: Path, lines: Sequence[Sequence[str]], rng: random.Random) -> Path:
    kind = rng.choice(["xlsx", "csv", "csv", "txt"])
    path = folder / f"orders.{kind}"
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for line in lines:
            book.active.append([_typed(cell) for cell in line])
        book.save(path)
        return path
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=rng.choice([",", ";", "\t"])).writerows(lines)
    path.write_bytes(text.getvalue().encode(rng.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16"])))
    return path


def _typed(cell: str) -> str | float:
    """A figure as spreadsheets keep it; codes stay text."""
    try:
        return float(cell) if len(cell) < 9 else cell
    except ValueError:
        return cell
