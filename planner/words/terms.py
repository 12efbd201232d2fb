"""The words people read, in English and Chinese, for every code that a result can carry.

One table, so that map, workbook, courier page, index and API say the same thing by the same word.
"""

from __future__ import annotations

from typing import NamedTuple

from planner.words.conflicts import CONFLICTS


class Term(NamedTuple):
    """One idea in both languages."""

    en: str
    zh: str

    @property
    def both(self) -> str:
        """Chinese first, then English, as county offices label their maps; one name where both are the same."""
        return self.en if self.en == self.zh else f"{self.zh} {self.en}"

    @property
    def sentence(self) -> str:
        """Both as sentences, Chinese first."""
        return f"{self.zh}。{self.en}"


TERMS: dict[str, Term] = {
    # tiers
    "county_hub": Term("county hub", "县级共配中心"),
    "express_station": Term("express station", "乡镇快递站"),
    "service_point": Term("service point", "村级服务点"),
    # site status
    "existing": Term("existing", "已有"),
    "candidate": Term("candidate", "候选"),
    "forbidden": Term("forbidden", "禁止"),
    # shared premises
    "information_point": Term("information point", "信息点"),
    "shop": Term("shop", "商店"),
    "post_office": Term("post office", "邮政"),
    "supply_coop": Term("supply co-op", "供销社"),
    # coordinate and population sources
    "surveyed": Term("surveyed", "实测"),
    "osm": Term("OpenStreetMap", "OpenStreetMap"),
    "geonames": Term("GeoNames", "GeoNames"),
    "geocoded": Term("geocoded", "地理编码"),
    "synthetic": Term("synthetic", "合成数据"),
    "assumed": Term("assumed", "假设"),
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
    "closed_for_some_days": Term("its only road is temporarily closed", "唯一道路临时封闭"),
    "no_site_in_reach": Term("no site within the standard", "标准时限内无候选点"),
    "only_forbidden_sites": Term("only forbidden sites within the standard", "标准时限内仅有禁止点"),
    "count_used_up": Term("the maximum number of sites is reached", "点位数量已用完"),
    "budget_used_up": Term("the budget is used up", "预算已用完"),
    "fewer_sites_in_reach_than_needed": Term("fewer sites within reach than needed", "可达点少于所需备份数"),
    "capacity_used_up": Term("all points within reach are full", "可达服务点容量已满"),
    "township_limit": Term("the township has its maximum number of points", "该乡镇点位已达上限"),
    "below_minimum_load": Term("too little volume to sustain a point there", "业务量不足以维持服务点"),
    "no_station_with_room": Term("no open township station within reach has room", "可达乡镇站无空余容量"),
    "share_reached": Term("the coverage target was met without it", "未含该村已达覆盖目标"),
    "limits_taken_together": Term("the limits in combination leave it out", "多项限制共同所致"),
    "weighs_nothing": Term("has zero weight in this objective", "该目标下权重为零"),
    "better_not_found": Term("no better plan was found in time", "时限内未找到更优方案"),
    "no_plan": Term("no plan meets the requirements", "无满足要求的方案"),
    "unreachable": Term("cannot be reached by road", "道路不可达"),
    "no_vehicle_with_the_skills": Term("no suitable vehicle", "无适用车辆"),
    "no_vehicle_allowed": Term("no vehicle is allowed to serve it", "无获准服务的车辆"),
    "beyond_the_limits_of_any_vehicle": Term(
        "exceeds every vehicle's distance or driving-time limit", "超出任一车辆里程或驾驶时限"
    ),
    "pair_does_not_fit_together": Term(
        "pickup and delivery are feasible alone, but no vehicle can do both", "取件与送件各自可行，无车辆能一并完成"
    ),
    "larger_than_any_vehicle": Term("larger than any vehicle", "超过任一车辆容量"),
    "window_closes_before_arrival": Term("closes before any vehicle can arrive", "车辆到达前已关门"),
    "does_not_fit_any_shift": Term("does not fit into any shift", "任一班次内无法完成"),
    "fleet_used_up": Term("the fleet's capacity is used up", "车队运力已用完"),
    "skipped_at_its_cost": Term("optional, skipped at its cost", "可选站点，按成本跳过"),
    # the least that would serve a stop on no route; what stands in braces is filled in
    "would_serve": Term("any of these would serve it", "任一项即可安排"),
    "window_closes_later": Term("open until {clock}", "营业至 {clock}"),
    "window_opens_earlier": Term("open from {clock}", "{clock} 开门"),
    "goods_ready_earlier": Term("goods ready by {clock}", "货物 {clock} 前到仓"),
    "shift_ends_later": Term("shift of {vehicle} {minutes} longer", "{vehicle} 班次延后 {minutes}"),
    "shift_starts_earlier": Term("shift of {vehicle} {minutes} earlier", "{vehicle} 班次提前 {minutes}"),
    "longer_duty": Term("{vehicle} on duty {minutes} longer", "{vehicle} 在岗多 {minutes}"),
    "more_room": Term("{amounts} more room in {vehicle}", "{vehicle} 多容 {amounts}"),
    "longer_round": Term("{vehicle} may drive {distance} more", "{vehicle} 里程上限多 {distance}"),
    "more_driving": Term("{vehicle} may drive {minutes} more", "{vehicle} 驾驶时限多 {minutes}"),
    "more_stops": Term("{vehicle} may serve {count} more", "{vehicle} 多停 {count} 站"),
    "vehicle_gets_the_skill": Term("{vehicle} with {skills}", "{vehicle} 具备 {skills}"),
    "vehicle_is_let_come": Term("{vehicle} allowed to serve it", "准许 {vehicle} 服务"),
    "one_more_vehicle": Term("one more {type}{skills}", "增派一辆 {type}{skills}"),
    "stop_is_worth_more": Term("skip cost {yuan} yuan higher", "跳过成本提高 {yuan} 元"),
    "longer_search": Term("{vehicle} has room: search longer", "{vehicle} 有空余，可延长求解"),
    # what changes when the day is planned again
    "other_vehicle": Term("other vehicle", "换车"),
    "other_time": Term("other time", "改时间"),
    "dropped": Term("no longer served", "取消服务"),
    "forced_change": Term("unavoidable", "不可避免"),
    "chosen_change": Term("chosen", "调整"),
    "goods_gone": Term("its goods were lost with the vehicle", "货物随车损失"),
    "fetch_goods": Term("take over goods", "接货"),
    # solver
    "optimal": Term("proven optimal", "已证最优"),
    "feasible": Term("feasible, with a gap", "可行解（附差距）"),
    "infeasible": Term("infeasible", "无可行解"),
    "not_found": Term("no solution in time", "时限内未求得"),
    "LSCP": Term("fewest sites that cover all (LSCP)", "全覆盖最少点（LSCP）"),
    "MCLP": Term("most covered with limited sites (MCLP)", "限点最大覆盖（MCLP）"),
    "PMEDIAN": Term("least total travel (p-median)", "总行程最短（p-中位）"),
    "PCENTER": Term("least maximum travel (p-center)", "最远行程最短（p-中心）"),
    "FIXEDCHARGE": Term("least cost of sites and travel (fixed charge)", "建点与行程总费用最低（固定费用）"),
    # money
    "equipment": Term("equipment", "设备"),
    "agent": Term("agents", "站点人员"),
    "rent": Term("rent", "房租"),
    "government": Term("government", "政府"),
    "firms": Term("firms", "企业"),
    "society": Term("society", "社会"),
    "beneficiaries": Term("beneficiaries", "受益者"),
    "whole_plan": Term("whole plan", "全部"),
    "total": Term("total", "合计"),
    "all": Term("all", "全部"),
    # limits that a remedy exceeds
    "above_count": Term("one more than the number of points", "超出点位数量"),
    "above_budget": Term("above the budget", "超出预算"),
    "above_station_count": Term("one more than the number of stations", "超出快递站数量"),
    "above_station_budget": Term("above the stations' budget", "超出快递站预算"),
    "above_township": Term("above the township's maximum", "超出乡镇上限"),
    # phases
    "phases_together": Term("phases planned together", "各阶段统筹"),
    "all_phases": Term("all phases", "各阶段合计"),
    "target_met": Term("met", "达标"),
    "target_missed": Term("missed", "未达标"),
    # two plans side by side
    "gained": Term("gained", "新增覆盖"),
    "lost": Term("lost", "失去覆盖"),
    "faster": Term("faster", "更快"),
    "slower": Term("slower", "更慢"),
    "opened": Term("opened", "新开"),
    "closed": Term("closed", "撤点"),
    "kept": Term("kept", "保留"),
    # routes
    "delivery": Term("delivery", "下行派送"),
    "pickup": Term("pickup", "上行揽收"),
    "parcels": Term("parcels", "件"),
    "vehicle": Term("vehicle", "车辆"),
    "arrival": Term("arrival", "到达"),
    "departure": Term("departure", "离开"),
    # roads and seasons
    "driving": Term("driving", "驾车"),
    "walking": Term("walking", "步行"),
    "light_truck": Term("light truck", "轻型货车"),
    # turn restrictions that are not followed
    "conditional": Term("only at certain hours", "限时段"),
    "incomplete": Term("outside the file's extent", "数据范围外"),
    "off_road": Term("over ways closed to vehicles", "经禁行道路"),
    "unconnected": Term("members not connected", "成员不相接"),
    "malformed": Term("wrongly tagged", "标注有误"),
    "access": Term("walk to the road", "步行接入"),
    "closure": Term("temporarily closed", "临时封闭"),
    "season": Term("season", "季节"),
    "van": Term("van", "厢式货车"),
    "tricycle": Term("tricycle", "电动三轮车"),
    "truck": Term("truck", "中型货车"),
    "summer": Term("summer", "夏季"),
    "winter": Term("winter", "冬季"),
    "heavy_snow": Term("heavy snow", "大雪"),
    "spring_thaw": Term("spring thaw", "春季融冻"),
    "drift_ice": Term("drift ice", "流冰期"),
    "frozen_river": Term("frozen river", "封江期"),
    "reach": Term("reach by road", "可达范围"),
    # notices
    "internal_use": Term("internal use", "内部使用"),
    "map_approval_number": Term("map approval number", "审图号"),
    "synthetic_notice": Term("contains synthetic data, not for real decisions", "含合成数据，不可用于实际决策"),
    "assumed_notice": Term("contains assumed data, not for real decisions", "含假设数据，不可用于实际决策"),
    "synthetic_and_assumed_notice": Term(
        "contains synthetic data and assumptions, not for real decisions", "含合成数据和假设，不可用于实际决策"
    ),
    **{code: Term(en, zh) for code, (en, zh) in CONFLICTS.items()},
}


def say(code: str, **values: object) -> Term:
    """Return the words for a code with its braces filled in; a value that is a `Term` goes in in its own language.

    Examples
    --------
    >>> say("in_phase", phase="2026", words=say("limit_count", count=3))
    Term(en='phase 2026: count 3', zh='阶段 2026：数量 3')
    """
    words = term(code)
    english = {key: value.en if isinstance(value, Term) else value for key, value in values.items()}
    chinese = {key: value.zh if isinstance(value, Term) else value for key, value in values.items()}
    return Term(words.en.format(**english), words.zh.format(**chinese))


def term(code: str) -> Term:
    """Return the words for a code.

    Raises
    ------
    KeyError
        If the code is not in the table: a code without words must not reach a person.
    """
    return TERMS[code]
