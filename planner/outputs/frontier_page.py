"""A frontier as people read it: rows of a table, a chart, the page that links the maps, and files for programs."""

from __future__ import annotations

import math
from typing import Any

from planner.outputs.chart import Line, line_chart
from planner.outputs.conflicts import named_conflicts
from planner.outputs.maps.frontier_map import map_name
from planner.outputs.maps.style import BLUE, VERMILLION
from planner.outputs.names import spoken_name
from planner.outputs.notice import caveats, notice_of
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.plans.frontier_study import FrontierStudy
from planner.service.frontier import FrontierAim, FrontierPoint
from planner.words import figures, render, say
from planner.writing.csv_text import csv_text


def frontier_page(study: FrontierStudy, links: PageLinks, *, area_href: str = "") -> str:
    """Return the page as HTML: what is to be decided, the chart, the table of plans with their maps, what it rests on.

    ``area_href`` leads to the first page of the area, empty if nowhere.
    """
    return page_template("frontier.html").render(
        area=study.area,
        links=links,
        area_href=area_href,
        name=spoken_name(study.area),
        notice=notice_of(study.area, study.rests_on),
        answers=frontier_answers(study),
        chart=frontier_chart(study),
        headings=frontier_headings(study),
        rows=frontier_rows(study),
        maps=[links.page(map_name(number)) for number in range(1, len(study.plans) + 1)],
        colours=(BLUE, VERMILLION),
        basis=frontier_basis(study),
    )


def frontier_answers(study: FrontierStudy) -> list[str]:
    """Return what heeding the routes saves at equal coverage, and at a little less, a sentence each."""
    reference = study.frontier.coverage_only
    if reference is None:
        return [say("No fleet of such vehicles can drive to the points chosen by coverage alone.")]
    by_minutes = study.problem.aim is FrontierAim.MINUTES
    answers = []
    for share in (0.0, 0.01, 0.02, 0.05):
        good = [point for point in study.frontier.points if _loss(study, reference, point) <= share + 1e-9]
        best = min(good, key=lambda point: point.yuan, default=reference)
        saved = reference.yuan - best.yuan
        if share and (saved <= 0.0 or _loss(study, reference, best) <= 0.0):
            continue
        params = {
            "number": study.plans.index(best) + 1,
            "yuan": figures.yuan(saved),
            "percent": figures.share(saved / reference.yuan),
        }
        if share:
            lost = _loss(study, reference, best)
            text = (
                say(
                    "Plan {number}: {yuan} ({percent}) less a year for {lost} more minutes",
                    **params,
                    lost=f"{lost:.1%}",
                )
                if by_minutes
                else say(
                    "Plan {number}: {yuan} ({percent}) less a year for {lost} of coverage",
                    **params,
                    lost=_points_of_coverage(lost),
                )
            )
        elif saved < 0.5:
            text = say("At equal service no plan was found that costs less than the points chosen by coverage alone.")
        else:
            text = say("Plan {number}: {yuan} ({percent}) less a year at equal service", **params)
        if text not in answers:
            answers.append(text)
    return answers


def _points_of_coverage(share: float) -> str:
    return say("{count} percentage points", count=f"{100 * share:.1f}")


def _loss(study: FrontierStudy, reference: FrontierPoint, point: FrontierPoint) -> float:
    """Return what share of all weight a plan covers less than the coverage-only plan, or by what share its minutes rise."""
    if study.problem.aim is FrontierAim.MINUTES:
        return point.mean_minutes / reference.mean_minutes - 1.0 if reference.mean_minutes else 0.0
    return reference.coverage - point.coverage


def frontier_chart(study: FrontierStudy) -> str:
    """Return the chart as SVG: yearly cost across, coverage or minutes up; the ring is the coverage-only plan."""
    minutes = study.problem.aim is FrontierAim.MINUTES

    def pair(point: FrontierPoint) -> tuple[float, float]:
        return point.yuan / 10_000, point.mean_minutes if minutes else 100 * point.coverage

    points = sorted(map(pair, study.frontier.points))
    lines = [Line(pairs=points, colour=BLUE, text=say("routes in mind"))]
    reference = study.frontier.coverage_only
    if reference is not None:
        alone = pair(reference)
        lines.append(
            Line(pairs=[alone], colour=VERMILLION, text=say("by coverage alone"), hollow=frozenset([alone[0]]))
        )
    up = say("mean minutes to the service point") if minutes else say("covered, percent")
    return line_chart(
        [line for line in lines if line.pairs], x_title=say("points and routes, 10,000 yuan a year"), y_title=up
    )


def frontier_headings(study: FrontierStudy) -> list[str]:
    """Return what the columns of `frontier_rows` are."""
    return [
        *(say("Plan"), say("Covered"), say("Mean minutes"), say("Service points"), say("Vehicles"), say("km a day")),
        *(
            say("Points, yuan a year"),
            say("Routes, yuan a year"),
            say("Both, yuan a year"),
            say("Against coverage alone"),
        ),
    ]


def frontier_rows(study: FrontierStudy) -> list[list[str]]:
    """Return the table, a row a plan, figures as people read them; the coverage-only plan says so."""
    reference, rows = study.frontier.coverage_only, []
    for number, point in enumerate(study.plans, start=1):
        change = "-"
        if study.is_coverage_only(point):
            change = say("by coverage alone")
        elif reference is not None:
            change = _against(point.yuan, reference.yuan)
        rows.append(
            [
                *(str(number), f"{point.coverage:.1%}", f"{point.mean_minutes:.1f}", str(len(point.site_ids))),
                *(str(len(point.routes)), f"{point.km:,.1f}", f"{point.sites_yuan:,.0f}", f"{point.routes_yuan:,.0f}"),
                *(f"{point.yuan:,.0f}", change),
            ]
        )
    return rows


def _against(yuan: float, reference_yuan: float) -> str:
    share = yuan / reference_yuan - 1.0 if reference_yuan else 0.0
    return f"{yuan - reference_yuan:+,.0f} ({share:+.1%})"


def frontier_basis(study: FrontierStudy) -> list[str]:
    """Return what the figures rest on and what they leave aside, a sentence each."""
    problem, vehicle = study.problem, study.problem.vehicle
    confirmed = sum(point.routing_yuan is not None for point in study.plans)
    return [
        say(
            "Covered is who reaches an open service point within {standard}.",
            standard=figures.limit(problem.standard_s),
        ),
        say(
            "A new point costs its opening, spread over {years} years, and agent and rent; one that is there already only "
            "agent and rent.",
            years=f"{study.lifetime_years:g}",
        ),
        say(
            "Routes start at {hub} on {days} days a year, by {vehicle}, as many as are needed: {yuan} a route, {km} a "
            "kilometre and {hour} an hour.",
            hub=spoken_name(study.hub),
            days=problem.days,
            vehicle=render(study.vehicle),
            yuan=figures.price(vehicle.yuan_per_route),
            km=figures.price(vehicle.yuan_per_km),
            hour=figures.price(vehicle.yuan_per_hour),
        ),
        say("No plan has more service points than the one by coverage alone ({count}).", count=problem.limit),
        say(
            "The routes of {confirmed} of {count} plans were planned again by the routing engine, and every figure was "
            "worked out again by a check of its own.",
            confirmed=confirmed,
            count=len(study.plans),
        ),
        *named_conflicts(study.area, study.notes),
    ]


def frontier_figures(study: FrontierStudy) -> dict[str, Any]:
    """Return a frontier for programs: all plans with their sites, hand-over places and routes."""
    return {
        "area": study.area.id,
        "id": study.id,
        "network_id": study.network_id,
        "aim": study.problem.aim.value,
        "standard_s": study.problem.standard_s,
        "days_a_year": study.problem.days,
        "lifetime_years": study.lifetime_years,
        "hub_id": study.hub.id,
        "vehicle": study.roads.vehicle,
        "season": study.roads.season,
        "seed": study.frontier.seed,
        "village_ids": list(study.problem.village_ids),
        "plans": [
            {
                "plan": number,
                "coverage_only": study.is_coverage_only(point),
                **_plan_figures(point),
                "site_ids": list(point.site_ids),
                "hand_over": list(point.hand_over),
                "routes": [list(route) for route in point.routes],
            }
            for number, point in enumerate(study.plans, start=1)
        ],
        "notes": [{"code": note.code, "params": note.params} for note in study.notes],
        **caveats(study.area, study.rests_on),
    }


def _plan_figures(point: FrontierPoint) -> dict[str, float | int | None]:
    routing = point.routing_yuan
    return {
        "covered": round(point.covered, 3),
        "coverage_share": round(point.coverage, 6),
        "mean_minutes": round(point.mean_minutes, 3),
        "service_points": len(point.site_ids),
        "vehicles": len(point.routes),
        "distance_m": round(1000 * point.km),
        "sites_year_yuan": round(point.sites_yuan, 2),
        "routes_year_yuan": round(point.routes_yuan, 2),
        "year_yuan": round(point.sites_yuan, 2) + round(point.routes_yuan, 2),
        "routing_engine_year_yuan": None if routing is None or math.isinf(routing) else round(routing, 2),
    }


def frontier_csv(study: FrontierStudy) -> bytes:
    """Return the table as CSV in UTF-8 with a mark, as Excel and WPS expect: numbers are plain, a row a plan."""
    names = [*_plan_figures(study.plans[0])] if study.plans else []
    rows = [
        [number, int(study.is_coverage_only(point)), *_plan_figures(point).values(), " ".join(point.site_ids)]
        for number, point in enumerate(study.plans, start=1)
    ]
    return csv_text(["plan", "coverage_only", *names, "site_ids"], rows).encode("utf-8-sig")
