"""One search of this engine: begin, minimise the fleet, anneal, each as far as the budget goes, and read the routes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from planner.routing.engines.crews import Crew
from planner.routing.engines.portfolio import Chain
from planner.routing.engines.sisr.budget import Budget
from planner.routing.engines.sisr.draws import new_source
from planner.routing.engines.sisr.simulated.arrays import NONE, Search, World, new_search
from planner.routing.engines.sisr.simulated.build import breaks_of, reload_depots
from planner.routing.engines.sisr.simulated.locked import put_locked
from planner.routing.engines.sisr.simulated.recreate import look_and_price
from planner.routing.engines.sisr.simulated.routes import total_cost
from planner.routing.engines.sisr.simulated.search import begin, keep_best, load_best, missing, remove_route, search_on
from planner.routing.engines.sisr.simulated.settle import move_breaks
from planner.routing.problem import Depot, RoutingProblem, Stop
from planner.routing.timing import Step, VehicleSteps

_STEPS_A_CALL = 20
"""Between two looks at the clock, and between two chances to interrupt."""
_HOT, _COLD = 1.0, 0.03
"""First and last temperature, in mean costs of a leg."""
_WARM = 0.2
"""The first temperature of a search that begins from given routes, which a hot one would take apart."""
_FLEET_SHARE, _FLEET_TRY_SHARE = 0.3, 0.1
"""At most so much of the budget goes into driving with fewer vehicles, if one costs anything by itself; so much on each."""
_VEHICLES_FIRST_SHARE = 0.5
"""Instead of both, where a vehicle costs more than everything else."""


class RichChain:
    """A search with its own budget and seed; `World` is only read, so that several may share it."""

    engine = "ruin_recreate"

    def __init__(
        self,
        problem: RoutingProblem,
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
        self._problem, self._world, self._crews, self._stops = problem, world, crews, stops
        self._search = search = new_search(world, new_source(seed))
        put_locked(stops, crews, world, search)
        search.absent[: len(world.leads)] = world.leads
        search.absent_count[0] = len(world.leads)
        begin(world, search)
        self._hot = _HOT
        if start:
            self._begin_from(start)
        search_on(world, search, 1.0, 0, False)
        remove_route(world, search)
        load_best(world, search)
        self._leg_cost = _mean_leg_cost(world, search)
        self._budget = Budget(iterations, cpu_seconds)  # everything is compiled or loaded before its clock runs
        self._anneals_from = -1.0
        self._budget.pause()

    def run_to(self, share: float) -> None:
        """Search until this share of the budget is spent; fleet minimisation is not interrupted."""
        world, search, budget = self._world, self._search, self._budget
        budget.resume()
        if self._anneals_from < 0:
            if world.fleet.fixed_cost.max() > 0 or missing(world, search) > 0:
                self._save_vehicles()
            self._anneals_from = budget.spent()
        while (spent := budget.spent()) < share:
            progress = (spent - self._anneals_from) / (1.0 - self._anneals_from)
            temperature = self._leg_cost * self._hot * (_COLD / self._hot) ** progress
            search_on(world, search, temperature, budget.take(_STEPS_A_CALL), False)
        budget.pause()

    def cost(self) -> float:
        """Return what the best routes cost the search, with the price of stops left out."""
        return float(self._search.best_cost[0])

    def adopt(self, other: Chain) -> None:
        """Go on from the best routes of another search of the same problem."""
        if not isinstance(other, RichChain):
            self._load(other.routes())
            return
        for mine, theirs in zip(_best_of(self._search), _best_of(other._search), strict=True):
            mine[...] = theirs
        load_best(self._world, self._search)

    def _save_vehicles(self) -> None:
        """Place absent stops, then do without one vehicle after the other as long as that is found to be cheaper."""
        world, search, budget, leg_cost = self._world, self._search, self._budget, self._leg_cost
        most, for_one = _FLEET_SHARE, _FLEET_TRY_SHARE
        if world.fleet.fixed_cost.max() > leg_cost * float((search.routes.size + 1).sum()):
            most = for_one = _VEHICLES_FIRST_SHARE
        while (started := budget.spent()) < most:
            if missing(world, search) == 0:
                remove_route(world, search)
            end = min(started + for_one, most)
            while budget.spent() < end:
                if search_on(world, search, leg_cost * _COLD, budget.take(_STEPS_A_CALL), True) == 0:
                    break
            search.best_cost[1] = total_cost(world, search)
            if search.best_cost[1] < search.best_cost[0] - 1e-9:
                keep_best(search)
            elif missing(world, search) == 0:  # fewer vehicles on poor routes: better ones may make it worth it
                search_on(world, search, leg_cost * _COLD, budget.take(_STEPS_A_CALL), False)
            if search.best_cost[1] > search.best_cost[0] + 1e-9:
                break
        load_best(world, search)

    def _begin_from(self, start: Sequence[VehicleSteps]) -> None:
        """Take these routes as the best, unless those of the first insertion cost less."""
        search = self._search
        inserted = [values.copy() for values in _best_of(search)]
        self._load(start)
        self._hot = _WARM
        if search.best_cost[0] > inserted[-1][0]:
            for mine, first in zip(_best_of(search), inserted, strict=True):
                mine[...] = first
            load_best(self._world, search)

    def _load(self, given: Sequence[VehicleSteps]) -> None:
        """Take these routes as the best and the current ones; breaks are placed anew."""
        world, search = self._world, self._search
        node = {stop.id: v for v, stop in enumerate(self._stops)}
        node |= {id_: world.demands.stops + k for k, id_ in enumerate(reload_depots(self._crews))}
        windows = [stop.windows for stop in self._stops]
        crew_of = {id_: k for k, crew in enumerate(self._crews) for id_ in crew.vehicle_ids}
        taken = [0] * len(self._crews)
        search.best_size[:] = 0
        for one in given:
            crew = crew_of[one.vehicle_id]
            slot = int(world.fleet.first_slot[crew]) + taken[crew]
            taken[crew] += 1
            for step in one.steps:
                if isinstance(step, Stop | Depot) and step.id in node:
                    search.best_order[slot, search.best_size[slot]] = node[step.id]
                    search.best_size[slot] += 1
                if isinstance(step, Stop) and step.id in node:
                    search.best_window[node[step.id]] = windows[node[step.id]].index((step.opens_s, step.closes_s))
        load_best(world, search)
        search.best_cost[0] = search.best_cost[1]

    def routes(self) -> list[VehicleSteps]:
        """Return the best routes, with the reloads and breaks they take."""
        world, search, problem = self._world, self._search, self._problem
        load_best(world, search)
        depots = {depot.id: depot for depot in problem.depots}
        reloads = [depots[id_] for id_ in reload_depots(self._crews)]
        breaks = [one for row in breaks_of(self._crews) for one in row]
        free = [iter(crew.vehicle_ids) for crew in self._crews]
        trial, routes = search.trial, []
        for slot, size in enumerate(search.routes.size):
            if size == 0:
                continue
            cost = look_and_price(world, search, slot)
            if world.fleet.starts_matter[world.fleet.kind_of_slot[slot]]:
                move_breaks(world, search, cost)
            steps: list[Step] = []
            taken = 0
            for i in range(size + 1):
                while taken < trial.break_count[0] and trial.leg[taken] == i:
                    steps.append(breaks[trial.breaks[taken]])
                    taken += 1
                if i < size:
                    steps.append(_step(int(trial.order[i]), self._stops, reloads, search))
            crew = world.fleet.kind_of_slot[slot]
            routes.append(VehicleSteps(self._crews[crew].kind, steps, next(free[crew])))
        return routes


def _best_of(search: Search) -> list[np.ndarray[Any, Any]]:
    return [search.best_order, search.best_size, search.best_window, search.best_cost]


def _mean_leg_cost(world: World, search: Search) -> float:
    """Return what a leg costs on average, without what routes cost however they are driven."""
    size, cost = search.routes.size, search.routes.cost
    used = size > 0
    fixed = world.fleet.fixed_cost[world.fleet.kind_of_slot[used]].sum()
    served = search.routes.slot[: world.demands.stops] != NONE
    service = world.demands.service[: world.demands.stops][served].sum() * world.fleet.cost_per_ms.max()
    return max(float(cost[used].sum() - fixed - service) / max(1, int(size.sum()) + int(used.sum())), 1e-6)


def _step(node: int, stops: Sequence[Stop], reloads: Sequence[Step], search: Search) -> Step:
    if node >= len(stops):
        return reloads[node - len(stops)]
    stop = stops[node]
    opens_s, closes_s = stop.windows[int(search.routes.window[node])]
    return replace(stop, opens_s=opens_s, closes_s=closes_s, further_windows=())
