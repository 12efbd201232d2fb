"""Two whole plans side by side: what changes for the area, with the names and people that go with the ids."""

from __future__ import annotations

from dataclasses import dataclass

from planner.config import FundingSource
from planner.coverage.appraise import Change, StationComparison, compare_stations
from planner.errors import BadDataError, list_offenders
from planner.plans import NetworkPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleCount:
    """Who is behind the villages of one kind of change, by the figures of the later plan."""

    villages: int
    population: int
    households: int
    poor_villages: int
    poor_households: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMoney:
    """What one source pays in each plan, in fen; None where the plan has no subsidies."""

    source: FundingSource
    before_fen: int | None
    after_fen: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanComparison:
    """What changes from one plan to another: both tiers, the people behind each kind of change, and the money."""

    before_id: str
    after_id: str
    area_id: str
    same_roads: bool
    stations: StationComparison
    people: dict[Change, PeopleCount]
    money: tuple[SourceMoney, ...]


def compare_plans(before: NetworkPlan, after: NetworkPlan) -> PlanComparison:
    """Return what changes from one plan of an area to another.

    ``same_roads`` is whether both rest on the same vehicle and season: if not, ways change without a site being changed.

    Raises
    ------
    BadDataError
        If the plans are of different areas or villages; those in one of them only are named.
    """
    problems = []
    if before.area.id != after.area.id:
        problems.append(f"the first plan is of {before.area.id}, the second of {after.area.id}")
    ids_before, ids_after = set(before.area.village_by_id), set(after.area.village_by_id)
    for which, only in (("first", ids_before - ids_after), ("second", ids_after - ids_before)):
        if only:
            problems.append(f"{len(only)} villages in the {which} plan only: {list_offenders(sorted(only))}")
    if problems:
        raise BadDataError("the two plans are not of the same area: compare plans of one area", problems)
    stations = compare_stations(before.stations, after.stations)
    villages = after.area.village_by_id
    people = {}
    for change in Change:
        changed = [villages[point.demand_id] for point in stations.service_points.of(change)]
        people[change] = PeopleCount(
            villages=len(changed),
            population=sum(village.population for village in changed),
            households=sum(village.households for village in changed),
            poor_villages=sum(village.registered_poor for village in changed),
            poor_households=sum(village.poor_households for village in changed),
        )
    return PlanComparison(
        before_id=before.id,
        after_id=after.id,
        area_id=after.area.id,
        same_roads=(before.roads.vehicle, before.roads.season) == (after.roads.vehicle, after.roads.season),
        stations=stations,
        people=people,
        money=tuple(
            SourceMoney(source=source, before_fen=_fen(before, source), after_fen=_fen(after, source))
            for source in FundingSource
        )
        if before.subsidies is not None or after.subsidies is not None
        else (),
    )


def _fen(plan: NetworkPlan, source: FundingSource) -> int | None:
    return None if plan.subsidies is None else plan.subsidies.fen(source=source)
