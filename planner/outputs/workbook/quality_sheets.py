"""How good a result is: models, bounds, gaps, the seed, and the roads behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from planner.coverage import CoverageSolution
from planner.model import Tier
from planner.outputs.about_roads import closed_text, odd_tag_texts, road_row, turn_rules_text
from planner.outputs.objectives import objective_divisor, objective_unit
from planner.outputs.workbook.cells import Formula, Share, Sheet, Yuan, whole, yes_no
from planner.plans import DayPlan, NetworkPlan, RoadSummary
from planner.units import shown_limit
from planner.words import say, sentence, term

Row = tuple[str, object, str]
"""What, its value, and its unit or a remark."""


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
    cost, bound = Yuan(round(plan.routes.cost_yuan, 2)), Yuan(round(plan.routes.lower_bound_yuan, 2))
    rows: list[Row] = [
        (say("Found by"), sentence(plan.routes.found_by(), {}), ""),
        (say("Cost"), cost, say("yuan")),
        (say("No plan costs less than"), bound, say("yuan")),
        (
            say("Gap"),
            Formula("(B[1]-B[2])/B[1]", Share((cost - bound) / cost)) if cost else "",
            say("of the cost, at most"),
        ),
    ]
    return _sheet(say("How good"), [*rows, *_seed(plan), *_roads(plan.roads)])


def _sheet(title: str, rows: Iterable[Row]) -> Sheet:
    return Sheet(title, [say("Item"), say("Figure"), say("Unit, remark")], list(rows))


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
