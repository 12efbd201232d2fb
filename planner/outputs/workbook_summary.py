"""The first and the last sheet of a workbook: what a bureau reads, and how good the result is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from planner.config import FundingSource
from planner.coverage import CoverageSolution
from planner.coverage.appraise import FEN_PER_YUAN
from planner.model import SiteStatus, Tier
from planner.outputs.about import day_rows
from planner.outputs.about_roads import closed_text, odd_tag_texts, road_row, turn_rules_text
from planner.outputs.conflicts import named_conflicts
from planner.outputs.known_shares import rows_left_out_text
from planner.outputs.names import shown_name
from planner.outputs.notice import marked, notice_of
from planner.outputs.objectives import objective_divisor, objective_unit
from planner.outputs.route_figures import day_figures_of
from planner.outputs.workbook_cells import Share, Sheet, Yuan, stage_name, whole, yes_no
from planner.plans import DayPlan, NetworkPlan, RoadSummary
from planner.plans.area_shares import share_of
from planner.units import shown_limit, shown_minutes
from planner.words import say, sentence, term

Row = tuple[str, object, str]
"""What, its value, and its unit or a remark."""


def network_summary(plan: NetworkPlan) -> Sheet:
    """Return people and villages served and not, sites, money by stage and source, and what is assumed."""
    return _sheet(say("Summary"), [*_served(plan), *_sites(plan), *_money(plan), *_assumed(plan)])


def day_summary(plan: DayPlan) -> Sheet:
    """Return what the day comes to: vehicles, stops, parcels, kilometres, money, and what is not served."""
    routes = plan.routes.routes
    visits = [visit for route in routes for visit in route.visits]
    driving_s, walking_s = day_figures_of(plan)
    down, up = (
        [sum(getattr(visit, which)[d] for visit in visits) for d in (0, 1)] for which in ("delivered", "picked_up")
    )
    rows = plan.area.rows_left_out.villages
    lines: list[Row] = [
        (say("Area"), shown_name(plan.area), ""),
        (say("Day plan"), plan.id, ""),
        (say("Network"), plan.network.id, ""),
        *((what, text, "") for what, text in day_rows(plan)),
        (say("Vehicles"), len(routes), ""),
        (say("Stops"), len(visits), ""),
        (say("Stops on no route"), len(plan.routes.unassigned), ""),
        (say("Villages cut off that day"), len(plan.cut_off), ""),
        (say("Villages that hand over nowhere"), len(plan.without_site), ""),
        *([(say("Villages left out"), rows, rows_left_out_text(plan.area))] if rows else []),
        (say("Parcels down"), whole(down[0]), say("{kg} kg", kg=f"{down[1]:,.0f}")),
        (say("Parcels up"), whole(up[0]), say("{kg} kg", kg=f"{up[1]:,.0f}")),
        (say("Distance"), round(sum(route.distance_m for route in routes) / 1000, 1), say("km")),
        (say("Driving"), shown_minutes(driving_s), say("minutes")),
        (say("Walking"), "-" if walking_s is None else shown_minutes(walking_s), say("minutes")),
        (say("Cost"), Yuan(round(plan.routes.cost_yuan, 2)), marked(say("yuan"), plan.config, "routing.vehicles")),
        *_assumed(plan),
    ]
    return _sheet(say("Summary"), lines)


def network_quality(plan: NetworkPlan) -> Sheet:
    """Return how good siting is: model, status, value, bound and gap of each tier, the seed, and the roads behind it."""
    rows: list[Row] = []
    for tier, solution in (
        (Tier.SERVICE_POINT, plan.stations.service_points),
        (Tier.EXPRESS_STATION, plan.stations.express_stations),
    ):
        rows += _solution(term(tier), solution)
    if plan.phases is not None:
        rows.append((term("phases_together"), term(plan.phases.status), _gap_text(plan.phases.gap)))
        if plan.phases.value is not None:
            rows.append((say("Served, summed over the phases"), whole(round(plan.phases.value, 2)), say("weight")))
        if plan.phases.alone is not None:
            rows.append((say("The same, each phase on its own"), whole(round(plan.phases.alone, 2)), say("weight")))
    return _sheet(say("How good"), [*rows, *_seed(plan), *_roads(plan.roads)])


def day_quality(plan: DayPlan) -> Sheet:
    """Return how good the routes are: cost, lower bound and gap, the seed, and the roads behind them."""
    cost, bound = plan.routes.cost_yuan, plan.routes.lower_bound_yuan
    rows: list[Row] = [
        (say("Found by"), sentence(plan.routes.found_by(), {}), ""),
        (say("Cost"), Yuan(round(cost, 2)), say("yuan")),
        (say("No plan costs less than"), Yuan(round(bound, 2)), say("yuan")),
        (say("Gap"), Share(round((cost - bound) / cost, 4)) if cost else "", say("of the cost, at most")),
    ]
    return _sheet(say("How good"), [*rows, *_seed(plan), *_roads(plan.roads)])


def _sheet(title: str, rows: Iterable[Row]) -> Sheet:
    return Sheet(title, [say("Item"), say("Figure"), say("Unit, remark")], list(rows))


def _served(plan: NetworkPlan) -> Iterator[Row]:
    villages = [(village, plan.hand_over[village.id].covered) for village in plan.area.villages]
    poor = [covered for village, covered in villages if village.registered_poor]
    shares = plan.stations.service_points.shares
    people, homes = shares.population_total, shares.households_total
    served = sum(village.population for village, covered in villages if covered)
    count = sum(covered for _, covered in villages)
    points = plan.stations.service_points
    yield say("Area"), shown_name(plan.area), ""
    yield say("Plan"), plan.id, ""
    for conflict in named_conflicts(plan.area, points.conflicts, registers=True):
        yield say("Cannot be planned"), conflict, ""
    for tier, answer in ((Tier.SERVICE_POINT, points), (Tier.EXPRESS_STATION, plan.stations.express_stations)):
        for demand in named_conflicts(plan.area, answer.relaxed, tier, registers=True):
            yield say("Planned without this demand"), demand, ""
    yield say("People served"), served, say("of {total}", total=f"{people:,}")
    share, total = share_of(plan.area, shares, "population"), plan.area.villages_total
    yield say("Share of people served"), "-" if share is None else Share(round(share, 4)), ""
    yield (
        say("Households served"),
        sum(village.households for village, covered in villages if covered),
        say("of {total}", total=f"{homes:,}"),
    )
    yield say("Villages served"), count, say("of {total}", total=total)
    if shares.poor_villages_total:
        yield say("Registered poor villages served"), sum(poor), say("of {total}", total=shares.poor_villages_total)
    yield say("Villages not served"), total - count, say("see the sheet {title}", title=say("Not covered"))
    if plan.area.rows_left_out.villages:
        yield say("Villages left out"), plan.area.rows_left_out.villages, rows_left_out_text(plan.area)
    known = "" if not plan.area.rows_left_out.without_people else say("as far as known")
    yield say("People not served"), people - served, known
    yield (
        say("Served means: to a service point within"),
        shown_limit(points.standard_s),
        marked(say("minutes, driving and walking"), plan.config, "coverage.service_points"),
    )


def _sites(plan: NetworkPlan) -> Iterator[Row]:
    for tier in (Tier.SERVICE_POINT, Tier.EXPRESS_STATION):
        opened = plan.opened_sites(tier)
        new = sum(site.status is SiteStatus.CANDIDATE for site in opened)
        yield say("{tier}, open", tier=term(tier)), len(opened), say("of these new: {count}", count=new)


def _money(plan: NetworkPlan) -> Iterator[Row]:
    points, stations = plan.stations.service_points, plan.stations.express_stations
    for tier, solution in ((Tier.SERVICE_POINT, points), (Tier.EXPRESS_STATION, stations)):
        yield (
            say("{tier}, opening cost", tier=term(tier)),
            Yuan(round(solution.opening_cost_yuan, 2)),
            marked(say("yuan"), plan.config, f"coverage.{tier.value}s"),
        )
    both = points.opening_cost_yuan + stations.opening_cost_yuan
    yield say("Opening cost, both tiers"), Yuan(round(both, 2)), marked(say("yuan"), plan.config, "coverage")
    closing = points.closing_cost_yuan + stations.closing_cost_yuan
    if closing > 0:
        yield say("Closing cost"), Yuan(round(closing, 2)), say("yuan")
    for phase in () if plan.phases is None else plan.phases.phases:
        name = stage_name(phase.name)
        share = share_of(plan.area, phase.coverage.shares, "population")
        yield say("{stage}: new service points", stage=name), len(phase.added), ""
        yield (
            say("{stage}: people served by then", stage=name),
            "-" if share is None else Share(round(share, 4)),
            "",
        )
    if plan.subsidies is None:
        return
    for stage in (*plan.subsidies.phases, None):
        name = term("all_phases") if stage is None else stage_name(stage)
        for source in (*FundingSource, None):
            yuan = Yuan(plan.subsidies.fen(phase=stage, source=source) / FEN_PER_YUAN)
            payer = term("total" if source is None else source)
            yield (
                say("{stage}: money, {payer}", stage=name, payer=payer),
                yuan,
                marked(say("yuan"), plan.config, "coverage"),
            )


def _assumed(plan: NetworkPlan | DayPlan) -> Iterator[Row]:
    notice = notice_of(plan.area, plan.rests_on)
    if notice.text:
        yield say("Caution"), notice.text, ""
    for part in notice.parts:
        yield say("What this is about"), part, ""


def _solution(tier: str, solution: CoverageSolution) -> Iterator[Row]:
    unit, divisor = objective_unit(solution.objective), objective_divisor(solution.objective)
    yield say("{tier}: model", tier=tier), term(solution.objective), ""
    yield say("{tier}: status", tier=tier), term(solution.status), _gap_text(solution.gap)
    for what, figure in (
        (say("{tier}: value reached", tier=tier), solution.value),
        (say("{tier}: bound, nothing better exists", tier=tier), solution.bound),
    ):
        yield what, "-" if figure is None else whole(round(figure / divisor, 2)), unit
    yield say("{tier}: standard", tier=tier), shown_limit(solution.standard_s), say("minutes")


def _gap_text(gap: float | None) -> str:
    return "" if gap is None else say("gap {gap}", gap=f"{gap:.2%}")


def _seed(plan: NetworkPlan | DayPlan) -> Iterator[Row]:
    if plan.config.get("seed") is not None:
        yield say("Seed"), plan.config["seed"], say("the same seed gives the same plan")


def _roads(roads: RoadSummary) -> Iterator[Row]:
    if roads.on_straight_lines:
        yield road_row(roads)[0], road_row(roads)[1], ""
        return
    yield say("Roads"), round(roads.road_km, 1), say("km")
    yield say("Travel times of"), say("{vehicle}, {season}", vehicle=term(roads.vehicle), season=term(roads.season)), ""
    yield say("Turns cost time"), yes_no(roads.turn_costs), ""
    yield say("Speed limits assumed"), Share(roads.imputed_speed_share), say("of the roads")
    yield say("Surfaces assumed"), Share(roads.imputed_surface_share), say("of the roads")
    yield say("Turn restrictions"), turn_rules_text(roads), ""
    yield from ((say("Tag not understood"), text, "") for text in odd_tag_texts(roads))
    for closed in roads.closures:
        yield term("closure"), closed_text(closed), ""
