"""What the command line shows people: tables of stations, routes and findings, in the language that is spoken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from planner.cli.complaint import told
from planner.cli.table_layout import table_of
from planner.coverage import CoverageSolution
from planner.geodata import Finding, Severity
from planner.geodata.examined import FileReport
from planner.model import StudyArea
from planner.outputs.about_roads import closed_text, road_row
from planner.outputs.conflicts import siting_notices
from planner.outputs.day_page import season_text
from planner.outputs.day_stops import several_visits
from planner.outputs.estimates import estimate_figures, estimate_lines
from planner.outputs.fleet_names import NO_NAMES, FleetNames
from planner.outputs.held_rows import held_rows
from planner.outputs.known_shares import share_known
from planner.outputs.names import NamedPlace, spoken_name
from planner.outputs.notice import caveats, notice_of
from planner.outputs.order_lines import account_figures, orders_details, orders_line, week_line
from planner.outputs.relaxations import reason_text, relaxations_text
from planner.outputs.remark_groups import remark_groups
from planner.outputs.remedies import remedy_text
from planner.outputs.ride_rows import ride_figures
from planner.outputs.route_figures import beside_routes, beside_routes_words, day_figures_of, route_figures, shown_costs
from planner.outputs.route_order import in_natural_order
from planner.outputs.stage_in_force import stage_text
from planner.outputs.station_lines import stations_lines
from planner.plans import DayPlan, NetworkPlan, ReachStudy, RoadSummary, SeasonTravel
from planner.plans.load_share import share_text
from planner.routing import Unassigned
from planner.sandbox import protections
from planner.units import shown_minutes
from planner.words import figures, listed, say, sentence, term

_SHOWN = 15
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


def day_figures(plan: DayPlan, folder: Path) -> dict[str, Any]:
    """Return a day plan's figures for programs."""
    driving_s, walking_s = day_figures_of(plan)
    return {
        "id": plan.id,
        "network_id": plan.network.id,
        "area": plan.area.id,
        "date": plan.date,
        "stage": plan.open_stage.name,
        "folder": str(folder),
        "routes": len(plan.routes.routes),
        "stops": sum(len(plan.at_points(route)) for route in plan.routes.routes),
        "unassigned": plan.routes.unassigned,
        "vehicle": plan.roads.vehicle,
        "season": plan.season,
        "closures": [closed.reason for closed in plan.roads.closures],
        "distance_m": sum(route.distance_m for route in plan.routes.routes),
        "driving_s": driving_s,
        "walking_s": walking_s,
        "vehicles": {route.vehicle_id: route_figures(plan, route) for route in in_natural_order(plan.routes.routes)},
        "cost_yuan": round(plan.cost_yuan, 2),
        **{f"{where}_yuan": yuan for where, yuan in beside_routes(plan).items()},
        **({"rides": list(ride_figures(plan.rides.rides))} if plan.rides else {}),
        "lower_bound_yuan": round(plan.routes.lower_bound_yuan, 2),
        "cut_off": plan.cut_off,
        "demand": estimate_figures(plan),
        **account_figures(plan),
        **caveats(plan.area, plan.rests_on),
    }


def print_day(console: Console, plan: DayPlan, folder: Path) -> None:
    """Show the routes of a day, what of it is not real, and where its files are."""
    console.print(Text.assemble("\n", (f"{spoken_name(plan.area)} {plan.date}", "bold"), f"  {plan.id}"))
    for caution in filter(None, (_nothing_open(plan), season_text(plan), stage_text(plan))):
        console.print(caution, style="yellow", soft_wrap=True)
    print_routes(console, plan)
    for line in filter(
        None, (week_line(plan), *stations_lines(plan), orders_line(plan), *orders_details(plan), *estimate_lines(plan))
    ):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    print_roads(console, plan.roads)
    print_notice(console, plan.area, plan.rests_on)
    console.print(f"→ {folder / 'index.html'}", soft_wrap=True)


def _nothing_open(plan: DayPlan) -> str:
    """Return that the network leaves the day without a place to visit; empty where one is open."""
    if plan.open_stage.opened:
        return ""
    if not (plan.network.stations.service_points.found and plan.network.stations.express_stations.found):
        return say("The network {id} has no solution: nothing is open, and there are no routes", id=plan.network.id)
    return say("Nothing of the network {id} is open on this date: there are no routes", id=plan.network.id)


def print_notice(console: Console, area: StudyArea, config: Mapping[str, Any]) -> None:
    """Show what of an area's data and a plan's figures is synthetic or assumed; nothing where all are real.

    ``config`` has the parts of the configuration that the figures shown rest on (JSON types).
    """
    notice = notice_of(area, config)
    if notice.text:
        said = say("{what}: {text}", what=notice.text, text=say("; ").join(notice.parts))
        console.print(said, highlight=False, soft_wrap=True)


def print_roads(console: Console, roads: RoadSummary) -> None:
    """Show what travel times rest on, and what is closed."""
    what, text = road_row(roads)
    console.print(say("{what}: {text}", what=what, text=text), highlight=False, soft_wrap=True)
    for closed in roads.closures:
        said = say("{what}: {text}", what=term("closure"), text=closed_text(closed))
        console.print(f"  {said}", highlight=False, soft_wrap=True)


def reach_figures(study: ReachStudy, path: Path) -> dict[str, Any]:
    """Return a study of reach for programs."""
    return {
        "file": str(path),
        "area": study.area.id,
        "date": study.date,
        "vehicle": study.roads.vehicle,
        "season": study.roads.season,
        "from": list(study.rings[0].origin_ids),
        "villages": study.area.villages_total,
        **caveats(study.area, study.config),
        "rings": [
            {"minutes": ring.minutes, "villages": len(ring.village_ids), "population": ring.population}
            for ring in study.rings
        ],
    }


def print_reach(console: Console, study: ReachStudy, path: Path) -> None:
    """Show how many villages and people each number of minutes reaches."""
    table = table_of(say("Minutes"), say("Villages"), say("Share of villages"), say("People"))
    whole = study.area.villages_total
    for ring in study.rings:
        reached = len(ring.village_ids)
        table.add_row(
            f"≤ {ring.minutes:g}", str(reached), figures.share(reached / whole), figures.number(ring.population)
        )
    console.print(table)
    print_roads(console, study.roads)
    print_notice(console, study.area, study.config)
    console.print(f"→ {path}", soft_wrap=True)


def print_seasons(
    console: Console, area: StudyArea, seasons: Sequence[SeasonTravel], *, standard_s: float, own: str
) -> None:
    """Show what each season makes of the ways to the open points, and which villages it cuts off."""
    table = table_of(
        *(say("Season"), say("Mean"), say("Longest"), say("Villages beyond the standard"), say("Villages cut off"))
    )
    for row in seasons:
        mean, longest = ("-" if s is None else figures.minutes(s, standard_s) for s in (row.mean_s, row.longest_s))
        mark = " ●" if row.season == own else ""
        table.add_row(f"{term(row.season)}{mark}", mean, longest, str(len(row.beyond)), str(len(row.cut_off)))
    console.print(table)
    console.print(
        say(
            "Standard: {standard}. Mean (weighted by people) and longest are over the villages that reach a point in every "
            "season. ● marks the season sited for.",
            standard=figures.limit(standard_s),
        ),
        style="dim",
    )
    lost: dict[tuple[str, str], list[str]] = {}
    for row in seasons:
        for village_id, reason in row.cut_off.items():
            lost.setdefault((village_id, reason), []).append(term(row.season))
    for (village_id, reason), when in list(lost.items())[:_SHOWN]:
        said = say("{place}: {seasons}: {reason}", place=_village(area, village_id), seasons=when, reason=term(reason))
        console.print(f"  {said}", highlight=False, soft_wrap=True)
    if len(lost) > _SHOWN:
        console.print(f"  {say('... {count} more (--json lists all)', count=len(lost) - _SHOWN)}")


def print_remarks(console: Console, remarks: Sequence[Finding]) -> None:
    """Show what was assumed, doubted or left out when the files were read."""
    groups = remark_groups(remarks)
    for group in groups[:_SHOWN]:
        console.print(f"  {group.text}", highlight=False, style="dim", soft_wrap=True)
    if len(groups) > _SHOWN:
        left = sum(max(1, len(group.each) + group.more) for group in groups[_SHOWN:])
        more = say("... {count} more remarks: planner check lists all", count=left)
        console.print(f"  {more}", style="dim")


def print_stations(console: Console, plan: NetworkPlan) -> None:
    """Show both tiers, and the villages that are not covered with the reason and the cheapest remedy."""
    area, stations = plan.area, plan.stations
    table = table_of(
        *("", say("Open"), say("People"), say("Households"), say("Villages"), say("Poor villages"), say("Gap")),
        say("Status"),
    )
    served = {one.demand_id: one.site_id for one in stations.service_points.assignments}
    linked = {one.demand_id for one in stations.express_stations.assignments}
    for code, solution, covered in (
        ("service_point", stations.service_points, set(served)),
        ("express_station", stations.express_stations, {id_ for id_, point in served.items() if point in linked}),
    ):
        shares = _shares(area, covered) if code == "service_point" or solution.found else ["-"] * 4
        table.add_row(term(code), str(len(solution.opened)), *shares, _gap(solution), term(solution.status))
    console.print(table)
    remark = say(
        "Shares are of all people and villages: for express stations of those whose service point is within {limit} of one.",
        limit=figures.limit(stations.express_stations.standard_s),
    )
    console.print(remark, style="dim")
    for notice in siting_notices(plan):
        console.print(notice, highlight=False, soft_wrap=True)
    if not stations.service_points.found:  # no village has a reason of its own
        return
    uncovered = stations.service_points.uncovered
    found = {remedy.demand_id: remedy for remedy in plan.remedies}
    for left in uncovered[:_SHOWN]:
        why = [term(left.reason), *_way_now(plan, left.demand_id)]
        said = say("{what}: {text}", what=_village(area, left.demand_id), text=listed(why))
        console.print(f"  {said}", highlight=False, soft_wrap=True)
        remedy = remedy_text(area, found.get(left.demand_id))
        if remedy != "-":
            console.print(f"    → {remedy}", highlight=False, soft_wrap=True)
    if len(uncovered) > _SHOWN:
        console.print(f"  {say('... {count} more (--json lists all)', count=len(uncovered) - _SHOWN)}")


def _way_now(plan: NetworkPlan, village_id: str) -> list[str]:
    """Return how far an uncovered village has it to where it hands over, and where that is: at a station, may be."""
    now = plan.hand_over[village_id]
    if now.duration_s is None or now.site_id is None:
        return []
    site = plan.area.site_by_id[now.site_id]
    minutes = figures.minutes(now.duration_s, plan.stations.service_points.standard_s)
    return [say("now {minutes} to {site} ({tier})", minutes=minutes, site=spoken_name(site), tier=term(site.tier))]


def _village(area: StudyArea, village_id: str) -> str:
    """Return a village's name and id."""
    return f"{spoken_name(area.village_by_id[village_id])} {village_id}"


def _shares(area: StudyArea, covered: Set[str]) -> list[str]:
    """Return the shares of people, households, villages and poor villages that these villages are; - of nothing."""
    amounts = [
        (village.id in covered, village.population, village.households, 1, int(village.registered_poor))
        for village in area.villages
    ]
    parts = [sum(one[k] for one in amounts if one[0]) for k in range(1, 5)]
    left_out = area.rows_left_out
    more = (left_out.population, left_out.households, left_out.villages, left_out.poor_villages)
    totals = [sum(one[k] for one in amounts) + more[k - 1] for k in range(1, 5)]
    known = not left_out.without_people
    return [
        share_known(part / total if total else 0.0, total, known=known or k > 1)
        for k, (part, total) in enumerate(zip(parts, totals, strict=True))
    ]


def _gap(solution: CoverageSolution) -> str:
    return "-" if solution.gap is None else f"{solution.gap:.2%}"


def print_routes(console: Console, plan: DayPlan) -> None:
    """Show the routes of the day with their cost, and what is on none of them."""
    table = table_of(
        *(say("Vehicle"), say("Stops"), say("Out"), say("Back"), say("Distance"), say("Driving (min)")),
        *(say("Walking (min)"), say("On duty (h)"), say("Parcels out"), say("kg out"), say("kg in"), say("Full")),
        *(say("Yuan"), say("Yuan a parcel")),
    )
    costs, fleet = shown_costs(plan, 0), FleetNames.of(plan)
    for route in in_natural_order(plan.routes.routes):
        found = route_figures(plan, route)
        parcels, down_kg = (sum(visit.delivered[d] for visit in plan.at_points(route)) for d in (0, 1))
        up_kg = sum(visit.picked_up[1] for visit in plan.at_points(route))
        table.add_row(
            fleet.called(route.vehicle_id),
            str(len(plan.at_points(route))),
            figures.clock(route.start_s),
            figures.clock(route.end_s),
            figures.kilometres(route.distance_m),
            f"{shown_minutes(found.driving_s):.1f}",
            "-" if found.walking_s is None else f"{shown_minutes(found.walking_s):.1f}",
            f"{found.duty_s / 3600:.1f}",
            f"{parcels:.0f}",
            f"{down_kg:.0f}",
            f"{up_kg:.0f}",
            share_text(found.load_share),
            f"{costs[route.vehicle_id]:.0f}",
            "-" if found.parcel_yuan is None else f"{found.parcel_yuan:.2f}",
        )
    for where, yuan in beside_routes(plan, 0).items():
        table.add_row(beside_routes_words()[where], *("" for _ in range(11)), f"{yuan:.0f}", "")
    console.print(table)
    routes = plan.routes
    found_by = sentence(routes.found_by(), {})
    console.print(
        say(
            "{date}: {cost}, at least {bound} by any routes ({found_by})",
            date=plan.date,
            cost=figures.yuan(routes.cost_yuan),
            bound=figures.yuan(routes.lower_bound_yuan),
            found_by=found_by,
        )
    )
    if beside_routes(plan):
        console.print(say("{date}: {cost} in all", date=plan.date, cost=figures.yuan(plan.cost_yuan)))
    console.print(say("Full is the fullest moment, rounded up."), style="dim")
    for text in several_visits(plan):
        console.print(f"  {text}", highlight=False, markup=False, soft_wrap=True)
    for row in held_rows(plan):
        said = say("{what}: {text}", what=row.title, text=row.reason)
        console.print(f"  {said}", style="yellow", highlight=False, markup=False, soft_wrap=True)
        if row.remedy:
            said = say("{what}: {text}", what=term("would_serve"), text=row.remedy)
            console.print(f"    {said}", highlight=False, markup=False, soft_wrap=True)


def print_unassigned(
    console: Console,
    left: Unassigned,
    place: NamedPlace,
    area: StudyArea,
    dimensions: Sequence[str],
    fleet: FleetNames = NO_NAMES,
) -> None:
    """Show a stop that is on no route, why, and what would serve it."""
    where = f"{spoken_name(place)} {left.stop_id}"
    said = say("{what}: {text}", what=where, text=reason_text(left, area.site_by_id, fleet))
    console.print(f"  {said}", soft_wrap=True)
    if left.relaxations:
        said = say("{what}: {text}", what=term("would_serve"), text=relaxations_text(left, dimensions, fleet))
        console.print(f"    {said}", soft_wrap=True)


def print_protections(console: Console) -> None:
    """Say what this system holds the reading of foreign files to, and what it does not."""
    kept = {
        "network": say("no connection, no other program"),
        "files": say("no other file of this machine"),
        "memory": say("memory"),
        "processor": say("processor time"),
    }
    here = protections()
    held = [text for code, text in kept.items() if code in here]
    open_ = [text for code, text in kept.items() if code not in here]
    console.print(say("Foreign files are read apart; this system enforces: {held}", held=listed(held)), highlight=False)
    if open_:
        console.print(say("Not enforced on this system: {open}", open=listed(open_)), style="yellow", highlight=False)


def print_findings(console: Console, files: Sequence[FileReport], findings: Sequence[Finding]) -> None:
    """Show what each file was taken for, and what was found: errors first, those alike in one line."""
    table = table_of(say("File"), say("Kind"), say("Rows"), say("Usable"), say("Columns not used"))
    for file in files:
        table.add_row(file.file, term(file.kind), str(file.rows), str(file.usable), listed(file.unused_columns))
    console.print(table)
    for severity, line in told(findings):
        said = Text.assemble((term(severity), _COLOURS[severity]), f" {line}")
        console.print(said, highlight=False, soft_wrap=True)
    count = Counter(finding.severity for finding in findings)
    errors, warnings, notes = (count[severity] for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTE))
    counted = say(
        "Errors: {errors}; warnings: {warnings}; notes: {notes}", errors=errors, warnings=warnings, notes=notes
    )
    console.print(counted, highlight=False)
