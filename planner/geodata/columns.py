"""What county offices and map data call their columns, and the one name each has here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

HEADINGS: dict[str, tuple[str, ...]] = {
    "id": (
        "id",
        "code",
        "adcode",
        "编码",
        "代码",
        "区划代码",
        "行政区划代码",
        "统计用区划代码",
        "村编码",
        "村代码",
        "乡镇编码",
        "站点编号",
        "编号",
    ),
    "name": (
        "name",
        "名称",
        "村名",
        "村",
        "行政村",
        "建制村",
        "村委会",
        "村名称",
        "乡镇名称",
        "站点名称",
        "服务点名称",
        "village",
    ),
    "name_latin": ("name_latin", "name_en", "pinyin", "拼音", "英文名"),
    "township": ("township", "township_id", "town", "乡镇", "所属乡镇", "所在乡镇", "乡镇街道", "乡"),
    "lon": ("lon", "lng", "long", "longitude", "x", "经度", "东经"),
    "lat": ("lat", "latitude", "y", "纬度", "北纬"),
    "population": ("population", "pop", "人口", "人口数", "总人口", "常住人口", "户籍人口", "人数"),
    "households": ("households", "户数", "总户数", "农户数"),
    "registered_poor": ("registered_poor", "poor", "贫困村", "是否贫困村", "建档立卡贫困村"),
    "poor_households": ("poor_households", "贫困户", "贫困户数", "建档立卡贫困户", "建档立卡户数"),
    "product": ("product", "产品", "特色产品", "主导产业", "一村一品"),
    "facilities": ("facilities", "设施", "现有设施", "共建场所"),
    "coordinate_source": ("coordinate_source", "坐标来源"),
    "population_source": ("population_source", "人口来源"),
    "tier": ("tier", "级别", "层级", "站点类型", "类型"),
    "status": ("status", "状态", "站点状态"),
    "place": ("place", "place_id", "所在地", "所在村镇", "所属村镇"),
    "opening_cost_yuan": ("opening_cost_yuan", "建设成本", "建设成本元", "投资"),
    "capacity_parcels_day": ("capacity_parcels_day", "capacity", "容量", "日处理能力", "日处理量", "处理能力"),
    "closable": ("closable", "可撤", "可撤并", "可撤销", "是否可撤"),
    "closing_cost_yuan": ("closing_cost_yuan", "撤点费用", "撤并费用"),
    "co_located_with": ("co_located_with", "共建", "共建单位", "合建单位", "共建共享"),
    "rent_yuan_year": ("rent_yuan_year", "rent", "租金", "年租金"),
}
"""Accepted headings by field, compared without case, spaces, brackets and units."""

_UNITS: dict[str, tuple[str, ...]] = {
    "population": ("人", "口", "名"),
    "households": ("户",),
    "poor_households": ("户",),
    "opening_cost_yuan": ("元", "人民币", "yuan"),
    "closing_cost_yuan": ("元", "人民币", "yuan"),
    "rent_yuan_year": ("元", "元年", "人民币", "yuan", "yuanyear"),
    "capacity_parcels_day": ("件", "件日", "件天", "parcels", "parcelsday"),
    "lon": ("度", "°", "degrees"),
    "lat": ("度", "°", "degrees"),
}
MULTIPLES: dict[str, int] = {
    **{"十": 10, "百": 100, "千": 1000, "万": 10_000, "十万": 100_000, "百万": 10**6, "千万": 10**7, "亿": 10**8},
    **{"k": 1000, "thousand": 1000, "thousands": 1000, "inthousands": 1000, "000s": 1000, "million": 10**6},
}
"""What one unit of a figure stands for when its heading or cell says 千, 万 and the like."""

_NOISE = re.compile(r"[\s_\-()（）\[\]【】:：*/]+")
_SHORT = 10  # characters of a column's name in a shapefile
_SHORT_AGAIN = re.compile(r"(.{8})_\d")  # what GDAL writes when two names begin alike


def _plain(heading: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", heading).strip().lower())


_FIELD_BY_HEADING = {_plain(heading): field for field, headings in HEADINGS.items() for heading in headings}


def field_of(heading: str) -> str | None:
    """Return the field a heading stands for, None for a column this planner does not use.

    Examples
    --------
    >>> field_of("人口（人）"), field_of("Longitude"), field_of("备注")
    ('population', 'lon', None)
    """
    return _field_and_multiple(heading)[0]


def multiple_of(heading: str) -> int:
    """Return what one unit of the column's figures stands for.

    Examples
    --------
    >>> multiple_of("人口（千人）"), multiple_of("投资（万元）"), multiple_of("人口")
    (1000, 10000, 1)
    """
    return _field_and_multiple(heading)[1]


def _field_and_multiple(heading: str) -> tuple[str | None, int]:
    plain = _plain(heading)
    if plain in _FIELD_BY_HEADING:
        return _FIELD_BY_HEADING[plain], 1
    for field, units in _UNITS.items():
        for unit in (*units, ""):
            for word, multiple in ("", 1), *MULTIPLES.items():
                tail = word + unit
                if tail and plain.endswith(tail) and _FIELD_BY_HEADING.get(plain.removesuffix(tail)) == field:
                    return field, multiple if field not in ("lon", "lat") else 1
    return None, 1


def fields_of_short(columns: Sequence[str]) -> dict[str, str]:
    """Return the field of each column of a shapefile, whose format cuts names at ten characters.

    Examples
    --------
    >>> fields_of_short(["population", "populati_1", "poor_house", "remarks"])
    {'population': 'population', 'populati_1': 'population_source', 'poor_house': 'poor_households'}
    """
    found = {column: field for column in columns if (field := field_of(column))}
    for column in columns:
        again = _SHORT_AGAIN.fullmatch(column)
        begins = again[1] if again else column
        if column in found or (len(column) != _SHORT):
            continue
        fields = {
            field
            for field, headings in HEADINGS.items()
            for heading in headings
            if len(heading) > _SHORT and heading.startswith(begins.lower()) and field not in found.values()
        }
        if len(fields) == 1:
            found[column] = fields.pop()
    return found
