"""The marginal curve as a page that opens without internet: a chart, and the table behind it."""

from __future__ import annotations

from planner.config import Objective
from planner.coverage.appraise import Curve, CurvePoint, Limit
from planner.model import StudyArea
from planner.outputs.chart import Line, Mark, line_chart
from planner.outputs.conflicts import named_conflicts
from planner.outputs.maps.style import BLUE, VERMILLION
from planner.outputs.notice import notice_of
from planner.outputs.page_templates import page_template
from planner.units import format_limit, shown_minutes
from planner.words.terms import TERMS, term

_X_TITLES = {Limit.COUNT: "服务点数 service points in all", Limit.BUDGET: "新建资金(元) yuan for new service points"}
_Y_TITLES = {
    Objective.MCLP: "覆盖权重 covered weight",
    Objective.P_MEDIAN: "总行程(权重·小时) travel, weight times hours",
    Objective.P_CENTER: "最远行程(分钟) longest way, minutes",
}
_BOUND_DASH = "6 5"
_UNITS = {Objective.MCLP: 1.0, Objective.P_MEDIAN: 3600.0, Objective.P_CENTER: 60.0}


def curve_page(area: StudyArea, curve: Curve) -> str:
    """Return the page as HTML; it asks no host for anything, and the same curve gives the same page."""
    return page_template("curve.html").render(
        area=area,
        notice=notice_of(area),
        title=term(curve.objective).both,
        standard=format_limit(curve.standard_s),
        chart=curve_chart(curve),
        x_title=_X_TITLES[curve.limit],
        y_title=_Y_TITLES[curve.objective],
        lines=[(BLUE, "", "求得 found"), (VERMILLION, _BOUND_DASH, "界 bound: 不可能更好 nothing better exists")],
        rows=curve_rows(curve),
        remarks=curve_remarks(curve),
        conflicts=[
            (f"{point.limit:,.12g}", "; ".join(named_conflicts(area, point.conflicts)))
            for point in curve.points
            if point.conflicts
        ],
        terms={code: words.both for code, words in TERMS.items()},
    )


def curve_chart(curve: Curve) -> str:
    """Return the chart as SVG: what was found, and the bound that nothing can pass; rings are plans carried forward."""
    unit = _UNITS[curve.objective]
    found = [(point.limit, point.value / unit) for point in curve.points if point.value is not None]
    bounds = [(p.limit, p.bound / unit) for p in curve.points if p.bound is not None and p.value is not None]
    carried = frozenset(point.limit for point in curve.points if point.carried)
    marks = []
    if curve.full_at is not None:
        marks.append(Mark(x=curve.full_at, text="全覆盖 all covered"))
    if curve.knee_at is not None:
        marks.append(Mark(x=curve.knee_at, text="拐点 knee"))
    lines = [
        Line(pairs=bounds, colour=VERMILLION, text="bound", dash=_BOUND_DASH),
        Line(pairs=found, colour=BLUE, text="found", hollow=carried),
    ]
    shown = [line for line in lines if line.pairs]
    return line_chart(shown, x_title=_X_TITLES[curve.limit], y_title=_Y_TITLES[curve.objective], marks=marks)


def curve_rows(curve: Curve) -> list[dict[str, str]]:
    """Return the table: a row a limit, figures as people read them."""
    return [_row(point, curve.objective) for point in curve.points]


def curve_remarks(curve: Curve) -> list[str]:
    """Return where everything is covered and where the knee is, a line each, if the curve shows it."""
    remarks = []
    if curve.full_at is not None:
        remarks.append(f"{curve.full_at:,.12g}: 可覆盖的已全部覆盖 all that can be covered is covered")
    if curve.knee_people is None:
        return remarks
    unit = "个点 point" if curve.limit is Limit.COUNT else "万元 10,000 yuan"
    people = f"{curve.knee_people:g}"
    if curve.knee_at is not None:
        remarks.append(
            f"{curve.knee_at:,.12g}: 此后每增加一{unit}, 新增覆盖不足 {people} 人 "
            f"beyond it each adds fewer than {people} people"
        )
    elif sum(point.value is not None for point in curve.points) > 1:
        remarks.append(
            f"未见拐点 no knee: 最后一段每增加一{unit}, 新增覆盖仍不少于 {people} 人 "
            f"in the last step each still adds {people} or more"
        )
    return remarks


def _row(point: CurvePoint, objective: Objective) -> dict[str, str]:
    solved = point.value is not None
    return {
        "limit": f"{point.limit:,.12g}",
        "open": str(len(point.opened)) if solved else "-",
        "yuan": f"{point.opening_cost_yuan:,.0f}" if solved else "-",
        "value": _figure(point.value, objective),
        "bound": _figure(point.bound, objective),
        "gap": f"{point.gap:.2%}" if point.gap is not None else "-",
        "people": f"{point.population_covered:,}" if solved else "-",
        "villages": str(point.villages_covered) if solved else "-",
        "poor": str(point.poor_villages_covered) if solved else "-",
        "status": term(point.status).both + (", 沿用 carried on" if point.carried else ""),
    }


def _figure(value: float | None, objective: Objective) -> str:
    if value is None:
        return "-"
    if objective is Objective.P_CENTER:
        return f"{shown_minutes(value):,.1f}"
    whole = objective is Objective.MCLP and value == round(value)
    return f"{value:,.0f}" if whole else f"{value / _UNITS[objective]:,.1f}"
