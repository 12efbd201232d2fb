"""A service plan's points, choices and gaps as people read them, the same on its pages, in its workbook and its tables."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

from planner.outputs.day_stops import named_villages
from planner.outputs.left_out import why_cut_off
from planner.outputs.names import StopNames, spoken_name, stop_names
from planner.outputs.relaxations import relaxations_text, with_fleet_names
from planner.outputs.service.week_names import week_fleet, week_stop_names
from planner.plans.service_plan import FrequencyFigure, ServedPoint, ServiceDay, ServicePlan
from planner.service.tiers import Missed, MissedReason, TownshipChoice
from planner.service.week import NotVisited
from planner.words import figures, listed, say, sentence, term

DIMENSIONS = ("parcels", "kg", "m3")


@dataclass(frozen=True, slots=True, kw_only=True)
class PointRow:
    """A point: its name and township, how often and why, the way it is served, its villages, its goods of a week."""

    point: ServedPoint
    name: str
    township: str
    why: str
    way: str
    villages: str

    @property
    def down(self) -> int:
        """Parcels that arrive for it in a week."""
        return round(math.fsum(self.point.down_parcels))

    @property
    def up(self) -> int:
        """Parcels that are sent there in a week."""
        return round(math.fsum(self.point.up_parcels))

    @property
    def days(self) -> str:
        """The weekdays it is visited on."""
        return listed([figures.weekday_name(day) for day in self.point.weekdays])


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRow:
    """What is not served: a place on a weekday (None: every day), why, and what would serve it."""

    weekday: int | None
    name: str
    reason: str
    remedy: str

    @property
    def when(self) -> str:
        """On which day."""
        return say("every day") if self.weekday is None else figures.weekday_name(self.weekday, "wide")


def point_rows(plan: ServicePlan) -> list[PointRow]:
    """Return a row for each point, by township and name."""
    area, names = plan.area, stop_names(plan.area, spoken_name)
    townships = {one.id: spoken_name(one) for one in area.townships}
    rows = [
        PointRow(
            point=one,
            name=names[one.site_id],
            township=townships.get(one.township_id, ""),
            why=_why(one),
            way=way_text(plan, one, names),
            villages=named_villages(area, one.village_ids),
        )
        for one in plan.points
    ]
    return sorted(rows, key=lambda row: (row.point.township_id, row.name, row.point.site_id))


def _why(point: ServedPoint) -> str:
    """Return how often a point asks to be visited and why, and why it is visited more often where it is."""
    asked = say("{count} a week: {reason}", count=point.asked, reason=term(point.reason))
    if point.more_reason is None:
        return asked
    return say("{asked}; {count} are made: {reason}", asked=asked, count=point.visits, reason=term(point.more_reason))


def way_text(plan: ServicePlan, point: ServedPoint, names: dict[str, str]) -> str:
    """Return by which way a point is served."""
    if not point.pattern:
        return say("not visited")
    if point.station_id:
        return say("by the station {name}", name=names[point.station_id])
    return say("directly from the hub")


@dataclass(frozen=True, slots=True, kw_only=True)
class TownshipRow:
    """Which way a township goes and why; ``by_station`` names the points that a station serves.

    ``reason`` says whom the other way leaves out, what that would take, and what it costs for the part that it serves.
    """

    choice: TownshipChoice
    name: str
    way: str
    reason: str
    by_station: str


def township_rows(plan: ServicePlan) -> list[TownshipRow]:
    """Return a row for each township that has points, by its id."""
    names = week_stop_names(plan)
    townships = {one.id: spoken_name(one) for one in plan.area.townships}
    return [
        TownshipRow(
            choice=one,
            name=townships.get(one.township_id, "-"),
            way=term(one.way),
            reason=_whole_reason(plan, one, names),
            by_station=say("; ").join(
                say("{station}: {points}", station=names[station_id], points=listed([names[id_] for id_ in ids]))
                for station_id, ids in _by_station(one).items()
            ),
        )
        for one in plan.townships
    ]


def _whole_reason(plan: ServicePlan, one: TownshipChoice, names: StopNames) -> str:
    said = [term(one.reason)]
    for row in (missed_row(plan, None, missed) for missed in one.breaks):
        said.append(
            say(
                "{name} is not served: {reason}; it would take: {remedy}",
                name=row.name,
                reason=row.reason,
                remedy=row.remedy,
            )
            if row.remedy
            else say("{name} is not served: {reason}", name=row.name, reason=row.reason)
        )
    if one.part_yuan is not None:
        served = [names[id_] for id_, _ in one.part_by_station]
        yuan = figures.yuan(one.part_yuan)
        said.append(say("only {points} by station, the rest directly: {yuan}", points=listed(served), yuan=yuan))
    return say("; ").join(said)


def compared_texts(plan: ServicePlan) -> list[str]:
    """Return each week that was confirmed before one was kept: its stations, its cost and what it misses; empty if one."""
    names = stop_names(plan.area, spoken_name)
    texts = []
    for one in plan.ways_compared:
        given = {"yuan": f"{one.week_yuan:,.0f}", "missed": one.missed}
        stations = listed([names[id_] for id_ in one.station_ids])
        if one.station_ids:
            text = say("by {names}: {yuan} yuan a week, {missed} visits missed", names=stations, **given)
        else:
            text = say("all directly from the hub: {yuan} yuan a week, {missed} visits missed", **given)
        texts.append(say("{week} (kept)", week=text) if one.kept else text)
    return texts


def _by_station(one: TownshipChoice) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for point_id, station_id in one.by_station:
        found.setdefault(station_id, []).append(point_id)
    return found


def gap_rows(plan: ServicePlan) -> list[GapRow]:
    """Return who is not served: points without a day, points missed on one, then villages without a way or a site."""
    names, villages = stop_names(plan.area, spoken_name), plan.area.village_by_id
    never = [
        GapRow(
            weekday=None,
            name=names[one.place_id],
            reason=never_text(plan, one, names),
            remedy=term(f"{one.reason}_remedy"),
        )
        for one in plan.not_visited
    ]
    missed = [missed_row(plan, day, one) for day in plan.days for one in day.tiers.missed]
    elsewhere = say("bring them to a place that is open, or plan a day when its own is")
    cut = [
        GapRow(weekday=None, name=spoken_name(villages[id_]), reason=why_cut_off(plan, id_), remedy=elsewhere)
        for id_ in sorted({*plan.cut_off, *plan.without_site})
    ]
    return [*never, *missed, *cut]


def never_text(plan: ServicePlan, left: NotVisited, names: dict[str, str]) -> str:
    """Return why a point is visited on no day, with the station whose vehicles cannot where one was to serve it."""
    station = plan.point_of[left.place_id].station_id if left.place_id in plan.point_of else ""
    reason = term(left.reason)
    return say("{reason} ({name})", reason=reason, name=names[station]) if station else reason


def conflict_texts(plan: ServicePlan) -> list[str]:
    """Return what stands against the week as it was asked for, each with the smallest change that would help."""
    names, fleet = stop_names(plan.area, spoken_name), week_fleet(plan)
    return [sentence(with_fleet_names(one, fleet), names) for one in plan.conflicts]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureRow:
    """Dates on which nobody drives for a holiday, the visits made on another day, by that day, and those left out."""

    when: str
    moved: str
    left_out: str


def closure_rows(plan: ServicePlan) -> list[ClosureRow]:
    """Return a row for each closure of the year."""
    names = stop_names(plan.area, spoken_name)
    rows = []
    for closure in plan.closures:
        days: dict[datetime.date | None, dict[str, None]] = {}
        for one in closure.moved:
            days.setdefault(one.to, {})[names[one.site_id]] = None
        left_out = days.pop(None, {})
        spell = [figures.weekday(closure.first)]
        if closure.last != closure.first:
            spell.append(figures.weekday(closure.last))
        rows.append(
            ClosureRow(
                when=" – ".join(spell),
                moved=say("; ").join(
                    say("{day}: {places}", day=figures.weekday(day), places=listed(list(days[day])))
                    for day in sorted(day for day in days if day is not None)
                ),
                left_out=listed(list(left_out)) if left_out else "",
            )
        )
    return rows


def missed_row(plan: ServicePlan, day: ServiceDay | None, one: Missed) -> GapRow:
    """Return a point that is missed on a weekday, or by a way that is not taken: why, and the smallest changes that help."""
    names, reason = week_stop_names(plan), term(one.code)
    visited = day is not None and any(v.stop_id == one.point_id for r in day.routes for v in r.visits)
    if one.reason is MissedReason.CUT_OFF and visited:
        reason = say("parcels are handed over and goods collected, but these do not reach the hub by the cut-off")
    if one.station_id:
        reason = say("{reason} ({name})", reason=reason, name=names[one.station_id])
    remedies = [relaxations_text(one, DIMENSIONS, week_fleet(plan))] if one.relaxations else []
    if one.until_s is not None:
        remedies.append(say("cut-off at {clock}", clock=figures.clock(math.ceil(one.until_s / 60) * 60)))
    if one.room:
        remedies.append(say("room for {amounts}", amounts=_room(one.room)))
    return GapRow(
        weekday=None if day is None else day.weekday,
        name=names[one.point_id],
        reason=reason,
        remedy=say("; ").join(filter(None, remedies)),
    )


def _room(room: tuple[float, ...]) -> str:
    amounts = [
        f"{math.ceil(amount * 10) / 10:g} {term(name)}"
        for amount, name in zip(room, DIMENSIONS, strict=False)
        if math.isfinite(amount) and amount > 0
    ]
    return listed(amounts)


def frequency_rows(plan: ServicePlan) -> list[tuple[FrequencyFigure, bool, float]]:
    """Return each number of visits with whether it is the plan's, and what a week costs more than as it was planned.

    All on the scale of the search for days: none of it is confirmed, and the plan's own is compared as it was searched.
    """
    least = plan.config["service"]["least_visits"]
    return [(one, one.visits == least, one.week_yuan - plan.planned_week_yuan) for one in plan.frequencies]


def frequencies_text(plan: ServicePlan) -> str:
    """Return on which scale the costs of other frequencies stand, and what the plan's own week costs on both."""
    return say(
        "As the search for days took it, before weekdays are confirmed: this plan's week {planned} yuan, confirmed {week}.",
        planned=f"{plan.planned_week_yuan:,.0f}",
        week=f"{plan.week_yuan:,.0f}",
    )


def fleet_text(plan: ServicePlan, one: FrequencyFigure) -> str:
    """Return whether the fleet can do it, as far as is known: by the search for days, which is not confirmed."""
    if not one.holds:
        return say("no, proven") if one.proven else say("no plan found")
    if plan.not_visited or any(day.tiers.missed for day in plan.days):
        return say("in the search only: this plan, confirmed, misses visits")
    return say("yes")
