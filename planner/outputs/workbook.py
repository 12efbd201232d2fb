"""The plan as a workbook for Excel and WPS: summary, stations, villages, routes, stops, seasons, provenance."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from planner.model import Tier
from planner.outputs.about_roads import closed_text, turn_rules_text
from planner.outputs.geofiles import about_rows
from planner.outputs.geopackage import UNDATED
from planner.outputs.notice import notice_of
from planner.outputs.plan_rows import StationRow, VillageRow, station_rows, village_rows
from planner.outputs.relaxations import reason_text, relaxations_text
from planner.outputs.siting_sheets import Sheet, siting_sheets
from planner.plans import DayPlan, NetworkPlan, RoadSummary
from planner.units import format_clock, shown_limit, shown_minutes
from planner.words.terms import term

_HEAD = PatternFill("solid", fgColor="1F4E79")
_WARNING = Font(bold=True, color="C00000")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date a zip archive knows
_WIDEST = 42


def write_network_workbook(plan: NetworkPlan, path: Path) -> None:
    """Write the workbook of a network; text from data is text in every cell, never a formula, and codes stay text.

    Where data are synthetic or assumed each sheet says so in its first row and its print header, and has its headings in
    the second. The same plan gives the same bytes: no file says when it was made.
    """
    sheets: list[Sheet] = [
        ("汇总 Summary", ["项目 Item", "值 Value"], _summary(plan)),
        ("站点 Stations", *_stations(plan)),
        ("村 Villages", *_villages(plan)),
        ("季节 Seasons", *_seasons(plan)),
        *siting_sheets(plan),
        ("说明 About", ["项目 Item", "内容 Content"], about_rows(plan)),
    ]
    _write(plan, sheets, path)


def write_day_workbook(plan: DayPlan, path: Path) -> None:
    """Write the workbook of a day, as `write_network_workbook` writes that of a network."""
    sheets: list[Sheet] = [
        ("汇总 Summary", ["项目 Item", "值 Value"], _day_summary(plan)),
        ("线路 Routes", *_routes(plan)),
        ("停靠 Stops", *_stops(plan)),
        ("说明 About", ["项目 Item", "内容 Content"], about_rows(plan)),
    ]
    _write(plan, sheets, path)


def _write(plan: NetworkPlan | DayPlan, sheets: Sequence[Sheet], path: Path) -> None:
    notice = notice_of(plan.area).text
    book = Workbook()
    del book[book.sheetnames[0]]
    for title, headings, rows in sheets:
        _fill(book.create_sheet(title), notice, headings, rows)
    path.write_bytes(_saved(book, UNDATED))


def _saved(book: Workbook, date: datetime.date) -> bytes:
    """Return the file without a trace of when it was written, which openpyxl and the zip archive would note."""
    book.properties.created = book.properties.modified = datetime.datetime.combine(date, datetime.time())
    written, same = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(written, "w")).save()
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(same, "w") as archive:
        for name in parts.namelist():
            part = zipfile.ZipInfo(name, date_time=_EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part, parts.read(name))
    return same.getvalue()


def _fill(sheet: Worksheet, notice: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Fill one sheet; the ``notice``, if there is any, goes above the headings and on every printed page."""
    head = 1
    if notice:
        sheet.append([notice])
        sheet["A1"].font = _WARNING
        sheet.oddHeader.center.text = notice  # type: ignore[union-attr]
        head = 2
    sheet.append(list(headings))
    for row in rows:
        sheet.append([None if value == "" else value for value in row])
    for cells in sheet.iter_rows(min_row=head + 1):
        for cell in cells:
            if isinstance(cell, Cell) and isinstance(cell.value, str):
                cell.data_type = "s"  # a name that starts with = is a name
                cell.quotePrefix = cell.value[:1] in ("=", "+", "-", "@")
    for cell in sheet[head]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.freeze_panes = f"A{head + 1}"
    sheet.auto_filter.ref = f"A{head}:{get_column_letter(sheet.max_column)}{sheet.max_row}"
    for column, cells in enumerate(sheet.iter_cols(min_row=head), start=1):
        widths = [sum(2 if ord(c) > 255 else 1 for c in str(cell.value or "")) for cell in cells]
        for cell, wide in zip(cells[1:], widths[1:], strict=True):
            cell.alignment = Alignment(wrap_text=wide > _WIDEST, vertical="top")
        width = max(widths)
        sheet.column_dimensions[get_column_letter(column)].width = min(_WIDEST, width + 2)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    sheet.print_title_rows = f"{head}:{head}"


def _summary(plan: NetworkPlan) -> Iterable[tuple[str, object]]:
    yield "区域 Area", f"{plan.area.name} {plan.area.name_latin}"
    yield "方案 Plan", plan.id
    notice = notice_of(plan.area)
    if notice.text:
        yield "提示 Notice", notice.text
    for code, solution in (
        ("service_point", plan.stations.service_points),
        ("express_station", plan.stations.express_stations),
    ):
        name, shares = term(code).both, solution.shares
        yield f"{name}: 目标 objective", term(solution.objective).both
        yield f"{name}: 状态 status", term(solution.status).both
        yield f"{name}: 开放 open", len(solution.opened)
        yield f"{name}: 标准 standard (min)", shown_limit(solution.standard_s)
        yield f"{name}: 人口覆盖 population covered", round(shares.population, 4)
        yield f"{name}: 户数覆盖 households covered", round(shares.households, 4)
        yield f"{name}: 村覆盖 villages covered", round(shares.villages, 4)
        yield f"{name}: 贫困村覆盖 poor villages covered", round(shares.poor_villages, 4)
        yield f"{name}: 建设成本 opening cost (yuan)", solution.opening_cost_yuan
        yield f"{name}: 目标值 value", _rounded(solution.value)
        yield f"{name}: 界 bound", _rounded(solution.bound)
        yield f"{name}: 差距 gap", solution.gap
    yield from _road_summary(plan.roads)


def _day_summary(plan: DayPlan) -> Iterable[tuple[str, object]]:
    yield "区域 Area", f"{plan.area.name} {plan.area.name_latin}"
    yield "方案 Plan", plan.id
    yield "网络 Network", plan.network.id
    yield "日期 Date", plan.date.isoformat()
    yield "线路 Routes", len(plan.routes.routes)
    yield "总里程 km", round(sum(route.distance_m for route in plan.routes.routes) / 1000, 1)
    yield "总成本 cost (yuan)", round(plan.routes.cost_yuan, 2)
    yield "成本下界 lower bound (yuan)", round(plan.routes.lower_bound_yuan, 2)
    yield "未安排 Unassigned stops", len(plan.routes.unassigned)
    yield from _road_summary(plan.roads)


def _road_summary(roads: RoadSummary) -> Iterable[tuple[str, object]]:
    yield "路网 Roads (km)", round(roads.road_km, 1)
    yield "车辆/季节 Vehicle, season", f"{term(roads.vehicle).both}, {term(roads.season).both}"
    yield "计转弯 Turn costs", "是 yes" if roads.turn_costs else "否 no"
    for closed in roads.closures:
        yield term("closure").both, closed_text(closed)
    yield "限速缺省占比 Speed imputed (share)", roads.imputed_speed_share
    yield "路面缺省占比 Surface imputed (share)", roads.imputed_surface_share
    yield "转弯限制 Turn restrictions", turn_rules_text(roads)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _stations(plan: NetworkPlan) -> tuple[list[str], list[list[object]]]:
    headings = [
        *("编码 Id", "名称 Name", "拼音 Latin", "层级 Tier", "状态 Status", "开放 Open", "服务村/点数 Serves"),
        *(
            "交接村数 Villages handing over",
            "建设成本 Cost (yuan)",
            "经度 Lon",
            "纬度 Lat",
            "坐标来源 Source",
        ),
    ]
    tiers = list(Tier)
    rows = sorted(station_rows(plan), key=lambda row: (not row.open, tiers.index(Tier(row.tier)), row.id))
    return headings, [_station(row) for row in rows]


def _station(row: StationRow) -> list[object]:
    return [
        *(row.id, row.name, row.name_latin, term(row.tier).both, term(row.status).both),
        *(
            "是 yes" if row.open else "否 no",
            row.serves,
            row.villages_handing_over,
        ),
        *(row.opening_cost_yuan, round(row.lon, 6), round(row.lat, 6), term(row.coordinate_source).both),
    ]


def _villages(plan: NetworkPlan) -> tuple[list[str], list[list[object]]]:
    headings = [
        *("编码 Id", "村名 Name", "乡镇 Township", "人口 Population", "人口来源 Source", "户数 Households"),
        *("贫困村 Poor village", "贫困户 Poor households", "产品 Product", "覆盖 Covered", "交接站点 Hands over at"),
        *("分钟 Minutes", "驾车分钟 Driving (min)", "步行分钟 Walking (min)", "步行接入 Walk to the road (m)"),
        *("未覆盖原因 Reason", "坐标来源 Coordinates"),
    ]
    return headings, [_village(row) for row in village_rows(plan)]


def _village(row: VillageRow) -> list[object]:
    return [
        *(row.id, row.name, row.township, row.population, term(row.population_source).both, row.households),
        *("是 yes" if row.registered_poor else "否 no", row.poor_households, row.product),
        *(term("covered" if row.covered else "uncovered").both, row.site_id),
        *(row.minutes_to_site, row.minutes_driving, row.minutes_walking, row.access_m),
        *(term(row.reason).both if row.reason else "", term(row.coordinate_source).both),
    ]


def _seasons(plan: NetworkPlan) -> tuple[list[str], list[list[object]]]:
    headings = [
        *("季节 Season", "平均分钟 Mean (min)", "最长分钟 Longest (min)", "超标准村 Villages beyond the standard"),
        *("不可达村 Villages cut off", "不可达的村及原因 Which, and why"),
    ]
    rows: list[list[object]] = []
    standard_s = plan.stations.service_points.standard_s
    for season in plan.seasons:
        why = "; ".join(
            f"{plan.area.village_by_id[id_].name} {id_}: {term(reason).both}" for id_, reason in season.cut_off.items()
        )
        minutes = [None if s is None else shown_minutes(s, standard_s) for s in (season.mean_s, season.longest_s)]
        rows.append([term(season.season).both, *minutes, len(season.beyond), len(season.cut_off), why])
    return headings, rows


def _routes(plan: DayPlan) -> tuple[list[str], list[list[object]]]:
    headings = [
        *("车辆 Vehicle", "站点数 Stops", "出发 Out", "返回 Back", "里程 km", "行驶 Driving (min)", "成本 Cost (yuan)"),
        *("出发装载 Parcels out", "kg", "m³", "返回装载 Parcels back", "kg", "m³"),
    ]
    rows: list[list[object]] = []
    for route in plan.routes.routes:
        back = route.calls()[-1].load_after
        rows.append(
            [
                *(route.vehicle_id, len(route.visits), format_clock(route.start_s), format_clock(route.end_s)),
                *(round(route.distance_m / 1000, 1), shown_minutes(route.driving_s), round(route.cost_yuan, 2)),
                *(round(amount, 3) for amount in (*route.load_at_start, *back)),
            ]
        )
    return headings, rows


def _stops(plan: DayPlan) -> tuple[list[str], list[list[object]]]:
    headings = [
        *("车辆 Vehicle", "顺序 Order", "站点 Site", "名称 Name", "到达 Arrival", "离开 Departure", "路段 km"),
        *("下行件数 Parcels down", "下行 kg", "上行件数 Parcels up", "上行 kg", "未安排原因 Reason if unassigned"),
    ]
    rows: list[list[object]] = []
    for route in plan.routes.routes:
        for order, visit in enumerate(route.visits, start=1):
            down, up = visit.delivered, visit.picked_up
            rows.append(
                [
                    *(route.vehicle_id, order, visit.stop_id, plan.area.site_by_id[visit.stop_id].name),
                    *(
                        format_clock(visit.arrival_s),
                        format_clock(visit.departure_s),
                        round(visit.distance_m / 1000, 2),
                    ),
                    *(down[0], round(down[1], 1), up[0], round(up[1], 1), ""),
                ]
            )
    for left in plan.routes.unassigned:
        name = plan.area.site_by_id[left.stop_id].name
        reason = reason_text(left, plan.area.site_by_id)
        if left.relaxations:
            reason += f"; {term('would_serve').both}: {relaxations_text(left, plan.routes.dimensions)}"
        rows.append(["", None, left.stop_id, name, "", "", None, None, None, None, None, reason])
    return headings, rows
