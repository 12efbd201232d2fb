"""What the command line shows of a service plan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from planner.cli.plan_tables import print_notice
from planner.cli.table_layout import table_of
from planner.outputs.names import spoken_name, stop_names
from planner.outputs.notice import caveats
from planner.outputs.service.bus_page import bus_remarks, bus_savings, bus_savings_text
from planner.outputs.service.season_rows import season_rows, year_conflicts
from planner.outputs.service.week_figures import WeekFigures, week_figures
from planner.outputs.service.week_rows import (
    compared_texts,
    conflict_texts,
    fleet_text,
    frequencies_text,
    missed_row,
    never_text,
)
from planner.plans import ServicePlan
from planner.plans.kept_services import ServiceSummary
from planner.words import figures, say

_PUBLISHED = "●"
_MOST_NAMED = 6


def service_figures(plan: ServicePlan, folder: Path) -> dict[str, Any]:
    """Return a service plan's figures for programs; all but those of a year are a week's, parcels those that are brought."""
    week = week_figures(plan)
    return {
        "id": plan.id,
        "network_id": plan.network.id,
        "area": plan.area.id,
        "year": plan.year,
        "stage": plan.open_stage.name,
        "season": plan.season,
        "folder": str(folder),
        "points": week.points,
        "visits": week.visits,
        "parcels": week.parcels,
        "distance_m": plan.week_distance_m,
        "vehicles": plan.fleet,
        "week_yuan": round(plan.week_yuan, 2),
        "year_yuan": round(plan.year_yuan, 2),
        "planned_week_yuan": round(plan.planned_week_yuan, 2),
        "days": [
            {
                "weekday": day.weekday,
                "routes": day.vehicles,
                "stops": day.stops,
                "distance_m": day.distance_m,
                "duty_s": day.duty_s,
                "parcels": round(day.down[0]),
                "cost_yuan": round(day.cost_yuan, 2),
                "missed": plan.day_of[day.weekday].tiers.missed,
            }
            for day in week.days
        ],
        "point_savings": [
            {"site_id": one.site_id, "visits": one.visits, "saved_yuan": round(one.saved_yuan, 2)}
            for one in plan.points
            if one.saved_yuan is not None
        ],
        "buses": _bus_figures(plan),
        "closures": [
            {
                "first": one.first.isoformat(),
                "last": one.last.isoformat(),
                "moved": [
                    {"site_id": visit.site_id, "date": visit.date.isoformat(), "to": visit.to and visit.to.isoformat()}
                    for visit in one.moved
                ],
            }
            for one in plan.closures
        ],
        "seasons": [
            {
                "season": one.season,
                "days": one.days,
                "week_yuan": round(one.week_yuan, 2),
                "year_yuan": round(one.year_yuan, 2),
                "distance_m": one.week_distance_m,
                "vehicles": one.vehicles,
                "extra": one.extra,
                "missed": one.missed,
                "unreached": one.unreached,
                "cut_off": one.cut_off,
                "hub_cut_off": one.hub_cut_off,
            }
            for one in (plan.seasons.seasons if plan.seasons is not None else ())
        ],
        "phases": plan.phases,
        "frequencies": plan.frequencies,
        "townships": plan.townships,
        "ways_compared": plan.ways_compared,
        "not_visited": plan.not_visited,
        "cut_off": plan.cut_off,
        "without_site": plan.without_site,
        **caveats(plan.area, plan.rests_on),
    }


def print_service(console: Console, plan: ServicePlan, folder: Path) -> None:
    """Show the weekdays, what other numbers of visits cost, and what is not served."""
    week = week_figures(plan)
    console.print(Text.assemble("\n", (spoken_name(plan.area), "bold"), f"  {plan.id}"))
    _print_days(console, week)
    console.print(
        say(
            "{visits} visits a week to {points} points with {vehicles} vehicles: {week} yuan a week, {year} yuan a year",
            visits=week.visits,
            points=week.points,
            vehicles=sum(plan.fleet.values()),
            week=f"{plan.week_yuan:,.0f}",
            year=f"{plan.year_yuan:,.0f}",
        )
    )
    if plan.buses is not None:
        console.print(bus_savings_text(plan), soft_wrap=True)
        for what in bus_remarks(plan.buses):
            console.print(what, soft_wrap=True)
    if compared := compared_texts(plan):
        console.print(say("Weeks by other ways, each confirmed weekday by weekday:"), soft_wrap=True)
        for text in compared:
            console.print(f"  {text}", soft_wrap=True)
    _print_frequencies(console, plan)
    _print_year(console, plan)
    _print_left(console, plan)
    print_notice(console, plan.area, plan.rests_on)
    console.print(f"→ {folder / 'index.html'}", soft_wrap=True)


def _print_year(console: Console, plan: ServicePlan) -> None:
    """Show what the year comes to, season by season, and which seasons cut off the hub."""
    if plan.seasons is None:
        return
    table = table_of(
        say("Season"),
        say("Days a year"),
        say("Vehicles"),
        say("Villages cut off"),
        say("Yuan a week"),
        say("Yuan in its days"),
    )
    for row in season_rows(plan, plan.seasons):
        table.add_row(
            row.name,
            str(row.week.days),
            str(sum(row.week.vehicles.values())),
            str(row.cut_off),
            f"{row.week.week_yuan:,.0f}",
            f"{row.year_yuan:,.0f}",
        )
    table.add_row(say("The year"), str(plan.seasons.days), "", "", "", f"{plan.seasons.year_yuan:,.0f}")
    console.print(table)
    for said, helps in year_conflicts(plan):
        console.print(Text(f"{said} {helps}", style="red"), soft_wrap=True)


def _bus_figures(plan: ServicePlan) -> dict[str, Any] | None:
    """Return what buses carry and save in a week, None where the area names none."""
    if plan.buses is None:
        return None
    metres, yuan = bus_savings(plan)
    carrying = [day.buses for day in plan.days if day.buses is not None]
    return {
        "feed": plan.buses.feed,
        "synthetic": plan.buses.synthetic,
        "down_parcels": sum(one.parcels(up=False) for one in carrying),
        "up_parcels": sum(one.parcels(up=True) for one in carrying),
        "saved_m": metres,
        "saved_yuan": round(yuan, 2),
        "access_m": sum(one.access_m for one in carrying),
        "trips": sum(len(one.trips) for one in carrying),
        "remarks": plan.buses.remarks,
    }


def print_services(console: Console, kept: Sequence[ServiceSummary]) -> None:
    """Show service plans: year, what they cost, which one is published."""
    table = table_of("", say("Year"), say("Id"), say("Points"), say("Visits"), say("Vehicles"), say("km"), say("Yuan"))
    for one in kept:
        table.add_row(
            _PUBLISHED if one.published else "",
            str(one.year),
            one.id,
            str(one.points),
            str(one.visits),
            str(one.vehicles),
            f"{one.distance_m / 1000:,.0f}",
            f"{one.week_yuan:,.0f}",
        )
    console.print(table)


def _print_days(console: Console, week: WeekFigures) -> None:
    headings = (say("Weekday"), say("Vehicles"), say("Stops"), say("km"), say("Hours"), say("Parcels"), say("Yuan"))
    table, costs = table_of(*headings), week.whole_yuan()
    for day in week.days:
        table.add_row(
            figures.weekday_name(day.weekday),
            str(day.vehicles),
            str(day.stops),
            f"{day.distance_m / 1000:,.0f}",
            f"{day.duty_s / 3600:.1f}",
            f"{day.down[0]:,.0f}",
            f"{costs[day.weekday]:,.0f}",
        )
    console.print(table)


def _print_frequencies(console: Console, plan: ServicePlan) -> None:
    if not plan.frequencies:
        return
    console.print(frequencies_text(plan), soft_wrap=True)
    table = table_of(say("Visits a week"), say("Yuan a week"), say("km"), say("Vehicles"), say("The fleet can do it"))
    for one in plan.frequencies:
        table.add_row(
            str(one.visits),
            f"{one.week_yuan:,.0f}",
            f"{one.distance_m / 1000:,.0f}",
            str(one.vehicles),
            fleet_text(plan, one),
        )
    console.print(table)


def _print_left(console: Console, plan: ServicePlan) -> None:
    """Name what is not visited, and why."""
    for conflict in conflict_texts(plan):
        console.print(conflict, soft_wrap=True)
    names = stop_names(plan.area, spoken_name)
    for left in plan.not_visited:
        where, reason = names[left.place_id], never_text(plan, left, names)
        console.print(say("not visited: {place}: {reason}", place=where, reason=reason), soft_wrap=True)
    for day in plan.days:
        for one in day.tiers.missed[:_MOST_NAMED]:
            row = missed_row(plan, day, one)
            words = {"day": figures.weekday_name(day.weekday), "place": row.name, "reason": row.reason}
            text = say("{day}: {place} is not wholly served: {reason}", **words)
            helps = (
                say("{text}; any of these serves it: {remedy}", text=text, remedy=row.remedy) if row.remedy else text
            )
            console.print(helps, soft_wrap=True)
