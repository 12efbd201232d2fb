"""What kernels ask of a judge: each has kernels of its own for it, picked by its kind of world."""

from __future__ import annotations

from planner.routing.engines.sisr.arrays import Search, World


def propose(world: World, search: Search, most_routes: int) -> int:
    """Change the routes; return how many stops that leaves absent, the first of ``pending``.

    Routes may be opened until so many are used, `ANY_NUMBER` without a limit.
    """
    raise NotImplementedError


def decline(world: World, search: Search) -> None:
    """Put the routes back as they were before the proposal."""
    raise NotImplementedError


def keep_best(world: World, search: Search) -> None:
    """Note the current routes as the best."""
    raise NotImplementedError
