"""One search of this engine: minimise the fleet, then anneal, each as far as the budget goes; and how it begins and ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from planner.routing.engines.crews import Crew
from planner.routing.engines.portfolio import Chain
from planner.routing.engines.sisr.budget import Budget
from planner.routing.engines.sisr.constant_time.arrays import World
from planner.routing.engines.sisr.constant_time.routes import used_routes
from planner.routing.engines.sisr.constant_time.search import anneal, minimise_fleet, remove_route
from planner.routing.engines.sisr.constant_time.state import (
    Search,
    keep_best,
    load_best,
    missing_stops,
    new_search,
    total_cost,
)
from planner.routing.problem import Stop
from planner.routing.timing import VehicleSteps

_STEPS_A_CALL = 500
"""Between two looks at the clock, and between two chances to interrupt."""
_HOT, _COLD = 1.0, 0.03
"""First and last temperature, in mean costs of a leg."""
_WARM = 0.2
"""The first temperature of a search that begins from given routes, which a hot one would take apart."""
_FLEET_SHARE = 0.15
"""At most so much of the budget goes into driving with fewer vehicles, if a vehicle costs anything by itself."""
_FLEET_TRY_SHARE = 0.05


class FastChain:
    """A search with its own budget and seed; `World` is only read, so that several may share it."""

    engine = "ruin_recreate"

    def __init__(
        self,
        world: World,
        crews: Sequence[Crew],
        stops: Sequence[Stop],
        *,
        iterations: int | None,
        cpu_seconds: float | None,
        seed: int,
        start: Sequence[VehicleSteps] = (),
    ) -> None:
        self.seed = seed
        self._world, self._crews, self._stops = world, crews, stops
        self._search = new_search(world, seed)
        self._hot = _HOT
        if start:
            self._begin_from(start)
        self._compile()
        self._leg_cost = _mean_leg_cost(world, self._search)
        self._budget = Budget(iterations, cpu_seconds)
        self._anneals_from = -1.0
        self._budget.pause()

    def _compile(self) -> None:
        """Have everything compiled or loaded before the budget's clock runs."""
        anneal(self._world, self._search, 1.0, 1.0, 0)
        minimise_fleet(self._world, self._search, 1.0, 0, 0)
        remove_route(self._world, self._search)
        load_best(self._world, self._search)

    def run_to(self, share: float) -> None:
        """Search until this share of the budget is spent; fleet minimisation is not interrupted."""
        world, search, budget = self._world, self._search, self._budget
        budget.resume()
        if self._anneals_from < 0:
            if world.fleet.fixed_cost.max() > 0 or missing_stops(world, search) > 0:
                self._save_vehicles()
            self._anneals_from = budget.spent()
        while (spent := budget.spent()) < share:
            progress = (spent - self._anneals_from) / (1.0 - self._anneals_from)
            steps = budget.take(_STEPS_A_CALL)
            anneal(world, search, self._leg_cost * self._hot * (_COLD / self._hot) ** progress, 1.0, steps)
        budget.pause()

    def cost(self) -> float:
        """Return what the best routes cost the search, with the price of stops left out."""
        return float(self._search.best.cost[0])

    def adopt(self, other: Chain) -> None:
        """Go on from the best routes of another search of the same problem."""
        if not isinstance(other, FastChain):
            self._load(other.routes())
            return
        for mine, theirs in zip(_best_of(self._search), _best_of(other._search), strict=True):
            mine[...] = theirs
        load_best(self._world, self._search)

    def _save_vehicles(self) -> None:
        """Place absent stops, then do without one vehicle after the other as long as that is found to be cheaper."""
        world, search, budget, leg_cost = self._world, self._search, self._budget, self._leg_cost
        while (begin := budget.spent()) < _FLEET_SHARE:
            most_routes = len(world.fleet.kind_of_slot)
            if missing_stops(world, search) == 0:
                remove_route(world, search)
                most_routes = used_routes(search.routes)
            end = min(begin + _FLEET_TRY_SHARE, _FLEET_SHARE)
            while budget.spent() < end:
                if minimise_fleet(world, search, leg_cost * _COLD, budget.take(_STEPS_A_CALL), most_routes) == 0:
                    break
            if search.best.current[0] < search.best.cost[0] - 1e-9:
                keep_best(search)
            elif missing_stops(world, search) == 0:  # fewer vehicles on poor routes: better ones may make it worth it
                anneal(world, search, leg_cost * _COLD, 1.0, budget.take(_STEPS_A_CALL))
            if search.best.current[0] > search.best.cost[0] + 1e-9:
                break
        load_best(world, search)

    def _begin_from(self, start: Sequence[VehicleSteps]) -> None:
        """Take these routes as the best, unless those of the first insertion cost less."""
        search = self._search
        inserted, cost = [values.copy() for values in _best_of(search)], self.cost()
        self._load(start)
        self._hot = _WARM
        if search.best.cost[0] > cost:
            for mine, first in zip(_best_of(search), inserted, strict=True):
                mine[...] = first
            load_best(self._world, search)

    def _load(self, given: Sequence[VehicleSteps]) -> None:
        """Take these routes as the best and the current ones."""
        world, search = self._world, self._search
        places, slots = len(world.demands.opens), len(world.fleet.kind_of_slot)
        node = {stop.id: world.demands.first_stop + i for i, stop in enumerate(self._stops)}
        windows = {stop.id: stop.windows for stop in self._stops}
        crew_of = {id_: k for k, crew in enumerate(self._crews) for id_ in crew.vehicle_ids}
        taken = [0] * len(self._crews)
        followers, chosen = search.best.next, search.best.window
        for slot in range(slots):
            followers[places + slot] = places + slots + slot
        for one in given:
            crew = crew_of[one.vehicle_id]
            slot = int(world.fleet.first_slot[crew]) + taken[crew]
            taken[crew] += 1
            at = places + slot
            for step in one.steps:
                if isinstance(step, Stop) and step.id in node:
                    followers[at] = at = node[step.id]
                    chosen[at] = windows[step.id].index((step.opens_s, step.closes_s))
            followers[at] = places + slots + slot
        load_best(world, search)
        search.best.cost[0] = search.best.current[0] = total_cost(world, search)

    def routes(self) -> list[VehicleSteps]:
        """Return the best routes."""
        world, best = self._world, self._search.best
        places, slots = len(world.demands.opens), len(world.fleet.kind_of_slot)
        routes = []
        free = [iter(crew.vehicle_ids) for crew in self._crews]
        for slot in range(slots):
            order, v = [], int(best.next[places + slot])
            while v < places:
                stop = self._stops[v - world.demands.first_stop]
                opens_s, closes_s = stop.windows[int(best.window[v])]
                order.append(replace(stop, opens_s=opens_s, closes_s=closes_s, further_windows=()))
                v = int(best.next[v])
            if order:
                crew = world.fleet.kind_of_slot[slot]
                routes.append(VehicleSteps(self._crews[crew].kind, order, next(free[crew])))
        return routes


def _best_of(search: Search) -> list[np.ndarray[Any, Any]]:
    best = search.best
    return [best.next, best.window, best.cost, best.current]


def _mean_leg_cost(world: World, search: Search) -> float:
    routes, fleet = search.routes, world.fleet
    stops = len(world.demands.opens) - world.demands.first_stop - int(search.absent_count[0])
    used = routes.slot_size > 0
    kinds = fleet.kind_of_slot[used]
    service = fleet.cost_per_ms.max() * world.demands.service.sum()
    driving = routes.slot_cost[used].sum() - fleet.fixed_cost[kinds].sum() - service
    return max(float(driving) / max(1, stops + int(used.sum())), 1e-6)
