"""What county offices and map data call their columns, and the one name each has here."""

from __future__ import annotations

import re
import unicodedata

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
}
"""Accepted headings by field, compared without case, spaces, brackets and units."""

_NOISE = re.compile(r"[\s_\-()（）\[\]【】:：*]+")
_UNITS = re.compile(r"[（(](人|户|元|度|°|千人)[）)]$")


def _plain(heading: str) -> str:
    text = unicodedata.normalize("NFKC", heading).strip().lower()
    return _NOISE.sub("", _UNITS.sub("", text))


_FIELD_BY_HEADING = {_plain(heading): field for field, headings in HEADINGS.items() for heading in headings}


def field_of(heading: str) -> str | None:
    """Return the field a heading stands for, None for a column this planner does not use.

    Examples
    --------
    >>> field_of("人口（人）"), field_of("Longitude"), field_of("备注")
    ('population', 'lon', None)
    """
    return _FIELD_BY_HEADING.get(_plain(heading))
