"""A search in which a place is judged in constant time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from planner.routing.engines.crews import Crew
from planner.routing.engines.sisr.chain import Kernels, SisrChain
from planner.routing.engines.sisr.constant_time.arrays import Search, World
from planner.routing.engines.sisr.constant_time.search import remove_route
from planner.routing.engines.sisr.constant_time.state import keep_best, load_best, new_search
from planner.routing.engines.sisr.search import used_routes
from planner.routing.engines.task import SearchTask
from planner.routing.timing import Step


class ConstantTimeChain(SisrChain[World, Search]):
    """A search with its own budget and seed."""

    _kernels = Kernels(remove_route, keep_best, load_best)

    def __init__(self, task: SearchTask, world: World, crews: Sequence[Crew]) -> None:
        """Insert every stop that finds room, or begin from the routes given."""
        self._places, self._slots = len(world.demands.opens), len(world.fleet.kind_of_slot)
        first_stop = world.demands.first_stop
        node = {stop.id: first_stop + i for i, stop in enumerate(task.stops)}
        super().__init__(task, world, new_search(world, task.seed), crews, node)

    def _most_routes(self, placed: bool) -> int:
        return used_routes(self._search.routes) if placed else self._slots

    def _best_routes(self) -> list[np.ndarray[Any, Any]]:
        return [self._search.best_next]

    def _clear_best(self) -> None:
        starts = np.arange(self._places, self._places + self._slots)
        self._search.best_next[starts] = starts + self._slots

    def _write_best(self, slot: int, nodes: Sequence[int]) -> None:
        followers, start = self._search.best_next, self._places + slot
        for before, after in zip([start, *nodes], [*nodes, start + self._slots], strict=True):
            followers[before] = after

    def _read_best(self) -> Iterable[tuple[int, list[Step]]]:
        followers, windows = self._search.best_next, self._search.best_window
        for slot in range(self._slots):
            steps: list[Step] = []
            v = int(followers[self._places + slot])
            while v < self._places:
                steps.append(self._stop_in_window(v - self._world.demands.first_stop, int(windows[v])))
                v = int(followers[v])
            if steps:
                yield slot, steps

    def _mean_leg_cost(self) -> float:
        routes, fleet, demands = self._search.routes, self._world.fleet, self._world.demands
        stops = len(demands.opens) - demands.first_stop - int(self._search.absent_count[0])
        used = routes.size > 0
        fixed = fleet.fixed_cost[fleet.kind_of_slot[used]].sum()
        service = fleet.cost_per_ms.max() * demands.service.sum()
        driving = routes.cost[used].sum() - fixed - service
        return max(float(driving) / max(1, stops + int(used.sum())), 1e-6)
