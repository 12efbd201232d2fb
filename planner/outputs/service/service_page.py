"""The first page of a service plan: what the week comes to, its weekdays, its points, and what other frequencies cost."""

from __future__ import annotations

from typing import Any

from planner.outputs.about_roads import odd_tag_texts, road_row
from planner.outputs.day_page import chosen_season_text, open_text, other_season_text
from planner.outputs.left_out import row_faults_text
from planner.outputs.names import spoken_name
from planner.outputs.notice import basis, notice_of_plan
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.outputs.service.season_rows import year_conflicts
from planner.outputs.service.week_figures import WeekdayFigures, WeekFigures, stations_used, week_figures
from planner.outputs.service.week_names import week_fleet
from planner.outputs.service.week_rows import (
    closure_rows,
    compared_texts,
    conflict_texts,
    fleet_text,
    frequencies_text,
    frequency_rows,
    gap_rows,
    point_rows,
    township_rows,
)
from planner.outputs.service.year_files import year_links
from planner.plans.service_plan import FrequencyFigure, ServicePlan
from planner.words import figures, listed, say, sentence

WEEK = range(7)


def service_page(plan: ServicePlan, links: PageLinks, *, network_href: str = "", area_href: str = "") -> str:
    """Return the page; its links are relative to the plan's folder, ``network_href`` and ``area_href`` may be empty."""
    week = week_figures(plan)
    gaps = gap_rows(plan)
    return page_template("service.html").render(
        plan=plan,
        name=spoken_name(plan.area),
        links=links,
        network_href=network_href,
        area_href=area_href,
        notice=notice_of_plan(plan),
        chosen=chosen_season_text(plan.season),
        season=other_season_text(plan.season, plan.monday),
        open=open_text(plan),
        year_links=year_links(plan, links),
        conflicts=conflict_texts(plan),
        year_conflicts=year_conflicts(plan),
        cards=week_cards(plan, week, len(gaps)),
        week=week,
        days=_days(week),
        total=_total(week),
        stations=stations_used(plan),
        townships=township_rows(plan),
        compared=compared_texts(plan),
        points=point_rows(plan),
        weekdays=[(figures.weekday_name(day, "wide"), figures.weekday_name(day, "narrow")) for day in WEEK],
        closures=closure_rows(plan),
        gaps=gaps,
        faulty=row_faults_text(plan.area),
        frequencies=[_frequency(plan, *row) for row in frequency_rows(plan)],
        scale=frequencies_text(plan),
        proof=_proof(plan, week),
        road_line=road_row(plan.roads)[1],
        odd_tags=odd_tag_texts(plan.roads),
    )


def week_cards(plan: ServicePlan, week: WeekFigures, gaps: int) -> list[dict[str, str]]:
    """Return the figures that a planner asks for first, each with what belongs to it."""
    fleet = week_fleet(plan)
    kinds = [say("{vehicle} {count}", vehicle=fleet.called(kind), count=count) for kind, count in week.vehicles.items()]
    return [
        {
            "label": say("Points visited"),
            "value": figures.number(week.points),
            "detail": say("; ").join(
                [
                    say("{count} visits a week", count=figures.number(week.visits)),
                    *([say("{count} places not served", count=gaps)] if gaps else [say("all are served")]),
                ]
            ),
        },
        {
            "label": say("Vehicles needed"),
            "value": figures.number(sum(week.vehicles.values())),
            "detail": say("; ").join([listed(kinds), *basis(plan.config, "routing.vehicles")]),
        },
        {
            "label": say("Distance a week"),
            "value": figures.kilometres(week.distance_m),
            "detail": say("{hours} h on duty", hours=figures.number(round(week.duty_s / 3600, 1))),
        },
        {
            "label": say("Cost a week"),
            "value": figures.yuan(week.cost_yuan),
            "detail": say("; ").join(
                [
                    say("{money} a year", money=figures.money(week.year_yuan)),
                    *basis(plan.rests_on, "routing.vehicles", "demand", "service"),
                ]
            ),
        },
        {
            "label": say("Parcels down a week"),
            "value": figures.number(week.parcels),
            "detail": say("; ").join(
                [
                    say(
                        "collected {parcels}, {amount}",
                        parcels=figures.parcels(round(week.up[0])),
                        amount=figures.kilograms(week.up[1]),
                    ),
                    *basis(plan.rests_on, "demand"),
                ]
            ),
        },
        {
            "label": say("Cost a parcel"),
            "value": "-" if week.parcel_yuan is None else figures.price(week.parcel_yuan),
            "detail": say("the week's cost by the parcels brought down"),
        },
    ]


def _days(week: WeekFigures) -> list[dict[str, Any]]:
    """Return a row for each weekday, those without routes included, and the week's sums."""
    yuan = week.whole_yuan()
    rows = []
    for day in WEEK:
        one = week.day_of.get(day)
        rows.append(
            {"name": figures.weekday_name(day, "wide"), "idle": True}
            if one is None
            else {
                "name": figures.weekday_name(day, "wide"),
                "idle": False,
                "vehicles": figures.number(one.vehicles),
                **_amounts(one, yuan[day]),
            }
        )
    return rows


def _total(week: WeekFigures) -> dict[str, str]:
    vehicles = figures.number(sum(week.vehicles.values()))
    return {**_amounts(week, round(week.cost_yuan)), "vehicles": vehicles}


def _amounts(one: WeekdayFigures | WeekFigures, yuan: float) -> dict[str, str]:
    return {
        "stops": figures.number(one.stops),
        "distance": f"{one.distance_m / 1000:,.1f}",
        "duty": f"{one.duty_s / 3600:,.1f}",
        "parcels": figures.number(round(one.down[0])),
        "up": figures.number(round(one.up[0])),
        "up_kg": figures.number(round(one.up[1])),
        "yuan": figures.number(yuan),
        "missed": figures.number(one.missed) if one.missed else "-",
    }


def _frequency(plan: ServicePlan, one: FrequencyFigure, planned: bool, more_yuan: float) -> dict[str, Any]:
    return {
        "visits": figures.number(one.visits),
        "planned": planned,
        "week": figures.number(round(one.week_yuan)),
        "more": "-" if planned else f"{round(more_yuan):+,}",
        "year": figures.money(one.week_yuan * plan.config["service"]["weeks_a_year"]),
        "distance": f"{one.distance_m / 1000:,.1f}",
        "vehicles": figures.number(one.vehicles),
        "holds": fleet_text(plan, one),
    }


def _proof(plan: ServicePlan, week: WeekFigures) -> list[str]:
    """Return how good the plan is: by what it was found, what no routes can undercut, and what was checked."""
    plans = [one for day in plan.days for one in (day.tiers.hub_plan, *(own for _, own in day.tiers.station_plans))]
    bound = sum(one.lower_bound_yuan for one in plans)
    found = list(dict.fromkeys(sentence(one.found_by(), {}) for one in plans))
    return [
        say(
            "On these days and by these ways no routes can cost less than {bound} a week; that bound is simple and usually "
            "far below what can be reached.",
            bound=figures.yuan(bound),
        ),
        say(
            "The search for days, with seed {seed}, took the week to cost {planned}; confirmed weekday by weekday, with "
            "opening hours, breaks and shifts, it costs {cost}.",
            seed=plan.config["seed"],
            planned=figures.yuan(plan.planned_week_yuan),
            cost=figures.yuan(week.cost_yuan),
        ),
        say(
            "Every weekday was replayed by a separate check before anything was written; a plan that fails it is not kept."
        ),
        *found,
    ]
