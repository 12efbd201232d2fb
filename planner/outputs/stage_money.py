"""The money of a network stage by stage: budgets, what is spent from them and what is left, for both tiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from planner.coverage.appraise import FEN_PER_YUAN
from planner.model import Site, SiteStatus, Tier
from planner.plans import NetworkPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A budget of a stage in yuan (None: there is none), what earlier stages left to it, and what is spent from it."""

    budget_yuan: float | None
    carried_yuan: float
    spent_yuan: float

    @property
    def available_yuan(self) -> float | None:
        """The budget with what earlier stages left; None without a budget."""
        return None if self.budget_yuan is None else self.budget_yuan + self.carried_yuan

    @property
    def left_yuan(self) -> float | None:
        """What is left of it, below 0 where it is exceeded; None without a budget."""
        return None if self.available_yuan is None else round(self.available_yuan - self.spent_yuan, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageMoney:
    """What is planned in a stage, in yuan; of a plan without phases, in the whole plan.

    ``points`` is the account that service points are opened from: it pays ``points_yuan`` for opening them, what closing
    others costs, and ``running_yuan`` where budgets pay agents and rents (None: they do not). ``stations`` is that of the
    express stations, which pays for opening them. ``all_yuan`` is everything, agents and rents that no budget pays included.
    """

    name: str
    points: Account
    stations: Account
    points_opened: int
    stations_opened: int
    points_yuan: float
    closing_yuan: float
    running_yuan: float | None
    all_yuan: float

    @property
    def building_yuan(self) -> float:
        """What opening the stage's new sites of both tiers costs."""
        return round(self.points_yuan + self.stations.spent_yuan, 2)

    @property
    def has_running(self) -> bool:
        """Whether agents or rents are among all that is planned: unknown ones are not."""
        return round(self.all_yuan - self.building_yuan - self.closing_yuan, 2) > 0

    @property
    def budget_yuan(self) -> float | None:
        """What there is for service points, None without a budget."""
        return self.points.available_yuan

    @property
    def from_budget_yuan(self) -> float:
        """What the budget for service points pays."""
        return self.points.spent_yuan

    @property
    def carried_yuan(self) -> float:
        """What earlier stages left to the budget for service points."""
        return self.points.carried_yuan

    @property
    def beside_yuan(self) -> float:
        """What no budget of the stage pays for."""
        stations = 0.0 if self.stations.budget_yuan is None else self.stations.spent_yuan
        return max(0.0, round(self.all_yuan - self.points.spent_yuan - stations, 2))


def stage_money(plan: NetworkPlan, stage: int) -> StageMoney:
    """Return the money of a stage."""
    return stages_money(plan)[stage]


def stages_money(plan: NetworkPlan) -> list[StageMoney]:
    """Return the money of each stage, one for a plan without phases."""
    section = plan.config.get("coverage") or {}
    if plan.phases is None or not plan.phases.phases:
        return [_whole_plan(plan, section)]
    asked = [*(section.get("phases") or []), *({} for _ in plan.phases.phases)]
    carries, in_budget = bool(section.get("carry_over")), section.get("running_costs") == "in_budget"
    found: list[StageMoney] = []
    for number, phase in enumerate(plan.phases.phases):
        before = found[-1] if found else None
        stations = [
            site for site in _new_sites(plan, Tier.EXPRESS_STATION) if plan.phase_of_site.get(site.id) == number
        ]
        points = _account(
            asked[number].get("budget_yuan"),
            before.points if before and carries else None,
            phase.opening_cost_yuan + phase.running_cost_yuan,
        )
        above = _account(
            asked[number].get("station_budget_yuan"),
            before.stations if before and carries else None,
            sum(site.opening_cost_yuan for site in stations),
        )
        found.append(
            StageMoney(
                name=phase.name,
                points=points,
                stations=above,
                points_opened=len(phase.added),
                stations_opened=len(stations),
                points_yuan=round(phase.opening_cost_yuan, 2),
                closing_yuan=0.0,
                running_yuan=round(phase.running_cost_yuan, 2) if in_budget else None,
                all_yuan=_everything(plan, phase.name, points.spent_yuan + above.spent_yuan),
            )
        )
    return found


def money_in_all(stages: Sequence[StageMoney]) -> StageMoney:
    """Return the sum of stages; a budget only where each stage has one, and nothing carried over between them."""

    def summed(accounts: Sequence[Account]) -> Account:
        budgets = [one.budget_yuan for one in accounts]
        known = [budget for budget in budgets if budget is not None]
        return Account(
            budget_yuan=round(sum(known), 2) if len(known) == len(budgets) else None,
            carried_yuan=0.0,
            spent_yuan=round(sum(one.spent_yuan for one in accounts), 2),
        )

    running = [one.running_yuan for one in stages]
    return StageMoney(
        name="all_phases",
        points=summed([one.points for one in stages]),
        stations=summed([one.stations for one in stages]),
        points_opened=sum(one.points_opened for one in stages),
        stations_opened=sum(one.stations_opened for one in stages),
        points_yuan=round(sum(one.points_yuan for one in stages), 2),
        closing_yuan=round(sum(one.closing_yuan for one in stages), 2),
        running_yuan=None if None in running else round(sum(yuan or 0.0 for yuan in running), 2),
        all_yuan=round(sum(one.all_yuan for one in stages), 2),
    )


def _whole_plan(plan: NetworkPlan, section: dict[str, Any]) -> StageMoney:
    points, stations = plan.stations.service_points, plan.stations.express_stations
    spent = points.opening_cost_yuan + points.closing_cost_yuan
    above = stations.opening_cost_yuan + stations.closing_cost_yuan
    return StageMoney(
        name="whole_plan",
        points=_account((section.get("service_points") or {}).get("budget_yuan"), None, spent),
        stations=_account((section.get("express_stations") or {}).get("budget_yuan"), None, above),
        points_opened=len(_new_sites(plan, Tier.SERVICE_POINT)),
        stations_opened=len(_new_sites(plan, Tier.EXPRESS_STATION)),
        points_yuan=round(points.opening_cost_yuan, 2),
        closing_yuan=round(points.closing_cost_yuan + stations.closing_cost_yuan, 2),
        running_yuan=None,
        all_yuan=_everything(plan, None, spent + above),
    )


def _new_sites(plan: NetworkPlan, tier: Tier) -> list[Site]:
    return [site for site in plan.opened_sites(tier) if site.status is SiteStatus.CANDIDATE]


def _account(budget: float | None, before: Account | None, spent: float) -> Account:
    carried = 0.0 if before is None or budget is None else max(0.0, before.left_yuan or 0.0)
    return Account(budget_yuan=budget, carried_yuan=round(carried, 2), spent_yuan=round(spent, 2))


def _everything(plan: NetworkPlan, phase: str | None, paid: float) -> float:
    """Return all money of a phase: with subsidies as they are worked out, closing included, else what is paid for sites."""
    if plan.subsidies is None:
        return round(paid, 2)
    tiers = (plan.stations.service_points, plan.stations.express_stations)
    closing = 0.0 if phase is not None else sum(tier.closing_cost_yuan for tier in tiers)
    return round(plan.subsidies.fen(phase=phase) / FEN_PER_YUAN + closing, 2)
