"""What changes from one siting answer to another: sites, villages, people and money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from planner.coverage.solution import CoverageSolution, StationPlan
from planner.errors import BadDataError, Message, list_offenders

SAME_WITHIN_S = 1.0
"""Ways that differ by less are the same: nobody plans by the second."""


class Change(StrEnum):
    """What became of a point: covered now, not covered any more, or served the same way at another speed."""

    GAINED = "gained"
    LOST = "lost"
    FASTER = "faster"
    SLOWER = "slower"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointChange:
    """One point whose service changed, with the ways to the serving (or nearest open) site; None where no way leads.

    ``by_standard_alone``: it was gained or lost because the two standards differ: its way is no shorter (gained) or no
    longer (lost) than before, and on the other side of the other answer's standard.
    """

    demand_id: str
    change: Change
    before_site_id: str | None
    after_site_id: str | None
    before_s: float | None
    after_s: float | None
    by_standard_alone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredTotals:
    """How much of each total is covered."""

    villages: int
    population: int
    households: int
    poor_villages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageComparison:
    """Two answers side by side; sites and points are sorted by id.

    ``points`` holds those asked about in both answers whose service changed; ``unchanged`` counts the others.
    ``only_before`` and ``only_after`` are points asked about in one answer alone: villages that only one plan has, and
    between the stations of two plans, whose points are the service points that each opens. Money is that for
    opening new sites and for closing existing ones.
    """

    before_standard_s: float
    after_standard_s: float
    opened: tuple[str, ...]
    closed: tuple[str, ...]
    kept: tuple[str, ...]
    points: tuple[PointChange, ...]
    unchanged: int
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    before: CoveredTotals
    after: CoveredTotals
    before_cost_yuan: float
    after_cost_yuan: float

    @property
    def same_standard(self) -> bool:
        """Whether both call the same way covered; otherwise what is gained and lost is not the sites' doing alone."""
        return self.before_standard_s == self.after_standard_s

    def of(self, change: Change) -> tuple[PointChange, ...]:
        """Return the points that changed in this way, by id."""
        return tuple(point for point in self.points if point.change is change)


@dataclass(frozen=True, slots=True, kw_only=True)
class StationComparison:
    """Both tiers of two plans side by side."""

    service_points: CoverageComparison
    express_stations: CoverageComparison


@dataclass(frozen=True, slots=True)
class Way:
    """Where a point goes, None if nowhere, how many seconds that takes (``inf`` if not known), and if it is covered."""

    site_id: str | None
    seconds: float
    covered: bool


def compare_stations(
    before: StationPlan, after: StationPlan, ways: tuple[Mapping[str, Way], Mapping[str, Way]] | None = None
) -> StationComparison:
    """Return what changes from one plan of an area to another, tier by tier; villages may be added or removed between them.

    ``ways`` of the villages by id, before and after, are where they really hand over; without, where siting assigns them.
    """
    return StationComparison(
        service_points=_compare(before.service_points, after.service_points, ways),
        express_stations=_compare(before.express_stations, after.express_stations),
    )


def compare_coverage(before: CoverageSolution, after: CoverageSolution) -> CoverageComparison:
    """Return what changes from one answer to another about the same points, whatever their standards and objectives.

    Raises
    ------
    BadDataError
        If the answers are about different points; those in one of them only are named.
    """
    comparison = _compare(before, after)
    problems = [
        Message("points in the {which} answer only: {offenders}", which=which, offenders=list_offenders(ids))
        for which, ids in ((Message("first"), comparison.only_before), (Message("second"), comparison.only_after))
        if ids
    ]
    if problems:
        raise BadDataError(Message("the two answers are not about the same area: compare plans of one area"), problems)
    return comparison


def _compare(
    before: CoverageSolution,
    after: CoverageSolution,
    ways: tuple[Mapping[str, Way], Mapping[str, Way]] | None = None,
) -> CoverageComparison:
    first, second = ways or (_ways(before), _ways(after))
    both = sorted(first.keys() & second.keys())
    changes = [
        _change(id_, first[id_], second[id_], before.standard_s, after.standard_s)
        for id_ in both
        if _differs(first[id_], second[id_])
    ]
    sites_before, sites_after = set(before.opened), set(after.opened)
    return CoverageComparison(
        before_standard_s=before.standard_s,
        after_standard_s=after.standard_s,
        opened=tuple(sorted(sites_after - sites_before)),
        closed=tuple(sorted(sites_before - sites_after)),
        kept=tuple(sorted(sites_before & sites_after)),
        points=tuple(changes),
        unchanged=len(both) - len(changes),
        only_before=tuple(sorted(first.keys() - second.keys())),
        only_after=tuple(sorted(second.keys() - first.keys())),
        before=_totals(before),
        after=_totals(after),
        before_cost_yuan=before.opening_cost_yuan + before.closing_cost_yuan,
        after_cost_yuan=after.opening_cost_yuan + after.closing_cost_yuan,
    )


def _ways(solution: CoverageSolution) -> dict[str, Way]:
    found = {a.demand_id: Way(a.site_id, a.duration_s, True) for a in solution.assignments}
    for left in solution.uncovered:
        served = left.served_duration_s is not None
        seconds = left.served_duration_s if served else left.nearest_duration_s
        site_id = left.served_by_site_id if served else left.nearest_site_id
        found[left.demand_id] = Way(site_id, float("inf") if seconds is None else seconds, False)
    return found


def _shorter(way: Way, than: Way) -> bool:
    """Return whether a way is shorter by more than is forgiven; no way at all is longer than any, and as long as itself."""
    return way.seconds < than.seconds and way.seconds <= than.seconds - SAME_WITHIN_S


def _differs(before: Way, after: Way) -> bool:
    return before.covered != after.covered or _shorter(after, before) or _shorter(before, after)


def _change(demand_id: str, before: Way, after: Way, before_standard_s: float, after_standard_s: float) -> PointChange:
    if before.covered != after.covered:
        kind = Change.GAINED if after.covered else Change.LOST
    else:
        kind = Change.FASTER if _shorter(after, before) else Change.SLOWER
    by_longer = kind is Change.GAINED and not _shorter(after, before) and after.seconds > before_standard_s
    by_shorter = kind is Change.LOST and not _shorter(before, after) and before.seconds > after_standard_s
    return PointChange(
        demand_id=demand_id,
        change=kind,
        before_site_id=before.site_id,
        after_site_id=after.site_id,
        before_s=before.seconds if before.site_id is not None else None,
        after_s=after.seconds if after.site_id is not None else None,
        by_standard_alone=by_longer or by_shorter,
    )


def _totals(solution: CoverageSolution) -> CoveredTotals:
    """Return the covered amounts: a share times its whole total, which was a whole number before it was divided."""
    shares = solution.shares
    return CoveredTotals(
        villages=round(shares.villages * shares.villages_total),
        population=round(shares.population * shares.population_total),
        households=round(shares.households * shares.households_total),
        poor_villages=round(shares.poor_villages * shares.poor_villages_total),
    )
