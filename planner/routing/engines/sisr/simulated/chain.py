"""A search in which a place is judged by what is noted of the route, and by driving it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from planner.routing.engines.crews import Crew
from planner.routing.engines.sisr.arrays import NONE
from planner.routing.engines.sisr.chain import Kernels, SisrChain
from planner.routing.engines.sisr.draws import new_source
from planner.routing.engines.sisr.simulated.arrays import Search, World, new_search
from planner.routing.engines.sisr.simulated.build import breaks_of, reload_depots
from planner.routing.engines.sisr.simulated.locked import put_locked
from planner.routing.engines.sisr.simulated.recreate import look_and_price
from planner.routing.engines.sisr.simulated.search import begin, keep_best, load_best, remove_route
from planner.routing.engines.sisr.simulated.settle import move_breaks
from planner.routing.engines.task import SearchTask
from planner.routing.stops import Depot, Stop
from planner.routing.timing import Step


class SimulatedChain(SisrChain[World, Search]):
    """A search with its own budget and seed."""

    _kernels = Kernels(remove_route, keep_best, load_best)

    def __init__(self, task: SearchTask, world: World, crews: Sequence[Crew]) -> None:
        """Insert every stop that finds room behind the locked ones, or begin from the routes given.

        Raises
        ------
        BadDataError
            If locked stops cannot be driven as they are locked.
        """
        search = new_search(world, new_source(task.seed))
        depots = {depot.id: depot for depot in task.problem.depots}
        self._reloads = [depots[id_] for id_ in reload_depots(crews)]
        self._breaks = [one for row in breaks_of(crews) for one in row]
        put_locked(task.stops, crews, world, search)
        begin(world, search)
        calls: list[Stop | Depot] = [*task.stops, *self._reloads]
        node = {call.id: v for v, call in enumerate(calls)}
        super().__init__(task, world, search, crews, node)

    def _most_routes(self, placed: bool) -> int:
        return 0

    def _best_routes(self) -> list[np.ndarray[Any, Any]]:
        return [self._search.best_order, self._search.best_size]

    def _clear_best(self) -> None:
        self._search.best_size[:] = 0

    def _write_best(self, slot: int, nodes: Sequence[int]) -> None:
        self._search.best_order[slot, : len(nodes)] = nodes
        self._search.best_size[slot] = len(nodes)

    def _read_best(self) -> Iterable[tuple[int, list[Step]]]:
        world, search, trial = self._world, self._search, self._search.trial
        load_best(world, search)
        for slot in np.flatnonzero(search.routes.size).tolist():
            cost = look_and_price(world, search, slot)
            if world.fleet.starts_matter[world.fleet.kind_of_slot[slot]]:
                move_breaks(world, search, cost)
            steps: list[Step] = []
            taken = 0
            for i in range(trial.size[0] + 1):
                while taken < trial.break_count[0] and trial.leg[taken] == i:
                    steps.append(self._breaks[trial.breaks[taken]])
                    taken += 1
                if i < trial.size[0]:
                    steps.append(self._step(int(trial.order[i])))
            yield slot, steps

    def _step(self, node: int) -> Step:
        if node >= len(self._stops):
            return self._reloads[node - len(self._stops)]
        return self._stop_in_window(node, int(self._search.routes.window[node]))

    def _mean_leg_cost(self) -> float:
        routes, fleet, demands = self._search.routes, self._world.fleet, self._world.demands
        used = routes.size > 0
        fixed = fleet.fixed_cost[fleet.kind_of_slot[used]].sum()
        served = routes.slot[: demands.stops] != NONE
        service = demands.service[: demands.stops][served].sum() * fleet.cost_per_ms.max()
        driving = routes.cost[used].sum() - fixed - service
        return max(float(driving) / max(1, int(routes.size.sum()) + int(used.sum())), 1e-6)
