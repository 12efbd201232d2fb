"""What the command line shows of two networks, or two days, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console

from planner.cli.table_layout import table_of
from planner.coverage.appraise import Change, CoverageComparison, PointChange, format_fen
from planner.model import Tier
from planner.outputs.comparison import PeopleCount, PlanComparison
from planner.outputs.conflicts import named_conflicts
from planner.outputs.day_comparison import DayComparison, DayTotals
from planner.outputs.fleet_names import FleetNames
from planner.outputs.names import StopNames, day_stop_names, spoken_name, stop_names
from planner.plans import DayPlan, NetworkPlan
from planner.words import figures, say, term

_SHOWN = 15


def print_comparison(console: Console, before: NetworkPlan, after: NetworkPlan, found: PlanComparison) -> None:
    """Show sites opened and closed, villages gained and lost, added and removed, people and money."""
    console.print(f"{spoken_name(after.area)}: {found.before_id} → {found.after_id}", soft_wrap=True)
    if _print_conflicts(console, before, after):
        return
    points = found.stations.service_points
    _print_differences(console, found)
    _print_sites(console, found)
    _print_reach(console, points)
    _print_people(console, found)
    _print_money(console, found)
    lines = [*_villages(before, found.removed, say("no longer there")), *_villages(after, found.added, say("new"))]
    lines += [_point(after, points, change) for kind in (Change.LOST, Change.GAINED) for change in points.of(kind)]
    _print_some(console, lines)
    names = {**stop_names(before.area, spoken_name), **stop_names(after.area, spoken_name)}
    moves = [
        say(
            "{village} hands over at {after}, not {before}",
            village=f"{spoken_name(after.area.village_by_id[move.village_id])} {move.village_id}",
            before=names.get(move.before_site_id or "", "-"),
            after=names.get(move.after_site_id or "", "-"),
        )
        for move in found.moved
    ]
    _print_some(console, moves)


def _print_conflicts(console: Console, before: NetworkPlan, after: NetworkPlan) -> bool:
    """Say which of the networks has no solution, and why; return whether one has none."""
    without = False
    for plan in (before, after):
        points, stations = plan.stations.service_points, plan.stations.express_stations
        if points.found and stations.found:
            continue
        without = True
        said = say("{id} has no solution, so that there is nothing to compare:", id=plan.id)
        console.print(said, style="yellow", highlight=False, soft_wrap=True)
        above = named_conflicts(plan.area, stations.conflicts, Tier.EXPRESS_STATION)
        for why in (*named_conflicts(plan.area, points.conflicts), *above):
            console.print(f"  {why}", highlight=False, soft_wrap=True)
    return without


def _print_money(console: Console, found: PlanComparison) -> None:
    """Show what each source pays in both plans, and all together."""
    if not found.money:
        return
    before, after = _sum(one.before_fen for one in found.money), _sum(one.after_fen for one in found.money)
    rows = [(term(one.source), one.before_fen, one.after_fen) for one in found.money]
    for what, was_fen, now_fen in (*rows, (term("total"), before, after)):
        was, now = ("-" if fen is None else format_fen(fen) for fen in (was_fen, now_fen))
        said = say("{source}: {before} → {after} yuan", source=what, before=was, after=now)
        console.print(f"  {said}", highlight=False)


def _sum(fen: Iterable[int | None]) -> int | None:
    known = [one for one in fen if one is not None]
    return sum(known) if known else None


def _print_some(console: Console, lines: Sequence[str]) -> None:
    for line in lines[:_SHOWN]:
        console.print(f"  {line}", highlight=False, soft_wrap=True)
    if len(lines) > _SHOWN:
        console.print(f"  {say('... and {count} more (--json lists all)', count=len(lines) - _SHOWN)}", highlight=False)


def _print_differences(console: Console, found: PlanComparison) -> None:
    if not found.same_roads:
        console.print(say("the plans rest on different vehicles or seasons"), style="yellow")
    for tier, compared in _tiers(found):
        if not compared.same_standard:
            line = say(
                "{tier}: different standards, {before} → {after}",
                tier=term(tier),
                before=figures.limit(compared.before_standard_s),
                after=figures.limit(compared.after_standard_s),
            )
            console.print(line, style="yellow")


def _tiers(found: PlanComparison) -> tuple[tuple[Tier, CoverageComparison], ...]:
    stations = found.stations
    return (Tier.SERVICE_POINT, stations.service_points), (Tier.EXPRESS_STATION, stations.express_stations)


def _print_sites(console: Console, found: PlanComparison) -> None:
    table = table_of("", say("opened"), say("closed"), say("kept"), say("yuan before"), say("yuan after"))
    for tier, compared in _tiers(found):
        sites = (str(len(ids)) for ids in (compared.opened, compared.closed, compared.kept))
        table.add_row(term(tier), *sites, f"{compared.before_cost_yuan:,.0f}", f"{compared.after_cost_yuan:,.0f}")
    console.print(table)
    if len(found.stages) <= len(Tier):  # one stage: the table above says it
        return
    headings = (say("opened"), say("not open yet"), say("closed"), say("kept"), say("People served"))
    table = table_of(say("Stage"), "", *headings)
    for stage in found.stages:
        sites = (str(len(ids)) for ids in (stage.opened, stage.not_yet, stage.closed, stage.kept))
        people = f"{stage.before_population:,} → {stage.after_population:,}"
        table.add_row(stage.name, term(stage.tier), *sites, people if stage.tier is Tier.SERVICE_POINT else "")
    console.print(table)


def _print_reach(console: Console, points: CoverageComparison) -> None:
    before, after = points.before, points.after
    for what, was, now in (
        (say("Villages served"), before.villages, after.villages),
        (say("People served"), before.population, after.population),
        (say("Registered poor villages served"), before.poor_villages, after.poor_villages),
    ):
        console.print(say("{what}: {text}", what=what, text=f"{was:,} → {now:,}"), highlight=False)


def _print_people(console: Console, found: PlanComparison) -> None:
    headings = (say("Villages"), say("People"), say("Households"), say("Poor villages"), say("Poor households"))
    table = table_of("", *headings)
    rows = [(term(change), people) for change, people in found.people.items()]
    if found.removed:
        rows.append((say("no longer there"), found.removed_people))
    if found.added:
        rows.append((say("new"), found.added_people))
    for what, people in rows:
        table.add_row(what, *(f"{figure:,}" for figure in _figures(people)))
    console.print(table)


def _figures(people: PeopleCount) -> tuple[int, ...]:
    return (people.villages, people.population, people.households, people.poor_villages, people.poor_households)


def _villages(plan: NetworkPlan, ids: Sequence[str], what: str) -> list[str]:
    villages = (plan.area.village_by_id[id_] for id_ in ids)
    return [
        say("{what}: {text}", what=what, text=f"{spoken_name(one)} {one.id}, {figures.people(one.population)}")
        for one in villages
    ]


def _point(plan: NetworkPlan, points: CoverageComparison, change: PointChange) -> str:
    village = plan.area.village_by_id[change.demand_id]
    was = "-" if change.before_s is None else figures.minutes(change.before_s, points.before_standard_s)
    now = "-" if change.after_s is None else figures.minutes(change.after_s, points.after_standard_s)
    line = say("{what}: {text}", what=term(change.change), text=f"{spoken_name(village)} {village.id}, {was} → {now}")
    return say("{line} (by the standard alone)", line=line) if change.by_standard_alone else line


def print_day_comparison(console: Console, before: DayPlan, after: DayPlan, found: DayComparison) -> None:
    """Show what both days come to, and the stops that one has alone or that move."""
    old, new = found.before, found.after
    console.print(f"{spoken_name(after.area)}: {old.id} → {new.id}", soft_wrap=True)
    for what, was, now in (
        (say("Date"), old.date, new.date),
        (say("Network"), old.network_id, new.network_id),
        (say("Stage"), old.stage, new.stage),
        (say("Season"), term(old.season), term(new.season)),
    ):
        if was != now:
            console.print(say("{what}: {text}", what=what, text=f"{was or '-'} → {now or '-'}"), style="yellow")
    table = table_of("", old.date, new.date)
    for row in zip(_names_of_totals(), _totals(old), _totals(new), strict=True):
        table.add_row(*row)
    console.print(table)
    names = StopNames({**day_stop_names(before, spoken_name), **day_stop_names(after, spoken_name)})
    was_called, is_called = FleetNames.of(before).called, FleetNames.of(after).called
    lines = [
        say("{what}: {text}", what=say("only on {date}", date=date), text=f"{names[id_]} {id_}")
        if old.date != new.date
        else say("{what}: {text}", what=what, text=f"{names[id_]} {id_}")
        for date, what, ids in (
            (old.date, say("no longer there"), found.only_before),
            (new.date, say("new"), found.only_after),
        )
        for id_ in ids
    ]
    lines += [
        say(
            "{stop}: {before} → {after}",
            stop=f"{names[move.stop_id]} {move.stop_id}",
            before=f"{was_called(move.before_vehicle_id)} {figures.clock(move.before_s)}",
            after=f"{is_called(move.after_vehicle_id)} {figures.clock(move.after_s)}",
        )
        for move in found.moved
    ]
    _print_some(console, lines)


def _names_of_totals() -> tuple[str, ...]:
    return (
        *(say("Vehicles"), say("Stops"), say("Parcels down"), say("Parcels up"), say("Distance"), say("Driving")),
        *(say("Walking"), say("Cost"), say("Stops on no route")),
    )


def _totals(day: DayTotals) -> tuple[str, ...]:
    return (
        *(str(day.vehicles), str(day.stops), f"{day.parcels_down:,.0f}", f"{day.parcels_up:,.0f}"),
        *(figures.kilometres(day.distance_m), figures.minutes(day.driving_s)),
        "-" if day.walking_s is None else figures.minutes(day.walking_s),
        figures.price(day.cost_yuan),
        str(day.unassigned),
    )
