"""The words people read, in English and Chinese, for every code that a result can carry.

One table, so that map, workbook, courier page, index and API say the same thing by the same word.
"""

from __future__ import annotations

from typing import NamedTuple


class Term(NamedTuple):
    """One idea in both languages."""

    en: str
    zh: str

    @property
    def both(self) -> str:
        """Chinese first, then English, as county offices label their maps; one name where both are the same."""
        return self.en if self.en == self.zh else f"{self.zh} {self.en}"


TERMS: dict[str, Term] = {
    # tiers
    "county_hub": Term("county hub", "县级共配中心"),
    "express_station": Term("express station", "乡镇快递站"),
    "service_point": Term("service point", "村级服务点"),
    # site status
    "existing": Term("existing", "已有"),
    "candidate": Term("candidate", "候选"),
    "forbidden": Term("forbidden", "禁止"),
    # coordinate and population sources
    "surveyed": Term("surveyed", "实测"),
    "osm": Term("OpenStreetMap", "OpenStreetMap"),
    "geonames": Term("GeoNames", "GeoNames"),
    "geocoded": Term("geocoded", "地理编码"),
    "synthetic": Term("synthetic", "合成数据"),
    "reported": Term("reported", "上报"),
    "osm_tag": Term("OpenStreetMap tag", "OpenStreetMap 标签"),
    "estimate": Term("estimate", "估算"),
    # villages on the map
    "covered": Term("covered", "已覆盖"),
    "uncovered": Term("not covered", "未覆盖"),
    "poor_village": Term("registered poor village", "建档立卡贫困村"),
    "village": Term("village", "村"),
    "township": Term("township", "乡镇"),
    "population": Term("population", "人口"),
    "households": Term("households", "户数"),
    # reasons for being uncovered or unassigned
    "no_road_in_reach": Term("no road within reach", "可达范围内无道路"),
    "road_not_connected": Term("its road is cut off from the network", "道路与路网不连通"),
    "closed_this_season": Term("its only road or ferry is closed this season", "唯一道路或渡口本季关闭"),
    "no_site_in_reach": Term("no site within the standard", "标准时限内无候选点"),
    "only_forbidden_sites": Term("only forbidden sites within the standard", "标准时限内仅有禁止点"),
    "count_used_up": Term("the number of points is used up", "点位数量已用完"),
    "budget_used_up": Term("the budget is used up", "预算已用完"),
    "weighs_nothing": Term("weighs nothing in this objective", "该目标下权重为零"),
    "better_not_found": Term("no better plan was found in time", "时限内未找到更优方案"),
    "no_plan": Term("no plan holds what is demanded", "无满足要求的方案"),
    "unreachable": Term("cannot be reached by road", "道路不可达"),
    "no_vehicle_with_the_skills": Term("no vehicle is fit to serve it", "无适用车辆"),
    "no_vehicle_allowed": Term("no vehicle is allowed to serve it", "无获准服务的车辆"),
    "beyond_the_limits_of_any_vehicle": Term(
        "beyond the distance or driving time of any vehicle", "超出任一车辆里程或驾驶时限"
    ),
    "larger_than_any_vehicle": Term("larger than any vehicle", "超过任一车辆容量"),
    "window_closes_before_arrival": Term("closes before any vehicle can arrive", "车辆到达前已关门"),
    "does_not_fit_any_shift": Term("does not fit into any shift", "任一班次内无法完成"),
    "fleet_used_up": Term("the fleet is used up", "车队运力已用完"),
    "skipped_at_its_cost": Term("optional, and left out at its cost", "可选站点，按成本跳过"),
    # solver
    "optimal": Term("proven optimal", "已证最优"),
    "feasible": Term("feasible, gap stated", "可行解（附差距）"),
    "infeasible": Term("infeasible", "无可行解"),
    "not_found": Term("no answer in time", "时限内未求得"),
    "LSCP": Term("fewest sites that cover all (LSCP)", "全覆盖最少点（LSCP）"),
    "MCLP": Term("most covered with given sites (MCLP)", "限点最大覆盖（MCLP）"),
    "PMEDIAN": Term("least total travel (p-median)", "总行程最短（p-中位）"),
    "PCENTER": Term("shortest way for the farthest (p-center)", "最远行程最短（p-中心）"),
    # routes
    "delivery": Term("delivery", "下行派送"),
    "pickup": Term("pickup", "上行揽收"),
    "parcels": Term("parcels", "件"),
    "vehicle": Term("vehicle", "车辆"),
    "arrival": Term("arrival", "到达"),
    "departure": Term("departure", "离开"),
    # notices
    "internal_use": Term("internal use", "内部使用"),
    "map_approval_number": Term("map approval number", "审图号"),
    "synthetic_notice": Term("contains synthetic data, not for real decisions", "含合成数据，不可用于实际决策"),
}


def term(code: str) -> Term:
    """Return the words for a code.

    Raises
    ------
    KeyError
        If the code is not in the table: a code without words must not reach a person.
    """
    return TERMS[code]
