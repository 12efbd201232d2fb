"""One search: begin, minimise the fleet, then anneal, each as far as the budget goes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np

from planner.routing.engines.crews import Crew
from planner.routing.engines.portfolio import Chain
from planner.routing.engines.sisr.arrays import ANY_NUMBER, NEVER, Search, World
from planner.routing.engines.sisr.budget import Budget
from planner.routing.engines.sisr.search import missing_stops, search_on, total_cost
from planner.routing.engines.task import SearchTask
from planner.routing.stops import Depot, Stop
from planner.routing.timing import Step, VehicleSteps

SomeWorld = TypeVar("SomeWorld", bound=World)
SomeSearch = TypeVar("SomeSearch", bound=Search)
_LESS = 1e-9
"""Yuan; what costs less by no more than this may be a rounding error."""


class Kernels(NamedTuple):
    """What each judge has of its own, all of a world and a search.

    ``remove_route`` takes all stops off the route whose stops were absent least often. ``keep_best`` notes the current
    routes as the best, ``load_best`` makes the best routes the current ones.
    """

    remove_route: Callable[..., None]
    keep_best: Callable[..., None]
    load_best: Callable[..., None]


class SisrChain(ABC, Generic[SomeWorld, SomeSearch]):
    """A search with its own budget and seed; `World` is only read, so that several may share it.

    Judges derive their own and say how their kernels are called and their arrays are read.
    """

    engine = "ruin_recreate"
    _kernels: Kernels

    def __init__(
        self,
        task: SearchTask,
        world: SomeWorld,
        search: SomeSearch,
        crews: Sequence[Crew],
        node: dict[str, int],
    ) -> None:
        """Take over a search that has begun by insertion; ``node`` numbers stops and depots to reload at."""
        self.seed = task.seed
        self._world, self._search, self._crews, self._stops = world, search, crews, task.stops
        self._parameters, self._node = world.parameters, node
        self._hot = self._parameters.hot
        if task.start:
            self._begin_from(task.start)
        self._search_on(1.0, 0)
        self._kernels.remove_route(world, search)
        self._kernels.load_best(world, search)
        self._leg_cost = self._mean_leg_cost()
        self._budget = Budget(task.limits)  # everything is compiled or loaded before its clock runs
        self._anneals_from = -1.0
        self._budget.pause()

    # -- what a judge says

    @abstractmethod
    def _most_routes(self, placed: bool) -> int:
        """Return on how many routes absent stops may be placed, after one is removed if all were ``placed``."""

    @abstractmethod
    def _best_routes(self) -> list[np.ndarray[Any, Any]]:
        """Return the arrays that hold the best routes, windows and costs aside."""

    @abstractmethod
    def _clear_best(self) -> None:
        """Let no stop be on the best routes."""

    @abstractmethod
    def _write_best(self, slot: int, nodes: Sequence[int]) -> None:
        """Let the slot's best route be these nodes."""

    @abstractmethod
    def _read_best(self) -> Iterable[tuple[int, list[Step]]]:
        """Yield each slot used by the best routes, with its steps."""

    @abstractmethod
    def _mean_leg_cost(self) -> float:
        """Return what a leg costs on average, without what routes cost however they are driven."""

    # -- the search

    def run_to(self, share: float) -> None:
        """Search until this share of the budget is spent; fleet minimisation is not interrupted."""
        world, search, budget, cold = self._world, self._search, self._budget, self._parameters.cold
        budget.resume()
        if self._anneals_from < 0:
            if world.fleet.fixed_cost.max() > 0 or missing_stops(world, search) > 0:
                self._minimise_fleet()
            self._anneals_from = budget.spent()
        while (spent := budget.spent()) < share:
            progress = (spent - self._anneals_from) / (1.0 - self._anneals_from)
            temperature = self._leg_cost * self._hot * (cold / self._hot) ** progress
            self._search_on(temperature, budget.take(self._parameters.steps_a_call))
        budget.pause()

    def _search_on(self, temperature: float, steps: int, most_routes: int = ANY_NUMBER) -> int:
        return search_on(self._world, self._search, temperature, steps, most_routes)

    def _minimise_fleet(self) -> None:
        """Place absent stops, then do without one vehicle after the other as long as that is found to be cheaper."""
        world, search, budget, parameters = self._world, self._search, self._budget, self._parameters
        temperature, best_cost = self._leg_cost * parameters.cold, search.best_cost
        most, for_one = parameters.fleet_share, parameters.fleet_try_share
        all_driving = self._leg_cost * float((search.routes.size + 1).sum())
        if parameters.vehicles_first_share > 0 and world.fleet.fixed_cost.max() > all_driving:
            most = for_one = parameters.vehicles_first_share
        while (started := budget.spent()) < most:
            placed = missing_stops(world, search) == 0
            if placed:
                self._kernels.remove_route(world, search)
            most_routes = self._most_routes(placed)
            end = min(started + for_one, most)
            while budget.spent() < end:
                if self._search_on(temperature, budget.take(parameters.steps_a_call), most_routes) == 0:
                    break
            best_cost[1] = total_cost(world, search)
            if best_cost[1] < best_cost[0] - _LESS:
                self._kernels.keep_best(world, search)
            elif missing_stops(world, search) == 0:  # fewer vehicles on poor routes: better ones may make it worth it
                self._search_on(temperature, budget.take(parameters.steps_a_call))
            if best_cost[1] > best_cost[0] + _LESS:
                break
        self._kernels.load_best(self._world, self._search)

    # -- what it has found, and what it is given

    def cost(self) -> float:
        """Return what the best routes cost the search, with the price of stops left out."""
        return float(self._search.best_cost[0])

    def adopt(self, other: Chain) -> None:
        """Go on from the best routes of another search of the same problem."""
        if isinstance(other, SisrChain) and type(other) is type(self):
            self._copy_best(other._best())
        else:
            mine = [values.copy() for values in self._best()]
            self._load(other.routes())
            if self.cost() >= NEVER:  # in whole milliseconds they do not hold
                self._copy_best(mine)

    def routes(self) -> list[VehicleSteps]:
        """Return the best routes, with the reloads and breaks they take."""
        free = [iter(crew.vehicle_ids) for crew in self._crews]
        routes = []
        for slot, steps in self._read_best():
            crew = self._world.fleet.kind_of_slot[slot]
            routes.append(VehicleSteps(self._crews[crew].kind, steps, next(free[crew])))
        return routes

    def _stop_in_window(self, k: int, window: int) -> Stop:
        """Return the k-th stop with the window in which it is served."""
        opens_s, closes_s = self._stops[k].windows[window]
        return replace(self._stops[k], opens_s=opens_s, closes_s=closes_s, further_windows=())

    def _best(self) -> list[np.ndarray[Any, Any]]:
        return [*self._best_routes(), self._search.best_window, self._search.best_cost]

    def _copy_best(self, theirs: Sequence[np.ndarray[Any, Any]]) -> None:
        for mine, values in zip(self._best(), theirs, strict=True):
            mine[...] = values
        self._kernels.load_best(self._world, self._search)

    def _begin_from(self, start: Sequence[VehicleSteps]) -> None:
        """Take these routes as the best, unless those of the first insertion cost less."""
        inserted, cost = [values.copy() for values in self._best()], self.cost()
        self._load(start)
        self._hot = self._parameters.warm
        if self.cost() > cost:
            self._copy_best(inserted)

    def _load(self, given: Sequence[VehicleSteps]) -> None:
        """Take these routes as the best and the current ones; breaks are placed anew."""
        windows = {stop.id: stop.windows for stop in self._stops}
        crew_of = {id_: k for k, crew in enumerate(self._crews) for id_ in crew.vehicle_ids}
        taken = [0] * len(self._crews)
        self._clear_best()
        for one in given:
            crew = crew_of[one.vehicle_id]
            called = [step for step in one.steps if isinstance(step, Stop | Depot) and step.id in self._node]
            self._write_best(int(self._world.fleet.first_slot[crew]) + taken[crew], [self._node[s.id] for s in called])
            taken[crew] += 1
            for step in called:
                if isinstance(step, Stop):
                    window = windows[step.id].index((step.opens_s, step.closes_s))
                    self._search.best_window[self._node[step.id]] = window
        self._kernels.load_best(self._world, self._search)
        self._search.best_cost[:] = total_cost(self._world, self._search)
