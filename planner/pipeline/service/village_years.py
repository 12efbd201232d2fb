"""Each village's year: from when to when it is cut off, what to lay in before, and how much farther it is in a season."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from planner.pipeline.service.season import PlannedSeason, PlannedWeek, SeasonPlaces
from planner.pipeline.service.week_demand import DAYS_A_WEEK, usual_week
from planner.pipeline.service.year_calendar import YearCalendar
from planner.plans.service_seasons import CutAt, Gap, SeasonWay, VillageYear

_DAY = datetime.timedelta(days=1)
_NO_WAY = math.inf, math.inf


def village_years(
    main: PlannedWeek, served: Mapping[str, PlannedSeason], calendar: YearCalendar, monday: datetime.date
) -> Iterator[VillageYear]:
    """Yield a card for each village in the order of the area; ``served`` are the seasons of the year by name."""
    places = {id_: site for one in reversed([*served.values()]) for id_, site in one.there.places.items()}
    goods = usual_week(main.run, places, monday, main.earlier)
    ways = {season: dict(_ways(one.there)) for season, one in served.items()}
    week: dict[str, list[tuple[float, float]]] = {}
    for day in goods.days:
        for one in day.villages:
            week.setdefault(one.village_id, []).append((one.delivery_parcels, one.delivery_kg))
    for village in main.run.area.villages:
        comes = week.get(village.id, [])
        parcels, kg = math.fsum(one for one, _ in comes), math.fsum(one for _, one in comes)
        yield VillageYear(
            village_id=village.id,
            site_id=places.get(village.id, ""),
            week_parcels=parcels,
            week_kg=kg,
            ways=tuple(_way(season, ways[season].get(village.id, (*_NO_WAY, *_NO_WAY))) for season in served),
            gaps=tuple(_gaps(village.id, served, calendar, parcels=parcels, kg=kg)),
        )


def _ways(there: SeasonPlaces) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Yield seconds and metres of each village to its point, and of the hub to the point."""
    pairs = list(there.places.items())
    for (village_id, site_id), trip in zip(pairs, there.run.travel.trips(pairs), strict=True):
        own = (trip.driving_s + trip.walking_s, trip.distance_m)
        if not math.isfinite(own[0]) and village_id not in there.cut_off:
            own = 0.0, 0.0  # it has its point in its midst
        yield village_id, (*own, *there.supply.get(site_id, _NO_WAY))


def _way(season: str, figures: Sequence[float]) -> SeasonWay:
    own_s, own_m, supply_s, supply_m = (round(one, 1) if math.isfinite(one) else None for one in figures)
    return SeasonWay(season=season, own_s=own_s, own_m=own_m, supply_s=supply_s, supply_m=supply_m)


def _gaps(
    village_id: str, served: Mapping[str, PlannedSeason], calendar: YearCalendar, *, parcels: float, kg: float
) -> Iterator[Gap]:
    """Yield the days on which a village is cut off, together where one follows the other, that touch the year."""
    why = {season: _cut(village_id, one.there) for season, one in served.items()}
    for cut, run in groupby(calendar.around(), key=lambda day: why[calendar.season_on(day)] is not None):
        days = list(run)
        first, last = days[0], days[-1]
        if not cut or last.year < calendar.year or first.year > calendar.year:
            continue
        seasons = tuple(dict.fromkeys(calendar.season_on(day) for day in days))
        at, reason = why[seasons[0]] or (CutAt.NOWHERE, "unreachable")
        last_service = _service(village_id, served, calendar, first, -_DAY)
        next_service = _service(village_id, served, calendar, last, _DAY)
        weeks = days_without(first, last, last_service, next_service) / DAYS_A_WEEK
        yield Gap(
            first=first,
            last=last,
            seasons=seasons,
            at=at,
            reason=reason,
            last_service=last_service,
            next_service=next_service,
            parcels=parcels * weeks,
            kg=kg * weeks,
        )


def days_without(
    first: datetime.date,
    last: datetime.date,
    last_service: datetime.date | None,
    next_service: datetime.date | None,
) -> int:
    """Return how many days the goods laid in last: those between the visits before and after a gap.

    Where there is no visit on a side they begin or end with the gap.
    """
    begins = first if last_service is None else last_service + _DAY
    ends = last if next_service is None else next_service - _DAY
    return (ends - begins).days + 1


def _cut(village_id: str, there: SeasonPlaces) -> tuple[CutAt, str] | None:
    if village_id not in there.places:
        return CutAt.NOWHERE, there.nowhere[village_id]
    if village_id in there.cut_off:
        return CutAt.VILLAGE, there.cut_off[village_id]
    reason = there.unreached.get(there.places[village_id])
    return None if reason is None else (CutAt.POINT, reason)


def _service(
    village_id: str,
    served: Mapping[str, PlannedSeason],
    calendar: YearCalendar,
    day: datetime.date,
    step: datetime.timedelta,
) -> datetime.date | None:
    """Return the next day before or after one on which a village's point is visited, None if there is none for a year."""
    for number in range(1, 367):
        found = day + step * number
        season = served[calendar.season_on(found)]
        site_id = season.there.joined.get(village_id, "")
        if found.weekday() in season.visited.get(site_id, ()):
            return found
    return None
