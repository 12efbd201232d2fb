"""Two service plans side by side: money, kilometres, vehicles and visits, weekday by weekday, and which points change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from planner.config.differences import setting_differences
from planner.errors import BadDataError, Message
from planner.outputs.names import spoken_name, stop_names
from planner.outputs.notice import notice_of_plan
from planner.outputs.page_links import PageLinks
from planner.outputs.page_templates import page_template
from planner.outputs.service.week_figures import week_figures
from planner.outputs.service.week_names import week_fleet
from planner.outputs.service.week_rows import gap_rows, way_text
from planner.plans.service_plan import ServedPoint, ServicePlan
from planner.words import figures, listed, say, term

_MOST_SAID = 12


class PointChanged(StrEnum):
    """What becomes of a point from one service plan to another."""

    ADDED = "point_added"
    REMOVED = "point_removed"
    DAYS = "point_on_other_days"
    WAY = "point_by_another_way"
    BOTH = "point_on_other_days_by_another_way"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekTotals:
    """A week, or one weekday of it; ``vehicles`` are those needed, by type."""

    stops: int
    visits: int | None
    vehicles: Mapping[str, int]
    distance_m: float
    duty_s: float
    parcels_down: int
    parcels_up: int
    missed: int
    cost_yuan: float
    year_yuan: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekdayChange:
    """A weekday in both plans; None where one has no routes then."""

    weekday: int
    before: WeekTotals | None
    after: WeekTotals | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedOtherwise:
    """A point that one plan serves otherwise than the other: weekdays (0 for Monday), and the station, empty for the hub."""

    site_id: str
    changed: PointChanged
    before_weekdays: tuple[int, ...] | None
    after_weekdays: tuple[int, ...] | None
    before_station_id: str | None
    after_station_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekComparison:
    """What changes from one service plan to another; ``same_network``: both stand on one network."""

    before_id: str
    after_id: str
    same_network: bool
    same_season: bool
    before: WeekTotals
    after: WeekTotals
    weekdays: tuple[WeekdayChange, ...]
    points: tuple[ServedOtherwise, ...]


def compare_weeks(before: ServicePlan, after: ServicePlan) -> WeekComparison:
    """Return what changes; BadDataError if the plans are of different areas."""
    if before.area.id != after.area.id:
        raise BadDataError(
            Message(
                "{before} is of {one}, {after} of {other}: give two service plans of one area",
                before=before.id,
                one=before.area.id,
                after=after.id,
                other=after.area.id,
            )
        )
    days = sorted({*before.day_of, *after.day_of})
    was, now = (_of_days(plan) for plan in (before, after))
    return WeekComparison(
        before_id=before.id,
        after_id=after.id,
        same_network=before.network.id == after.network.id,
        same_season=before.season.season == after.season.season,
        before=_totals(before),
        after=_totals(after),
        weekdays=tuple(WeekdayChange(weekday=day, before=was.get(day), after=now.get(day)) for day in days),
        points=tuple(
            change
            for id_ in sorted({*before.point_of, *after.point_of})
            if (change := _changed(id_, before.point_of.get(id_), after.point_of.get(id_))) is not None
        ),
    )


def _totals(plan: ServicePlan) -> WeekTotals:
    week = week_figures(plan)
    return WeekTotals(
        stops=week.stops,
        visits=week.visits,
        vehicles=dict(week.vehicles),
        distance_m=week.distance_m,
        duty_s=week.duty_s,
        parcels_down=week.parcels,
        parcels_up=round(week.up[0]),
        missed=len(gap_rows(plan)),
        cost_yuan=round(week.cost_yuan, 2),
        year_yuan=round(week.year_yuan, 2),
    )


def _of_days(plan: ServicePlan) -> dict[int, WeekTotals]:
    return {
        one.weekday: WeekTotals(
            stops=one.stops,
            visits=None,
            vehicles=plan.day_of[one.weekday].vehicles,
            distance_m=one.distance_m,
            duty_s=one.duty_s,
            parcels_down=round(one.down[0]),
            parcels_up=round(one.up[0]),
            missed=one.missed,
            cost_yuan=round(one.cost_yuan, 2),
        )
        for one in week_figures(plan).days
    }


def _changed(site_id: str, was: ServedPoint | None, now: ServedPoint | None) -> ServedOtherwise | None:
    """Return how a point is served otherwise, None if it is not."""
    if was is None or now is None:
        changed = PointChanged.ADDED if was is None else PointChanged.REMOVED
    elif was.pattern == now.pattern and was.station_id == now.station_id:
        return None
    elif was.station_id == now.station_id:
        changed = PointChanged.DAYS
    else:
        changed = PointChanged.WAY if was.pattern == now.pattern else PointChanged.BOTH
    return ServedOtherwise(
        site_id=site_id,
        changed=changed,
        before_weekdays=None if was is None else was.weekdays,
        after_weekdays=None if now is None else now.weekdays,
        before_station_id=None if was is None else was.station_id,
        after_station_id=None if now is None else now.station_id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedFigure:
    """A figure of both plans as people read it, and the change where it is a number."""

    name: str
    before: str
    after: str
    change: str


def compared_figures(before: ServicePlan, after: ServicePlan, found: WeekComparison) -> list[ComparedFigure]:
    """Return a row for each figure of the week."""
    was, now = found.before, found.after
    numbers = [
        (say("Yuan a week"), was.cost_yuan, now.cost_yuan, 0),
        (say("Yuan a year"), was.year_yuan or 0.0, now.year_yuan or 0.0, 0),
        (say("Distance (km)"), was.distance_m / 1000, now.distance_m / 1000, 1),
        (say("On duty (h)"), was.duty_s / 3600, now.duty_s / 3600, 1),
        (say("Vehicles needed"), float(sum(was.vehicles.values())), float(sum(now.vehicles.values())), 0),
        (say("Visits a week"), float(was.visits or 0), float(now.visits or 0), 0),
        (say("Parcels down"), float(was.parcels_down), float(now.parcels_down), 0),
        (say("Parcels up"), float(was.parcels_up), float(now.parcels_up), 0),
        (say("Places not served"), float(was.missed), float(now.missed), 0),
    ]
    rows = [
        ComparedFigure(name=name, before=f"{a:,.{digits}f}", after=f"{b:,.{digits}f}", change=_change(a, b, digits))
        for name, a, b, digits in numbers
    ]
    fleets = (_fleet(plan, totals.vehicles) for plan, totals in ((before, was), (after, now)))
    rows.append(ComparedFigure(**dict(zip(("before", "after"), fleets, strict=True)), name=say("Vehicles"), change=""))
    return rows


def _change(before: float, after: float, digits: int) -> str:
    """Return the difference of what is shown."""
    difference = round(after, digits) - round(before, digits)
    return f"{difference:+,.{digits}f}" if difference else "="


def _fleet(plan: ServicePlan, vehicles: Mapping[str, int]) -> str:
    fleet = week_fleet(plan)
    return listed(
        [say("{vehicle} {count}", vehicle=fleet.called(kind), count=count) for kind, count in vehicles.items()]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedPoint:
    """A point that is served otherwise, as people read it; weekdays None where a plan does not have it."""

    name: str
    change: str
    before_days: tuple[int, ...] | None
    after_days: tuple[int, ...] | None
    before_way: str
    after_way: str


def compared_points(before: ServicePlan, after: ServicePlan, found: WeekComparison) -> list[ComparedPoint]:
    """Return a row for each point that changes, by name."""
    names = {**stop_names(before.area, spoken_name), **stop_names(after.area, spoken_name)}
    rows = []
    for one in found.points:
        ways = [
            "-" if (point := plan.point_of.get(one.site_id)) is None else way_text(plan, point, names)
            for plan in (before, after)
        ]
        rows.append(
            ComparedPoint(
                name=names[one.site_id],
                change=term(one.changed),
                before_days=one.before_weekdays,
                after_days=one.after_weekdays,
                before_way=ways[0],
                after_way=ways[1],
            )
        )
    return sorted(rows, key=lambda row: row.name)


def differing_lines(before: ServicePlan, after: ServicePlan, found: WeekComparison) -> list[str]:
    """Return what both rest on: their ids, networks and seasons where these differ, and settings."""
    lines = [
        say("First plan: {id}", id=before.id),
        say("Second plan: {id}", id=after.id),
    ]
    if before.id == after.id:
        return [*lines, say("Both are one and the same plan")]
    if not found.same_network:
        lines.append(say("Networks: {before} → {after}", before=before.network.id, after=after.network.id))
    if not found.same_season:
        seasons = {"before": term(before.season.season), "after": term(after.season.season)}
        lines.append(say("Seasons: {before} → {after}", **seasons))
    differing = setting_differences(before.config, after.config)
    if not differing:
        lines.append(say("Their settings are the same"))
    for one in differing[:_MOST_SAID]:
        change = say("{before} → {after}", before=one.before or "-", after=one.now or "-")
        lines.append(say("Settings differ: {key} {change}", key=one.key, change=change))
    if len(differing) > _MOST_SAID:
        lines.append(say("Settings differ: {count} more", count=len(differing) - _MOST_SAID))
    return lines


def compared_weeks_page(before: ServicePlan, after: ServicePlan, links: PageLinks, *, page: str) -> str:
    """Return the page of two service plans; ``page`` is its name without the ending."""
    found = compare_weeks(before, after)
    costs = [week_figures(plan).whole_yuan() for plan in (before, after)]
    return page_template("week_comparison.html").render(
        notices=list(dict.fromkeys(notice_of_plan(plan) for plan in (before, after))),
        name=spoken_name(after.area),
        links=links,
        page=page,
        lines=differing_lines(before, after, found),
        figures_of=compared_figures(before, after, found),
        days=[
            {
                "name": figures.weekday_name(day.weekday, "wide"),
                "cells": [
                    _cells(one, of.get(day.weekday)) for one, of in zip((day.before, day.after), costs, strict=True)
                ],
                "change": _change(costs[0].get(day.weekday, 0.0), costs[1].get(day.weekday, 0.0), 0),
            }
            for day in found.weekdays
        ],
        points=compared_points(before, after, found),
        unchanged=len(after.points) - len([one for one in found.points if one.changed is not PointChanged.REMOVED]),
        weekdays=[(figures.weekday_name(day, "wide"), figures.weekday_name(day, "narrow")) for day in range(7)],
        after=after,
    )


def _cells(day: WeekTotals | None, yuan: float | None) -> tuple[str, ...]:
    """Return vehicles, stops, kilometres and yuan, these so rounded that the days add up to the week."""
    if day is None or yuan is None:
        return ("-",) * 4
    return (
        str(sum(day.vehicles.values())),
        str(day.stops),
        f"{day.distance_m / 1000:,.1f}",
        f"{yuan:,.0f}",
    )
