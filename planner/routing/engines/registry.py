"""The engines: what each is called, what it can express, and the searches that it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from planner.errors import Message
from planner.routing.engines import ortools, pyvrp, sisr
from planner.routing.engines.portfolio import Found, search_side_by_side, seeds_of
from planner.routing.engines.task import SearchTask
from planner.routing.features import IN_WORDS, Feature, features_of
from planner.routing.problem import RoutingProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """An engine by its public name.

    ``knows`` are the features that it models, ``lacks_besides`` says in words what of a problem it cannot hold for other
    reasons. ``search`` runs its searches on so many threads; only one that is ``threaded`` uses more than one. ``main`` is
    the engine whose searches it runs in any case: mostly itself.
    """

    name: str
    knows: frozenset[Feature]
    search: Callable[[SearchTask, int], list[Found]]
    lacks_besides: Callable[[RoutingProblem], tuple[Message, ...]] = lambda problem: ()
    threaded: bool = False
    main: str = ""

    def lacking(self, problem: RoutingProblem) -> list[Message]:
        """Return what the problem asks and this engine does not know."""
        return [*(IN_WORDS[one] for one in sorted(features_of(problem) - self.knows)), *self.lacks_besides(problem)]


def _auto(task: SearchTask, threads: int) -> list[Found]:
    """Search with ruin and recreate; where the clock alone ends it, PyVRP is the last thread if it is of help."""
    seeds = seeds_of(task.seed, threads)
    if threads == 1 or task.limits.iterations is not None or not _pyvrp_helps(task.problem):
        return search_side_by_side(sisr.chains_of(task, seeds))
    return search_side_by_side([*sisr.chains_of(task, seeds[:-1]), pyvrp.chain_of(replace(task, seed=seeds[-1]))])


def _pyvrp_helps(problem: RoutingProblem) -> bool:
    """Say whether PyVRP takes the place of one search: it is there, models all, and finds fleets that ours does not.

    On mixed fleets, several depots and reloads this was 0.3 to 2.1 % cheaper in ten seconds, elsewhere 0 to 0.6 % dearer.
    """
    mixed = len(problem.vehicle_types) > 1 or any(kind.max_reloads for kind in problem.vehicle_types)
    return mixed and pyvrp.installed() and not ENGINES["pyvrp"].lacking(problem)


def _ruin_recreate(task: SearchTask, _threads: int) -> list[Found]:
    return search_side_by_side(sisr.chains_of(task, [task.seed]))


def _ortools(task: SearchTask, _threads: int) -> list[Found]:
    return [Found("ortools", task.seed, ortools.order_stops(task), ("ortools", task.seed))]


def _pyvrp(task: SearchTask, _threads: int) -> list[Found]:
    return search_side_by_side([pyvrp.chain_of(task)])


AUTO = Engine(name="auto", knows=frozenset(Feature), search=_auto, threaded=True, main="ruin_recreate")
"""Ruin and recreate: wherever both were measured, it found in one CPU second what OR-Tools did not in four."""
ALONE = (
    Engine(name="ruin_recreate", knows=frozenset(Feature), search=_ruin_recreate, main="ruin_recreate"),
    Engine(name="ortools", knows=ortools.KNOWS, search=_ortools, main="ortools"),
    Engine(name="pyvrp", knows=pyvrp.KNOWS, lacks_besides=pyvrp.lacks, search=_pyvrp, main="pyvrp"),
)
"""The engines of which each searches alone, in the order in which they are proposed."""
ENGINES = {engine.name: engine for engine in (AUTO, *ALONE)}
