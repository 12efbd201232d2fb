"""The marginal curve as a page that opens without internet: a chart, and the table behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.config import Objective
from planner.coverage.appraise import Curve, CurvePoint, Limit
from planner.model import StudyArea
from planner.outputs.chart import Line, Mark, line_chart
from planner.outputs.conflicts import named_conflicts
from planner.outputs.maps.style import BLUE, VERMILLION
from planner.outputs.names import spoken_name
from planner.outputs.notice import notice_of
from planner.outputs.objectives import objective_divisor, objective_unit
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.units import shown_minutes
from planner.words import figures, say, term

_BOUND_DASH = "6 5"


def curve_page(area: StudyArea, curve: Curve, config: Mapping[str, Any], links: PageLinks | None = None) -> str:
    """Return the page as HTML; it asks no host for anything, and the same curve gives the same page.

    ``config`` is what the area's configuration says (JSON types). Without ``links`` it stands alone, in no other language.
    """
    return page_template("curve.html").render(
        area=area,
        links=links,
        name=spoken_name(area),
        notice=notice_of(area, config),
        title=term(curve.objective),
        standard=figures.limit(curve.standard_s),
        chart=curve_chart(curve),
        x_title=_x_title(curve),
        y_title=objective_unit(curve.objective),
        lines=[(BLUE, "", say("found")), (VERMILLION, _BOUND_DASH, say("bound: nothing better exists"))],
        rows=curve_rows(curve),
        remarks=[*curve_remarks(curve), *curve_without(area, curve)],
        conflicts=[
            (f"{point.limit:,.12g}", say("; ").join(named_conflicts(area, point.conflicts)))
            for point in curve.points
            if point.conflicts
        ],
    )


def curve_without(area: StudyArea, curve: Curve) -> list[str]:
    """Return the demands that the curve does not hold to, a sentence each."""
    return [say("The curve does not hold to: {what}", what=what) for what in named_conflicts(area, curve.without)]


def _x_title(curve: Curve) -> str:
    if curve.limit is Limit.COUNT:
        return say("service points in all")
    return say("money for new service points, yuan")


def curve_chart(curve: Curve) -> str:
    """Return the chart as SVG: what was found, and the bound that nothing can pass; rings are plans carried forward."""
    unit = objective_divisor(curve.objective)
    found = [(point.limit, point.value / unit) for point in curve.points if point.value is not None]
    bounds = [(p.limit, p.bound / unit) for p in curve.points if p.bound is not None and p.value is not None]
    carried = frozenset(point.limit for point in curve.points if point.carried)
    marks = []
    if curve.full_at is not None:
        marks.append(Mark(x=curve.full_at, text=say("all covered")))
    if curve.knee_at is not None:
        marks.append(Mark(x=curve.knee_at, text=say("knee")))
    lines = [
        Line(pairs=bounds, colour=VERMILLION, text=say("bound"), dash=_BOUND_DASH),
        Line(pairs=found, colour=BLUE, text=say("found"), hollow=carried),
    ]
    shown = [line for line in lines if line.pairs]
    return line_chart(shown, x_title=_x_title(curve), y_title=objective_unit(curve.objective), marks=marks)


def curve_rows(curve: Curve) -> list[dict[str, str]]:
    """Return the table: a row a limit, figures as people read them."""
    return [_row(point, curve.objective) for point in curve.points]


def curve_remarks(curve: Curve) -> list[str]:
    """Return where everything is covered and where the knee is, a line each, if the curve shows it."""
    remarks = []
    if curve.full_at is not None:
        remarks.append(say("{limit}: all that can be covered is covered", limit=f"{curve.full_at:,.12g}"))
    if curve.knee_people is None:
        return remarks
    per_point, people = curve.limit is Limit.COUNT, f"{curve.knee_people:g}"
    if curve.knee_at is not None:
        limit = f"{curve.knee_at:,.12g}"
        remarks.append(
            say("{limit}: beyond it each further point adds fewer than {people} people", limit=limit, people=people)
            if per_point
            else say("{limit}: beyond it each 10,000 yuan add fewer than {people} people", limit=limit, people=people)
        )
    elif sum(point.value is not None for point in curve.points) > 1:
        remarks.append(
            say("no knee: in the last step each point still adds {people} people or more", people=people)
            if per_point
            else say("no knee: in the last step each 10,000 yuan still add {people} people or more", people=people)
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
        "status": say("{status}, plan of a smaller limit", status=term(point.status))
        if point.carried
        else term(point.status),
    }


def _figure(value: float | None, objective: Objective) -> str:
    if value is None:
        return "-"
    if objective is Objective.P_CENTER:
        return f"{shown_minutes(value):,.1f}"
    whole = objective is Objective.MCLP and value == round(value)
    return f"{value:,.0f}" if whole else f"{value / objective_divisor(objective):,.1f}"
