"""The week as it is kept: its weekdays confirmed and, where it uses stations, compared with weeks that use fewer or none."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from planner.errors import Message
from planner.pipeline.area_run import AreaRun
from planner.pipeline.service.bus import with_buses
from planner.pipeline.service.bus_problem import BusGround
from planner.pipeline.service.tier_problem import station_settings
from planner.pipeline.service.township_ways import PlannedWays
from planner.pipeline.service.visit_days import PlannedDays, plan_days
from planner.pipeline.service.week_demand import WeekDemand
from planner.pipeline.service.weekday import Weekday, confirm_weekday
from planner.plans.service_buses import BusRemark
from planner.plans.service_plan import ComparedWays, ServiceDay
from planner.routing import Route
from planner.service.tiers import TownshipChoice, TownshipReason, TownshipWay

_MOST_DROPS = 2
"""Weeks that are planned and confirmed with fewer stations than the one before, besides the one with none."""


@dataclass(frozen=True, kw_only=True)
class ConfirmedWeek:
    """A week with each weekday confirmed, what is said of its buses, and how its townships go.

    ``compared`` has the weeks that were confirmed before one was kept, this one among them; none where none uses stations.
    """

    planned: PlannedDays
    days: tuple[Weekday, ...]
    remarks: tuple[BusRemark, ...]
    townships: tuple[TownshipChoice, ...] = ()
    compared: tuple[ComparedWays, ...] = ()

    @property
    def missed(self) -> int:
        """How many visits it misses: those of points without a day, and those that a day leaves out."""
        never = sum(self.planned.asked[one.place_id][0] for one in self.planned.not_visited)
        return never + sum(len(one.day.tiers.missed) for one in self.days)

    @property
    def yuan(self) -> float:
        """What it costs."""
        return math.fsum(one.day.cost_yuan for one in self.days)

    @property
    def worth(self) -> tuple[int, float]:
        """Fewest visits missed, then cheapest."""
        return self.missed, self.yuan


def confirmed_week(
    run: AreaRun, week: WeekDemand, ways: PlannedWays | None, buses: BusGround | None = None
) -> ConfirmedWeek:
    """Return the best week found once confirmed: by the ways chosen, by fewer of their stations, or all directly.

    Ways are chosen on a usual day, by an estimate. Where they use stations, the week without any is planned and confirmed as
    well, and weeks without those stations that miss more visits, or cost more, than serving their points directly does. What
    misses fewest visits is kept, then what costs least.
    """
    station_of = ways.station_of if ways else {}
    if ways is None or not station_of:
        townships = ways.townships if ways else ()
        return replace(_confirmed(run, week, plan_days(run, week), buses), townships=townships)
    found = [_confirmed(run, week, plan_days(run, week, by, briefly=True), buses) for by in (station_of, {})]
    directly = found[1]
    for _ in range(_MOST_DROPS):
        last = found[0]
        kept = stations_worth_it(run, last, directly)
        fewer = {id_: one for id_, one in last.planned.station_of.items() if one in kept}
        if not fewer or len(fewer) == len(last.planned.station_of):
            break
        found.insert(0, _confirmed(run, week, plan_days(run, week, fewer, briefly=True), buses))
    best = min(found, key=lambda one: one.worth)
    whole = plan_days(run, week, best.planned.station_of)  # the same days, and what other frequencies cost
    compared = sorted(found, key=lambda one: (-len(_stations(one)), one.worth))
    return replace(
        best,
        planned=whole,
        townships=tuple(_as_kept(one, set(_stations(best))) for one in ways.townships),
        compared=tuple(
            ComparedWays(station_ids=_stations(one), week_yuan=one.yuan, missed=one.missed, kept=one is best)
            for one in compared
        ),
    )


def stations_worth_it(run: AreaRun, week: ConfirmedWeek, directly: ConfirmedWeek) -> set[str]:
    """Return the stations of a confirmed week whose points cost no more, and miss no more visits, than directly.

    A route's cost is shared among its stops by the time that each takes with the way to it; a station's points bear what it
    costs, its trunk runs among it.
    """
    station_of = week.planned.station_of
    yuan, direct_yuan = _shares(run, week), _shares(run, directly)
    missed, direct_missed = _missed_places(week), _missed_places(directly)
    kept = set()
    for station in _stations(week):
        ids = [id_ for id_, one in station_of.items() if one == station]
        by_station = math.fsum(yuan.get(id_, 0.0) for id_ in (*ids, f"{station}:"))
        by_hub = math.fsum(direct_yuan.get(id_, 0.0) for id_ in ids)
        left, left_by_hub = (sum(one.get(id_, 0) for id_ in ids) for one in (missed, direct_missed))
        if (left, by_station) <= (left_by_hub, by_hub):
            kept.add(station)
    return kept


def _confirmed(run: AreaRun, week: WeekDemand, planned: PlannedDays, buses: BusGround | None) -> ConfirmedWeek:
    """Return a week with each weekday that has goods confirmed; vehicles keep what they drove on the weekdays before."""
    done: list[Weekday] = []
    remarks: list[BusRemark] = []
    asked = run.config.service
    assert asked is not None
    run.progress(Message("planning weekdays"), 4, run.steps)
    for weekday in asked.open_weekdays:
        demand = week.on_visit(run, weekday, planned.patterns)
        if demand.points:
            former = [one.day for one in reversed(done)]
            confirm = partial(confirm_weekday, run, weekday, planned=planned, former=former)
            found = confirm(demand)
            if buses is not None:
                found, facts = with_buses(run, buses, week.days[weekday].date, found, confirm)
                remarks += [BusRemark(weekday=weekday, fact=fact) for fact in facts]
            done.append(found)
    return ConfirmedWeek(planned=planned, days=tuple(done), remarks=tuple(remarks))


def _stations(week: ConfirmedWeek) -> tuple[str, ...]:
    return tuple(sorted(set(week.planned.station_of.values())))


def _missed_places(week: ConfirmedWeek) -> dict[str, int]:
    found: dict[str, int] = {one.place_id: week.planned.asked[one.place_id][0] for one in week.planned.not_visited}
    for one in week.days:
        sites = one.day.demand.site_of_stop
        for left in one.day.tiers.missed:
            place = sites.get(left.point_id, left.point_id)
            found[place] = found.get(place, 0) + 1
    return found


def _shares(run: AreaRun, week: ConfirmedWeek) -> dict[str, float]:
    """Return what each place bears of the week's cost; trunk runs and handling are a station's, called so with a colon."""
    found: dict[str, float] = {}
    for one in week.days:
        places = {
            **one.day.demand.site_of_stop,
            **{sent.id: f"{sent.station_id}:" for sent in one.day.tiers.consignments},
        }
        for place, yuan in (*_shared(one.day.routes, places), *_handling(run, one.day)):
            found[place] = found.get(place, 0.0) + yuan
    return found


def _shared(routes: Sequence[Route], places: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    for route in routes:
        times = [visit.driving_s + visit.departure_s - visit.service_start_s for visit in route.visits]
        whole = math.fsum(times)
        for visit, time_s in zip(route.visits, times, strict=True):
            share = time_s / whole if whole else 1 / len(times)
            yield places.get(visit.stop_id, visit.stop_id), route.cost_yuan * share


def _handling(run: AreaRun, day: ServiceDay) -> Iterator[tuple[str, float]]:
    """Yield what each station costs on a day it is used."""
    service = run.config.service
    assert service is not None
    for station in sorted({sent.station_id for sent in day.tiers.consignments}):
        there = station_settings(service, station)
        parcels = math.fsum(sent.amount[0] for sent in day.tiers.consignments if sent.station_id == station)
        yield f"{station}:", there.day_yuan + there.parcel_yuan * parcels


def _as_kept(choice: TownshipChoice, stations: Collection[str]) -> TownshipChoice:
    """Return a township's choice as the kept week has it: what was to go by a station that is dropped goes directly."""
    by_station = tuple(one for one in choice.by_station if one[1] in stations)
    if len(by_station) == len(choice.by_station):
        return choice
    dropped = [id_ for id_, one in choice.by_station if one not in stations]
    way = TownshipWay.IN_PART if by_station else TownshipWay.DIRECT
    return replace(
        choice,
        way=way,
        reason=TownshipReason.WEEK_CONFIRMED,
        own_yuan=None if by_station else choice.direct_yuan,
        direct_ids=tuple(sorted((*choice.direct_ids, *dropped))),
        by_station=by_station,
    )
