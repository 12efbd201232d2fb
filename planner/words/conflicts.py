"""The words for demands that contradict each other, English and Chinese; they are part of `planner.words.TERMS`.

What stands in braces is filled in by `planner.words.say`. In Chinese an id stands between blanks or marks, so that the name
of its place can be put before it.
"""

from __future__ import annotations

CONFLICTS: dict[str, tuple[str, str]] = {
    "more": ("{number} more", "另有 {number} 项"),
    "demand_point": ("point", "需求点"),
    "demand_points": ("points", "需求点"),
    "mandatory_point": ("mandatory point", "必须覆盖的需求点"),
    "mandatory_points": ("mandatory points", "必须覆盖的需求点"),
    "mandatory_without_site": (
        "mandatory point {point} has no allowed site within {seconds} s",
        "必须覆盖的需求点 {point} 在 {seconds} 秒内没有允许的点位",
    ),
    "mandatory_with_few_sites": (
        "mandatory point {point} has {found} of the {needed} allowed sites it needs within {seconds} s",
        "必须覆盖的需求点 {point} 需要 {needed} 个允许的点位，{seconds} 秒内只有 {found} 个",
    ),
    "load_above_any_site": (
        "point {point} has a load of {load}, more than any site within the standard holds",
        "需求点 {point} 的业务量为 {load}，超过标准时限内任一点位的容量",
    ),
    "count_below_existing": (
        "count is {count}, but {existing} sites exist already",
        "数量为 {count}，但已有 {existing} 个点位",
    ),
    "count_above_allowed": (
        "count is {count}, but only {allowed} sites are allowed",
        "数量为 {count}，但允许的点位只有 {allowed} 个",
    ),
    "count_is_zero": ("count is 0: {objective} needs at least one site", "数量为 0：{objective} 至少需要一个点位"),
    "township_allows_too_few": (
        "township {name} must have {least} open sites, only {allowed} are allowed there",
        "乡镇 {name} 须开放 {least} 个点位，允许的只有 {allowed} 个",
    ),
    "township_has_too_many": (
        "township {name} may have {most} open sites, {existing} exist there already",
        "乡镇 {name} 最多开放 {most} 个点位，已有 {existing} 个",
    ),
    "townships_above_count": (
        "the townships must have {fewest} open sites in all, count is {count}",
        "各乡镇合计须开放 {fewest} 个点位，数量为 {count}",
    ),
    "share_out_of_reach": (
        "{share} of the weight is to be covered, allowed sites reach {most} at most",
        "须覆盖权重的 {share}，允许的点位最多覆盖 {most}",
    ),
    "stations_below_existing": (
        "the count of stations is {count}, but {existing} exist already",
        "快递站数量为 {count}，但已有 {existing} 个",
    ),
    "site_without_station": (
        "existing site {site} has no allowed station within {seconds} s",
        "已有点位 {site} 在 {seconds} 秒内没有允许的快递站",
    ),
    "all_sites_hold_less": (
        "the points to be served load {load}, all allowed sites together hold {held}",
        "须服务的需求点业务量共 {load}，全部允许的点位合计容量为 {held}",
    ),
    "largest_sites_hold_less": (
        "the points to be served load {load}, the {number} largest sites together hold {held}",
        "须服务的需求点业务量共 {load}，最大的 {number} 个点位合计容量为 {held}",
    ),
    "no_choice_reaches_all": (
        "no choice of sites within {limits} reaches every point that a site could reach",
        "受限于{limits}，没有一种选址能到达所有可达的需求点",
    ),
    "demands_exclude": ("these demands contradict each other: {demands}", "这些要求不能同时满足：{demands}"),
    "demands_exclude_with_rules": (
        "these demands contradict each other, under the siting rules of all phases: {demands}",
        "在各阶段通用的选址规则下，这些要求不能同时满足：{demands}",
    ),
    "rules_exclude": (
        "the siting rules of all phases contradict each other",
        "各阶段通用的选址规则不能同时满足",
    ),
    "phases_exclude": (
        "the targets, mandatory points, counts and budgets of the phases {phases} contradict each other",
        "阶段 {phases} 的目标、必须覆盖的需求点、数量和预算不能同时满足",
    ),
    "one_beyond_limits": (
        "{kind} {points} cannot be covered within {limits}",
        "受限于{limits}，{kind} {points} 无法覆盖",
    ),
    "several_beyond_limits": (
        "{number} {kind} cannot all be covered within {limits}: {points}",
        "受限于{limits}，{number} 个{kind}无法全部覆盖：{points}",
    ),
    "in_phase": ("phase {phase}: {words}", "阶段 {phase}：{words}"),
    "phase_share_out_of_reach": (
        "{share} of the weight is to be covered, its money and limits reach {most} at most",
        "须覆盖权重的 {share}，其资金和限制最多覆盖 {most}",
    ),
    "running_above_budget": (
        "running what exists costs {running} yuan, the budget is {budget}",
        "维持已有点位需 {running} 元，预算为 {budget} 元",
    ),
    "alone_fails_in": ("planning each year alone fails in phase {phase}", "逐年规划在阶段 {phase} 不可行"),
    "alone_misses_target": (
        "what the years before opened and its money cover {most} of the weight, its target is {share}",
        "之前各年已开放的点位加上其资金只覆盖权重的 {most}，目标为 {share}",
    ),
    "alone_misses_points": (
        "what the years before opened and its money leave out {number} {kind} ({points})",
        "之前各年已开放的点位加上其资金未覆盖 {number} 个{kind}（{points}）",
    ),
    "some_points": ("{number} {kind} ({points})", "{number} 个{kind}（{points}）"),
    "no_answer_in_time": (
        "no answer was found within the time limit: raise coverage.time_limit_s",
        "时限内未求得方案：请调高 coverage.time_limit_s",
    ),
    "stations_not_sited": (
        "express stations: not sited, no service point is open",
        "乡镇快递站：未选址，没有已开放的村级服务点",
    ),
    # limits that such sentences name
    "limit_minimum_load": ("the minimum load of a point", "服务点最低业务量"),
    "limit_capacity": ("the capacity of the sites", "点位容量"),
    "limit_closest": ("everybody at the closest open site", "各点就近分配"),
    "limit_township": ("{least} to {most} sites in township {name}", "乡镇 {name} 的 {least} 至 {most} 个点位"),
    "limit_township_least": ("{least} or more sites in township {name}", "乡镇 {name} 的至少 {least} 个点位"),
    "limit_share": ("{share} of the weight covered", "覆盖权重的 {share}"),
    "limit_station_room": ("the room of the stations", "快递站容量"),
    "limit_station_count": ("{count} stations", "快递站 {count} 个"),
    "limit_station_budget": ("{yuan} yuan for stations", "快递站预算 {yuan} 元"),
    "limit_count": ("count {count}", "数量 {count}"),
    "limit_budget": ("budget {yuan} yuan", "预算 {yuan} 元"),
}
