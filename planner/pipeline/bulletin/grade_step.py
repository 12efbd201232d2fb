"""The way to the county's next commercial grade: the cheapest villages for a shop and townships for a centre of trade."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from planner.config import Objective
from planner.coverage import CoverageProblem, SitingRules
from planner.coverage.solve import solve_coverage
from planner.model import Site, SiteStatus, Text, Tier, Township, Village, said
from planner.pipeline.bulletin.definitions import grade_rules
from planner.pipeline.bulletin.formulas_of_services import county_grade
from planner.pipeline.bulletin.month_facts import MonthFacts
from planner.plans.bulletin import COUNTY, BulletinPlace, GradeStep

_NEARLY = 1e-9


class _Missing(NamedTuple):
    """A place that lacks what the grade counts, what it costs there in yuan, and whether it may stand there at all."""

    place_id: str
    cost_yuan: float
    allowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The places that are cheapest together, what they cost, and what no other choice undercuts; None: there is none."""

    place_ids: tuple[str, ...]
    cost_yuan: float
    lower_bound_yuan: float


def grade_step(facts: MonthFacts) -> GradeStep | None:
    """Return the cheapest way to the next grade; None where the grade is not known, or the highest.

    A shop stands where the village's service point would, a centre where the township's express station would; each costs
    what opening that site costs, or what ``[bulletin]`` says. Where such a site is forbidden there is none.
    """
    grade = county_grade(facts)[COUNTY].value
    floors = grade_rules()["centre_m2"]
    if grade is None or grade >= len(floors):
        return None
    if grade > 0:
        lacking = floors[int(grade)] - (facts.config.county_centre_m2 or 0.0)
        return GradeStep(grade=int(grade) + 1, cost_yuan=None, centre_m2=lacking)
    area, config, least = facts.area, facts.config, grade_rules()["share"]
    shops = _cheapest(
        _missing_of(
            facts, [one.id for one in area.villages if not one.shop], Tier.SERVICE_POINT, config.shop_cost_yuan
        ),
        _needed(least, area.villages_total, sum(bool(one.shop) for one in area.villages)),
    )
    centres = _cheapest(
        _missing_of(
            facts,
            [one.id for one in area.townships if not one.trade_centre],
            Tier.EXPRESS_STATION,
            config.trade_centre_cost_yuan,
        ),
        _needed(least, len(area.townships), sum(bool(one.trade_centre) for one in area.townships)),
    )
    if shops is None or centres is None:
        return GradeStep(grade=1, reason=said("no choice of allowed sites reaches the shares that the grade asks for"))
    return GradeStep(
        grade=1,
        shops=tuple(_place(area.village_by_id[id_]) for id_ in shops.place_ids),
        centres=tuple(_place(area.township_by_id[id_]) for id_ in centres.place_ids),
        cost_yuan=shops.cost_yuan + centres.cost_yuan,
        lower_bound_yuan=shops.lower_bound_yuan + centres.lower_bound_yuan,
    )


def _place(place: Village | Township) -> BulletinPlace:
    return BulletinPlace(id=place.id, name=Text(place.name_latin or place.name, place.name))


def _needed(least: float, whole: int, there: int) -> int:
    """Return how many more places must have one for their share to be reached."""
    return max(0, math.ceil(least * whole - _NEARLY) - there)


def _missing_of(facts: MonthFacts, place_ids: Sequence[str], tier: Tier, cost_yuan: float | None) -> list[_Missing]:
    at: dict[str, Site] = {site.place_id: site for site in facts.area.sites_of(tier)}
    found = []
    for id_ in place_ids:
        site = at.get(id_)
        own = None if site is None else site.opening_cost_yuan
        price = cost_yuan if cost_yuan is not None else own
        allowed = price is not None and (site is None or site.status is not SiteStatus.FORBIDDEN)
        found.append(_Missing(id_, price or 0.0, allowed))
    return found


def _cheapest(missing: Sequence[_Missing], needed: int) -> Chosen | None:
    """Return the cheapest of the places that are missing so that as many as are needed have one.

    A covering problem in which each place is covered by the site in it alone: least cost of sites that cover a share of
    all places (fixed charge with partial cover, no cost of travel).
    """
    if needed == 0:
        return Chosen(place_ids=(), cost_yuan=0.0, lower_bound_yuan=0.0)
    if sum(one.allowed for one in missing) < needed:
        return None
    size = len(missing)
    durations = np.full((size, size), np.inf)
    np.fill_diagonal(durations, 0.0)
    ids = tuple(one.place_id for one in missing)
    problem = CoverageProblem(
        objective=Objective.FIXED_CHARGE,
        demand_ids=ids,
        site_ids=ids,
        durations_s=durations,
        standard_s=1.0,
        weights=np.ones(size),
        population=np.ones(size),
        households=np.ones(size),
        registered_poor=np.zeros(size, dtype=np.bool_),
        mandatory=np.zeros(size, dtype=np.bool_),
        opening_cost_yuan=np.array([one.cost_yuan for one in missing]),
        existing=np.zeros(size, dtype=np.bool_),
        forbidden=np.array([not one.allowed for one in missing], dtype=np.bool_),
        rules=SitingRules(covered_share=(needed - 0.5) / size),  # half a place less: nothing is lost to rounding
    )
    solution = solve_coverage(problem)
    if not solution.found:
        return None
    return Chosen(
        place_ids=tuple(solution.opened),
        cost_yuan=solution.opening_cost_yuan,
        lower_bound_yuan=solution.opening_cost_yuan if solution.bound is None else solution.bound,
    )
