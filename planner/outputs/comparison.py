"""Two networks side by side: what changes for the area, with the names and people that go with the ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from planner.config import FundingSource
from planner.coverage.appraise import Change, StationComparison, Way, compare_stations
from planner.errors import BadDataError, Message
from planner.model import StudyArea, Tier, Village
from planner.plans import NetworkPlan, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleCount:
    """Who is behind the villages of one kind of change, by the figures of the later plan that has them."""

    villages: int
    population: int
    households: int
    poor_villages: int
    poor_households: int

    @classmethod
    def of(cls, villages: Iterable[Village]) -> PeopleCount:
        """Return the sums over some villages."""
        counted = list(villages)
        return cls(
            villages=len(counted),
            population=sum(village.population for village in counted),
            households=sum(village.households for village in counted),
            poor_villages=sum(village.registered_poor for village in counted),
            poor_households=sum(village.poor_households for village in counted),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMoney:
    """What one source pays in each plan, in fen; None where the plan has no subsidies."""

    source: FundingSource
    before_fen: int | None
    after_fen: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageMove:
    """A village that hands over at another place than before, with the seconds there; None for no place or time known."""

    village_id: str
    before_site_id: str | None
    after_site_id: str | None
    before_s: float | None
    after_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageChange:
    """What is open at a stage of both plans, sites of one tier by id, and the people served by then.

    ``not_yet`` were open by then in the first plan and open at a later stage of the second; ``closed`` never do.
    """

    name: str
    tier: Tier
    opened: tuple[str, ...]
    not_yet: tuple[str, ...]
    closed: tuple[str, ...]
    kept: tuple[str, ...]
    before_population: int
    after_population: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanComparison:
    """What changes from one network to another: both tiers, the people behind each kind of change, and the money.

    ``stages`` compare those that both have by name. ``removed`` and ``added`` are villages that only one plan has, counted
    in ``removed_people`` and ``added_people``; all else is about those of both, ways are those to where they hand over.
    """

    before_id: str
    after_id: str
    area_id: str
    same_roads: bool
    stations: StationComparison
    people: dict[Change, PeopleCount]
    money: tuple[SourceMoney, ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]
    removed_people: PeopleCount
    added_people: PeopleCount
    moved: tuple[VillageMove, ...]
    stages: tuple[StageChange, ...]


def refuse_other_area(before: StudyArea, after: StudyArea) -> None:
    """Refuse to compare plans of different areas.

    Raises
    ------
    BadDataError
        If they are; both are named.
    """
    if before.id != after.id:
        found = Message("the first plan is of {before}, the second of {after}", before=before.id, after=after.id)
        raise BadDataError(Message("the two plans are not of the same area: compare plans of one area"), [found])


def compare_plans(before: NetworkPlan, after: NetworkPlan) -> PlanComparison:
    """Return what changes from one network of an area to another; villages may be added or removed between them.

    ``same_roads`` is whether both rest on the same vehicle and season: if not, ways change without a site being changed.

    Raises
    ------
    BadDataError
        If the plans are of different areas.
    """
    refuse_other_area(before.area, after.area)
    stations = compare_stations(before.stations, after.stations, (_ways(before), _ways(after)))
    old, new = before.area.village_by_id, after.area.village_by_id
    removed, added = sorted(old.keys() - new.keys()), sorted(new.keys() - old.keys())
    return PlanComparison(
        before_id=before.id,
        after_id=after.id,
        area_id=after.area.id,
        same_roads=(before.roads.vehicle, before.roads.season) == (after.roads.vehicle, after.roads.season),
        stations=stations,
        people={
            change: PeopleCount.of(new[point.demand_id] for point in stations.service_points.of(change))
            for change in Change
        },
        money=_money(before, after),
        removed=tuple(removed),
        added=tuple(added),
        removed_people=PeopleCount.of(old[id_] for id_ in removed),
        added_people=PeopleCount.of(new[id_] for id_ in added),
        moved=tuple(_moves(before, after)),
        stages=tuple(_stages(before, after)),
    )


def _ways(plan: NetworkPlan) -> dict[str, Way]:
    return {
        id_: Way(one.site_id, float("inf") if one.duration_s is None else one.duration_s, one.covered)
        for id_, one in plan.hand_over.items()
    }


def _money(before: NetworkPlan, after: NetworkPlan) -> tuple[SourceMoney, ...]:
    if before.subsidies is None and after.subsidies is None:
        return ()
    return tuple(
        SourceMoney(source=source, before_fen=_fen(before, source), after_fen=_fen(after, source))
        for source in FundingSource
    )


def _fen(plan: NetworkPlan, source: FundingSource) -> int | None:
    return None if plan.subsidies is None else plan.subsidies.fen(source=source)


def _moves(before: NetworkPlan, after: NetworkPlan) -> Iterable[VillageMove]:
    for id_ in sorted(before.hand_over.keys() & after.hand_over.keys()):
        old, new = before.hand_over[id_], after.hand_over[id_]
        if old.site_id != new.site_id:
            yield VillageMove(
                village_id=id_,
                before_site_id=old.site_id,
                after_site_id=new.site_id,
                before_s=old.duration_s,
                after_s=new.duration_s,
            )


def _stages(before: NetworkPlan, after: NetworkPlan) -> Iterable[StageChange]:
    earlier = {stage.name: stage for stage in before.stages}
    for number, stage in enumerate(after.stages):
        if stage.name not in earlier:
            continue
        for tier in (Tier.SERVICE_POINT, Tier.EXPRESS_STATION):
            old, new = _opened(before, earlier[stage.name], tier), _opened(after, stage, tier)
            later = set[str]().union(*(_opened(after, one, tier) for one in after.stages[number + 1 :]))
            yield StageChange(
                name=stage.name,
                tier=tier,
                opened=tuple(sorted(new - old)),
                not_yet=tuple(sorted((old & later) - new)),
                closed=tuple(sorted(old - new - later)),
                kept=tuple(sorted(old & new)),
                before_population=_served(before, earlier[stage.name]),
                after_population=_served(after, stage),
            )


def _opened(plan: NetworkPlan, stage: Stage, tier: Tier) -> set[str]:
    return {id_ for id_ in stage.opened if plan.area.site_by_id[id_].tier is tier}


def _served(plan: NetworkPlan, stage: Stage) -> int:
    return sum(plan.area.village_by_id[one.village_id].population for one in stage.hand_over if one.covered)
