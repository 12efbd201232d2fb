"""Plan against actual: what was entered for each hand-over place against its estimate, and who cannot live of it."""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from planner.config import PlanConfig, ViabilityConfig, usual_viability
from planner.errors import Message, UsageError
from planner.geodata.facilities import house_of
from planner.geodata.orders.order_places import OrderPlace
from planner.geodata.orders.past_figures import PastFigure
from planner.model import SharedHouse, Site, StudyArea, Tier
from planner.pipeline.area_run import AreaRun
from planner.pipeline.estimate import WINDOW, OrderedDay, estimate_villages, kept_orders
from planner.pipeline.siting.tier_rules import shared_house
from planner.plans import MergedInto, NetworkPlan, PeriodActuals, PlaceActuals, ReportedParcels, Stage, ViabilityVerdict
from planner.plans.store import PlanStore

PERIOD = datetime.timedelta(days=28)
"""How long a period is when nobody says: four weeks up to the last day that was entered."""
_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days that are looked at; orders of those ``ahead``, which have not come by ``until``, are not actual."""

    first: datetime.date
    last: datetime.date
    until: datetime.date
    ahead: tuple[datetime.date, ...] = ()


def period_of(
    store: PlanStore,
    area_id: str,
    first: datetime.date | None,
    last: datetime.date | None,
    *,
    until: datetime.date,
    reported: Sequence[PastFigure] = (),
) -> Period:
    """Return a period: the days given, else four weeks up to the last day that has come by ``until`` and has figures.

    Figures are orders of kept days, or ``reported`` ones.

    Raises
    ------
    UsageError
        If the first comes after the last, or no kept day that has come has orders.
    """
    if first is not None and last is not None and first > last:
        raise UsageError(Message("--from {first} comes after --to {last}", first=first, last=last))
    kept = [day.date for day in kept_orders(store, area_id, first or datetime.date.min, last or datetime.date.max)]
    told = [one.last for one in reported if one.last <= (last or until)]
    come, ahead = [date for date in kept if date <= until], tuple(date for date in kept if date > until)
    if not come and ahead and not told:
        raise UsageError(
            Message(
                "all days of {area} with orders are still to come after {until}: {dates}; compare them when they are over",
                area=area_id,
                until=until,
                dates=ahead,
            )
        )
    if not come and not told and last is None:
        raise UsageError(
            Message(
                "no kept day of {area} has orders yet: plan one with planner day {area} --demand FILE", area=area_id
            )
        )
    last = min(last, until) if last is not None else max([*come[-1:], *told])
    if first is None:
        first = last - PERIOD + datetime.timedelta(days=1)
        first = min([first, *(one.first for one in reported if first <= one.last <= last)])  # a month counts whole
    return Period(first=first, last=last, until=until, ahead=ahead)


def period_actuals(
    run: AreaRun,
    network: NetworkPlan,
    store: PlanStore,
    period: Period,
    *,
    reported: Sequence[PastFigure] = (),
    figures_file: str = "",
) -> PeriodActuals:
    """Return what was entered in a period against what was estimated without it, by hand-over place.

    Each day is estimated as on its morning: from the days before it. Places are those of the network on the last day.

    Raises
    ------
    UsageError
        If no day of the period has orders, or nothing of the network is open on the last.
    """
    area, config = run.area, run.config
    first, last = period.first, period.last
    history = kept_orders(store, area.id, first - WINDOW, last)
    entered = [day for day in history if first <= day.date <= last]
    reported = _within(reported, first, last)
    if not entered and not reported:
        raise UsageError(
            Message("no kept day of {area} from {first} to {last} has orders", area=area.id, first=first, last=last)
        )
    stage = network.stages[network.stage_on(last)]
    tally = _Tally(config, area, history)
    for day in entered:
        tally.add(day)
    for date in sorted({date for one in reported for date in one.dates} - {day.date for day in entered}):
        tally.add(OrderedDay(date=date))  # what nobody reported of such a day is as estimated
    members = _members(stage)
    viability = config.viability or usual_viability()
    places = [
        _place(tally, site_id, members[site_id], viability, _reported(reported, site_id, members[site_id]))
        for site_id in sorted(members)
    ]
    return PeriodActuals(
        area=area,
        network_id=network.id,
        first=first,
        last=last,
        until=period.until,
        days=tuple(day.date for day in entered),
        ahead=period.ahead,
        viability=viability,
        places=tuple(_with_remedies(run, stage, place, places, viability) for place in places),
        without_place=tuple(sorted(one.village_id for one in stage.hand_over if one.site_id is None)),
        error=tally.error(members),
        figures_file=figures_file,
    )


def open_places(network: NetworkPlan, date: datetime.date) -> dict[str, str]:
    """Return the site where each village hands over on a date, of those that do."""
    stage = network.stages[network.stage_on(date)]
    return {one.village_id: one.site_id for one in stage.hand_over if one.site_id is not None}


def _members(stage: Stage) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one in stage.hand_over:
        if one.site_id is not None:
            found[one.site_id].append(one.village_id)
    return {site_id: tuple(sorted(villages)) for site_id, villages in found.items()}


class _Tally:
    """What was entered and estimated, by direction, village and day."""

    def __init__(self, config: PlanConfig, area: StudyArea, history: Sequence[OrderedDay]) -> None:
        self.area, self._config, self._history = area, config, history
        self.entered: dict[str, dict[str, list[float]]] = {"down": defaultdict(list), "up": defaultdict(list)}
        self.estimated: dict[str, dict[str, list[float]]] = {"down": defaultdict(list), "up": defaultdict(list)}
        self.days: defaultdict[str, set[datetime.date]] = defaultdict(set)
        self._unordered: dict[str, dict[str, list[float]]] = {"down": defaultdict(list), "up": defaultdict(list)}
        self._pairs: list[tuple[Mapping[str, float], dict[str, float]]] = []

    def add(self, day: OrderedDay) -> None:
        """Take in a day that was entered, estimated from those before it."""
        before = [one for one in self._history if one.date < day.date]
        found = estimate_villages(
            self.area.villages,
            self._config.demand,
            day.date,
            townships=self.area.townships,
            history=before,
            with_error=False,
        )
        for one in found.villages:
            amounts = {"down": one.delivery_parcels, "up": one.pickup_parcels}
            for way, told in (("down", day.down), ("up", day.up)):
                if one.village_id in told:
                    self.entered[way][one.village_id].append(told[one.village_id])
                    self.estimated[way][one.village_id].append(amounts[way])
                    self.days[one.village_id].add(day.date)
                else:
                    self._unordered[way][one.village_id].append(amounts[way])
        self._pairs.append((day.down, {one.village_id: one.delivery_parcels for one in found.villages}))

    def a_day(self, figures: Mapping[str, Sequence[float]], villages: Sequence[str]) -> float:
        """Return the sum over villages of their mean a day, of those that have figures."""
        return math.fsum(math.fsum(figures[id_]) / len(figures[id_]) for id_ in villages if figures.get(id_))

    def parcels_a_day(self, villages: Sequence[str], ways: Sequence[str] = ("down", "up")) -> float:
        """Return parcels a day, both ways together: as entered, as estimated for villages and ways without a figure."""
        total = 0.0
        for way in ways:
            total += self.a_day(self.entered[way], villages)
            total += self.a_day(self._unordered[way], [id_ for id_ in villages if not self.entered[way].get(id_)])
        return total

    def error(self, members: Mapping[str, Sequence[str]]) -> float | None:
        """Return how far a place's estimate of a day is off, as a share of what was entered, down."""
        off = total = 0.0
        for told, estimated in self._pairs:
            for villages in members.values():
                ordered = [id_ for id_ in villages if id_ in told]
                off += abs(math.fsum(told[id_] - estimated[id_] for id_ in ordered))
                total += math.fsum(told[id_] for id_ in ordered)
        return off / total if total > 0 else None


def _within(reported: Sequence[PastFigure], first: datetime.date, last: datetime.date) -> tuple[PastFigure, ...]:
    """Return the figures of days and months that lie in a period whole: of a part of a month nobody knows the parcels."""
    return tuple(one for one in reported if first <= one.first and one.last <= last)


class _ReportedOf(NamedTuple):
    """What was reported of a place, and by direction the villages that it speaks of."""

    parcels: ReportedParcels
    villages: Mapping[str, frozenset[str]]


def _reported(reported: Sequence[PastFigure], site_id: str, villages: Sequence[str]) -> _ReportedOf | None:
    """Return what was reported of a place and its villages: of each its mean a day, then their sum; None if nothing was."""
    own = [one for one in reported if one.place.site_id == site_id or one.place.village_id in villages]
    if not own:
        return None
    a_day: dict[str, float | None] = {}
    of: dict[str, frozenset[str]] = {}
    for way in ("down", "up"):
        total: defaultdict[OrderPlace, float] = defaultdict(float)
        days: defaultdict[OrderPlace, int] = defaultdict(int)
        for one in own:
            count = getattr(one, way)
            if count is not None:
                total[one.place] += count
                days[one.place] += len(one.dates)
        a_day[way] = math.fsum(total[place] / days[place] for place in total) if total else None
        whole = any(place.site_id for place in total)
        of[way] = frozenset(villages if whole else (place.village_id for place in total))
    dates = {date for one in own for date in one.dates}
    return _ReportedOf(ReportedParcels(down=a_day["down"], up=a_day["up"], days=len(dates)), of)


def _parcels_a_day(tally: _Tally, villages: Sequence[str], reported: _ReportedOf | None) -> float:
    """Return parcels a day, both ways: reported ones of the villages that they are of, of the others as the tally has it."""
    if reported is None:
        return tally.parcels_a_day(villages)
    total = 0.0
    for way in ("down", "up"):
        rest = [id_ for id_ in villages if id_ not in reported.villages[way]]
        total += (getattr(reported.parcels, way) or 0.0) + tally.parcels_a_day(rest, (way,))
    return total


def _place(
    tally: _Tally,
    site_id: str,
    villages: tuple[str, ...],
    viability: ViabilityConfig,
    reported: _ReportedOf | None = None,
) -> PlaceActuals:
    people = sum(tally.area.village_by_id[id_].population for id_ in villages)
    days = set().union(*(tally.days[id_] for id_ in villages))
    entered = {
        way: tally.a_day(tally.entered[way], villages) if any(tally.entered[way].get(id_) for id_ in villages) else None
        for way in ("down", "up")
    }
    parcels = _parcels_a_day(tally, villages, reported)
    known = max(len(days), 0 if reported is None else reported.parcels.days)
    income = viability.income_yuan_month(parcels)
    point = tally.area.site_by_id[site_id].tier is Tier.SERVICE_POINT
    return PlaceActuals(
        site_id=site_id,
        village_ids=villages,
        people=people,
        days=len(days),
        entered_down=entered["down"],
        estimated_down=tally.a_day(tally.estimated["down"], villages),
        entered_up=entered["up"],
        estimated_up=tally.a_day(tally.estimated["up"], villages),
        parcels_a_day=parcels,
        income_yuan_month=income,
        verdict=_verdict(viability, known, income, people) if point else None,
        reported=None if reported is None else reported.parcels,
    )


def _verdict(viability: ViabilityConfig, days: int, income_yuan_month: float, people: int) -> ViabilityVerdict:
    """Return whether a point can live of its parcels; of too few days nothing is said but that residents are few."""
    if days >= viability.fewest_days:
        return ViabilityVerdict.BELOW if income_yuan_month < viability.agent_yuan_month else ViabilityVerdict.VIABLE
    return ViabilityVerdict.FEW_RESIDENTS if people < viability.residents else ViabilityVerdict.TOO_FEW_DAYS


def _with_remedies(
    run: AreaRun, stage: Stage, place: PlaceActuals, places: Sequence[PlaceActuals], viability: ViabilityConfig
) -> PlaceActuals:
    """Return a place that is below viability with what would mend it; another as it is."""
    if not place.below:
        return place
    site = run.area.site_by_id[place.site_id]
    share, village = _house_to_share(run, site), run.area.village_by_id.get(site.place_id)
    return replace(
        place,
        gap_yuan_month=viability.agent_yuan_month - place.income_yuan_month,
        merge=_merge(run, stage, place, places),
        share=share,
        rent_saved_yuan_year=0.0 if share is None else _rent_saved(run.config, site),
        shop=village is not None and bool(village.shop),
        visits_a_week=_visits(place, viability),
    )


def _merge(run: AreaRun, stage: Stage, place: PlaceActuals, places: Sequence[PlaceActuals]) -> MergedInto | None:
    """Return the other open place that adds least to the way of a place's people; None if there is none for all of them.

    A village may go as far as the coverage standard has it, one that is beyond it already no further than now.
    """
    others = [site_id for site_id in stage.opened if site_id != place.site_id]
    if not others:
        return None
    durations = run.travel.select(list(place.village_ids), [place.site_id, *others]).durations_s
    most = np.fmax(durations[:, :1], run.config.coverage.service_points.standard_s)
    with np.errstate(invalid="ignore"):
        added = durations[:, 1:] - durations[:, :1]
        near = np.isfinite(added) & (durations[:, 1:] <= most)
    weights = np.array([run.area.village_by_id[id_].population for id_ in place.village_ids], dtype=np.float64)
    weights = weights if weights.sum() > 0 else np.ones_like(weights)
    reached = near.all(axis=0)
    if not reached.any():
        return None
    mean = np.where(
        reached, (np.where(np.isfinite(added), added, 0.0) * weights[:, None]).sum(axis=0) / weights.sum(), np.inf
    )
    best = int(np.argmin(mean))
    parcels = {one.site_id: one.parcels_a_day for one in places}
    return MergedInto(
        site_id=others[best],
        mean_added_s=round(float(mean[best]), 1),
        most_added_s=round(float(added[:, best].max()), 1),
        parcels_a_day=place.parcels_a_day + parcels.get(others[best], 0.0),
    )


def _house_to_share(run: AreaRun, site: Site) -> SharedHouse | None:
    """Return a house of the site's village that it could move into; None if it shares one, or there is none."""
    tier = run.config.coverage.service_points
    village = run.area.village_by_id.get(site.place_id)
    if village is None or shared_house(run.area, tier, site) is not None:
        return None
    return house_of(village.facilities, tuple(tier.facility_words.items()))


def _rent_saved(config: PlanConfig, site: Site) -> float:
    subsidies = config.coverage.subsidies
    if subsidies is None:
        return 0.0
    own = site.rent_yuan_year
    rent = subsidies.service_points.rent_yuan_year if own is None else own
    return max(0.0, rent - subsidies.service_points.co_located_rent_yuan_year)


def _visits(place: PlaceActuals, viability: ViabilityConfig) -> int | None:
    """Return the visits a week at which each brings what would pay a day, None if that is every day."""
    needed = max(viability.fewest_visits_week, math.ceil(_WEEK * place.parcels_a_day / viability.parcels_a_day - 1e-9))
    return needed if needed < _WEEK else None
