"""What each phase of a network takes to be served: vehicles to buy, drivers to employ, and who pays what, to the fen."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from planner.config import FundingSource, PlanConfig, ServiceConfig
from planner.coverage.appraise import FEN_PER_YUAN, apportion, fen_of
from planner.pipeline.service.driver_roster import drivers_needed
from planner.pipeline.service.season import PlannedSeason, PlannedWeek
from planner.pipeline.service.year import plan_seasons
from planner.pipeline.service.year_calendar import YearCalendar, days_between
from planner.plans import NetworkPlan, Stage
from planner.plans.service_phases import PhaseItem, PhaseMoney, PhaseVehicles, PhaseYear, ServicePhase
from planner.plans.service_plan import ServiceDay
from planner.units import SECONDS_PER_HOUR


class PhaseWeek(NamedTuple):
    """A phase's week, and its week in each season."""

    week: PlannedWeek
    seasons: Mapping[str, PlannedSeason]


@dataclass(frozen=True, kw_only=True)
class _Cohort:
    """Vehicles that were bought in one year."""

    year: int
    count: int


def plan_phases(
    network: NetworkPlan,
    own: int,
    own_week: PhaseWeek,
    calendar: YearCalendar,
    week_of: Callable[[datetime.date], PlannedWeek],
) -> tuple[ServicePhase, ...]:
    """Return each stage of a network with what its service takes and costs.

    ``own`` is the stage that has its week already; ``week_of`` plans that of a date. Costs of a phase are those of its days,
    each at what its weekday costs in its season; a phase without dates has the years that the network gives it, each like
    that of ``calendar``.
    """
    config = own_week.week.run.config
    weeks = []
    for number, stage in enumerate(network.stages):
        if number == own:
            weeks.append(own_week)
        else:
            week = week_of(_day_in(stage, config.routing.date))
            weeks.append(PhaseWeek(week, plan_seasons(week, calendar)))
    needed = [_needed(config, one) for one in weeks]
    spans = [_years(network, number, calendar) for number in range(len(weeks))]
    bought = fleet_over_phases(own_week.week.service, needed, spans)
    return tuple(_phase(network, number, one, calendar, bought[number]) for number, one in enumerate(weeks))


def fleet_over_phases(
    service: ServiceConfig, needed: Sequence[Mapping[str, int]], spans: Sequence[Sequence[int]]
) -> list[tuple[PhaseVehicles, ...]]:
    """Return for each phase the vehicles there and to buy: ``needed`` by type, ``spans`` are the years of each phase.

    Of a type with a price, vehicles that were bought are replaced after its years as far as they are still needed; those
    that are owned before the first phase stay. None is sold.
    """
    prices = {one.id: one for one in service.prices}
    kinds = sorted({kind for one in needed for kind in one})
    there = {kind: prices[kind].owned if kind in prices else 0 for kind in kinds}
    cohorts: dict[str, list[_Cohort]] = {kind: [] for kind in kinds}
    found = []
    for want, years in zip(needed, spans, strict=True):
        rows = []
        for kind in kinds:
            price, begun, bought, replaced = prices.get(kind), there[kind], 0, 0
            for year in years:
                old = [one for one in cohorts[kind] if price is not None and year - one.year >= price.years]
                cohorts[kind] = [one for one in cohorts[kind] if one not in old]
                gone = sum(one.count for one in old)
                there[kind] -= gone
                more = max(0, want.get(kind, 0) - there[kind])
                if more:
                    cohorts[kind].append(_Cohort(year=year, count=more))
                there[kind], bought, replaced = there[kind] + more, bought + more, replaced + min(more, gone)
            rows.append(
                PhaseVehicles(
                    vehicle_id=kind,
                    needed=want.get(kind, 0),
                    there=begun,
                    bought=bought,
                    replaced=replaced,
                    each_fen=None if price is None else fen_of(price.yuan),
                )
            )
        found.append(tuple(rows))
    return found


def _day_in(stage: Stage, date: datetime.date) -> datetime.date:
    """Return the same day of the stage's first year, the stage's first day where that is not in it."""
    if stage.first is None:
        return date
    day = stage.first.replace(month=date.month, day=min(date.day, 28))
    return day if stage.first <= day <= (stage.last or day) else stage.first


def _years(network: NetworkPlan, number: int, calendar: YearCalendar) -> list[int]:
    """Return the years that a phase has days in; those of a phase without dates follow the phase before."""
    stage = network.stages[number]
    if stage.first is not None:
        return list(range(stage.first.year, (stage.last or stage.first).year + 1))
    begins = calendar.year + sum(_undated_years(network, before) for before in range(number))
    return list(range(begins, begins + _undated_years(network, number)))


def _undated_years(network: NetworkPlan, number: int) -> int:
    section = network.config.get("coverage") or {}
    phases = section.get("phases") or [section.get("subsidies") or {}]
    return int(phases[number].get("years", 1)) if number < len(phases) else 1


def _needed(config: PlanConfig, phase: PhaseWeek) -> dict[str, int]:
    """Return how many vehicles of each type the hardest season takes; those of all stations are one type."""
    found: dict[str, int] = {}
    for season in phase.seasons.values():
        of_season: dict[str, int] = {}
        for type_id, count in season.week.vehicles.items():
            kind = _kind_of(config, type_id)
            of_season[kind] = of_season.get(kind, 0) + count
        found = {kind: max(found.get(kind, 0), of_season.get(kind, 0)) for kind in found.keys() | of_season.keys()}
    return found


def _kind_of(config: PlanConfig, type_id: str) -> str:
    """Return the vehicle of the configuration that a type is: one of a station has the station's id behind it."""
    hubs = [one.id for one in config.routing.vehicles]
    stations = config.service.stations if config.service is not None else None
    if type_id in hubs or stations is None:
        return type_id
    return next((one.id for one in stations.vehicles if type_id.startswith(f"{one.id}-")), type_id)


def _phase(
    network: NetworkPlan, number: int, phase: PhaseWeek, calendar: YearCalendar, vehicles: tuple[PhaseVehicles, ...]
) -> ServicePhase:
    stage, week = network.stages[number], phase.week
    years = _costs(network, number, phase, calendar)
    money = _money(network, number, week.service, vehicles, sum(one.running_fen for one in years))
    return ServicePhase(
        stage=number,
        name=stage.name,
        first=stage.first,
        last=stage.last,
        points=sum(1 for mask in week.planned.patterns.values() if mask),
        visits=sum(mask.bit_count() for mask in week.planned.patterns.values()),
        missed=sum(len(day.tiers.missed) for day in week.days),
        week_yuan=math.fsum(day.cost_yuan for day in week.days),
        week_distance_m=math.fsum(day.distance_m for day in week.days),
        week_duty_s=math.fsum(day.duty_s for day in week.days),
        drivers=_drivers(week, phase),
        vehicles=vehicles,
        years=years,
        money=money,
        total_fen=sum(one.fen for one in money),
    )


def _drivers(week: PlannedWeek, phase: PhaseWeek) -> int | None:
    """Return how many drivers the hardest season takes; each station has its own."""
    hours = week.service.driver_hours_week
    if hours is None:
        return None
    loading = {one.id: one.loading_duration_s for one in week.run.config.routing.vehicles}
    return max(
        (_drivers_of(season.days, loading, hours * SECONDS_PER_HOUR) for season in phase.seasons.values()), default=0
    )


def _drivers_of(days: Sequence[ServiceDay], loading: Mapping[str, float], week_s: float) -> int:
    duties: dict[str, list[tuple[int, float]]] = {}
    for day in days:
        of_depot = [("", day.tiers.hub_plan), *day.tiers.station_plans]
        for depot, plan in of_depot:
            for route in plan.routes:
                duty = route.end_s - route.start_s + loading.get(route.vehicle_type_id, 0.0)
                duties.setdefault(depot, []).append((day.weekday, duty))
    return sum(drivers_needed(one, week_s) for one in duties.values())


def _costs(network: NetworkPlan, number: int, phase: PhaseWeek, calendar: YearCalendar) -> tuple[PhaseYear, ...]:
    """Return what each year of a phase costs, in whole fen."""
    of_day = {
        (name, day.weekday): day.cost_yuan for name, season in phase.seasons.items() for day in season.week.weekdays
    }

    def cost(days: Sequence[datetime.date]) -> int:
        yuan = math.fsum(of_day.get((calendar.season_on(day), day.weekday()), 0.0) for day in days)
        return round(yuan * FEN_PER_YUAN)

    stage = network.stages[number]
    if stage.first is None or stage.last is None:
        whole = list(calendar.days())
        return tuple(
            PhaseYear(year=None, days=len(whole), running_fen=cost(whole)) for _ in _years(network, number, calendar)
        )
    days = list(days_between(stage.first, stage.last))
    found = []
    for year in range(stage.first.year, stage.last.year + 1):
        inside = [day for day in days if day.year == year]
        found.append(PhaseYear(year=year, days=len(inside), running_fen=cost(inside)))
    return tuple(found)


def _money(
    network: NetworkPlan,
    number: int,
    service: ServiceConfig,
    vehicles: Sequence[PhaseVehicles],
    running_fen: int,
) -> tuple[PhaseMoney, ...]:
    """Return who pays what in a phase: the sites as the network has it, vehicles and running by the service's shares."""
    found = []
    if network.subsidies is not None:
        name = network.subsidies.phases[number]
        found += [
            PhaseMoney(item=PhaseItem(one.item.value), source=one.source, fen=one.fen)
            for one in network.subsidies.entries
            if one.phase == name and one.fen
        ]
    for item, fen in ((PhaseItem.VEHICLES, sum(one.fen for one in vehicles)), (PhaseItem.RUNNING, running_fen)):
        if not service.shares:
            found += [PhaseMoney(item=item, source=None, fen=fen)] if fen else []
            continue
        shares = [Fraction(str(service.shares.get(source.value, 0))) for source in FundingSource]
        parts = zip(FundingSource, apportion(fen, shares), strict=True)
        found += [PhaseMoney(item=item, source=source, fen=part) for source, part in parts if part]
    return tuple(found)
