"""Why each township is served as it is: what it costs directly and by station, all others served as they are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from planner.service.tiers.breaches import breaches, parts
from planner.service.tiers.day_chain import DayChain
from planner.service.tiers.problem import TierPoint, TierProblem
from planner.service.tiers.solution import Missed, TownshipChoice, TownshipReason, TownshipWay
from planner.service.tiers.timetable import Timetables

Pairs = tuple[tuple[str, str], ...]


def choices(problem: TierProblem, made: Timetables, best: DayChain) -> tuple[TownshipChoice, ...]:
    """Return the choice for each township, by id, with both costs at the same effort."""
    return tuple(_choices(problem, made, best))


def _choices(problem: TierProblem, made: Timetables, best: DayChain) -> Iterator[TownshipChoice]:
    for township in sorted({point.township_id for point in problem.points}):
        at = [i for i, point in enumerate(problem.points) if point.township_id == township]
        points = [problem.points[i] for i in at]
        without = made.of(tuple(None if i in set(at) else way for i, way in enumerate(best.ways)), best)
        direct = station = part = None
        own, breaks, by_part = {point.stop.id for point in points}, list[Missed](), Pairs()
        if all(point.direct for point in points):
            direct, tried = _added(made, best, dict.fromkeys(at, ""), without, points)
            breaks += [] if direct is not None else breaches(problem, made, tried, own)
        if any(point.station_ids for point in points):
            now = {i: best.ways[i] or next(iter(problem.points[i].station_ids), "") for i in at}
            station, tried = _added(made, best, now, without, points)
            if station is None:
                breaks += breaches(problem, made, tried, own)
                part, by_part = _part(problem, made, best, tried, without, at)
        missed = {one.point_id for one in best.missed}.intersection(point.stop.id for point in points)
        ways = [best.ways[i] for i in at]
        way = TownshipWay.NOT_WHOLLY if missed else _way(problem, points, ways)
        yield TownshipChoice(
            township_id=township,
            way=way,
            reason=_reason(way, points, direct, station),
            direct_yuan=direct,
            station_yuan=station,
            own_yuan=None if missed else best.cost.total_yuan - without.cost.total_yuan,
            direct_ids=tuple(point.stop.id for point, one in zip(points, ways, strict=True) if not one),
            by_station=tuple((point.stop.id, one) for point, one in zip(points, ways, strict=True) if one),
            part_yuan=part,
            part_by_station=by_part,
            breaks=tuple(breaks),
        )


def given_choices(problem: TierProblem, plan: DayChain) -> tuple[TownshipChoice, ...]:
    """Return how each township is served where every point has one way: nothing is compared."""
    missed = {one.point_id for one in plan.missed}
    found = []
    for township in sorted({point.township_id for point in problem.points}):
        inside = [(p, w) for p, w in zip(problem.points, plan.ways, strict=True) if p.township_id == township]
        ways = {point.stop.id: one for point, one in inside}
        way = _way(problem, [point for point, _ in inside], list(ways.values()))
        way = TownshipWay.NOT_WHOLLY if missed.intersection(ways) else way
        whole = way is not TownshipWay.NOT_WHOLLY
        found.append(
            TownshipChoice(
                township_id=township,
                way=way,
                reason=TownshipReason.OTHER_NOT_ALLOWED if whole else TownshipReason.NEITHER_WHOLE,
                direct_yuan=None,
                station_yuan=None,
                own_yuan=None,
                direct_ids=tuple(id_ for id_, one in ways.items() if not one),
                by_station=tuple((id_, one) for id_, one in ways.items() if one),
            )
        )
    return tuple(found)


def _added(
    made: Timetables, best: DayChain, changed: dict[int, str], without: DayChain, points: Sequence[TierPoint]
) -> tuple[float | None, DayChain]:
    """Return what serving a township so adds to the plan without it, None if it, or anybody else, is then not served."""
    tried = made.of(tuple(changed.get(i, way) for i, way in enumerate(best.ways)), best)
    return _more_yuan(tried, without, {point.stop.id for point in points}), tried


def _more_yuan(tried: DayChain, without: DayChain, own: Collection[str]) -> float | None:
    if any(one.point_id in own for one in tried.missed) or len(tried.missed) > len(without.missed):
        return None
    return tried.cost.total_yuan - without.cost.total_yuan


def _part(
    problem: TierProblem, made: Timetables, best: DayChain, tried: DayChain, without: DayChain, at: Sequence[int]
) -> tuple[float | None, Pairs]:
    """Return what the largest part that a station can serve costs, the rest served directly, and who is in it."""
    own = {problem.points[i].stop.id for i in at}
    for chain in parts(problem, made, tried, best, at):
        yuan = _more_yuan(chain, without, own)
        if yuan is not None:
            return yuan, tuple((problem.points[i].stop.id, way) for i in at if (way := chain.ways[i]))
    return None, ()


def _way(problem: TierProblem, points: Sequence[TierPoint], ways: Sequence[str | None]) -> TownshipWay:
    """Return the way of a township: by station if all do but what is handed over at a station itself."""
    if not any(ways):
        return TownshipWay.DIRECT
    stations = {station.id for station in problem.stations}
    whole = all(way for point, way in zip(points, ways, strict=True) if point.stop.place not in stations)
    return TownshipWay.STATION if whole else TownshipWay.IN_PART


def _reason(
    way: TownshipWay, points: Sequence[TierPoint], direct: float | None, station: float | None
) -> TownshipReason:
    if way is TownshipWay.NOT_WHOLLY:
        return TownshipReason.NEITHER_WHOLE
    if way is TownshipWay.IN_PART:
        both_break = direct is None and station is None
        return TownshipReason.NEITHER_WHOLE if both_break else TownshipReason.PARTS_CHEAPER
    other, allowed = (
        (station, any(point.station_ids for point in points))
        if way is TownshipWay.DIRECT
        else (direct, all(point.direct for point in points))
    )
    if not allowed:
        return TownshipReason.OTHER_NOT_ALLOWED
    return TownshipReason.CHEAPER if other is not None else TownshipReason.OTHER_BREAKS_STANDARD
